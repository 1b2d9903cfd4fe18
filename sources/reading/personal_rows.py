"""Personal data in the rows of a whole file: in columns that the contract does not have, and in its free texts.

The first look saw the beginning of the file. Here DuckDB goes through all of it, and hands over what may be personal:
a sample of each unknown column, and the first of the texts in which a pattern is found.
"""

from collections.abc import Iterator, Sequence

import duckdb

from sources.contract.header_names import normal_header
from sources.folder.sql_text import literal
from sources.personal.detection import Agreement, of_column, of_texts, unnamed_column
from sources.personal.values import within_pattern
from sources.reading.outcomes import PersonalData
from sources.reading.row_sql import AGAIN, RowSql
from sources.reasons.reason import Reason

_SAMPLE = 2000
_TEXTS = 500
# Of each is one aggregate more in a statement.
_COLUMNS_AT_ONCE = 100


def check_personal_rows(connection: duckdb.DuckDBPyConnection, sql: RowSql, rejects: str) -> None:
    """Check every column of which the contract does not say what its values are.

    Raises:
        PersonalData: one of them holds what is not agreed.
    """
    agreement = Agreement((sql.contract,))
    unknown = [
        place
        for place in sql.header.extra_positions
        if normal_header(sql.header.headers[place]) not in agreement.ignored or not sql.header.headers[place]
    ]
    texts = [] if agreement.is_open else _free_texts(sql)
    places = [*unknown, *texts]
    found: list[Reason] = []
    for start in range(0, len(places), _COLUMNS_AT_ONCE):
        found += _looked_at(connection, sql, agreement, places[start : start + _COLUMNS_AT_ONCE])
    if agreement.is_closed:
        found += _beyond_the_header(connection, sql, rejects)
    if found:
        raise PersonalData(found)


def _free_texts(sql: RowSql) -> list[int]:
    return [
        place for column in sql.contract.columns if column.is_free_text for place in sql.header.positions[column.name]
    ]


def _looked_at(
    connection: duckdb.DuckDBPyConnection, sql: RowSql, agreement: Agreement, places: Sequence[int]
) -> Iterator[Reason]:
    pattern = literal(within_pattern())
    aggregates = []
    for place in places:
        value = f"c{place}"
        # By the hash of its number a row is drawn anywhere in the file, and always the same.
        aggregates += [
            f"arg_min({value}, hash(row_number), {_SAMPLE}) FILTER (trim({value}) <> '')",
            f"arg_min({value}, row_number, {_TEXTS}) FILTER (regexp_matches({value}, {pattern}, 'i'))",
        ]
    (seen,) = connection.execute(f"SELECT {', '.join(aggregates)} FROM {sql.scan(AGAIN)}").fetchall()
    for place, sample, texts in zip(places, seen[::2], seen[1::2], strict=True):
        name = sql.header.headers[place].strip()
        if agreement.is_closed and not name and sample:
            yield unnamed_column(place)
            continue
        found = of_column(agreement, place, name, sample or []) or of_texts(agreement, place, name, texts or [])
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
