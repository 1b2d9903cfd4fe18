"""The first look at a CSV file: is it text in the agreed encoding, and does its header name the agreed columns?"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from sources.contract import Contract
from sources.contract_rules import normal_header
from sources.outcomes import Refused

# A header longer than this is no header; what is read stays small whatever was sent.
_FIRST_LOOK = 1 << 16
_OTHER_ENCODINGS = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}
_OTHER_FORMATS = {
    b"PK\x03\x04": "an Excel workbook or a zip",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a gzip archive",
}
_OTHER_DELIMITERS = ",;\t|"


@dataclass(frozen=True)
class Header:
    """The columns of a file, by position, and how the contract's columns map to them."""

    headers: tuple[str, ...]
    positions: dict[str, int]
    """Canonical column name to position in the file."""
    warnings: tuple[str, ...]

    @property
    def extra_positions(self) -> list[int]:
        """Return the positions of columns that the contract does not know."""
        known = set(self.positions.values())
        return [position for position in range(len(self.headers)) if position not in known]


def read_header(contract: Contract, file: Path) -> Header:
    """Return the header of `file`, matched with the contract's columns.

    Raises:
        Refused: the file is empty, is no text in the contract's encoding, or a column is missing or there twice.
    """
    with file.open("rb") as stream:
        first = stream.read(_FIRST_LOOK)
    if not first.strip(b"\xef\xbb\xbf \t\r\n"):
        raise Refused(["The file is empty. Send the extract again."])
    _check_bytes(contract, first)
    text = first.decode(contract.encoding, errors="replace").removeprefix("\ufeff")
    headers = next(_records(text, contract.delimiter, contract.header_row - 1), [])
    return _match(contract, [name.strip() for name in headers])


def _records(text: str, delimiter: str, skipped_lines: int) -> Iterator[list[str]]:
    lines = islice(iter(text.splitlines(keepends=True)), skipped_lines, None)
    try:
        yield from csv.reader(lines, delimiter=delimiter)
    except csv.Error as error:
        raise Refused([f"The header row cannot be read as CSV ({error}). Send the extract as plain CSV."]) from error


def _check_bytes(contract: Contract, first: bytes) -> None:
    for start, name in _OTHER_FORMATS.items():
        if first.startswith(start):
            raise Refused([f"The file is {name}, not a CSV file. Export it as CSV and send it again."])
    wanted = contract.encoding.upper()
    for mark, name in _OTHER_ENCODINGS.items():
        if first.startswith(mark):
            raise Refused([f"The file is in {name}, not {wanted}. Save it as CSV in {wanted} and send it again."])
    if first.count(b"\0") > len(first) // 4:
        raise Refused(
            [
                f"The file is no {wanted} text: a large part of it is null bytes, as in UTF-16 or a damaged copy. "
                f"Save it as CSV in {wanted} and send it again."
            ]
        )


def _match(contract: Contract, headers: Sequence[str]) -> Header:
    found: dict[str, list[int]] = {}
    for position, header in enumerate(headers):
        found.setdefault(normal_header(header), []).append(position)
    places = {column.name: found.get(normal_header(column.header), []) for column in contract.columns}
    missing = [column.header for column in contract.columns if not places[column.name]]
    repeated = [column.header for column in contract.columns if len(places[column.name]) > 1]
    reasons = []
    if missing:
        reasons.append(
            f"Missing {_columns(missing)}. The header row reads: {_shown(headers)}.{_hint(contract, headers)}"
        )
    if repeated:
        reasons.append(f"The header names {_columns(repeated)} more than once. Send each once.")
    if reasons:
        raise Refused(reasons)
    matched = Header(tuple(headers), {name: place[0] for name, place in places.items()}, ())
    return replace(matched, warnings=tuple(_warnings(contract, matched)))


def _warnings(contract: Contract, header: Header) -> Iterator[str]:
    extra = [header.headers[position] or f"number {position + 1}, unnamed" for position in header.extra_positions]
    if extra:
        yield f"Not in the contract and left out: {_columns(extra)}."
    respelt = [
        f"{header.headers[header.positions[column.name]]!r} for {column.header!r}"
        for column in contract.columns
        if header.headers[header.positions[column.name]] != column.header
    ]
    if respelt:
        yield f"The header spells {', '.join(respelt)}."
    order = [header.positions[column.name] for column in contract.columns]
    if order != sorted(order):
        yield "The columns are in another order than the contract's; they were read by name."


def _hint(contract: Contract, headers: Sequence[str]) -> str:
    """Return what probably went wrong when the header is one long column."""
    if len(headers) != 1:
        return ""
    others = [mark for mark in _OTHER_DELIMITERS if mark != contract.delimiter and mark in headers[0]]
    if not others:
        return ""
    return f" The columns seem to be separated by {others[0]!r}; the contract says {contract.delimiter!r}."


def _columns(headers: Sequence[str]) -> str:
    return ("column " if len(headers) == 1 else "columns ") + ", ".join(repr(header) for header in headers)


def _shown(headers: Sequence[str], limit: int = 300) -> str:
    text = ", ".join(headers)
    return text if len(text) <= limit else text[:limit] + " …"
