"""Writes an indicator of a partnership's own into its catalogue: a measure, what it counts, and the indicator."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sources.contract.categories import known_categories
from sources.contract.counted_as import area_levels_of_shipped
from sources.contract.model import Contract
from sources.partnership.folder import FolderError, PartnershipFolder
from sources.partnership.read import Value, as_text, read_table
from sources.partnership.tables import DEFINED_BY, REPLACES, Table, tables

CATALOGUE, MEASURES, CATEGORIES = "indicator_catalogue", "measures", "measure_categories"
_CODE = re.compile(r"[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*")
_FREQUENCIES = {1: "monthly", 3: "quarterly", 4: "tranche", 12: "financial_year"}
OF_PEOPLE = "person_counts"
_FREQUENCY_OF_PEOPLE = "quarter_and_year"
_PLAIN: Mapping[str, Value] = {
    "formula_kind": "count",
    "multiplier": 1,
    "unit": "records",
    "decimals": 0,
    "polarity": "neutral",
    "polarity_contested": False,
    "definition_version": "LOC-1",
}
Cells = dict[str, Value]


@dataclass(frozen=True)
class Asked:
    """What somebody wants counted."""

    code: str
    like: str | None = None
    """Code of a similar indicator, whose row is copied."""
    feed: str | None = None
    categories: Sequence[str] = ()
    required_tag: str | None = None
    title: str | None = None


def new_indicator(
    folder: PartnershipFolder, contracts: Mapping[str, Contract], asked: Asked
) -> list[tuple[Path, Sequence[Cells]]]:
    """Add rows to the folder's catalogue; return each file with the rows that it got.

    Raises:
        FolderError: what is asked is not known, is there already, or a file of the folder cannot take the rows.
    """
    rows = {
        name: [row.values for row in read_table(folder, tables()[name]).rows]
        for name in (CATALOGUE, MEASURES, CATEGORIES)
    }
    similar = _similar(rows[CATALOGUE], asked)
    feed = asked.feed or (str(similar["source_feed"]) if similar else None)
    if feed is None:
        raise FolderError("name the feed that is counted with --feed, or a similar indicator with --like.")
    if feed not in contracts:
        raise FolderError(f"{feed} is no feed. Those are {', '.join(contracts)}.")
    measure = asked.code.lower().replace("-", "_")
    if measure in {row["measure_code"] for row in rows[MEASURES]}:
        raise FolderError(f"there is a measure {measure} already, which the new one would have. Give another code.")
    counted = _measure(rows[MEASURES], similar, contracts[feed], measure, asked)
    added = {
        MEASURES: [counted],
        CATEGORIES: _categories(rows[CATEGORIES], similar, contracts[feed], measure, asked),
        CATALOGUE: [_indicator(similar, contracts[feed], counted, asked)],
    }
    texts = {
        name: _with_rows(folder.root / tables()[name].file, tables()[name], cells) for name, cells in added.items()
    }
    for name, text in texts.items():
        file = folder.root / tables()[name].file
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="")
    return [(folder.root / tables()[name].file, cells) for name, cells in added.items()]


def _similar(catalogue: Sequence[Cells], asked: Asked) -> Cells | None:
    if not _CODE.fullmatch(asked.code):
        raise FolderError(
            f"{asked.code!r} cannot be a code: use capitals, digits and hyphens, such as LOC-FLY-TIPPING."
        )
    by_code = {str(row["indicator_code"]): row for row in catalogue}
    if asked.code in by_code:
        raise FolderError(
            f"there is an indicator {asked.code} already. Edit its row, or give the new one another code."
        )
    if asked.like is None:
        return None
    if asked.like not in by_code:
        raise FolderError(f"there is no indicator {asked.like} to be like; docs/catalogue.md lists them.")
    similar = by_code[asked.like]
    if not similar["numerator_measure"]:
        raise FolderError(f"{asked.like} counts no measure of its own: its formula is a {similar['formula_kind']}.")
    return similar


def _measure(measures: Sequence[Cells], similar: Cells | None, contract: Contract, code: str, asked: Asked) -> Cells:
    its = next((row for row in measures if similar and row["measure_code"] == similar["numerator_measure"]), None)
    is_of_another_feed = its is None or its["source_feed"] != contract.key
    rule = (
        OF_PEOPLE if contract.is_of_people and is_of_another_feed else "none" if its is None else its["disclosure_rule"]
    )
    unit = "records" if its is None or is_of_another_feed else its["unit"]
    return {
        "measure_code": code,
        "title": asked.title or (its["title"] if its else contract.title),
        "source_feed": contract.key,
        "unit": unit,
        "disclosure_rule": rule,
    }


def _categories(
    known: Sequence[Cells], similar: Cells | None, contract: Contract, measure: str, asked: Asked
) -> list[Cells]:
    its = [row for row in known if similar and row["measure_code"] == similar["numerator_measure"]]
    if its and not asked.categories and its[0]["source_feed"] == contract.key:
        copied = ({**row, "measure_code": measure} for row in its)
        return [{**row, "required_tag": asked.required_tag} if asked.required_tag else row for row in copied]
    listed = known_categories(contract, known)
    if not asked.categories and (not listed or contract.counted_as is None):
        raise FolderError(f"say with --category which categories of {contract.key} count.")
    return [
        {
            "measure_code": measure,
            "source_feed": contract.key,
            "category": category,
            "required_tag": asked.required_tag,
            "definition_status": "unverified",
            "source": "Local definition",
        }
        for category in asked.categories or listed
    ]


def _indicator(similar: Cells | None, contract: Contract, measure: Cells, asked: Asked) -> Cells:
    cells = {**(similar or _PLAIN), "indicator_code": asked.code, "numerator_measure": measure["measure_code"]}
    cells |= {"plan_wording": None, "main_indicator_code": None, "proxy_for": None, "definition_status": "unverified"}
    cells |= {"availability": "computed", "availability_reason": None, "source": "Local definition"}
    cells |= {"title": asked.title or cells.get("title") or measure["title"], "valid_from": None, "valid_to": None}
    if similar is None or similar["source_feed"] != contract.key:
        levels = contract.counted_as.area_levels if contract.counted_as else area_levels_of_shipped(contract.key)
        cells["allowed_area_levels"] = ";".join(level for level in levels if level != "lsoa")
        cells |= {"source_feed": contract.key, "collector": contract.owner, "sample_design": None, "minimum_base": None}
        cells["frequency"] = _FREQUENCY_OF_PEOPLE if contract.is_of_people else _FREQUENCIES[contract.months_per_period]
    if similar is None or asked.title:
        cells["definition"] = f"{cells['title']}."
    return cells


def _with_rows(file: Path, table: Table, rows: Sequence[Cells]) -> str:
    """Return the text of a file with more rows, in the columns that it has.

    Raises:
        FolderError: it lacks a column that a row needs.
    """
    text = file.read_text(encoding="utf-8-sig") if file.is_file() else ""
    names = [column.name for column in table.file_columns if column.name not in (REPLACES, DEFINED_BY)]
    header = [name.strip() for name in next(csv.reader(io.StringIO(text)), [])] or names
    for row in rows:
        missing = [name for name in names if row.get(name) is not None and name not in header]
        if missing:
            raise FolderError(f"{file}, line 1: lacks the column {missing[0]}. Add it, with a comma in each row.")
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    if not text.strip():
        writer.writerow(header)
    writer.writerows([as_text(row.get(name)) for name in header] for row in rows)
    before = text if not text.strip() or text.endswith("\n") else f"{text}\n"
    return f"{before if text.strip() else ''}{written.getvalue()}"
