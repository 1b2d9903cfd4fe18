"""A workbook or text that holds several periods, cut into a CSV file a period.

In the file of a period the rows of the others are blank lines, so that each row keeps the number that the sheet shows.
"""

import csv
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from sources.contract.header_names import normal_header
from sources.contract.load import Contract
from sources.contract.workbook_of_periods import WorkbookOfPeriods
from sources.reading import limits
from sources.reading.first_look import check_workbook
from sources.reading.header import missing_columns, own_headers
from sources.reading.outcomes import Refused
from sources.reading.workbook import open_workbook, starts_as_workbook
from sources.reasons.reason import reason


@dataclass
class _PeriodFile:
    """A file that is being written."""

    stream: TextIO
    rows: int = 0


def cut_by_period(document: Contract, workbook: Path, work: Path) -> list[tuple[str, Path]]:
    """Return name and place of a CSV file for each period in each sheet of the workbook.

    Raises:
        PersonalData: a sheet holds what the document does not agree.
        Refused: the workbook cannot be read, or no row of a sheet says of which period it is.
    """
    cut = document.workbook_of_periods
    if cut is None:
        raise ValueError(f"{document.document_id} provides for no workbook of several periods")
    files: list[tuple[str, Path]] = []
    if not starts_as_workbook(workbook):
        return _cut_text(document, cut, workbook, work / "periods")
    with open_workbook(workbook) as opened:
        check_workbook(document.documents, opened)
        for number, (sheet, rows) in enumerate(opened.previews(document.sheet_header_row, None)):
            if is_sheet_of_periods(document, sheet, rows):
                copy, target = work / "sheet.csv", work / f"periods_{number}"
                opened.to_csv(sheet, document.sheet_header_row, copy, lambda _: None)
                target.mkdir()
                try:
                    files += _cut(document, cut, copy, target)
                except csv.Error as error:
                    raise Refused([reason("unreadable_csv", f"{error}.")]) from error
    if not files:
        raise Refused([reason("workbook_without_period_sheets", told=_told(cut))])
    return files


def _cut_text(document: Contract, cut: WorkbookOfPeriods, text: Path, target: Path) -> list[tuple[str, Path]]:
    """Cut a text that is written as those of single periods are; its rows are numbered from the header on."""
    target.mkdir()
    try:
        with text.open(encoding=document.encoding, newline="", errors="replace") as stream:
            rows = islice(csv.reader(stream, delimiter=document.delimiter), document.header_row - 1, None)
            return _cut_rows(document, cut, rows, target, 1)
    except csv.Error as error:
        raise Refused([reason("unreadable_csv", f"{error}.")]) from error


def is_sheet_of_periods(document: Contract, name: str, rows: Sequence[Sequence[str]]) -> bool:
    """Return whether a sheet, of which the first rows are given, is to be cut: by its name, or by all of its header.

    Contents and notes are not; a sheet that is named by a year and lacks columns is, so that it is refused and missed.
    """
    cut, place = document.workbook_of_periods, document.sheet_header_row - 1
    if cut is None:
        return False
    return bool(cut.sheet_pattern.fullmatch(name)) or (len(rows) > place and not missing_columns(document, rows[place]))


def _cut(document: Contract, cut: WorkbookOfPeriods, sheet: Path, target: Path) -> list[tuple[str, Path]]:
    with sheet.open(encoding="utf-8", newline="") as stream:
        # The file of a period has its header where a text has it, and its rows where the sheet has them.
        first = 1 + max(0, document.sheet_header_row - document.header_row)
        return _cut_rows(document, cut, csv.reader(stream), target, first)


def _cut_rows(
    document: Contract, cut: WorkbookOfPeriods, rows: Iterator[list[str]], target: Path, first: int
) -> list[tuple[str, Path]]:
    written: dict[date, _PeriodFile] = {}
    with ExitStack() as files:
        header = next(rows, [])
        places = {normal_header(name): place for place, name in enumerate(own_headers(document, header))}
        wanted = [places.get(normal_header(name)) for name in cut.headers]
        unplaced: list[tuple[int, list[str]]] = []
        for number, row in enumerate(rows, first):
            told = [row[place] if place is not None and place < len(row) else "" for place in wanted]
            month = cut.month_of(told)
            start = document.period_start(month) if month else None
            if start is None:
                # Totals and notes: the contract judges them in the first of the files.
                unplaced += [(number, row)] if any(row) else []
                if len(unplaced) > limits.MAXIMUM_ROWS_WITHOUT_PERIOD:
                    raise _refused(cut)
                continue
            if start not in written:
                if len(written) > limits.MAXIMUM_PERIODS_OF_A_SHEET:
                    raise _refused(cut)
                place = target / f"{start}.csv"
                file = files.enter_context(place.open("w", encoding=document.encoding, errors="replace", newline=""))
                written[start] = _PeriodFile(file)
                file.write("\n" * (document.header_row - 1))
                _writer(document, file).writerow(header)
            _write(document, written[start], number, row)
        if not written:
            raise _refused(cut)
        earliest = written[min(written)]
        for number, row in unplaced:
            _write(document, earliest, max(number, earliest.rows + 1), row)
    named = document.period_format
    return [
        (cut.period_file_name.format(period=start.strftime(named)), target / f"{start}.csv")
        for start in sorted(written)
    ]


def _writer(document: Contract, stream: TextIO) -> Any:
    return csv.writer(stream, delimiter=document.delimiter, lineterminator="\n")


def _write(document: Contract, file: _PeriodFile, number: int, row: list[Any]) -> None:
    file.stream.write("\n" * (number - file.rows - 1))
    _writer(document, file.stream).writerow(row)
    file.rows = number


def _refused(cut: WorkbookOfPeriods) -> Refused:
    return Refused([reason("sheet_without_periods", told=_told(cut))])


def _told(cut: WorkbookOfPeriods) -> str:
    return " and ".join(cut.headers)
