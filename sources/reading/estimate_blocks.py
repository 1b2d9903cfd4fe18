"""Where the tables of population estimates stand in a file: its header rows, and what is said around them.

A file holds one table or several, one below another or a sheet each. The rows of each are copied to a CSV file without
a header, the number of the row in front.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from sources.contract.table_of_estimates import TableOfEstimates, plain_words

_CODE = re.compile(r"[A-Z]\d{8}", re.IGNORECASE)
# Single years of age of one person or sex: a table with fewer columns of ages has bands, or something else.
_FEWEST_AGES = 10
# Other columns beside totals of areas: a table with more of them is of something else, and has a population beside it.
_MOST_OTHERS = 3
_SEVERAL = {"ageColumn", "yearColumn"}


@dataclass(frozen=True)
class Columns:
    """What the columns of a table are, by their places."""

    area_code: int
    area_name: int | None = None
    sex: int | None = None
    age: int | None = None
    year: int | None = None
    estimate: int | None = None
    all_ages: int | None = None
    ages: Mapping[str | None, Mapping[int, int]] = field(default_factory=dict)
    """Sex, where the header tells it, to a single year of age to its place; 90 is ninety and over."""
    years: Mapping[int, int] = field(default_factory=dict)
    """Year to the place of its estimates."""
    width: int = 0


@dataclass(frozen=True)
class Block:
    """One table."""

    columns: Columns
    year: int | None
    """As told around it; None where nothing or several years are told."""
    sex: str | None
    sheet: str = ""
    file: Path = Path()
    """Its rows; the first column is the number of the row."""
    rows: int = 0


def columns_of(table: TableOfEstimates, row: Sequence[str]) -> Columns | None:
    """Return what a row says as the header of a table of estimates; None where it is none."""
    if any(_CODE.fullmatch(cell.strip()) for cell in row):
        return None
    headers = [plain_words(cell) for cell in row]
    places = {name: _place(patterns, headers) for name, patterns in table.columns.items() if name not in _SEVERAL}
    if places["areaCode"] is None:
        return None
    ages: dict[str | None, dict[int, int]] = {}
    years: dict[int, int] = {}
    for place, header in enumerate(headers):
        if aged := _match(table.columns["ageColumn"], header):
            sex = table.sex(aged["sex"]) if aged["sex"] else None
            ages.setdefault(sex, {}).setdefault(int(aged["age"]), place)
        elif dated := _match(table.columns["yearColumn"], header):
            years.setdefault(int(dated["year"]), place)
    is_long = places["age"] is not None and (places["estimate"] is not None or bool(years))
    ages = {} if is_long else {sex: one for sex, one in ages.items() if len(one) >= _FEWEST_AGES}
    if not is_long:
        # A year alone may head a count of anything.
        years = {year: place for year, place in years.items() if headers[place] != str(year)}
    told = len({place for place in places.values() if place is not None} | set(years.values()))
    has_totals = bool(years) or places["allAges"] is not None
    if not (is_long or ages or (has_totals and len(headers) - told <= _MOST_OTHERS)):
        return None
    return Columns(
        area_code=places["areaCode"],
        area_name=places["areaName"],
        sex=places["sex"],
        age=places["age"] if is_long else None,
        year=places["year"] if not years else None,
        estimate=places["estimate"] if is_long else None,
        all_ages=None if is_long else _first(places["allAges"], places["total"] if ages else None),
        ages=ages,
        years=years if is_long or not ages else {},
        width=len(row),
    )


def blocks_in(table: TableOfEstimates, rows: Iterable[list[str]], sheet: str, target: Path | None) -> Iterator[Block]:
    """Yield the tables in the rows of a text or sheet; with a `target` folder their rows are copied into it."""
    said, found, held = [sheet], 0, 0
    current: Block | None = None
    with ExitStack() as files:
        writer = None
        for number, row in enumerate(rows, 1):
            if columns := columns_of(table, row):
                if current:
                    files.close()
                    yield replace(current, rows=held)
                found, held = found + 1, 0
                file = target / f"{found}.csv" if target else Path()
                current = _told(table, Block(columns, None, None, sheet, file), said, current)
                said = [sheet]
                if target:
                    stream = files.enter_context(file.open("w", encoding="utf-8", newline=""))
                    writer = csv.writer(stream, lineterminator="\n")
            elif current and _is_of_table(row, current.columns):
                held += 1
                if writer:
                    writer.writerow([number, *_of_width(row, current.columns.width)])
            elif any(row):
                said.append(" ".join(row))
        files.close()
        if current:
            yield replace(current, rows=held)


def _told(table: TableOfEstimates, block: Block, said: Sequence[str], before: Block | None) -> Block:
    """Return the block with year and sex: what the sheet's name or the lines above tell, else that of the one before.

    What tells several, such as a title of a whole series, tells none.
    """
    years = [{int(told["year"]) for told in table.year_in_words.finditer(one)} for one in said]
    sexes = [{sex for told in table.sex_in_words.finditer(one) if (sex := table.sex(told["sex"]))} for one in said]
    return replace(
        block,
        year=next((min(told) for told in years if len(told) == 1), before.year if before else None),
        sex=next((min(told) for told in sexes if len(told) == 1), before.sex if before else None),
    )


def _is_of_table(row: Sequence[str], columns: Columns) -> bool:
    """Return whether a row is one of the table: it has a code, or as many values as only such a row has."""
    if columns.area_code < len(row) and _CODE.fullmatch(row[columns.area_code].strip()):
        return True
    return 2 * sum(1 for cell in row if cell.strip()) > max(columns.width, 3)


def _of_width(row: list[str], width: int) -> list[str]:
    return [*row[:width], *[""] * (width - len(row))]


def _first(*places: int | None) -> int | None:
    return next((one for one in places if one is not None), None)


def _place(patterns: Sequence[re.Pattern[str]], headers: Sequence[str]) -> int | None:
    """Return the first column whose header fits the first pattern that any header fits."""
    return next((place for one in patterns for place, header in enumerate(headers) if one.fullmatch(header)), None)


def _match(patterns: Sequence[re.Pattern[str]], header: str) -> re.Match[str] | None:
    return next((told for one in patterns if (told := one.fullmatch(header))), None)
