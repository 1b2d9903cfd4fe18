"""Writes the workbook of a release: cover, contents, notes, and a sheet for each table that people open."""

import math
import warnings
from collections.abc import Sequence
from datetime import date, datetime
from itertools import repeat
from pathlib import Path
from typing import Any

import duckdb
import gptables
import pandas as pd

from orchestration.releases.workbook.sheets import LEGEND, NO_FIGURE, NOTES, NOTHING_TO_SAY, SHEETS, Sheet

SHEET_ROWS = 5_000  # what a person scrolls through; a sheet says where the rest is
_QUERIES = Path(__file__).parent / "queries"
_WHY_MISSING = " missing"  # a column so named says what stands in place of the one before where that has no value
_LONGEST_TEXT = 32_000  # a cell of Excel takes 32,767 characters
_WIDEST = 45  # characters of a column; longer texts are wrapped
_TEXTS_STAY_TEXTS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write_workbook(connection: duckdb.DuckDBPyConnection, as_at: date, is_exact: bool, target: Path) -> None:
    """Write the workbook of the tables of a connection; `is_exact` says that they hide nothing, and so does the cover.

    The same tables give the same bytes. A sheet whose tables are not there, or are empty, is left out.
    """
    tables = "select table_name from duckdb_tables() where database_name = current_database()"
    present = {name for (name,) in connection.execute(tables).fetchall()}
    shown = {}
    for sheet in SHEETS:
        if present.issuperset(sheet.tables):
            if "workbook_areas" in _query(sheet.query):
                connection.execute(_query("areas"))
            result = connection.execute(_query(sheet.query))
            names = [column[0] for column in result.description or []]
            rows = result.fetchmany(SHEET_ROWS + 1)
            if rows:
                shown[sheet.label] = _table(sheet, names, rows)
    said = " ".join(sheet.about for sheet in SHEETS if sheet.label in shown)
    notes = [note for note in NOTES if f"$${note[0]}$$" in said]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library says which of its own calls pandas 4 will refuse
        book = gptables.produce_workbook(
            str(target),
            shown,
            cover=_cover(as_at, is_exact),
            contentsheet_label="Contents" if shown else None,
            notes_table=pd.DataFrame(notes, columns=["Note reference", "Note"]) if notes else None,
            auto_width=dict.fromkeys(shown, False),
            workbook_options={**_TEXTS_STAY_TEXTS, "in_memory": True},
        )
    for label, table in shown.items():
        for number, name in enumerate(table.table.columns):
            book.get_worksheet_by_name(label).set_column(number, number, _width(name, table.table[name]))
    book.set_properties({"title": _title(as_at), "created": datetime(as_at.year, as_at.month, as_at.day)})  # noqa: DTZ001
    book.close()


def _query(name: str) -> str:
    return (_QUERIES / f"{name}.sql").read_text(encoding="utf-8")


def _table(sheet: Sheet, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> gptables.GPTable:
    columns = dict(zip(names, zip(*rows[:SHEET_ROWS], strict=True), strict=True))
    shown = {}
    for name, values in columns.items():
        if not name.endswith(_WHY_MISSING):
            absent = columns.get(name + _WHY_MISSING, repeat(_absent(values), len(values)))
            shown[name] = [_cell(value, why) for value, why in zip(values, absent, strict=True)]
    days = [name for name, values in columns.items() if any(isinstance(value, date) for value in values)]
    left_out = (
        [f"The first {SHEET_ROWS:,} rows; csv/{sheet.whole}.csv.gz and the other forms have all of them."]
        if len(rows) > SHEET_ROWS
        else []
    )
    return gptables.GPTable(
        pd.DataFrame(shown, dtype=object),
        table_name=f"{sheet.query}_table",
        title=sheet.title,
        subtitles=[sheet.about, *left_out],
        legend=LEGEND,
        additional_formatting=[{"column": {"columns": days, "format": {"num_format": "yyyy-mm-dd"}}}] if days else [],
    )


def _absent(values: Sequence[Any]) -> str:
    """Return what stands for a missing value: a number that is not there is not available, a text says nothing."""
    is_number = any(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
    return NO_FIGURE if is_number else NOTHING_TO_SAY


def _cell(value: Any, absent: str) -> Any:
    """Return a value as a cell has it: none is empty, no text is taken for a link, a formula or a mere sign."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return absent
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, str):
        text = value.replace("](", "] (")[:_LONGEST_TEXT]
        return text if any(character.isascii() and character.isalnum() for character in text) else NOTHING_TO_SAY
    return value


def _width(name: str, values: Sequence[Any]) -> int:
    longest = max(len(str(value)) for value in values)
    return min(max(longest, *map(len, name.split())), _WIDEST) + 3


def _title(as_at: date) -> str:
    return f"Community safety indicators as at {as_at.day} {as_at:%B %Y}"


def _cover(as_at: date, is_exact: bool) -> gptables.Cover:
    exact = "For partners alone: figures are exact, and counts of few people are among them. Do not pass it on."
    public = "For everybody: counts of few people are hidden, and other counts of people are rounded."
    return gptables.Cover(
        title=_title(as_at),
        intro=[
            "The figures of this release that people open most: targets, indicators and deliveries.",
            exact if is_exact else public,
        ],
        about=[
            "Every table, with all areas and periods, lies beside this workbook: indicators.duckdb, parquet and csv.",
            "The report beside it, report/index.html, has charts, definitions and sources.",
            *LEGEND,
        ],
    )
