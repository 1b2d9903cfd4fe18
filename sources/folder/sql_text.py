"""Quoting for SQL that is generated from contracts."""

from datetime import date

_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")


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
    starts = ", ".join(str(ord(character)) for character in _FORMULA_STARTS)
    return f"CASE WHEN unicode({text}) IN ({starts}) THEN chr(39) || {text} ELSE {text} END"


def safe_cell(value: object) -> object:
    """Return the value of a cell, a text with an apostrophe before what a spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value
