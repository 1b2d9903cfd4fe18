"""What the generated pages share: seeds read, and text, tables and links as Markdown."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from sources.partnership.folder import SHIPPED, PartnershipFolder
from sources.partnership.read import as_text, read_table
from sources.partnership.tables import tables

ROOT = Path(__file__).parents[1]
SEEDS = ROOT / "dbt_project" / "seeds"
COMMAND = "make docs"
Row = dict[str, str]


def seed(name: str) -> list[Row]:
    """Return the rows of a seed, or of a table of the partnership's folder that the product ships with."""
    if name in tables():
        rows = read_table(PartnershipFolder(SHIPPED), tables()[name]).rows
        return [{column: as_text(value) for column, value in row.values.items()} for row in rows]
    with next(SEEDS.rglob(f"{name}.csv")).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def grouped(rows: Iterable[Row], column: str) -> dict[str, list[Row]]:
    """Return rows by what they hold in a column, in their order."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row[column]].append(row)
    return groups


def plain(text: str) -> str:
    """Return text so that Markdown shows it as it is, in a table too."""
    return re.sub(r"([|*~<\[\]`])", r"\\\1", " ".join(text.split()))


def words(name: str) -> str:
    """Return a coded name such as financial_year in words."""
    return name.replace("_", " ")


def listed(names: str) -> str:
    """Return names that a seed separates by semicolons, in words."""
    return ", ".join(words(name) for name in names.split(";") if name)


def anchor(code: str) -> str:
    """Return the name under which links find an indicator or measure."""
    return code.lower()


def link(code: str) -> str:
    """Return a link to an indicator of the catalogue."""
    return f"[{code}](#{anchor(code)})"


def table(headers: list[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """Return a Markdown table."""
    lines = ["| " + " | ".join(headers) + " |", "|" + "---|" * len(headers)]
    return lines + ["| " + " | ".join(row) + " |" for row in rows] + [""]


def span(row: Row) -> str:
    """Return from when to when a row holds, empty for always."""
    return " ".join(
        part for key, word in (("valid_from", "from"), ("valid_to", "to")) if row[key] for part in (word, row[key])
    )
