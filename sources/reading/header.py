"""The header of a delivery: is the file what it claims to be, and does its header name the agreed columns?

A workbook is copied to CSV first; what is read then is the copy.
"""

import csv
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from sources.contract.header_names import normal_header
from sources.contract.load import Contract
from sources.reading import limits
from sources.reading.first_look import (
    DELIMITERS,
    FIRST_LOOK,
    WIDE_ENCODINGS,
    check_text,
    check_unread,
    check_workbook,
)
from sources.reading.ods import SUFFIX as ODS
from sources.reading.outcomes import Refused
from sources.reading.workbook import is_workbook_name, open_workbook, suffix_of
from sources.reasons.reason import Reason, reason

MOST_ROWS_ABOVE = 30
"""Rows of a table with a title in which its header is looked for."""
_OTHER_FORMATS = {
    b"PK\x03\x04": "an Excel workbook or a zip",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook (.xls)",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a gzip archive",
}


@dataclass(frozen=True)
class Layout:
    """How the file that is read is written."""

    file: Path
    """The delivery itself, or the copy of it that can be read."""
    delimiter: str
    encoding: str
    header_lines: int
    """Lines of that file up to and with the header, whose names may hold line breaks."""
    header_row: int
    """Row of the header as a spreadsheet numbers the rows of the delivery."""


@dataclass(frozen=True)
class Header:
    """The columns of a file, by position, and how the contract's columns map to them."""

    layout: Layout
    headers: tuple[str, ...]
    positions: dict[str, tuple[int, ...]]
    """Canonical column name to position in the file; several where a column is joined from them."""
    warnings: tuple[Reason, ...]
    title: str = ""
    """What stands first in the first row, where the contract agrees a title above the header."""

    @property
    def extra_positions(self) -> list[int]:
        """Return the positions of columns that the contract does not know."""
        known = {position for places in self.positions.values() for position in places}
        return [position for position in range(len(self.headers)) if position not in known]


def read_header(contract: Contract, file: Path, name: str, work: Path) -> Header:
    """Return the header of `file`, which was sent as `name`, matched with the columns of the document.

    A copy that is needed for reading is made in the folder `work`.

    Raises:
        PersonalData: it holds personal data that is not agreed.
        Refused: the file is empty, is not what its name or the contract says, or a column is missing or there twice.
    """
    if is_workbook_name(name):
        return _workbook_header(contract, file, work / "sheet.csv")
    first = _first_bytes(file)
    if first.startswith(tuple(_OTHER_FORMATS)):
        check_unread([contract], file)
    check_text([contract], first, contract.encoding, contract.delimiter, contract.header_row)
    _check_bytes(contract, first)
    text = first.decode(contract.encoding, errors="replace").removeprefix("\ufeff")
    above = _records(text, contract.delimiter) if contract.title_above else []
    row = header_place(contract, above, contract.header_row)
    headers, lines = header_cells(text, contract.delimiter, row)
    header = _match(contract, Layout(file, contract.delimiter, contract.encoding, lines, row), headers)
    return replace(header, title=_title(above))


def _workbook_header(contract: Contract, file: Path, copy: Path) -> Header:
    with open_workbook(file) as workbook:
        check_workbook([contract], workbook, leave_out=contract.sheet)
        if contract.sheet is None:
            raise Refused([reason("workbook_not_agreed")])
        if not contract.is_open_data and suffix_of(file) == ODS:
            raise Refused([reason("workbook_of_open_data_alone")])
        above = list(workbook.first_rows(contract.sheet, MOST_ROWS_ABOVE)) if contract.title_above else []
        row = header_place(contract, above, contract.sheet_header_row)
        forms = {normal_header(column.header): column.written_date_form for column in contract.columns}
        workbook.to_csv(contract.sheet, row, copy, lambda name: forms.get(normal_header(name)))
    first = _first_bytes(copy)
    check_text([contract], first, "utf-8", ",", 1)
    text = first.decode(errors="replace")
    headers, lines = header_cells(text, ",", 1)
    return replace(_match(contract, Layout(copy, ",", "utf-8", lines, row), headers), title=_title(above))


def header_place(contract: Contract, rows: Sequence[Sequence[str]], agreed: int) -> int:
    """Return the row of the header, from 1: below a title the first that names all columns, else where it is agreed.

    Publishers write more or fewer lines of explanation between the title and the header.
    """
    if contract.title_above is None:
        return agreed
    return next((place for place, row in enumerate(rows, 1) if not missing_columns(contract, row)), agreed)


def _title(rows: Sequence[Sequence[str]]) -> str:
    return next((cell for cell in rows[0] if cell.strip()), "") if rows else ""


def _first_bytes(file: Path) -> bytes:
    with file.open("rb") as stream:
        first = stream.read(FIRST_LOOK)
    if not first.strip(b"\xef\xbb\xbf \t\r\n"):
        raise Refused([reason("empty_file")])
    return first


def _records(text: str, delimiter: str) -> list[list[str]]:
    """Return the first records of a CSV text, as far as they can be read."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    records: list[list[str]] = []
    with suppress(csv.Error):
        records.extend(islice(csv.reader([line + "\n" for line in lines], delimiter=delimiter), MOST_ROWS_ABOVE))
    return records


def header_cells(text: str, delimiter: str, header_row: int) -> tuple[list[str], int]:
    """Return the names in the header row, and the number of lines up to its end."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    reader = csv.reader([line + "\n" for line in lines], delimiter=delimiter)
    try:
        headers = next(islice(reader, header_row - 1, None), [])
    except csv.Error as error:
        raise Refused([reason("unreadable_header", f"What reads it says: {error}.")]) from error
    return [name.strip() for name in headers], reader.line_num


def _check_bytes(contract: Contract, first: bytes) -> None:
    if found := no_text(first, contract.encoding):
        raise Refused([found])


def no_text(first: bytes, encoding: str) -> Reason | None:
    """Return why a file of these first bytes is no text in an encoding, where its bytes tell that at once."""
    for start, name in _OTHER_FORMATS.items():
        if first.startswith(start):
            return reason("other_format", format=name)
    wanted = encoding.upper()
    for mark, name in WIDE_ENCODINGS.items():
        if first.startswith(mark):
            return reason("wide_encoding", encoding=name, agreed=wanted)
    return reason("null_bytes", agreed=wanted) if first.count(b"\0") > len(first) // 4 else None


def own_headers(contract: Contract, headers: Sequence[str]) -> list[str]:
    """Return the headers, those under which a column may be sent too as the column's own."""
    own = {normal_header(other): column.header for column in contract.columns for other in column.other_headers}
    sent = set(map(normal_header, headers))
    return [
        own[name] if (name := normal_header(header)) in own and normal_header(own[name]) not in sent else header
        for header in headers
    ]


def header_record(contract: Contract, first: bytes) -> list[str]:
    """Return the names in the header row of a text whose first bytes are given, read as the document says.

    Raises:
        Refused: it cannot be read.
    """
    text = first.decode(contract.encoding, errors="replace").removeprefix("\ufeff")
    row = contract.header_row
    if contract.title_above:
        row = header_place(contract, _records(text, contract.delimiter), row)
    return header_cells(text, contract.delimiter, row)[0]


def missing_columns(contract: Contract, headers: Sequence[str]) -> list[str]:
    """Return the needed headers that are not among those sent."""
    needed = set(needed_headers(contract))
    return [header for header in lacking_headers(contract, headers) if header in needed]


def lacking_headers(contract: Contract, headers: Sequence[str]) -> list[str]:
    """Return the agreed headers that are not among those sent."""
    found = set(map(normal_header, own_headers(contract, headers)))
    return [header for header in agreed_headers(contract) if normal_header(header) not in found]


def agreed_headers(contract: Contract) -> list[str]:
    """Return the headers of the agreed columns."""
    return [header for column in contract.columns for header in column.headers]


def needed_headers(contract: Contract) -> list[str]:
    """Return the agreed headers but for those that files of some periods may lack."""
    return [header for column in contract.columns if column.lacking_before is None for header in column.headers]


def _match(contract: Contract, layout: Layout, headers: Sequence[str]) -> Header:
    headers = own_headers(contract, headers)
    if len(headers) > limits.MAXIMUM_COLUMNS:
        raise Refused([reason("too_many_columns", columns=len(headers), limit=limits.MAXIMUM_COLUMNS)])
    found: dict[str, list[int]] = {}
    for position, header in enumerate(headers):
        found.setdefault(normal_header(header), []).append(position)
    wanted = agreed_headers(contract)
    missing = missing_columns(contract, headers)
    repeated = [header for header in wanted if len(found.get(normal_header(header), [])) > 1]
    reasons = []
    if missing and 2 * len(missing) > len(needed_headers(contract)) and len(headers) > 1:
        # What stands there may be a record.
        lacking = lacking_headers(contract, headers)
        found_count = len(wanted) - len(lacking)
        reasons.append(reason("header_missing", found=found_count, agreed=len(wanted), columns=column_names(lacking)))
    elif missing:
        as_sent = f"The header row reads: {_shown(headers)}."
        reasons += [reason("columns_missing", as_sent, columns=column_names(missing)), *_hint(contract, headers)]
    if repeated:
        reasons.append(reason("columns_repeated", columns=column_names(repeated)))
    if reasons:
        raise Refused(reasons)
    positions = {
        column.name: tuple(found[normal_header(one)][0] for one in column.headers if normal_header(one) in found)
        for column in contract.columns
    }
    matched = Header(layout, tuple(headers), positions, ())
    return replace(matched, warnings=tuple(_warnings(contract, matched)))


def _warnings(contract: Contract, header: Header) -> Iterator[Reason]:
    ignored = {normal_header(name) for name in contract.ignored_columns}
    extra = [
        header.headers[position] or f"number {position + 1}, unnamed"
        for position in header.extra_positions
        if normal_header(header.headers[position]) not in ignored
    ]
    if extra:
        yield reason("columns_left_out", f"They are {column_names(extra)}.", count=len(extra))
    pairs = [
        (header.headers[position], wanted)
        for column in contract.columns
        for position, wanted in zip(header.positions[column.name], column.headers, strict=False)
    ]
    respelt = [(sent, wanted) for sent, wanted in pairs if " ".join(sent.split()) != wanted]
    if respelt:
        as_sent = f"It has {', '.join(f'{sent!r} for {wanted!r}' for sent, wanted in respelt)}."
        yield reason("columns_spelt_otherwise", as_sent, columns=column_names([wanted for _, wanted in respelt]))
    order = [position for column in contract.columns for position in header.positions[column.name]]
    if order != sorted(order):
        yield reason("columns_in_other_order")


def _hint(contract: Contract, headers: Sequence[str]) -> list[Reason]:
    """Return what probably went wrong when the header is one long column."""
    if len(headers) != 1:
        return []
    others = [mark for mark in DELIMITERS if mark != contract.delimiter and mark in headers[0]]
    agreed = repr(contract.delimiter)
    return [reason("columns_seem_separated_otherwise", found=repr(mark), agreed=agreed) for mark in others[:1]]


def column_names(headers: Sequence[str]) -> str:
    """Return headers as a sentence has them."""
    return ("column " if len(headers) == 1 else "columns ") + ", ".join(repr(header) for header in headers)


def _shown(headers: Sequence[str], limit: int = 300) -> str:
    text = ", ".join(headers)
    return text if len(text) <= limit else text[:limit] + " …"
