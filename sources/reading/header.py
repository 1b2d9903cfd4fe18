"""The header of a delivery: is the file what it claims to be, and does its header name the agreed columns?

A workbook is copied to CSV first; what is read then is the copy.
"""

import csv
from collections.abc import Iterator, Sequence
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
from sources.reading.outcomes import Refused
from sources.reading.workbook import is_workbook_name, open_workbook

_OTHER_FORMATS = {
    b"PK\x03\x04": "an Excel workbook or a zip",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
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
    warnings: tuple[str, ...]

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
    headers, lines = _header_record(text, contract.delimiter, contract.header_row)
    return _match(contract, Layout(file, contract.delimiter, contract.encoding, lines, contract.header_row), headers)


def _workbook_header(contract: Contract, file: Path, copy: Path) -> Header:
    with open_workbook(file) as workbook:
        check_workbook([contract], workbook, leave_out=contract.sheet)
        if contract.sheet is None:
            raise Refused(["The contract of this form does not provide for Excel workbooks. Send it as CSV."])
        forms = {normal_header(column.header): column.written_date_form for column in contract.columns}
        workbook.to_csv(contract.sheet, contract.sheet_header_row, copy, lambda name: forms.get(normal_header(name)))
    first = _first_bytes(copy)
    check_text([contract], first, "utf-8", ",", 1)
    text = first.decode(errors="replace")
    headers, lines = _header_record(text, ",", 1)
    return _match(contract, Layout(copy, ",", "utf-8", lines, contract.sheet_header_row), headers)


def _first_bytes(file: Path) -> bytes:
    with file.open("rb") as stream:
        first = stream.read(FIRST_LOOK)
    if not first.strip(b"\xef\xbb\xbf \t\r\n"):
        raise Refused(["The file is empty. Send the extract again."])
    return first


def _header_record(text: str, delimiter: str, header_row: int) -> tuple[list[str], int]:
    """Return the names in the header row, and the number of lines up to its end."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    reader = csv.reader([line + "\n" for line in lines], delimiter=delimiter)
    try:
        headers = next(islice(reader, header_row - 1, None), [])
    except csv.Error as error:
        raise Refused([f"The header row cannot be read as CSV ({error}). Send the extract as plain CSV."]) from error
    return [name.strip() for name in headers], reader.line_num


def _check_bytes(contract: Contract, first: bytes) -> None:
    for start, name in _OTHER_FORMATS.items():
        if first.startswith(start):
            raise Refused([f"The file is {name}, not a CSV file. Export it as CSV and send it again."])
    wanted = contract.encoding.upper()
    for mark, name in WIDE_ENCODINGS.items():
        if first.startswith(mark):
            raise Refused([f"The file is in {name}, not {wanted}. Save it as CSV in {wanted} and send it again."])
    if first.count(b"\0") > len(first) // 4:
        raise Refused(
            [
                f"The file is no {wanted} text: a large part of it is null bytes, as in UTF-16 or a damaged copy. "
                f"Save it as CSV in {wanted} and send it again."
            ]
        )


def _match(contract: Contract, layout: Layout, headers: Sequence[str]) -> Header:
    if len(headers) > limits.MAXIMUM_COLUMNS:
        raise Refused(
            [
                f"The header row has {len(headers):,} columns, more than {limits.MAXIMUM_COLUMNS:,}: a spreadsheet "
                "saves every column that is formatted, empty or not. Delete the columns right of the last agreed one "
                "and save it again."
            ]
        )
    found: dict[str, list[int]] = {}
    for position, header in enumerate(headers):
        found.setdefault(normal_header(header), []).append(position)
    wanted = [header for column in contract.columns for header in column.headers]
    missing = [header for header in wanted if not found.get(normal_header(header))]
    repeated = [header for header in wanted if len(found.get(normal_header(header), [])) > 1]
    reasons = []
    if missing and 2 * len(missing) > len(wanted) and len(headers) > 1:
        # What stands there may be a record, and a reason is published.
        reasons.append(
            f"The first row names {len(wanted) - len(missing)} of the {len(wanted)} agreed columns: the header row "
            f"seems to be missing, or of another export. Missing {_columns(missing)}."
        )
    elif missing:
        reasons.append(
            f"Missing {_columns(missing)}. The header row reads: {_shown(headers)}.{_hint(contract, headers)}"
        )
    if repeated:
        reasons.append(f"The header names {_columns(repeated)} more than once. Send each once.")
    if reasons:
        raise Refused(reasons)
    positions = {
        column.name: tuple(found[normal_header(header)][0] for header in column.headers) for column in contract.columns
    }
    matched = Header(layout, tuple(headers), positions, ())
    return replace(matched, warnings=tuple(_warnings(contract, matched)))


def _warnings(contract: Contract, header: Header) -> Iterator[str]:
    ignored = {normal_header(name) for name in contract.ignored_columns}
    extra = [
        header.headers[position] or f"number {position + 1}, unnamed"
        for position in header.extra_positions
        if normal_header(header.headers[position]) not in ignored
    ]
    if extra:
        yield f"Not in the contract and left out: {_columns(extra)}."
    pairs = [
        (header.headers[position], wanted)
        for column in contract.columns
        for position, wanted in zip(header.positions[column.name], column.headers, strict=True)
    ]
    respelt = [f"{sent!r} for {wanted!r}" for sent, wanted in pairs if " ".join(sent.split()) != wanted]
    if respelt:
        yield f"The header spells {', '.join(respelt)}."
    order = [position for column in contract.columns for position in header.positions[column.name]]
    if order != sorted(order):
        yield "The columns are in another order than the contract's; they were read by name."


def _hint(contract: Contract, headers: Sequence[str]) -> str:
    """Return what probably went wrong when the header is one long column."""
    if len(headers) != 1:
        return ""
    others = [mark for mark in DELIMITERS if mark != contract.delimiter and mark in headers[0]]
    if not others:
        return ""
    return f" The columns seem to be separated by {others[0]!r}; the contract says {contract.delimiter!r}."


def _columns(headers: Sequence[str]) -> str:
    return ("column " if len(headers) == 1 else "columns ") + ", ".join(repr(header) for header in headers)


def _shown(headers: Sequence[str], limit: int = 300) -> str:
    text = ", ".join(headers)
    return text if len(text) <= limit else text[:limit] + " …"
