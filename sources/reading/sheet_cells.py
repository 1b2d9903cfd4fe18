"""A look at the cells of a workbook's sheets before it is opened, in the XML as it is unpacked.

Reading a sheet takes memory for every place between its first and its last cell, so that one cell in the last row and
column of an otherwise empty sheet would take all there is. And what reads it gives an error such as #N/A as a blank.
"""

import re
import zipfile
from collections import defaultdict
from dataclasses import dataclass, field
from functools import reduce
from pathlib import PurePosixPath
from xml.etree import ElementTree

from sources.reading.outcomes import Refused

# 300,000 crimes are under 7 million cells; a cell takes about 30 bytes of memory.
MAXIMUM_CELLS = 30_000_000
_LONGEST_TEXT = 1 << 24
_FOLDER = "xl/worksheets/"
_NAME = rb"<(?:\w+:)?c(?=[\s>])"
_PLACE = rb"""\sr\s*=\s*["']([A-Z]+)(\d+)["']"""
# As nearly all cells are written.
_PLAIN_CELL = re.compile(rb'<c r="([A-Z]+)(\d+)"')
# Cells with something in them; formatted ones without are not read.
_CELL = re.compile(_NAME + rb"(?:[^>]*?" + _PLACE + rb")?[^>]*(?<!/)>(?!</)")
_ERROR = re.compile(
    _NAME + rb"""(?=[^>]*\st\s*=\s*["']e["'])[^>]*?""" + _PLACE + rb"[^>]*(?<!/)>(?:(?!</(?:\w+:)?c>).)*?"
    rb"<(?:\w+:)?v>([^<]*)<",
    re.DOTALL,
)
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass
class SheetCells:
    """What was seen of the cells so far."""

    errors: defaultdict[str, dict[tuple[int, int], str]] = field(default_factory=lambda: defaultdict(dict))
    """Part of the workbook to the errors in it, by row and column from 1."""
    part: str = ""
    rest: bytes = b""
    rows: int = 0
    columns: int = 0

    def look(self, part: str, chunk: bytes) -> None:
        """Look at the next bytes of a part of the workbook; empty ones end it.

        Raises:
            Refused: the sheet is too large to be opened, or its cells do not say where they are.
        """
        if not part.startswith(_FOLDER):
            return
        if part != self.part:
            self.part, self.rest, self.rows, self.columns = part, b"", 0, 0
        text = self.rest + chunk
        whole, self.rest = _at_end_of_cell(text) if chunk else (text, b"")
        if len(self.rest) > _LONGEST_TEXT:
            raise Refused(["The workbook is damaged: a cell has no end. Save it again in Excel and send it."])
        self._count(whole)
        if b'"e"' in whole or b"'e'" in whole:
            for letters, row, error in _ERROR.findall(whole):
                self.errors[part][int(row), _column(letters)] = error.decode(errors="replace")

    def _count(self, text: bytes) -> None:
        found = _PLAIN_CELL.findall(text)
        if not len(found) == text.count(b"<c") == text.count(b"</c>") or b":c" in text:
            # Something is written in another way, or empty: look more closely, which is slower.
            found = _CELL.findall(text)
        if not found:
            return
        letters, rows = map(set, zip(*found, strict=True))
        if b"" in letters:
            raise Refused(["The workbook does not say where its cells are. Save it again in Excel and send it."])
        self.columns = max(self.columns, *map(_column, letters))
        self.rows = max(self.rows, *map(int, rows))
        if self.rows * self.columns > MAXIMUM_CELLS:
            raise Refused(
                [
                    f"A sheet of the workbook reaches to row {self.rows:,} and column {self.columns:,}, more than can "
                    "be read. Delete what stands far from the rows, or send it as CSV."
                ]
            )


def _at_end_of_cell(text: bytes) -> tuple[bytes, bytes]:
    """Return the text up to the end of its last whole cell, and the rest."""
    # A self-closing element may be part of a cell, so such a cell ends the text only where there are no others.
    for mark in (b"</c>", b":c>", b"/>"):
        place = text.rfind(mark)
        if place >= 0:
            return text[: place + len(mark)], text[place + len(mark) :]
    return b"", text


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the part of the workbook that holds each sheet, to the sheet's name."""
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {one.get("Id"): str(one.get("Target")) for one in relations}
    sheets = ElementTree.fromstring(archive.read("xl/workbook.xml")).iter()
    named = {targets.get(one.get(_RELATION)): str(one.get("name")) for one in sheets if one.get(_RELATION)}
    return {_path(target): name for target, name in named.items() if target}


def _path(target: str) -> str:
    return target.removeprefix("/") if target.startswith("/") else str(PurePosixPath("xl", target))


def _column(letters: bytes) -> int:
    return reduce(lambda number, letter: number * 26 + letter - 64, letters, 0)
