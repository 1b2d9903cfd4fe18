"""Personal data in the rows of a whole file: in columns that the contract does not have, and in its free texts.

The first look saw the beginning of the file. Here DuckDB goes through all of it, and hands over what may be personal:
a sample of each unknown column, and the first of the texts in which a pattern is found.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from sources.contract.header_names import normal_header
from sources.folder.sql_text import identifier, literal
from sources.personal.detection import Agreement, of_column, of_texts, unnamed_column
from sources.personal.values import within_pattern
from sources.reading.outcomes import PersonalData
from sources.reading.row_sql import AGAIN, RowSql
from sources.reasons.reason import Reason

_SAMPLE = 2000
_TEXTS = 500
# Of each is one aggregate more in a statement, or a bit in a number.
_COLUMNS_AT_ONCE = 60


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
    """Check every column of which the contract does not say what its values are.

    `all_accepted` is the Parquet file of the rows, where every row of the delivery is in it: it is quicker to read.

    Raises:
        PersonalData: one of them holds what is not agreed.
    """
    agreement = Agreement((sql.contract,))
    unknown = list(_unknown(sql, agreement))
    texts = [] if agreement.is_open else list(_free_texts(sql, is_raw=bool(all_accepted)))
    scanned = sql.scan(AGAIN)
    raw = f"read_parquet({literal(str(all_accepted))})" if all_accepted else scanned
    found = [
        *(one for some in _at_once(unknown) for one in _in_unknown(connection, scanned, agreement, some)),
        *(one for some in _at_once(texts) for one in _in_texts(connection, raw, agreement, some)),
    ]
    if agreement.is_closed:
        found += _beyond_the_header(connection, sql, rejects)
    if found:
        raise PersonalData(found)


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


def _in_unknown(
    connection: duckdb.DuckDBPyConnection, rows: str, agreement: Agreement, columns: Sequence[_Column]
) -> Iterator[Reason]:
    """Yield what is personal in columns that the contract does not have: in a sample of each, and in its texts."""
    aggregates = []
    for column in columns:
        value = column.value
        aggregates += [
            # By the hash of its number a row is drawn anywhere in the file, and always the same.
            f"arg_min({value}, hash(row_number), {_SAMPLE}) FILTER (trim({value}) <> '')",
            f"arg_min({value}, row_number, {_TEXTS}) FILTER ({_may_be_personal(value)})",
        ]
    (seen,) = connection.execute(f"SELECT {', '.join(aggregates)} FROM {rows}").fetchall()
    for column, sample, texts in zip(columns, seen[::2], seen[1::2], strict=True):
        if agreement.is_closed and not column.name and sample:
            yield unnamed_column(column.place)
            continue
        found = of_column(agreement, column.place, column.name, sample or [])
        found = found or of_texts(agreement, column.place, column.name, texts or [])
        if found:
            yield found


def _in_texts(
    connection: duckdb.DuckDBPyConnection, rows: str, agreement: Agreement, columns: Sequence[_Column]
) -> Iterator[Reason]:
    """Yield what is personal in agreed columns of free text, each text of which is looked at once."""
    names = [f"text{number}" for number in range(len(columns))]
    selected = ", ".join(f"{column.value} AS {name}" for column, name in zip(columns, names, strict=True))
    each = (
        f"SELECT grouping({', '.join(reversed(names))}) AS column_of, coalesce({', '.join(names)}) AS value, "
        f"min(row_number) AS row_number FROM (SELECT row_number, {selected} FROM {rows}) "
        f"GROUP BY GROUPING SETS ({', '.join(f'({name})' for name in names)})"
    )
    texts = dict(
        connection.execute(
            f"SELECT column_of, arg_min(value, row_number, {_TEXTS}) FROM ({each}) "
            f"WHERE {_may_be_personal('value')} GROUP BY column_of"
        ).fetchall()
    )
    # Of the bits that stand for the columns, all are set but that of the column that a group is of.
    every_bit = (1 << len(columns)) - 1
    for bit, column in enumerate(columns):
        found = of_texts(agreement, column.place, column.name, texts.get(every_bit - (1 << bit), []))
        if found:
            yield found


def _may_be_personal(value: str) -> str:
    """Return the predicate of a text that has to be looked at closely."""
    # Nothing personal of these kinds is without a digit, but an address; most texts are without both.
    pattern = literal(within_pattern())
    return f"CASE WHEN regexp_matches({value}, '[0-9@]') THEN regexp_matches({value}, {pattern}, 'i') END"


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
