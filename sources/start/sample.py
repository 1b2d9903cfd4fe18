"""A sample file of a feed that has no contract yet: how it is written, and its rows as text in DuckDB."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import duckdb

from sources.folder.sql_text import identifier, literal
from sources.reading.first_look import DELIMITERS, FIRST_LOOK
from sources.reading.header import header_cells
from sources.reading.workbook import is_workbook_name, open_workbook

ROWS = "sample"
"""The table of the sample's rows: c0, c1, … as text, blank ones null."""
_MOST_BYTES = 1 << 26
_FIRST_ROWS = 100
_BLANKS = " \t\u00a0"


class SampleError(Exception):
    """No contract can be proposed from the sample; the message says why and what to do."""


@dataclass(frozen=True)
class Sample:
    """How a sample is written, and its headers in the order of the file."""

    headers: tuple[str, ...]
    row_count: int
    encoding: str
    delimiter: str
    header_row: int
    sheet: str | None
    """Sheet of a workbook that was read; None of a text."""
    other_sheets: tuple[str, ...]
    unread: tuple[str, ...]
    """For each line that is no row of the table: its number in the file, and why."""


def read_sample(database: duckdb.DuckDBPyConnection, file: Path, work: Path) -> Sample:
    """Read a CSV file or workbook into the table ROWS of a database; copies are made in the folder `work`.

    Raises:
        SampleError: it holds no table with a header and two columns.
        Refused: it is a workbook that cannot be read.
    """
    copy = work / "sample.csv"
    if is_workbook_name(file.name):
        sheet, others, header_row = _copy_sheet(file, copy)
        headers, row_count, unread = _load(database, copy, ",", 1, header_row)
        return Sample(headers, row_count, "utf-8", ",", header_row, sheet, others, unread)
    encoding = _copy_text(file, copy)
    delimiter, header_row = _sniffed(database, copy)
    headers, row_count, unread = _load(database, copy, delimiter, header_row, 1)
    return Sample(headers, row_count, encoding, delimiter, header_row, None, (), unread)


def _copy_text(file: Path, copy: Path) -> str:
    """Copy a text, or the beginning of a long one, as UTF-8; return in which encoding it was written."""
    with file.open("rb") as stream:
        sent = stream.read(_MOST_BYTES)
    if len(sent) == _MOST_BYTES:
        sent = sent[: sent.rfind(b"\n") + 1]
    if not sent.strip() or b"\0" in sent[:FIRST_LOOK]:
        raise SampleError(f"{file.name} is empty, or no text: save it as CSV UTF-8, or as .xlsx.")
    try:
        text, encoding = sent.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        text, encoding = sent.decode("windows-1252", errors="replace"), "windows-1252"
    copy.write_text(text, encoding="utf-8", newline="")
    return encoding


def _copy_sheet(file: Path, copy: Path) -> tuple[str, tuple[str, ...], int]:
    """Copy the sheet with most filled cells from its header on; return it, the others, and its header row."""
    with open_workbook(file) as workbook:
        previews = {name: rows for name, rows in workbook.previews(_FIRST_ROWS, None) if any(map(_filled, rows))}
        if not previews:
            raise SampleError(f"{file.name} has no sheet with cells.")
        sheet = max(previews, key=lambda name: sum(map(_filled, previews[name])))
        header_row = _header_row(previews[sheet])
        workbook.to_csv(sheet, header_row, copy, lambda _: None)
    return sheet, tuple(name for name in previews if name != sheet), header_row


def _header_row(rows: Sequence[Sequence[str]]) -> int:
    """Return the first row that names most of the columns, from 1: titles above a table fill fewer cells."""
    widest = max(map(_filled, rows))
    return next(number for number, row in enumerate(rows, 1) if 2 * _filled(row) > widest)


def _filled(row: Sequence[str]) -> int:
    return sum(1 for cell in row if cell.strip())


def _sniffed(database: duckdb.DuckDBPyConnection, copy: Path) -> tuple[str, int]:
    """Return the delimiter, as DuckDB's sniffer finds it, and the row of the header."""
    try:
        found = database.execute(
            f"SELECT Delimiter FROM sniff_csv({literal(str(copy))}, ignore_errors = true, strict_mode = false)"
        ).fetchone()
    except duckdb.Error as error:
        raise SampleError(f"it is no table that can be read: {str(error).splitlines()[0]}") from error
    delimiter = found[0] if found and found[0] in DELIMITERS else ","
    with copy.open(encoding="utf-8", newline="") as stream:
        rows = list(islice(csv.reader(stream, delimiter=delimiter), _FIRST_ROWS))
    return delimiter, _header_row(rows)


def _load(
    database: duckdb.DuckDBPyConnection, copy: Path, delimiter: str, header_row: int, first_row: int
) -> tuple[tuple[str, ...], int, tuple[str, ...]]:
    """Fill ROWS from a text whose first row is `first_row` of the file; return headers, rows, and lines not read."""
    with copy.open(encoding="utf-8", newline="") as stream:
        headers, lines = header_cells(stream.read(FIRST_LOOK), delimiter, header_row)
    if len(headers) < 2:
        raise SampleError(
            f"row {header_row} names fewer than two columns. A feed needs a header: save the table alone, with its "
            "header in the first row."
        )
    names = [f"c{place}" for place in range(len(headers))]
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
    trimmed = ", ".join(f"nullif(trim({name}, {literal(_BLANKS)}), '') AS {identifier(name)}" for name in names)
    database.execute(
        f"CREATE TABLE {ROWS} AS SELECT {trimmed} FROM read_csv({literal(str(copy))}, header = false, skip = {lines}, "
        f"delim = {literal(delimiter)}, quote = '\"', escape = '\"', auto_detect = false, columns = {{{columns}}}, "
        "store_rejects = true, rejects_limit = 0)"
    )
    unread = database.execute(
        "SELECT DISTINCT ON (line) line + ?, error_message FROM reject_errors ORDER BY line", [first_row - 1]
    ).fetchall()
    database.execute(f"DELETE FROM {ROWS} WHERE {' AND '.join(f'{name} IS NULL' for name in names)}")
    (count,) = database.execute(f"SELECT count(*) FROM {ROWS}").fetchall()[0]
    if not count:
        raise SampleError("it has a header and no rows. Send a sample with rows: what they hold is what is proposed.")
    return tuple(headers), int(count), tuple(f"line {line}: {why.splitlines()[0]}" for line, why in unread)
