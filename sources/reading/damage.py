"""Damaged rows: what of a numbered copy is no CSV row, as DuckDB's reject table tells it."""

import duckdb

from sources.folder.sql_text import literal
from sources.reading.delivery import Delivery
from sources.reading.engine import number
from sources.reading.row_numbering import marked_rule_sql, unmarked_sql
from sources.reading.row_sql import HIDDEN

WRONG_ENCODING = "INVALID ENCODING"
# What DuckDB's reject table calls it, and what the supplier reads.
DAMAGE_RULES = {
    "MISSING COLUMNS": ("too_few_values", "The row has fewer values than the header has columns."),
    "TOO MANY COLUMNS": ("too_many_values", "The row has more values than the header has columns."),
    "UNQUOTED VALUE": ("unterminated_quote", "A quotation mark is opened and not closed, or stands inside a value."),
    WRONG_ENCODING: ("wrong_encoding", "The row holds bytes that are no text in the agreed encoding."),
    "LINE SIZE OVER MAXIMUM": ("row_too_long", "The row is longer than 2,000,000 bytes."),
    "NULL BYTES": ("null_bytes", "The row holds null bytes."),
}
OTHER_DAMAGE = ("unreadable_row", "The row cannot be read as CSV.")
DAMAGE_REASONS = dict([*DAMAGE_RULES.values(), OTHER_DAMAGE])
_COPIED_LINE = "trim(csv_line, chr(10))"
_NUMBER = f"regexp_extract({_COPIED_LINE}, '^\\d+')"
_ROW_NUMBER = f"try_cast({_NUMBER} AS BIGINT)"
# Behind the number and a delimiter.
_SENT_LINE = f"substr({_COPIED_LINE}, length({_NUMBER}) + 2)"


def look_at_damage(connection: duckdb.DuckDBPyConnection, rejects: str) -> tuple[int, bool]:
    """Return the number of findings in damaged rows, and whether the copy was not careful enough for one of them.

    It was not where a row took the next line with it, or lost its number to the row before.
    """
    damaged = number(connection, f"SELECT count(*) FROM {rejects}")
    astray = f"contains({_COPIED_LINE}, chr(10)) OR {_ROW_NUMBER} IS NULL"
    return damaged, bool(damaged and number(connection, f"SELECT count(*) FROM {rejects} WHERE {astray}"))


def sent_lines(rejects: str, delimiter: str) -> str:
    """Return the SELECT of (line), the damaged rows in a reject table as they were sent."""
    return f"SELECT {_record(delimiter)} AS line FROM {rejects}"


def describe_damage(connection: duckdb.DuckDBPyConnection, delivery: Delivery, rejects: str) -> None:
    """Make the table `damage` (row_number, rule, record), one line a damaged row and rule, from a reject table."""
    kinds = " ".join(f"WHEN {literal(kind)} THEN {literal(rule)}" for kind, (rule, _) in DAMAGE_RULES.items())
    kind_rule = f"CASE error_type::VARCHAR {kinds} ELSE {literal(OTHER_DAMAGE[0])} END"
    record = _record(delivery.header.layout.delimiter)
    if delivery.contract.hashed_columns or delivery.contract.rows_are_people:
        # Which part of a damaged row is to be hidden, nobody knows.
        record = literal(HIDDEN)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE damage AS SELECT DISTINCT {_ROW_NUMBER} AS row_number, "
        f"coalesce({marked_rule_sql(_SENT_LINE)}, {kind_rule}) AS rule, "
        f"{record} AS record FROM {rejects}"
    )


def _record(delimiter: str) -> str:
    return unmarked_sql(_SENT_LINE, literal(delimiter))
