"""How the files of a document are written: the servers of formats csv and xlsx."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from open_data_contract_standard.model import OpenDataContractStandard, Server

from sources.contract import values
from sources.contract.errors import Mistake

# In which a line feed is one byte, and is nothing else.
ENCODINGS = ("utf-8", "latin-1", "windows-1252")


@dataclass(frozen=True)
class Layout:
    """Facts of a `Contract` under their names there."""

    file_format: str
    delimiter: str
    encoding: str
    header_row: int
    sheet: str | None
    sheet_header_row: int
    missing_values: tuple[str, ...]


def layout(document: OpenDataContractStandard, custom: Mapping[str, Any]) -> Layout:
    """Return how files are written, from a document and its custom properties."""
    server, workbook = _server(document, "csv"), _server(document, "xlsx")
    if server is None:
        raise Mistake("servers", "has none of format csv", "Say how the file is written as CSV.")
    header_row = values.count(custom.get("headerRow", 1), "headerRow", minimum=1)
    sheet, sheet_header_row = _sheet(workbook, header_row) if workbook else (None, header_row)
    delimiter = "," if server.delimiter is None else server.delimiter
    if len(delimiter) != 1:
        raise Mistake("servers.delimiter", f"is {delimiter!r}", 'Give one character, such as ";".')
    missing = "missingValues"
    return Layout(
        file_format="csv",
        delimiter=delimiter,
        encoding=values.among(server.encoding, ENCODINGS, "servers.encoding"),
        header_row=header_row,
        sheet=sheet,
        sheet_header_row=sheet_header_row,
        missing_values=values.texts(custom[missing], missing) if missing in custom else (),
    )


def _server(document: OpenDataContractStandard, file_format: str) -> Server | None:
    servers = document.servers or []
    for server in servers:
        values.among(server.format, ("csv", "xlsx"), "servers.format")
    found = [server for server in servers if server.format == file_format]
    return values.one(found, f"servers of format {file_format}") if found else None


def _sheet(workbook: Server, header_row: int) -> tuple[str, int]:
    custom = values.custom(workbook.customProperties, "servers.customProperties")
    values.all_known(custom, {"sheet", "headerRow"}, "servers.customProperties")
    row = values.count(custom.get("headerRow", header_row), "servers.customProperties.headerRow", minimum=1)
    return values.text(custom.get("sheet"), "servers.customProperties.sheet"), row
