"""Personal data in the rows of a whole file: in columns that the contract does not have, and in its free texts.

The first look saw the beginning of the file. Here DuckDB goes through all of it, and hands over what may be personal:
a sample of each unknown column, and the texts in which a pattern is found. Whatever the file, few of them are in memory
at once.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from sources.contract.header_names import normal_header
from sources.folder.sql_text import identifier, literal
from sources.personal.detection import Agreement, of_column, of_texts, unnamed_column
from sources.personal.values import may_be_in_text, may_be_in_text_sql
from sources.reading.outcomes import PersonalData
from sources.reading.personal_damage import in_damaged_rows
from sources.reading.row_sql import AGAIN, RowSql
from sources.reasons.reason import Reason

_SAMPLE = 2000
# Of a column so many different texts are looked at closely.
_TEXTS = 500
# Of each is one aggregate more in a statement, or a bit in a number.
_COLUMNS_AT_ONCE = 60
# Of a column with no more different texts, and bytes of them, each is looked at once. They are in memory then.
_FEW_TEXTS, _FEW_BYTES = 20_000, 8 << 20
_FETCHED_AT_ONCE = 1000


@dataclass(frozen=True)
class _Column:
    """A column to look at."""

    value: str
    """SQL for its value as sent."""
    place: int
    name: str


def check_personal_rows(
    connection: duckdb.DuckDBPyConnection, sql: RowSql, rejects: str, all_accepted: Path | None = None
) -> None:
    """Check every column of which the contract does not say what its values are, and the damaged rows in `rejects`.

    `all_accepted` is the Parquet file of the rows, where every row of the delivery is in it: it is quicker to read.

    Raises:
        PersonalData: one of them holds what is not agreed.
    """
    agreement = Agreement((sql.contract,))
    unknown = list(_unknown(sql, agreement))
    free = list(_free_texts(sql, is_raw=bool(all_accepted)))
    scanned = sql.scan(AGAIN)
    found = {
        place: one for some in _at_once(unknown) for place, one in _in_samples(connection, scanned, agreement, some)
    }
    if not agreement.is_open:
        for some in _at_once([column for column in unknown if column.place not in found]):
            found |= _in_texts(agreement, some, _matching(connection, scanned, some))
    reasons = [found[column.place] for column in unknown if column.place in found]
    if not agreement.is_open:
        for some in _at_once(free):
            texts = _of_rows(connection, some, all_accepted) if all_accepted else _matching(connection, scanned, some)
            of_free = _in_texts(agreement, some, texts)
            reasons += [of_free[column.place] for column in some if column.place in of_free]
        reasons += in_damaged_rows(connection, sql, agreement, rejects)
    if agreement.is_closed:
        reasons += _beyond_the_header(connection, sql, rejects)
    if reasons:
        raise PersonalData(reasons)


def _unknown(sql: RowSql, agreement: Agreement) -> Iterator[_Column]:
    for place in sql.header.extra_positions:
        name = sql.header.headers[place].strip()
        if not name or normal_header(name) not in agreement.ignored:
            yield _Column(f"c{place}", place, name)


def _free_texts(sql: RowSql, is_raw: bool) -> Iterator[_Column]:
    for column in sql.contract.columns:
        if column.is_free_text:
            for place, header in zip(sql.header.positions[column.name], column.headers, strict=False):
                yield _Column(identifier(column.name) if is_raw else f"c{place}", place, header)


def _at_once(columns: Sequence[_Column]) -> Iterator[Sequence[_Column]]:
    return (columns[start : start + _COLUMNS_AT_ONCE] for start in range(0, len(columns), _COLUMNS_AT_ONCE))


def _in_samples(
    connection: duckdb.DuckDBPyConnection, rows: str, agreement: Agreement, columns: Sequence[_Column]
) -> Iterator[tuple[int, Reason]]:
    """Yield place and what is personal of columns that the contract does not have, as a sample of each tells."""
    # By the hash of its number a row is drawn anywhere in the file, and always the same.
    aggregates = (
        f"arg_min({column.value}, hash(row_number), {_SAMPLE}) FILTER (trim({column.value}) <> '')"
        for column in columns
    )
    (seen,) = connection.execute(f"SELECT {', '.join(aggregates)} FROM {rows}").fetchall()
    for column, sample in zip(columns, seen, strict=True):
        if agreement.is_closed and not column.name and sample:
            yield column.place, unnamed_column(column.place)
        elif found := of_column(agreement, column.place, column.name, sample or []):
            yield column.place, found


def _in_texts(agreement: Agreement, columns: Sequence[_Column], texts: Iterable[tuple[int, str]]) -> dict[int, Reason]:
    """Return what is personal in the first texts of columns, by place; a text comes with its column's number here."""
    found: dict[int, Reason] = {}
    seen: list[set[int]] = [set() for _ in columns]
    for number, text in texts:
        column = columns[number]
        # What has been seen is known by its hash: texts may be long.
        if column.place in found or len(seen[number]) >= _TEXTS or hash(text) in seen[number]:
            continue
        if may_be_in_text(text):
            seen[number].add(hash(text))
            if one := of_texts(agreement, column.place, column.name, [text]):
                found[column.place] = one
    return found


def _of_rows(
    connection: duckdb.DuckDBPyConnection, columns: Sequence[_Column], file: Path
) -> Iterator[tuple[int, str]]:
    """Yield number and text of what may be personal in columns of a Parquet file: where texts are few, each once."""
    rows = f"read_parquet({literal(str(file))})"
    few = _with_few_texts(connection, file)
    numbers = {is_few: [n for n, one in enumerate(columns) if (one.value in few) is is_few] for is_few in (True, False)}
    for is_few, look in ((True, _matching_once), (False, _matching)):
        if numbers[is_few]:
            for number, text in look(connection, rows, [columns[number] for number in numbers[is_few]]):
                yield numbers[is_few][number], text


def _with_few_texts(connection: duckdb.DuckDBPyConnection, file: Path) -> set[str]:
    """Return the columns of a Parquet file that have few different texts, as its statistics tell."""
    # A part of a column without a dictionary has none of them.
    few = connection.execute(
        f"SELECT path_in_schema FROM parquet_metadata({literal(str(file))}) GROUP BY ALL "
        f"HAVING sum(coalesce(stats_distinct_count, num_values)) <= {_FEW_TEXTS} "
        f"AND sum(total_uncompressed_size) <= {_FEW_BYTES}"
    ).fetchall()
    return {identifier(name) for (name,) in few}


def _matching_once(
    connection: duckdb.DuckDBPyConnection, rows: str, columns: Sequence[_Column]
) -> Iterator[tuple[int, str]]:
    """Yield number and text of what may be personal, each text of a column once."""
    names = [f"text{number}" for number in range(len(columns))]
    selected = ", ".join(f"{column.value} AS {name}" for column, name in zip(columns, names, strict=True))
    each = (
        f"SELECT grouping({', '.join(reversed(names))}) AS column_of, coalesce({', '.join(names)}) AS value, "
        f"min(row_number) AS row_number FROM (SELECT row_number, {selected} FROM {rows}) "
        f"GROUP BY GROUPING SETS ({', '.join(f'({name})' for name in names)})"
    )
    found = f"SELECT column_of, value FROM ({each}) WHERE {may_be_in_text_sql('value')} ORDER BY row_number"
    # Of the bits that stand for the columns, all are set but that of the column that a group is of.
    numbers = {(1 << len(columns)) - 1 - (1 << bit): bit for bit in range(len(columns))}
    for column_of, text in _fetched(connection, found):
        yield numbers[column_of], text


def _matching(
    connection: duckdb.DuckDBPyConnection, rows: str, columns: Sequence[_Column]
) -> Iterator[tuple[int, str]]:
    """Yield number and text of what may be personal, row by row."""
    names = [f"text{number}" for number in range(len(columns))]
    selected = ", ".join(
        f"CASE WHEN {may_be_in_text_sql(column.value)} THEN {column.value} END AS {name}"
        for column, name in zip(columns, names, strict=True)
    )
    found = f"SELECT * FROM (SELECT {selected} FROM {rows}) WHERE coalesce({', '.join(names)}) IS NOT NULL"
    for row in _fetched(connection, found):
        yield from ((number, text) for number, text in enumerate(row) if text is not None)


def _fetched(connection: duckdb.DuckDBPyConnection, statement: str) -> Iterator[tuple[Any, ...]]:
    result = connection.execute(statement)
    while some := result.fetchmany(_FETCHED_AT_ONCE):
        yield from some


def _beyond_the_header(connection: duckdb.DuckDBPyConnection, sql: RowSql, rejects: str) -> Iterator[Reason]:
    """Yield a reason where a row has values behind the last named column."""
    beyond = connection.execute(
        f"SELECT count(*) FROM {rejects} WHERE error_type::VARCHAR = 'TOO MANY COLUMNS' "
        f"AND NOT regexp_full_match(csv_line, {literal(_blank_behind(sql))})"
    ).fetchall()[0][0]
    if beyond:
        yield unnamed_column(len(sql.header.headers))


def _blank_behind(sql: RowSql) -> str:
    """Return a regular expression of a line of which nothing but blanks stands behind its last named column."""
    delimiter = "\\t" if sql.header.layout.delimiter == "\t" else f"[{sql.header.layout.delimiter}]"
    value = f'(?:"(?:[^"]|"")*"|[^"{sql.header.layout.delimiter}]*)'
    # The number of the row stands in front.
    return f'(?s){value}(?:{delimiter}{value}){{{len(sql.header.headers)}}}(?:{delimiter}[\\s"]*)+\\s*'
