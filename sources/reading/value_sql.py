"""SQL for single values of a CSV file: trimmed, joined, typed under the contract."""

from sources.contract.load import Column
from sources.contract.rules import text_column
from sources.folder.sql_text import identifier, literal
from sources.reading.row_numbering import BLANK, NO_BREAK_SPACE, TAB


def trimmed_sql(value: str, around: str) -> str:
    """Return SQL for the value without what stands around it, NULL if nothing is left.

    Trimming costs more than all rules together, so only a value that begins or ends with something to trim pays.
    """
    marks = [f"suffix({value}, {literal(mark)})" for mark in around]
    # Blanks and tabs sort before '!', no-break spaces at or after themselves.
    if BLANK in around or TAB in around:
        marks.insert(0, f"{value} < '!'")
    if NO_BREAK_SPACE in around:
        marks.insert(0, f"{value} >= {literal(NO_BREAK_SPACE)}")
    if not marks:
        return value
    return f"CASE WHEN {' OR '.join(marks)} THEN nullif(trim({value}, {literal(around)}), '') ELSE {value} END"


def joined_sql(values: list[str]) -> str:
    """Return SQL for the values with a blank between them, NULL where all are, or where there is none."""
    if not values:
        return "NULL::VARCHAR"
    return values[0] if len(values) == 1 else f"nullif(concat_ws(' ', {', '.join(values)}), '')"


def text_sql(column: Column) -> str:
    """Return SQL for the text of a column's value as sent."""
    return identifier(text_column(column.name, column.logical_type))


def typed_sql(column: Column) -> str:
    """Return SQL for the typed value; NULL where the text does not parse."""
    text = text_sql(column)
    if column.logical_type == "date":
        return _date(column, text)
    if column.thousands_separator:
        text = _without_separators(text, column.thousands_separator)
    if column.logical_type == "integer":
        # A cast alone would round 3.7 to 4.
        return f"CASE WHEN regexp_full_match({text}, '[+-]?\\d+') THEN try_cast({text} AS BIGINT) END"
    if column.logical_type == "number":
        return f"CASE WHEN isfinite(try_cast({text} AS DOUBLE)) THEN try_cast({text} AS DOUBLE) END"
    # Y and N are what nearly every file has.
    return (
        f"CASE {text} WHEN 'Y' THEN true WHEN 'N' THEN false ELSE CASE "
        f"WHEN lower({text}) IN ('true', 'yes', 'y', '1') THEN true "
        f"WHEN lower({text}) IN ('false', 'no', 'n', '0') THEN false END END"
    )


def _date(column: Column, text: str) -> str:
    formats = list(column.date_formats)
    parsed = f"try_strptime({text}, [{', '.join(map(literal, formats))}])" if formats else "NULL::TIMESTAMP"
    # Where four digits are asked for, 08 would be the year 8.
    value = f"CASE WHEN {parsed} >= TIMESTAMP '1000-01-01' THEN {parsed}::DATE END"
    if column.takes_excel_serials:
        serial = f"DATE '1899-12-30' + floor(try_cast({text} AS DOUBLE))::INTEGER"
        value = f"coalesce({value}, CASE WHEN regexp_full_match({text}, '\\d{{5}}(\\.\\d+)?') THEN {serial} END)"
    return value


def _without_separators(text: str, separator: str) -> str:
    """Return SQL for a number without its thousands separators, where they stand as they should."""
    mark = escaped(separator)
    grouped = literal(f"[+-]?\\d{{1,3}}({mark}\\d{{3}})+(\\.\\d+)?")
    return (
        f"CASE WHEN regexp_full_match({text}, {grouped}) THEN replace({text}, {literal(separator)}, '') ELSE {text} END"
    )


def escaped(delimiter: str) -> str:
    """Return a delimiter as it stands in a regular expression."""
    return delimiter if delimiter.isalnum() else "\\" + delimiter
