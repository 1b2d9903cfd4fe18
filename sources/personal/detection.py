"""Personal data that nobody agreed to send, found before a delivery is archived.

Headers are compared with one list for all feeds, `personal_columns.yaml`, and with what a contract forbids. In columns
that the contract does not know, the first values are compared with patterns. A finding names a column, never a value.
"""

import csv
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from sources.contract.model import Contract
from sources.contract.rules import normal_header
from sources.reading.outcomes import PersonalData, Refused
from sources.reading.workbook import Workbook, open_workbook
from sources.reading.zip_members import DAMAGE

_LIST_FILE = Path(__file__).with_name("personal_columns.yaml")
# A header longer than this is no header; what is read stays small whatever was sent.
# What is looked at of a text, and of the sheets of a workbook.
FIRST_LOOK = 1 << 16
PREVIEW_ROWS = 200
# In these first rows a header is looked for that does not stand where the contract says.
_HEADER_ROWS = 20
_FEWEST_HEADERS = 3
_MOST = 0.5
_MEMBERS = 100
_MARKS = {b"\xff\xfe\x00\x00": "utf-32", b"\x00\x00\xfe\xff": "utf-32", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_DELIMITERS = ",;\t|"
_ZIP_START = b"PK\x03\x04"
REMEDY = (
    "Nothing of the file was kept, and it was deleted from landing. Delete it where else it is, and send the extract "
    "without the column; if it is needed, the contract must agree it first."
)


@dataclass(frozen=True)
class PersonalList:
    """What is personal under every contract."""

    headers: Mapping[str, str]
    """Header, as `plain` gives it, to what it holds."""
    also_values: frozenset[str]
    """What is no header for sure outside the header row."""
    values: tuple[tuple[str, re.Pattern[str]], ...]
    full_postcode: str

    def kind(self, header: str) -> str | None:
        """Return what a column of this header holds, if it is personal."""
        return self.headers.get(plain(header))


@cache
def personal_list() -> PersonalList:
    """Return the list that all contracts share, read once a process."""
    sent: dict[str, Any] = yaml.safe_load(_LIST_FILE.read_text(encoding="utf-8"))
    before = ["", *map(plain, sent["people"])]
    return PersonalList(
        {
            person + plain(name): entry["kind"]
            for entry in sent["headers"]
            for name in entry["names"]
            for person in before
        },
        frozenset(entry["kind"] for entry in sent["headers"] if entry.get("also_a_value")),
        tuple((entry["kind"], re.compile(entry["pattern"], re.IGNORECASE)) for entry in sent["values"]),
        sent["full_postcode"],
    )


def plain(header: str) -> str:
    """Return a header as letters and digits alone, in lower case and without a number at its end."""
    return re.sub(r"[\W_]+", "", header.casefold()).rstrip("0123456789")


def check_text(documents: Sequence[Contract], first: bytes, encoding: str, delimiter: str, header_row: int) -> None:
    """Check the first bytes of a CSV file that should be written so.

    Raises:
        PersonalData: it holds what none of `documents` agrees.
    """
    for mark, marked in _MARKS.items():
        if first.startswith(mark):
            encoding = marked
            break
    text = first.decode(encoding, errors="replace").removeprefix("\ufeff")
    rows = _rows(text, delimiter)
    if all(len(row) < 2 for row in rows[:header_row]):
        others = [other for other in _DELIMITERS if other in text.partition("\n")[0]]
        rows = _rows(text, others[0]) if others else rows
    _check_rows(documents, rows, header_row)


def check_workbook(documents: Sequence[Contract], workbook: Workbook, leave_out: str | None = None) -> None:
    """Check the sheets of a workbook, but for the sheet `leave_out`, which is checked as CSV.

    Raises:
        PersonalData: a sheet holds what none of `documents` agrees.
    """
    header_rows = {normal_header(one.sheet): one.sheet_header_row for one in documents if one.sheet}
    for name, rows in workbook.previews(PREVIEW_ROWS, leave_out):
        _check_rows(documents, rows, header_rows.get(normal_header(name)))


def check_unread(documents: Sequence[Contract], file: Path) -> None:
    """Check a file that is refused without being read: a CSV file, a workbook or a zip, as its first bytes tell.

    What is no text, or cannot be opened, cannot be checked.

    Raises:
        PersonalData: it holds what none of `documents` agrees.
    """
    with file.open("rb") as stream:
        first = stream.read(FIRST_LOOK)
    if not first.startswith(_ZIP_START):
        _check_any_text(documents, first)
        return
    try:
        with zipfile.ZipFile(file) as archive:
            if "xl/workbook.xml" not in archive.namelist():
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


def _rows(text: str, delimiter: str) -> list[list[str]]:
    """Return the rows of the beginning of a CSV file, as far as they can be read."""
    rows: list[list[str]] = []
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    with suppress(csv.Error):
        rows.extend(csv.reader([line + "\n" for line in lines], delimiter=delimiter))
    return rows


def _check_rows(documents: Sequence[Contract], rows: Sequence[Sequence[str]], header_row: int | None) -> None:
    header = rows[header_row - 1] if header_row and len(rows) >= header_row else []
    below = rows[header_row or 0 :]
    findings = list(dict.fromkeys([*_by_header(documents, rows, header), *_by_value(documents, header, below)]))
    if findings:
        raise PersonalData([*findings, REMEDY])


def _by_header(documents: Sequence[Contract], rows: Sequence[Sequence[str]], header: Sequence[str]) -> Iterator[str]:
    """Yield a sentence for each personal header, in the header row or where that seems to be elsewhere."""
    listed = personal_list()
    agreed = set().union(*map(_agreed, documents))
    forbidden = {plain(name): reason for document in documents for name, reason in document.forbidden_columns}
    # Of a feed of people every column has to be agreed, or left out by agreement.
    closed = (
        agreed.union(normal_header(name) for document in documents for name in document.ignored_columns)
        if _is_header(documents, header) and all(document.refuses_unknown_columns for document in documents)
        else set()
    )
    for name in header:
        kind = listed.kind(name)
        if normal_header(name) in agreed:
            continue
        if plain(name) in forbidden:
            yield f"Column {name.strip()!r} must not be sent: {forbidden[plain(name)].rstrip('.')}."
        elif kind:
            yield f"Column {name.strip()!r} holds {kind}, which is not agreed."
        elif name.strip() and closed and normal_header(name) not in closed:
            yield f"Column {name.strip()!r} is not agreed, and the rows are people: it may tell who they are."
    if _is_header(documents, header):
        return
    for row in rows[:_HEADER_ROWS]:
        cells = [cell for cell in row if cell.strip()]
        if len(cells) < _FEWEST_HEADERS or any(map(_is_number, cells)):
            continue
        for name in cells:
            kind = listed.kind(name)
            if kind and kind not in listed.also_values and normal_header(name) not in agreed:
                yield f"Column {name.strip()!r} holds {kind}, which is not agreed."


def _by_value(documents: Sequence[Contract], header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield a sentence for each column that no document agrees and whose first values look personal."""
    is_header = _is_header(documents, header)
    agreed = set().union(*map(_agreed, documents)) if is_header else set()
    for place in range(max(map(len, rows), default=0)):
        name = header[place].strip() if is_header and place < len(header) else ""
        if name and normal_header(name) in agreed:
            continue
        values = [row[place].strip() for row in rows if place < len(row) and row[place].strip()]
        for kind, pattern in personal_list().values:
            if sum(1 for value in values if pattern.fullmatch(value)) > len(values) * _MOST:
                # What stands in the first row of a file without a header may be a value, and is not told.
                told = f" ({name!r})" if name else ""
                yield f"Column number {place + 1}{told} seems to hold {kind}, which are not agreed."


def _agreed(document: Contract) -> set[str]:
    return {normal_header(header) for column in document.columns for header in column.headers}


def _is_header(documents: Sequence[Contract], row: Sequence[str]) -> bool:
    """Return whether the row names at least half the columns of a document."""
    names = set(map(normal_header, row))
    return any(2 * len(names.intersection(agreed)) >= len(agreed) for agreed in map(_agreed, documents))


def _is_number(cell: str) -> bool:
    return cell.strip().replace(".", "").isdigit()
