"""The seeds of the dbt project, as tests read them."""

import csv
from pathlib import Path

SEEDS = Path(__file__).resolve().parents[1] / "dbt_project" / "seeds"


def seed_file(name: str, seeds: Path = SEEDS) -> Path:
    """Return the file of a seed, whichever subject it lies under."""
    return next(seeds.rglob(f"{name}.csv"))


def seed_rows(name: str, seeds: Path = SEEDS) -> list[dict[str, str]]:
    """Return the rows of a seed, each value as text."""
    with seed_file(name, seeds).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
