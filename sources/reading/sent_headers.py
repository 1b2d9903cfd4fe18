"""The header of a file of which nobody has said under which document it is, read as each document would have it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sources.contract.header_names import normal_header
from sources.contract.load import Contract
from sources.reading.first_look import FIRST_LOOK
from sources.reading.header import (
    agreed_headers,
    header_place,
    header_record,
    lacking_headers,
    missing_columns,
    needed_headers,
)
from sources.reading.outcomes import Refused
from sources.reading.period_sheets import is_sheet_of_periods
from sources.reading.workbook import ZIP_START, open_workbook, suffix_of

# No document has its header further down in a sheet.
_ROWS = 100
# How JSON and XML start.
_NO_TABLE = (b"{", b"[", b"<")


@dataclass(frozen=True)
class SentHeaders:
    """What stands where documents look for their headers: in the first bytes of a text, or in a workbook's sheets."""

    first: bytes = b""
    sheets: dict[str, list[list[str]]] = field(default_factory=dict)
    suffix: str = ""
    """How the name of such a file ends: `.xlsx` or `.ods`; '' of a text, whose document tells."""

    def missing(self, document: Contract) -> tuple[str, ...]:
        """Return the headers of a document that a file must have and this one lacks: all, where it cannot be read."""
        return self._fewest(document, missing_columns, needed_headers(document))

    def lacking(self, document: Contract) -> tuple[str, ...]:
        """Return the agreed headers of a document that the file lacks, those that some files may lack among them."""
        return self._fewest(document, lacking_headers, agreed_headers(document))

    def _fewest(
        self, document: Contract, lacked: Callable[[Contract, list[str]], list[str]], every: list[str]
    ) -> tuple[str, ...]:
        if self.sheets:
            headers = self._rows_of(document)
        else:
            try:
                headers = [header_record(document, self.first)]
            except Refused:
                headers = []
        found = [lacked(document, one) for one in headers]
        fewest: list[str] = min(found, key=len, default=every)
        return tuple(fewest)

    def holds_periods(self, document: Contract) -> bool:
        """Return whether the file is one of several periods of a document."""
        cut = document.workbook_of_periods
        if cut is None:
            return False
        if not self.sheets:
            return cut.is_text
        return any(is_sheet_of_periods(document, name, rows) for name, rows in self.sheets.items())

    def _rows_of(self, document: Contract) -> list[list[str]]:
        """Return the header rows of the sheets in which a document looks."""
        agreed = normal_header(document.sheet or "")
        found = [
            (header_place(document, rows, document.sheet_header_row), rows)
            for name, rows in self.sheets.items()
            if normal_header(name) == agreed or is_sheet_of_periods(document, name, rows)
        ]
        return [rows[place - 1] for place, rows in found if len(rows) >= place]


def sent_headers(file: Path) -> SentHeaders:
    """Return what stands at the beginning of a text, or of each sheet of a workbook.

    Raises:
        Refused: it is a workbook that cannot be opened.
    """
    with file.open("rb") as stream:
        first = stream.read(FIRST_LOOK)
    if first.lstrip().startswith(_NO_TABLE):
        return SentHeaders()
    if not first.startswith(ZIP_START):
        return SentHeaders(first)
    with open_workbook(file) as workbook:
        return SentHeaders(sheets=dict(workbook.previews(_ROWS, None)), suffix=suffix_of(file))
