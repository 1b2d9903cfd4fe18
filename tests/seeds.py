"""Seeds, the shipped partnership's folder and look-ups, as tests read them: each value as text."""

import csv
import shutil
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path

from sources.partnership.folder import SHIPPED, PartnershipFolder
from sources.partnership.read import as_text, read_table
from sources.partnership.tables import tables
from tests.places import DBT_PROJECT, REFERENCE

SEEDS = DBT_PROJECT / "seeds"
Row = dict[str, str]


def seed_file(name: str, seeds: Path = SEEDS) -> Path:
    """Return the file of a seed, whichever subject it lies under."""
    return next(seeds.rglob(f"{name}.csv"))


@cache
def seed_rows(name: str) -> list[Row]:
    """Return the rows of a seed, or of a table of the shipped partnership's folder."""
    if name in tables():
        read = read_table(PartnershipFolder(SHIPPED), tables()[name])
        assert read.problems == [], name
        return [{column: as_text(value) for column, value in row.values.items()} for row in read.rows]
    return rows_of(seed_file(name))


def extended_partnership(root: Path, added: dict[str, Iterable[Row]]) -> PartnershipFolder:
    """Return a copy of the shipped partnership's folder with more rows, by the table; a plan may be a new one."""
    folder = PartnershipFolder(Path(shutil.copytree(SHIPPED, root / "partnership")))
    for name, rows in added.items():
        table = tables()[name]
        columns = [column.name for column in table.file_columns]
        for row in rows:
            file = folder.root / (table.file.replace("*", row["plan_id"]) if table.of_a_plan else table.file)
            file.parent.mkdir(exist_ok=True)
            is_new = not file.exists()
            with file.open("a", newline="", encoding="utf-8") as text:
                writer = csv.DictWriter(text, columns, lineterminator="\n", extrasaction="ignore")
                if is_new:
                    writer.writeheader()
                writer.writerow(row)
    return folder


def reference_rows(name: str) -> list[Row]:
    """Return the rows of a prepared look-up."""
    return rows_of(REFERENCE / f"{name}.csv")


def rows_of(file: Path) -> list[Row]:
    """Return the rows of a CSV file."""
    with file.open(newline="", encoding="utf-8-sig") as text:
        return list(csv.DictReader(text))


def span(row: Row) -> tuple[date, date]:
    """Return the first and last day on which a dated row holds."""
    return date.fromisoformat(row["valid_from"] or "0001-01-01"), date.fromisoformat(row["valid_to"] or "9999-12-31")


def holds(row: Row, month: date) -> bool:
    """Tell whether a dated row holds in a month."""
    first, last = span(row)
    return first <= month <= last
