"""Reference data that intake and the ledger read beside the models; its home is the dbt project."""

import csv
from functools import cache
from pathlib import Path

DBT_PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"


def seed_file(subject: str, name: str) -> Path:
    """Return the CSV file of a seed."""
    return DBT_PROJECT / "seeds" / subject / f"{name}.csv"


def reference_file(name: str) -> Path:
    """Return the CSV file of a look-up that is too large for a seed."""
    return DBT_PROJECT / "reference" / f"{name}.csv"


@cache
def seed_rows(subject: str, name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of a seed, read once a process; a blank value is an empty text."""
    with seed_file(subject, name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
