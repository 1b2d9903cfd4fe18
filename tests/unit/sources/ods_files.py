"""Workbooks of the Open Document format, as government publishes its tables."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "meta")
)
TYPE = "application/vnd.oasis.opendocument.spreadsheet"
# As spreadsheets write the rest of a sheet.
BLANK_ROWS = (
    '<table:table-row table:number-rows-repeated="1048000">'
    '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
)


def ods(sheets: Mapping[str, Sequence[Sequence[object]]], more: str = "") -> bytes:
    """Return a document with these sheets; `more` is XML before the end of each."""
    tables = "".join(
        f'<table:table table:name="{escape(name)}">{"".join(map(_row, rows))}{more}{BLANK_ROWS}</table:table>'
        for name, rows in sheets.items()
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", TYPE, zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", document(f"<office:spreadsheet>{tables}</office:spreadsheet>"))
    return buffer.getvalue()


def document(body: str) -> str:
    """Return content.xml of a body."""
    root = f'<office:document-content {_SPACES} office:version="1.2">'
    return f'<?xml version="1.0"?>{root}<office:body>{body}</office:body></office:document-content>'


def _row(cells: Sequence[object]) -> str:
    return f"<table:table-row>{''.join(map(_cell, cells))}</table:table-row>"


def _cell(value: object) -> str:
    if value is None or value == "":
        return "<table:table-cell/>"
    if isinstance(value, int | float):
        kind = f'office:value-type="float" office:value="{value}"'
    else:
        kind = 'office:value-type="string"'
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in str(value).split("\n"))
    return f"<table:table-cell {kind}>{lines}</table:table-cell>"
