"""Content hash of a table: equal rows give an equal digest, in whatever order, file or version of DuckDB."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import duckdb

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


class UnhashableColumnError(Exception):
    """A column has a type whose text is not the same in every version of DuckDB."""


def columns_of(connection: duckdb.DuckDBPyConnection, relation: str) -> list[tuple[str, str]]:
    """Return name and type of each column of `relation` (quoted for SQL), in order."""
    described = connection.execute(f"describe select * from {relation}").fetchall()
    return [(str(name), str(data_type)) for name, data_type, *_ in described]


def content_hash(connection: duckdb.DuckDBPyConnection, relation: str, left_out: Sequence[str] = ()) -> str:
    """Return the sha256 (hex) over the columns and the sorted sha256 of every row of `relation`.

    A value is written as its length in bytes, a colon and its text, and a missing value as `-`, so that no
    two different rows have the same text. DuckDB hashes and sorts (and can spill to disk); only digests come
    here, a few thousand at a time.

    Raises:
        UnhashableColumnError: a column is neither number, text, date, time nor truth value.
    """
    columns = [column for column in columns_of(connection, relation) if column[0] not in left_out]
    digest = hashlib.sha256()
    for name, data_type in columns:
        digest.update(f"{len(name.encode())}:{name}{len(data_type)}:{data_type}".encode())
    row = ", ".join(_framed(_text(relation, *column)) for column in columns)
    digests = connection.execute(f"select sha256(concat({row})) as digest from {relation} order by digest")
    while batch := digests.fetchmany(_DIGESTS_AT_A_TIME):
        digest.update("".join(row_digest for (row_digest,) in batch).encode())
    return digest.hexdigest()


def content_hashes(database: Path, relations: Iterable[str]) -> dict[str, str]:
    """Return the content hash, with every column, of each relation (`marts.areas`) of a database."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return {relation: content_hash(connection, quoted(relation)) for relation in sorted(relations)}


def quoted(relation: str) -> str:
    """Return a relation (`marts.areas`) as SQL names it."""
    return ".".join(map(identifier, relation.split(".")))


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
