"""Tables of population estimates, cut into a CSV file a year in the columns of the document.

DuckDB turns the rows: a row of the file is an area and sex with a column an age, whichever of them were columns, rows
or sheets before. Each says in which row of which sheet it was sent.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import duckdb

from sources.contract.load import Contract
from sources.contract.table_of_estimates import TableOfEstimates
from sources.folder.sql_text import literal
from sources.reading.engine import engine
from sources.reading.estimate_blocks import Block, blocks_in
from sources.reading.estimate_sql import AGES, rows_of
from sources.reading.first_look import DELIMITERS, FIRST_LOOK, check_workbook
from sources.reading.outcomes import Refused
from sources.reading.workbook import ZIP_START, open_workbook
from sources.reasons.reason import reason

# No table has its header further down.
_ROWS_LOOKED_AT = 100


def estimates_by_year(document: Contract, file: Path, name: str, work: Path) -> list[tuple[str, Path]]:
    """Return name and place of a CSV file for each year of the tables in a text or workbook, sent as `name`.

    Raises:
        PersonalData: a sheet holds what the document does not agree.
        Refused: the file cannot be read, holds no such table, or a table does not tell of which year it is.
    """
    table = _table(document)
    target = work / "tables"
    target.mkdir()
    with engine(work) as database:
        database.execute(
            "CREATE TABLE estimates (year INTEGER, code VARCHAR, name VARCHAR, sex VARCHAR, all_ages DOUBLE, "
            + "".join(f'"{age}" DOUBLE, ' for age in AGES)
            + "sent_as VARCHAR)"
        )
        for block in _blocks(document, table, file, name, target):
            if block.rows:
                database.execute(f"INSERT INTO estimates {rows_of(table, block)}")
        years = [year for (year,) in database.execute("SELECT DISTINCT year FROM estimates ORDER BY year").fetchall()]
        if not years:
            raise Refused([reason("no_table_of_estimates")])
        if None in years:
            raise Refused([reason("estimates_without_year")])
        return [_written(database, table, year, max(years), target) for year in years]


def tells_year(document: Contract, file: Path) -> bool | None:
    """Return whether every table of estimates in a file tells its year; None where it holds no such table.

    Raises:
        Refused: the file cannot be read.
    """
    blocks = [block for block in _blocks(document, _table(document), file, "", None) if block.rows]
    if not blocks:
        return None
    return all(block.year or block.columns.years or block.columns.year is not None for block in blocks)


def _table(document: Contract) -> TableOfEstimates:
    if document.table_of_estimates is None:
        raise ValueError(f"{document.document_id} provides for no tables of estimates")
    return document.table_of_estimates


def _blocks(document: Contract, table: TableOfEstimates, file: Path, name: str, target: Path | None) -> Iterator[Block]:
    for number, (sheet, rows) in enumerate(_sheets(document, file, target)):
        folder = target / f"{number}" if target else None
        if folder:
            folder.mkdir()
        yield from _with_name(table, blocks_in(table, rows, sheet, folder), name)


def _with_name(table: TableOfEstimates, blocks: Iterable[Block], name: str) -> Iterator[Block]:
    told = {int(one["year"]) for one in table.year_in_words.finditer(name)}
    for block in blocks:
        # What the name of the file says comes last.
        yield replace(block, year=min(told)) if block.year is None and len(told) == 1 else block


def _sheets(document: Contract, file: Path, target: Path | None) -> Iterator[tuple[str, Iterable[list[str]]]]:
    """Yield the name and rows of each sheet of a workbook, or of a text; without a target the beginning of each."""
    most = None if target else _ROWS_LOOKED_AT
    with file.open("rb") as stream:
        first = stream.read(FIRST_LOOK)
    if first.startswith(ZIP_START):
        with open_workbook(file) as workbook:
            if target:
                check_workbook(document.documents, workbook)
            for sheet, rows in workbook.rows():
                yield sheet, islice(rows, most)
    else:
        with file.open(encoding=_encoding(first), newline="") as text:
            yield "", islice(_records(csv.reader(text, delimiter=_delimiter(first))), most)


def _records(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    """Yield the rows of a text; they are read where they are asked for, and so refused there."""
    try:
        yield from rows
    except (csv.Error, UnicodeDecodeError) as error:
        raise Refused([reason("unreadable_csv", f"{error}.")]) from error


def _encoding(first: bytes) -> str:
    try:
        first[: first.rfind(b"\n") + 1].decode("utf-8")
    except UnicodeDecodeError:
        return "windows-1252"
    return "utf-8-sig"


def _delimiter(first: bytes) -> str:
    """Return what separates the values of a text: that of which there is most."""
    return max(DELIMITERS, key=lambda one: first.count(one.encode()))


def _written(
    database: duckdb.DuckDBPyConnection, table: TableOfEstimates, year: int, latest: int, target: Path
) -> tuple[str, Path]:
    """Write the estimates of a year; return the name of the file and its place."""
    of_year = f"FROM estimates WHERE year = {year}"
    first, areas = database.execute(f"SELECT min(code), count(DISTINCT code) {of_year}").fetchall()[0]
    file = target / f"{year}.csv"
    ages = ", ".join(f'"{age}"' for age in AGES)
    database.execute(
        f'COPY (SELECT code AS "Area code", name AS "Area name", sex AS "Sex", {latest} AS "Series to", '
        f'sent_as AS "Sent as", all_ages AS "All ages", {ages} {of_year} ORDER BY code, sex, sent_as) '
        f"TO {literal(str(file))} (HEADER)"
    )
    return table.period_file_name.format(year=year, areas=f"{first.casefold()}-{areas}", latest=latest), file
