"""A look at the parts of a workbook before it is opened, by a parser of XML whose cost is that of the bytes.

Reading a sheet takes memory for every place between its first and its last cell, so that one cell in the last row and
column of an otherwise empty sheet would take all there is. And what reads it gives an error such as #N/A as a blank.
What reads it also takes XML that is none, such as tags that are never closed, and may need hours for it.
"""

import zipfile
from collections import defaultdict
from functools import reduce
from pathlib import PurePosixPath
from xml.etree import ElementTree
from xml.parsers import expat

from sources.reading import limits
from sources.reading.cell_errors import CellErrors
from sources.reading.outcomes import Refused
from sources.reasons.reason import reason

# What an opened workbook is read from; pictures, macros and printer settings are not.
_SUFFIXES = (".xml", ".rels")
_SHEET = "worksheet"
# Formatted cells hold none of these, and are not read.
_CONTENTS = frozenset({"v", "f", "is"})
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
# In either of the two namespaces of the standard.
_SHEET_TAG, _RELATION = "}sheet", "relationships}id"


class SheetCells:
    """What was seen of the parts of one workbook so far."""

    def __init__(self) -> None:
        self.errors: defaultdict[str, CellErrors] = defaultdict(CellErrors)
        """Part of the workbook to the errors in its cells."""
        self.parts: set[str] = set()
        """Parts that were looked at."""
        self.rows = 0
        self.columns = 0
        self._part = ""

    def look(self, part: str, chunk: bytes) -> None:
        """Look at the next bytes of a part of the workbook; empty ones end it.

        Raises:
            Refused: the sheet is too large to be opened, or its cells do not say where they are.
            expat.ExpatError: it is no XML.
        """
        if not part.casefold().endswith(_SUFFIXES):
            return
        if part != self._part:
            self._start(part)
        self._parser.Parse(chunk, not chunk)
        self._fed += len(chunk)
        if self._fed - self._parser.CurrentByteIndex > limits.MAXIMUM_TOKEN_BYTES:
            raise Refused([reason("workbook_cell_without_end")])
        if not chunk:
            self._part = ""

    def _start(self, part: str) -> None:
        self.parts.add(part)
        self._part, self._fed, self.rows, self.columns = part, 0, 0, 0
        self._elements = self._depth = 0
        self._is_sheet = False
        self._place: str | None = None
        self._is_error = False
        self._texts: list[str] = []
        self._known: dict[str, int] = {}
        self._parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start_element
        parser.EndElementHandler = self._end_element
        parser.StartDoctypeDeclHandler = _refuse_doctype

    def _start_element(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        self._depth += 1
        if ":" in name:
            name = name.rpartition(":")[2]
        if self._depth == 1:
            self._is_sheet = name == _SHEET
        most = limits.MAXIMUM_SHEET_ELEMENTS if self._is_sheet else limits.MAXIMUM_PART_ELEMENTS
        if self._elements > most or self._depth > limits.MAXIMUM_DEPTH:
            raise Refused([reason("workbook_too_much")])
        if not self._is_sheet:
            return
        if name == "c":
            self._place = attributes.get("r", "")
            self._is_error = attributes.get("t") == "e"
        elif self._place is not None and name in _CONTENTS:
            self._count(self._place)
            if self._is_error and name == "v":
                self._texts = []
                self._parser.CharacterDataHandler = self._texts.append

    def _end_element(self, _: str) -> None:
        self._depth -= 1
        if self._parser.CharacterDataHandler is not None:
            self._parser.CharacterDataHandler = None
            self._note_error("".join(self._texts))

    def _note_error(self, text: str) -> None:
        row, column = self._numbers(self._place or "")
        self.errors[self._part].add(row, column, text)
        if sum(map(len, self.errors.values())) > limits.MAXIMUM_ERROR_CELLS:
            raise Refused([reason("workbook_error_cells", limit=limits.MAXIMUM_ERROR_CELLS)])

    def _count(self, place: str) -> None:
        row, column = self._numbers(place)
        if row <= self.rows and column <= self.columns:
            return
        self.rows, self.columns = max(self.rows, row), max(self.columns, column)
        if self.rows * self.columns > limits.MAXIMUM_CELLS:
            raise Refused([reason("workbook_sheet_too_large", last_row=self.rows, last_column=self.columns)])

    def _numbers(self, place: str) -> tuple[int, int]:
        """Return row and column of a place such as AB12."""
        letters = place.rstrip("0123456789")
        column = self._known.get(letters) or self._known.setdefault(letters, _column(letters))
        row = int(place[len(letters) :] or 0) if len(place) < 12 else 0
        if not 0 < row <= _LAST_ROW or not 0 < column <= _LAST_COLUMN:
            raise Refused([reason("workbook_cells_without_place")])
        return row, column


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the part of the workbook that holds each sheet, to the sheet's name.

    Raises:
        Refused: there are more sheets than can be read, or two of them are one.
    """
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {one.get("Id"): str(one.get("Target")) for one in relations}
    sheets = [
        one for one in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter() if one.tag.endswith(_SHEET_TAG)
    ]
    if len(sheets) > limits.MAXIMUM_SHEETS:
        raise Refused([reason("workbook_too_many_sheets", sheets=len(sheets))])
    named = [
        (_path(targets[relation]), str(one.get("name")))
        for one in sheets
        for attribute, relation in one.items()
        if attribute.endswith(_RELATION) and relation in targets
    ]
    if len(dict(named)) < len(named):
        raise Refused([reason("workbook_sheets_are_one")])
    return dict(named)


def _refuse_doctype(*_: object) -> None:
    raise Refused([reason("workbook_document_type")])


def _path(target: str) -> str:
    path = target.removeprefix("/")
    return path if target.startswith(("/", "xl/")) else str(PurePosixPath("xl", path))


def _column(letters: str) -> int:
    """Return the number of a column; 0 where the letters name none."""
    if not 0 < len(letters) < 4 or not letters.isascii() or not letters.isalpha():
        return 0
    return reduce(lambda number, letter: number * 26 + ord(letter) - 64, letters.upper(), 0)
