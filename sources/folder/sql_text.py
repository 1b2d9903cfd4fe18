"""Quoting for SQL that is generated from contracts."""

from datetime import date


def identifier(name: str) -> str:
    """Return `name` as a quoted identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: str | float | date | None) -> str:
    """Return `value` as a SQL literal."""
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    return repr(value)


def spreadsheet_safe(text: str) -> str:
    """Return SQL for a text (an SQL expression) with an apostrophe before what a spreadsheet takes for a formula."""
    starts = r"^[=+\-@\t\r\n＝＋－＠]"
    return f"CASE WHEN regexp_matches({text}, '{starts}') THEN chr(39) || {text} ELSE {text} END"
