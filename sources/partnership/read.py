"""Reads the tables of a partnership's folder, each value in its type, and names each that is none."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from math import isfinite
from pathlib import Path

from sources.partnership.folder import PartnershipFolder, partnership_folder
from sources.partnership.tables import DEFINED_BY, NATIONAL, PLAN_KEY, REPLACES, Column, Table, tables

Value = str | int | float | bool | date | None


def as_text(value: Value) -> str:
    """Return a value as its file has it: empty where there is none, a whole number without a point."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case float() if value.is_integer():
            return str(int(value))
    return str(value)


@dataclass(frozen=True)
class Problem:
    """A mistake: where it is, what stands there, and what is expected."""

    file: Path
    line: int
    column: str | None
    value: str | None
    expected: str

    def __str__(self) -> str:
        place = f"{self.file}, line {self.line}" + (f", column {self.column}" if self.column else "")
        found = f": {self.value!r}" if self.value is not None else ""
        return f"{place}{found}: {self.expected}"


@dataclass(frozen=True)
class Row:
    """A row with the file and the line that it begins on."""

    file: Path
    line: int
    values: dict[str, Value]


@dataclass(frozen=True)
class Read:
    """What a table holds, and what of its files could not be read."""

    rows: Sequence[Row]
    problems: Sequence[Problem]


def read_table(folder: PartnershipFolder, table: Table) -> Read:
    """Return the rows of a table over all plans in force; a file that is not there has no rows.

    The folder's own rows stand after those of the national list, and in place of those that they say they replace.

    Raises:
        FolderError: see PartnershipFolder.plans.
    """
    if table.of_a_plan:
        files = [(plan / table.file_name, {PLAN_KEY: plan.name}) for plan in folder.plans()]
    else:
        files = [(folder.root / table.file, {})]
    rows: list[Row] = []
    problems: list[Problem] = []
    names = {column.name for column in table.columns}
    for file, key in files:
        if file.is_file():
            told = {**key, DEFINED_BY: "partnership"}
            for one in _lines(file, table, {name: value for name, value in told.items() if name in names}):
                (rows if isinstance(one, Row) else problems).append(one)  # type: ignore[arg-type]
    return Read([*_national(table, rows), *rows], problems)


def _national(table: Table, own: Sequence[Row]) -> list[Row]:
    """Return the rows of the national list that no row of the folder replaces."""
    if not table.national_file:
        return []
    replaced = {_key(table, row) for row in own if row.values[REPLACES]}
    rows = _national_list(table.name)
    return [row for row in rows if _key(table, row) not in replaced] if replaced else rows


def _key(table: Table, row: Row) -> tuple[Value, ...]:
    return tuple(row.values[column] for column in table.key)


@cache
def _national_list(name: str) -> list[Row]:
    table = tables()[name]
    rows = list(_lines(NATIONAL / str(table.national_file), table, {DEFINED_BY: "nation"}))
    return [row for row in rows if isinstance(row, Row)]


@cache
def list_rows(name: str) -> tuple[Mapping[str, Value], ...]:
    """Return the rows of a national list with those of the partnership in use, read once a process.

    Raises:
        FolderError: see partnership_folder.
    """
    return tuple(row.values for row in read_table(partnership_folder(), tables()[name]).rows)


def _lines(file: Path, table: Table, key: Mapping[str, Value]) -> Iterator[Row | Problem]:
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        yield Problem(file, line, None, None, "is not UTF-8. Save the file as CSV UTF-8 (comma delimited).")
        return
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        mistakes = list(_header_problems(file, header, table))
        yield from mistakes
        if mistakes:
            return
        columns = [next(column for column in table.file_columns if column.name == name) for name in header]
        first = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield from _row(file, first, cells, columns, table, key)
            first = reader.line_num + 1
    except csv.Error as error:
        yield Problem(
            file,
            reader.line_num,
            None,
            None,
            f"is no CSV ({error}). Mind the quotation marks: a text that holds one "
            'or a comma stands in quotation marks, and one inside it is doubled ("").',
        )


def _header_problems(file: Path, header: Sequence[str], table: Table) -> Iterator[Problem]:
    names = [column.name for column in table.file_columns]
    expected = ",".join(names)
    if len(header) == 1 and ";" in header[0]:
        yield Problem(file, 1, None, None, f"has semicolons between its columns. Use commas: {expected}")
        return
    for name in header:
        if name == PLAN_KEY and table.of_a_plan:
            yield Problem(file, 1, name, name, f"The folder names the plan ({file.parent.name}). Take the column out.")
        elif name not in names:
            yield Problem(file, 1, name or None, name, f"is no column of this table. Its columns are {expected}")
        elif header.count(name) > 1:
            yield Problem(file, 1, name, name, "stands in the header more than once. Keep one.")
    missing = [name for name in names if name not in header and name in table.needed]
    if missing:
        yield Problem(file, 1, missing[0], None, f"The header lacks {', '.join(missing)}. Its columns are {expected}")


def _row(
    file: Path, line: int, cells: Sequence[str], columns: Sequence[Column], table: Table, key: Mapping[str, Value]
) -> Iterator[Row | Problem]:
    if len(cells) != len(columns):
        expected = (
            f"has {len(cells)} values; the header has {len(columns)} columns. A comma in a text needs quotation marks."
        )
        yield Problem(file, line, None, None, expected)
        return
    values: dict[str, Value] = {column.name: None for column in table.columns} | dict(key)
    right = True
    for column, cell in zip(columns, (cell.strip() for cell in cells), strict=True):
        read, expected = _TYPES[column.data_type]
        if not cell:
            if column.name in table.needed:
                right = False
                yield Problem(file, line, column.name, "", f"is never empty: {column.description}")
            continue
        try:
            values[column.name] = read(cell)
        except ValueError:
            right = False
            yield Problem(file, line, column.name, cell, f"must be {expected}: {column.description}")
    if right:
        yield Row(file, line, values)


def _boolean(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError(text)
    return text.lower() == "true"


def _number(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError(text)
    return number


_TYPES: dict[str, tuple[Callable[[str], Value], str]] = {
    "varchar": (str, "a text"),
    "integer": (int, "a whole number such as 12"),
    "double": (_number, "a number such as 12.5, with a point and without a percent sign"),
    "boolean": (_boolean, "true or false"),
    "date": (date.fromisoformat, "a day written as 2008-04-01"),
}
