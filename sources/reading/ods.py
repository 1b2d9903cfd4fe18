"""Workbooks of the Open Document format (.ods), in which government publishes: a look before one is opened.

A cell or row says how often it repeats, so that a small file can stand for more cells than memory holds.
"""

import zipfile
from xml.parsers import expat

from sources.reading import limits
from sources.reading.outcomes import Refused
from sources.reading.zip_members import check_sizes
from sources.reasons.reason import reason

SUFFIX = ".ods"
_CONTENT = "content.xml"
# What else than cells tells something: comments, and what a person wrote of the document.
_TEXTS = {
    "annotation": "comments on cells",
    **dict.fromkeys(("title", "subject", "description", "keyword", "user-defined"), "document properties"),
}


class _Look:
    """What was seen so far of the parts of one document."""

    def __init__(self) -> None:
        self.sheets = 0
        self._part = ""

    def look(self, part: str, chunk: bytes) -> None:
        """Look at the next bytes of a part; empty ones end it."""
        if not part.endswith(".xml"):
            return
        if part != self._part:
            self._part, self._elements, self._depth, self._fed = part, 0, 0, 0
            self._parser = expat.ParserCreate()
            self._parser.StartElementHandler = self._start
            self._parser.EndElementHandler = self._end
            self._parser.StartDoctypeDeclHandler = _refuse_doctype
        self._parser.Parse(chunk, not chunk)
        self._fed += len(chunk)
        if self._fed - self._parser.CurrentByteIndex > limits.MAXIMUM_TOKEN_BYTES:
            raise Refused([reason("workbook_cell_without_end")])
        if not chunk:
            self._part = ""

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        self._depth += 1
        if self._elements > limits.MAXIMUM_SHEET_ELEMENTS or self._depth > limits.MAXIMUM_DEPTH:
            raise Refused([reason("workbook_too_much")])
        if self._part != _CONTENT:
            return
        if name == "table:table":
            self.sheets += 1
            self._rows = self._pending_rows = self._widest = 0
        elif name == "table:table-row":
            self._pending_rows += _repeats(attributes, "table:number-rows-repeated")
            self._columns, self._is_filled = 0, False
        elif name in {"table:table-cell", "table:covered-table-cell"} and self.sheets:
            self._columns += _repeats(attributes, "table:number-columns-repeated")
            if "office:value-type" in attributes or "calcext:value-type" in attributes:
                self._widest = max(self._widest, self._columns)
                self._count()

    def _count(self) -> None:
        """Count the rows down to this one, now that it holds something."""
        self._rows, self._pending_rows = self._rows + self._pending_rows, 0
        if self._rows * self._widest > limits.MAXIMUM_CELLS:
            raise Refused([reason("workbook_sheet_too_large", last_row=self._rows, last_column=self._widest)])

    def _end(self, _: str) -> None:
        self._depth -= 1


def check_ods(archive: zipfile.ZipFile) -> None:
    """Check what can be checked of a document before it is opened.

    Raises:
        Refused: it is encrypted, or larger than can be read.
        expat.ExpatError, OSError and the like (`DAMAGE`): it is damaged.
    """
    if len(set(archive.namelist())) < len(archive.namelist()):
        raise Refused([reason("workbook_unusual")])
    if b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise Refused([reason("workbook_protected")])
    look = _Look()
    check_sizes(archive, limits.MAXIMUM_EXPANDED_BYTES, "The workbook", look.look)
    if look.sheets > limits.MAXIMUM_SHEETS:
        raise Refused([reason("workbook_too_many_sheets", sheets=look.sheets)])


def texts_beside_cells(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Return the texts of a document that stand in no cell, each after where it stands, in our words.

    Raises:
        expat.ExpatError, OSError and the like (`DAMAGE`): it is damaged.
    """
    found: list[tuple[str, str]] = []
    within: list[str] = []

    def start(name: str, _: dict[str, str]) -> None:
        within.append(name.rpartition(":")[2])

    def text(data: str) -> None:
        where = next((_TEXTS[one] for one in within if one in _TEXTS), None)
        if where and data.strip():
            found.append((where, data.strip()))

    for part in sorted({"meta.xml", _CONTENT}.intersection(archive.namelist())):
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler, parser.CharacterDataHandler = start, text
        parser.EndElementHandler = lambda _: within.pop()
        with archive.open(part) as stream:
            parser.ParseFile(stream)
    return found


def _repeats(attributes: dict[str, str], name: str) -> int:
    told = attributes.get(name, "1")
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 9 else limits.MAXIMUM_CELLS + 1


def _refuse_doctype(*_: object) -> None:
    raise Refused([reason("workbook_document_type")])
