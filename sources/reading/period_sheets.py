"""A workbook that holds several periods, cut into a CSV file a period.

In the file of a period the rows of the others are blank lines, so that each row keeps the number that the sheet shows.
"""

import csv
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TextIO

from sources.contract.header_names import normal_header
from sources.contract.load import Contract
from sources.contract.workbook_of_periods import WorkbookOfPeriods
from sources.reading import limits
from sources.reading.first_look import check_workbook
from sources.reading.outcomes import Refused
from sources.reading.workbook import open_workbook
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
    with open_workbook(workbook) as opened:
        check_workbook(document.documents, opened)
        for number, sheet in enumerate(opened.opened.sheet_names):
            if cut.sheet_pattern.fullmatch(sheet):
                copy, target = work / "sheet.csv", work / f"periods_{number}"
                opened.to_csv(sheet, document.sheet_header_row, copy, lambda _: None)
                target.mkdir()
                try:
                    files += _cut(document, cut, copy, target)
                except csv.Error as error:
                    raise Refused([reason("unreadable_csv", f"{error}.")]) from error
    if not files:
        raise Refused([reason("workbook_without_period_sheets", year=cut.year_header, part=cut.part_header)])
    return files


def _cut(document: Contract, cut: WorkbookOfPeriods, sheet: Path, target: Path) -> list[tuple[str, Path]]:
    written: dict[date, _PeriodFile] = {}
    with ExitStack() as files, sheet.open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream)
        header = next(rows, [])
        places = {normal_header(name): place for place, name in enumerate(header)}
        wanted = [places.get(normal_header(name)) for name in (cut.year_header, cut.part_header)]
        unplaced: list[tuple[int, list[str]]] = []
        for number, row in enumerate(rows, 1):
            start = cut.period_start(
                *(row[place] if place is not None and place < len(row) else "" for place in wanted)
            )
            if start is None:
                # Totals and notes: the contract judges them in the first of the files.
                unplaced += [(number, row)] if any(row) else []
                if len(unplaced) > limits.MAXIMUM_ROWS_WITHOUT_PERIOD:
                    raise _refused(cut)
                continue
            if start not in written:
                if len(written) > limits.MAXIMUM_PERIODS_OF_A_SHEET:
                    raise _refused(cut)
                file = files.enter_context((target / f"{start}.csv").open("w", encoding="utf-8", newline=""))
                written[start] = _PeriodFile(file)
                csv.writer(file, lineterminator="\n").writerow(header)
            _write(written[start], number, row)
        if not written:
            raise _refused(cut)
        first = written[min(written)]
        for number, row in unplaced:
            _write(first, max(number, first.rows + 1), row)
    named = document.period_format
    return [
        (cut.period_file_name.format(period=start.strftime(named)), target / f"{start}.csv")
        for start in sorted(written)
    ]


def _write(file: _PeriodFile, number: int, row: list[Any]) -> None:
    file.stream.write("\n" * (number - file.rows - 1))
    csv.writer(file.stream, lineterminator="\n").writerow(row)
    file.rows = number


def _refused(cut: WorkbookOfPeriods) -> Refused:
    return Refused([reason("sheet_without_periods", year=cut.year_header, part=cut.part_header)])
