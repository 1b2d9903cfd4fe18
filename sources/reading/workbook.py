"""Workbooks: one sheet of an .xlsx or .ods file, copied to CSV with the values as a person would type them.

What is read into memory is one sheet, whose size is limited before it is opened: a workbook can hold 1,048,576 rows.
"""

import csv
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice, repeat
from pathlib import Path
from xml.etree import ElementTree
from xml.parsers.expat import ExpatError

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    WorksheetNotFound,
)

from sources.reading import limits, ods
from sources.reading.cell_errors import CellErrors
from sources.reading.outcomes import Refused
from sources.reading.sheet_cells import SheetCells, sheet_parts
from sources.reading.zip_members import DAMAGE, check_sizes, is_ods
from sources.reasons.reason import reason

SUFFIX = ".xlsx"
ZIP_START = b"PK\x03\x04"
_OLE_START = b"\xd0\xcf\x11\xe0"
Cell = str | float | bool | date | time | datetime | timedelta


def is_workbook_name(name: str) -> bool:
    """Return whether a file of this name claims to be a workbook."""
    return name.casefold().endswith((SUFFIX, ods.SUFFIX))


def suffix_of(workbook: Path) -> str:
    """Return how the name of a workbook ends, as its bytes tell."""
    with zipfile.ZipFile(workbook) as archive:
        return ods.SUFFIX if is_ods(archive) else SUFFIX


def starts_as_workbook(file: Path) -> bool:
    """Return whether the first bytes of a file are those of a workbook, or of another zip."""
    with file.open("rb") as stream:
        return stream.read(len(ZIP_START)) == ZIP_START


@dataclass(frozen=True)
class Workbook:
    """A workbook that was found to be small enough to open."""

    file: Path
    opened: CalamineWorkbook
    errors: Mapping[str, CellErrors]
    """Sheet to the errors in its cells: #N/A and the like, which are no blank cells."""

    def previews(self, rows: int, leave_out: str | None) -> Iterator[tuple[str, list[list[str]]]]:
        """Yield the name and the first rows of each sheet of cells but `leave_out`."""
        for sheet in self.opened.sheets_metadata:
            if sheet.typ == SheetTypeEnum.WorkSheet and not (leave_out and _same(sheet.name, leave_out)):
                yield sheet.name, list(islice(self._rows(sheet.name), rows))

    def rows(self) -> Iterator[tuple[str, Iterator[list[str]]]]:
        """Yield the name and the rows of each sheet of cells."""
        for sheet in self.opened.sheets_metadata:
            if sheet.typ == SheetTypeEnum.WorkSheet:
                yield sheet.name, self._rows(sheet.name)

    @property
    def has_other_kinds_of_sheets(self) -> bool:
        """Return whether a sheet is none of cells, such as a chart."""
        return any(sheet.typ != SheetTypeEnum.WorkSheet for sheet in self.opened.sheets_metadata)

    def first_rows(self, sheet: str, rows: int) -> Iterator[list[str]]:
        """Yield the first rows of a sheet.

        Raises:
            Refused: there is no such sheet.
        """
        yield from islice(self._rows(_sheet_named(self.opened.sheet_names, sheet)), rows)

    def to_csv(self, sheet: str, header_row: int, target: Path, date_form: Callable[[str], str | None]) -> None:
        """Write the rows of `sheet` from `header_row` on to the CSV file `target`, blank rows as blank lines.

        `date_form` tells by a column's header the strftime form in which its dates are agreed, so that what is a date
        in the workbook is written as agreed, whatever it looks like there, and what is text stays what was typed.

        Raises:
            Refused: there is no such sheet, or it holds more text than a copy may.
        """
        name = _sheet_named(self.opened.sheet_names, sheet)
        try:
            _write(self._rows(name, header_row, date_form), header_row, target)
        except WorksheetNotFound as error:
            raise Refused([reason("sheet_without_cells", sheet=sheet)]) from error

    def _rows(
        self, sheet: str, header_row: int = 0, date_form: Callable[[str], str | None] | None = None
    ) -> Iterator[list[str]]:
        forms: Iterable[str | None] = repeat(None)
        errors = self.errors.get(sheet)
        rows: Iterable[list[Cell]] = self.opened.get_sheet_by_name(sheet).iter_rows()
        for number, row in enumerate(rows, 1):
            texts = list(map(as_text, row, forms))
            if number == header_row and date_form:
                forms = list(map(date_form, texts))
            for column, error in (errors.of_row(number) if errors else {}).items():
                if column <= len(texts):
                    texts[column - 1] = error
            yield texts


@contextmanager
def open_workbook(file: Path) -> Iterator[Workbook]:
    """Yield the workbook, after a look at how much it would take to read it.

    Raises:
        Refused: the file is no workbook that can be read, or is too large.
    """
    errors = _check(file)
    try:
        with CalamineWorkbook.from_path(str(file)) as opened:
            yield Workbook(file, opened, errors)
    except PasswordError as error:
        raise Refused([reason("workbook_protected")]) from error
    except CalamineError as error:
        raise Refused([reason("workbook_unreadable", f"What reads it says: {error}.")]) from error


def _check(workbook: Path) -> dict[str, CellErrors]:
    """Check what can be checked without opening it; return the errors in the cells of each sheet."""
    with workbook.open("rb") as stream:
        first = stream.read(8)
    if not first:
        raise Refused([reason("empty_file")])
    if first.startswith(_OLE_START):
        raise Refused([reason("workbook_protected_or_old")])
    if not first.startswith(ZIP_START):
        raise Refused([reason("workbook_no_workbook")])
    try:
        with zipfile.ZipFile(workbook) as archive:
            if is_ods(archive):
                ods.check_ods(archive)
                return {}
            names = Counter(map(_plain, archive.namelist()))
            if "xl/workbook.xml" not in names:
                raise Refused([reason("workbook_holds_none")])
            cells = SheetCells()
            check_sizes(archive, limits.MAXIMUM_EXPANDED_BYTES, "The workbook", cells.look)
            sheets = sheet_parts(archive)
    except (*DAMAGE, KeyError, ElementTree.ParseError, ExpatError) as error:
        raise Refused([reason("workbook_damaged", f"What reads it says: {error}.")]) from error
    looked_at = set(map(_plain, cells.parts))
    if names.total() > len(names) or not looked_at.issuperset(_plain(part) for part in sheets if _plain(part) in names):
        raise Refused([reason("workbook_unusual")])
    return {sheets[part]: errors for part, errors in cells.errors.items() if part in sheets}


def _plain(part: str) -> str:
    """Return the name of a part as it is looked up when the workbook is opened."""
    return part.replace("\\", "/").casefold()


def _same(name: str, wanted: str) -> bool:
    return "".join(name.casefold().split()) == "".join(wanted.casefold().split())


def _sheet_named(names: list[str], wanted: str) -> str:
    """Return the sheet of that name; case and spacing make no difference."""
    for name in names:
        if _same(name, wanted):
            return name
    there = ", ".join(repr(name) for name in names)
    raise Refused([reason("sheet_missing", f"It has {there}.", sheet=wanted)])


def _write(rows: Iterable[list[str]], header_row: int, target: Path) -> None:
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        blank_rows = 0
        written = 0
        for number, row in enumerate(rows, 1):
            if number < header_row:
                continue
            if not any(map(str.strip, row)):
                # Blank rows at the end, such as formatted ones, are none.
                blank_rows += 1
                continue
            stream.write("\n" * blank_rows)
            blank_rows = 0
            writer.writerow(row)
            # A text that a workbook holds once may stand in every cell.
            written += sum(map(len, row))
            if written > limits.MAXIMUM_COPIED_CHARACTERS:
                raise Refused([reason("sheet_too_long", limit=limits.MAXIMUM_COPIED_CHARACTERS)])


def as_text(value: Cell, date_form: str | None = None) -> str:
    """Return a cell's value as a person would type it: 2801 and not 2801.0, times as HH:mm.

    A date is written in `date_form` if that keeps the day, else as yyyy-MM-dd.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, date):
        return _day(value, date_form)
    if isinstance(value, time):
        return f"{value:%H:%M:%S}" if value.second else f"{value:%H:%M}"
    return str(value)


def _day(day: date, form: str | None) -> str:
    if form:
        written = day.strftime(form)
        if datetime.strptime(written, form).timetuple()[:3] == day.timetuple()[:3]:  # noqa: DTZ007 a calendar date
            return written
    if isinstance(day, datetime) and day.time() != time():
        return f"{day:%Y-%m-%d %H:%M:%S}"
    return f"{day:%Y-%m-%d}"
