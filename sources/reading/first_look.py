"""The first look at a delivery: whether it carries personal data that is not agreed, seen before anything is kept."""

import csv
import re
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from sources.contract.header_names import normal_header
from sources.contract.load import Contract
from sources.personal.detection import Agreement, in_rows, in_texts
from sources.reading.outcomes import PersonalData, Refused
from sources.reading.workbook import ZIP_START, Workbook, open_workbook
from sources.reading.workbook_texts import texts_beside_cells
from sources.reading.zip_members import DAMAGE, is_ods
from sources.reasons.reason import Reason, reason

# What is looked at of a text, and of the sheets of a workbook: it stays small whatever was sent.
FIRST_LOOK = 1 << 16
PREVIEW_ROWS = 2000
# What else than a comma may separate values.
DELIMITERS = ",;\t|"
# The marks at the start of a text in an encoding of several bytes a letter.
WIDE_ENCODINGS = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}
_MEMBERS = 100
# As a spreadsheet names a sheet that nobody has used.
_UNUSED_SHEET = re.compile(r"(?i)sheet ?\d*")


def check_text(documents: Sequence[Contract], first: bytes, encoding: str, delimiter: str, header_row: int) -> None:
    """Check the first bytes of a CSV file that should be written so.

    Raises:
        PersonalData: it holds what none of `documents` agrees.
    """
    encoding = next((name for mark, name in WIDE_ENCODINGS.items() if first.startswith(mark)), encoding)
    text = first.decode(encoding, errors="replace").removeprefix("\ufeff")
    rows = _rows(text, delimiter)
    if all(len(row) < 2 for row in rows[:header_row]):
        others = [other for other in DELIMITERS if other in text.partition("\n")[0]]
        rows = _rows(text, others[0]) if others else rows
    _check_rows(documents, rows, header_row)


def check_workbook(documents: Sequence[Contract], workbook: Workbook, leave_out: str | None = None) -> None:
    """Check the sheets of a workbook, but for the sheet `leave_out`, which is checked as CSV.

    Raises:
        PersonalData: a sheet holds what none of `documents` agrees.
    """
    agreement = Agreement(tuple(documents))
    found: list[Reason] = []
    header_rows = {normal_header(one.sheet): one.sheet_header_row for one in documents if one.sheet}
    for name, rows in workbook.previews(PREVIEW_ROWS, leave_out):
        header_row = header_rows.get(normal_header(name))
        if agreement.is_closed and header_row is None:
            if any(map(any, rows)) or not _UNUSED_SHEET.fullmatch(name):
                found.append(reason("personal_other_sheet"))
            continue
        found += in_rows(agreement, rows, header_row)
    if agreement.is_closed and workbook.has_other_kinds_of_sheets:
        found.append(reason("personal_other_sheet"))
    for where, texts in texts_beside_cells(workbook.file).items():
        found += in_texts(agreement, texts, where)
    if found:
        raise PersonalData(found)


def check_unread(documents: Sequence[Contract], file: Path) -> None:
    """Check a file that is refused without being read: a CSV file, a workbook or a zip, as its first bytes tell.

    What is no text, or cannot be opened, cannot be checked.

    Raises:
        PersonalData: it holds what none of `documents` agrees.
    """
    with file.open("rb") as stream:
        first = stream.read(FIRST_LOOK)
    if not first.startswith(ZIP_START):
        _check_any_text(documents, first)
        return
    try:
        with zipfile.ZipFile(file) as archive:
            if "xl/workbook.xml" not in archive.namelist() and not is_ods(archive):
                for info in archive.infolist()[:_MEMBERS]:
                    if not info.flag_bits & 0x1:
                        with archive.open(info) as stream:
                            _check_any_text(documents, stream.read(FIRST_LOOK))
                return
        with open_workbook(file) as workbook:
            check_workbook(documents, workbook)
    except PersonalData:
        raise
    except (Refused, NotImplementedError, *DAMAGE):
        return


def _check_any_text(documents: Sequence[Contract], first: bytes) -> None:
    for encoding, delimiter, row in dict.fromkeys((one.encoding, one.delimiter, one.header_row) for one in documents):
        check_text(documents, first, encoding, delimiter, row)


def _check_rows(documents: Sequence[Contract], rows: Sequence[Sequence[str]], header_row: int | None) -> None:
    findings = in_rows(Agreement(tuple(documents)), rows, header_row)
    if findings:
        raise PersonalData(findings)


def _rows(text: str, delimiter: str) -> list[list[str]]:
    """Return the rows of the beginning of a CSV file, as far as they can be read."""
    rows: list[list[str]] = []
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    with suppress(csv.Error):
        rows.extend(csv.reader([line + "\n" for line in lines], delimiter=delimiter))
    return rows
