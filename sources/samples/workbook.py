"""Writes one sheet as an XLSX workbook whose bytes depend on its cells alone.

XlsxWriter compresses its parts, which builds of zlib do differently, and the file is the delivery whose bytes count: so
the parts are stored as they are.
"""

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

import xlsxwriter

from sources.samples.packing import write_member

Cell = str | int | date | None
# The time of day would make another delivery of the workbook with every run.
_CREATED = datetime(2011, 5, 3)  # noqa: DTZ001 a workbook knows no time zone


def write_workbook(target: Path, sheet: str, rows: Iterable[Sequence[Cell]]) -> None:
    """Write `rows`, the header first, as the only sheet of the workbook `target`."""
    written = io.BytesIO()
    # Form 14 is a day, which every Excel shows as its own country does.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(written, options) as workbook:
        workbook.set_properties({"created": _CREATED})
        day = workbook.add_format({"num_format": 14})
        page = workbook.add_worksheet(sheet)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    page.write_datetime(number, column, cell, day)
                elif cell not in {None, ""}:
                    page.write(number, column, cell)
    with zipfile.ZipFile(written) as compressed, zipfile.ZipFile(target, "w") as archive:
        for name in compressed.namelist():
            write_member(archive, name, compressed.read(name), zipfile.ZIP_STORED)
