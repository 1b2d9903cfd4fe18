"""The seeds of the dbt project and what lies beside them, as tests read them: each value as text."""

import csv
from datetime import date
from functools import cache
from pathlib import Path

from tests.places import DBT_PROJECT, REFERENCE

SEEDS = DBT_PROJECT / "seeds"
Row = dict[str, str]


def seed_file(name: str, seeds: Path = SEEDS) -> Path:
    """Return the file of a seed, whichever subject it lies under."""
    return next(seeds.rglob(f"{name}.csv"))


@cache
def seed_rows(name: str) -> list[Row]:
    """Return the rows of a seed."""
    return rows_of(seed_file(name))


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
