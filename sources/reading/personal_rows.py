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
# Of each is one aggregate more in a statement.
_COLUMNS_AT_ONCE = 100


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
    found: list[Reason] = []
    for rows, columns in ((scanned, unknown), (raw, texts)):
        for start in range(0, len(columns), _COLUMNS_AT_ONCE):
            found += _looked_at(connection, rows, agreement, columns[start : start + _COLUMNS_AT_ONCE])
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


def _looked_at(
    connection: duckdb.DuckDBPyConnection, rows: str, agreement: Agreement, columns: Sequence[_Column]
) -> Iterator[Reason]:
    pattern = literal(within_pattern())
    aggregates = []
    for column in columns:
        value = column.value
        # By the hash of its number a row is drawn anywhere in the file, and always the same.
        is_sampled = normal_header(column.name) not in agreement.agreed
        aggregates += [
            f"arg_min({value}, hash(row_number), {_SAMPLE}) FILTER (trim({value}) <> '')" if is_sampled else "NULL",
            # Nothing personal of these kinds is without a digit, but an address; most texts are without both.
            f"arg_min({value}, row_number, {_TEXTS}) FILTER "
            f"(CASE WHEN regexp_matches({value}, '[0-9@]') THEN regexp_matches({value}, {pattern}, 'i') END)",
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
