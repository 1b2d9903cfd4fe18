"""Content hash of a table: equal rows give an equal digest, in whatever order, file or version of DuckDB."""

import hashlib
from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import duckdb

from orchestration.memory import limit_memory
from sources.folder.sql_text import identifier

# Columns that say when the job ran: a rebuild from the archive must give the same hash without them.
CLOCK_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "deliveries": ("received_at",),
    "agency_returns": ("received_at", "days_late", "is_late"),
}

_TEXT_OF = {
    "DOUBLE": "format('{{:.17g}}', {column} + 0.0)",  # every bit counts, and -0.0 equals 0.0
    "FLOAT": "format('{{:.17g}}', {column}::double + 0.0)",
    "TIMESTAMP": "epoch_us({column})::varchar",  # the text of a time depends on the session's time zone
    "TIMESTAMP WITH TIME ZONE": "epoch_us({column})::varchar",
}
_SAME_TEXT_EVERYWHERE = {
    *("BOOLEAN", "DATE", "VARCHAR", "DECIMAL", "HUGEINT", "UHUGEINT"),
    *("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"),
}
_DIGESTS_AT_A_TIME = 10_000

MonthHashes = dict[str, str]
"""The sha256 of months, or of a table, by the fingerprint of the rows: what did not change is not hashed again."""


class UnhashableColumnError(Exception):
    """A column has a type whose text is not the same in every version of DuckDB."""


def columns_of(connection: duckdb.DuckDBPyConnection, relation: str) -> list[tuple[str, str]]:
    """Return name and type of each column of `relation` (quoted for SQL), in order."""
    described = connection.execute(f"describe select * from {relation}").fetchall()
    return [(str(name), str(data_type)) for name, data_type, *_ in described]


def content_hash(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    left_out: Sequence[str] = (),
    months_of: str | None = None,
    known: MonthHashes | None = None,
) -> str:
    """Return the sha256 (hex) over the columns and the sorted sha256 of every row of `relation`.

    With `months_of`, a column of dates, it is that over the columns and the hash of each month's rows (`month_hashes`).
    A table or month that is `known` is not hashed again; `known` then holds what was found, and nothing else.

    A value is written as its length in bytes, a colon and its text, and a missing value as `-`, so that no
    two different rows have the same text. DuckDB hashes and sorts (and can spill to disk); only digests come
    here, a few thousand at a time.

    Raises:
        UnhashableColumnError: a column is neither number, text, date, time nor truth value.
    """
    if months_of:
        months = month_hashes(connection, relation, months_of, left_out, known)
        return hash_of_months(connection, relation, months, left_out)
    columns = _hashed_columns(connection, relation, left_out)
    if known is None:
        return _whole_hash(connection, relation, columns)
    fingerprint = _fingerprints(connection, relation, "''", columns)[""]
    found = known.get(fingerprint) or _whole_hash(connection, relation, columns)
    known.clear()
    known[fingerprint] = found
    return found


def _whole_hash(connection: duckdb.DuckDBPyConnection, relation: str, columns: Sequence[tuple[str, str]]) -> str:
    digest = hashlib.sha256(_header(columns))
    digests = connection.execute(f"select {_row_digest(relation, columns)} from {relation} order by digest")
    while batch := digests.fetchmany(_DIGESTS_AT_A_TIME):
        digest.update("".join(row_digest for (row_digest,) in batch).encode())
    return digest.hexdigest()


def month_hashes(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    months_of: str,
    left_out: Sequence[str] = (),
    known: MonthHashes | None = None,
) -> dict[str, str]:
    """Return the sha256 over the sorted sha256 of the rows of each month (`2020-04`) of the dates in a column.

    The rows of a month that is `known` are not hashed again; `known` then holds what was found, and nothing else.

    Raises:
        UnhashableColumnError: as `content_hash`.
    """
    columns = _hashed_columns(connection, relation, left_out)
    month = f"coalesce(strftime({identifier(months_of)}, '%Y-%m'), '')"
    fingerprints = {} if known is None else _fingerprints(connection, relation, month, columns)
    found = {one: known[fingerprint] for one, fingerprint in fingerprints.items() if known and fingerprint in known}
    rows = connection.execute(
        f"select {month}, {_row_digest(relation, columns)} from {relation} "
        f"where not list_contains($found, {month}) order by all",
        {"found": list(found)},
    )
    hashes: dict[str, Any] = {}
    while batch := rows.fetchmany(_DIGESTS_AT_A_TIME):
        for one, of_month in groupby(batch, key=itemgetter(0)):
            digests = "".join(row_digest for _, row_digest in of_month)
            hashes.setdefault(one, hashlib.sha256()).update(digests.encode())
    found |= {one: digest.hexdigest() for one, digest in hashes.items()}
    if known is not None:
        known.clear()
        known |= {fingerprints[one]: sha256 for one, sha256 in found.items()}
    return dict(sorted(found.items()))


def _fingerprints(
    connection: duckdb.DuckDBPyConnection, relation: str, month: str, columns: Sequence[tuple[str, str]]
) -> dict[str, str]:
    """Return for each month what tells its rows from any others, at a fortieth of the cost of their sha256.

    It is of the way in which rows are hashed, and of a version of DuckDB, whose own hashes of 64 bits it adds up.
    """
    # Hashed twice: DuckDB joins the hashes of columns by XOR, whose sum might not tell that two values changed places.
    row = f"hash(hash({', '.join(identifier(name) for name, _ in columns)}))"
    sums = connection.execute(f"select {month}, count(*), sum({row}) from {relation} group by all").fetchall()
    how = _header(columns) + f"{duckdb.__version__}|{_row_digest(relation, columns)}".encode()
    return {one: hashlib.sha256(how + f"|{one}|{rows}|{total}".encode()).hexdigest() for one, rows, total in sums}


def hash_of_months(
    connection: duckdb.DuckDBPyConnection, relation: str, hashes: Mapping[str, str], left_out: Sequence[str] = ()
) -> str:
    """Return the content hash of a table whose months have these hashes."""
    digest = hashlib.sha256(_header(_hashed_columns(connection, relation, left_out)))
    for month, found in sorted(hashes.items()):
        digest.update(f"{month}:{found}".encode())
    return digest.hexdigest()


def content_hashes(
    database: Path, relations: Mapping[str, str | None], known: dict[str, MonthHashes] | None = None
) -> dict[str, str]:
    """Return the content hash, with every column, of each relation (`marts.areas`) of a database, perhaps by months.

    `known` are hashes of relations and their months, which are brought up to date.
    """
    known = {} if known is None else known
    with duckdb.connect(str(database), read_only=True) as connection:
        limit_memory(connection)
        return {
            relation: content_hash(
                connection,
                quoted(relation),
                months_of=months_of,
                known=known.setdefault(relation, {}),
            )
            for relation, months_of in sorted(relations.items())
        }


def quoted(relation: str) -> str:
    """Return a relation (`marts.areas`) as SQL names it."""
    return ".".join(map(identifier, relation.split(".")))


def _hashed_columns(
    connection: duckdb.DuckDBPyConnection, relation: str, left_out: Sequence[str]
) -> list[tuple[str, str]]:
    return [column for column in columns_of(connection, relation) if column[0] not in left_out]


def _header(columns: Sequence[tuple[str, str]]) -> bytes:
    return "".join(f"{len(name.encode())}:{name}{len(data_type)}:{data_type}" for name, data_type in columns).encode()


def _row_digest(relation: str, columns: Sequence[tuple[str, str]]) -> str:
    """Return the SQL of the sha256 of a row, named `digest`."""
    return f"sha256(concat({', '.join(_framed(_text(relation, *column)) for column in columns)})) as digest"


def _text(relation: str, name: str, data_type: str) -> str:
    column = identifier(name)
    if data_type in _TEXT_OF:
        return _TEXT_OF[data_type].format(column=column)
    if data_type.split("(", maxsplit=1)[0] in _SAME_TEXT_EVERYWHERE:
        return f"{column}::varchar"
    raise UnhashableColumnError(
        f"column {name} of {relation} is {data_type}: publish numbers, text, dates, times or truth values"
    )


def _framed(text: str) -> str:
    """Return arguments of concat(), which leaves out what is null: one call costs a third less than a chain of `||`."""
    return f"coalesce(strlen({text})::varchar, '-'), if({text} is null, '', ':'), {text}"
