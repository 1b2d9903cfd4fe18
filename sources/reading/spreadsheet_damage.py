"""What a spreadsheet makes of codes when a file is opened and saved in it, which nothing can undo.

A long number becomes 2.02E+11, and the code 28/1 becomes the day 28-Jan.
"""

import duckdb

from sources.folder.sql_text import identifier, literal
from sources.reading.outcomes import Rows
from sources.reading.row_sql import RowSql
from sources.reasons.reason import Reason, reason

_SHORTENED = r"\d(\.\d+)?E\+\d{2,3}"
_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_DAY = rf"\d{{1,2}}-({_MONTHS})|({_MONTHS})-\d{{2}}"


def spreadsheet_damage(
    connection: duckdb.DuckDBPyConnection, sql: RowSql, rows: Rows, is_refused: bool
) -> list[Reason]:
    """Return the columns in which a spreadsheet has changed values; tables `broken` and `findings` are there.

    A number that was shortened is never an identifier, so that one is enough. A code that became a day is known only
    where rows break a rule by it, and is told where the file `is_refused`.
    """
    columns = {column.name: column.header for column in sql.contract.columns}
    changed: set[str] = set()
    texts = [
        column.name
        for column in sql.contract.columns
        if column.logical_type == "string" and column.hash_namespace is None
    ]
    # Most files have the sign nowhere; looking for it alone is much faster too.
    if rows.accepted_file and texts and sql.numbered.has_shortened_number:
        found = ", ".join(
            f"count(*) FILTER (contains({identifier(name)}, 'E+') "
            f"AND regexp_full_match({identifier(name)}, {literal(_SHORTENED)}))"
            for name in texts
        )
        (counts,) = connection.execute(
            f"SELECT {found} FROM read_parquet({literal(str(rows.accepted_file))})"
        ).fetchall()
        changed.update(name for name, count in zip(texts, counts, strict=True) if count)
    if rows.rejected:
        pattern = f"{_SHORTENED}|{_DAY}" if is_refused else _SHORTENED
        orders = connection.execute(
            f"SELECT DISTINCT rule_order FROM broken WHERE regexp_full_match(trim(value), {literal(pattern)})"
        ).fetchall()
        changed.update(column for (order,) in orders if (column := sql.contract.row_rules[order - 1].column))
    return [reason("spreadsheet_damage", column=columns[name]) for name in columns if name in changed]
