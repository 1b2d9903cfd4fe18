"""Writes the report of one release into a folder: pages, style and the figures of each indicator as CSV."""

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from orchestration.report import words
from orchestration.report.drawings import Drawings
from orchestration.report.pages import all_pages, plans_of
from orchestration.report.tables import Row, Tables
from orchestration.report.why import RulesBetween
from sources.folder.sql_text import safe_cell

_HERE = Path(__file__).parent
_OF_A_PLAN = (
    ("neighbourhoods", "Neighbourhoods"),
    ("aims", "Aims"),
    ("assessment", "Strategic assessment"),
    ("framework", "Performance framework"),
)
_OF_ALL = (("indicators", "Indicators"), ("data-quality", "Data quality"))
_CSV_COLUMNS = (
    *("indicator_code", "area_code", "area_name", "period_type", "period_label", "period_start", "period_end"),
    *("value", "unit", "lower_95", "upper_95", "status", "comparable", "is_suppressed", "is_synthetic", "note"),
)


def write_report(
    connection: duckdb.DuckDBPyConnection,
    as_at: date,
    target: Path,
    drawings: Drawings,
    partnership: str,
    previous: str | None = None,
    rules: RulesBetween | None = None,
) -> int:
    """Write every page of a release into the folder `target`, and return how many there are.

    `connection` holds the release's tables, and in the schema `previous` those of the release of that id before it; the
    same tables and `rules` give the same bytes. `partnership` is the name by which the pages call whose they are.
    """
    tables = Tables(connection, previous)
    plans = plans_of(tables)
    indicators = tables.rows("indicator_pages")
    pages = list(all_pages(tables, drawings, plans, indicators, rules))
    names = {name for name, _, _ in pages}
    plan_pages = {plan["plan_id"]: _pages_of(plan["plan_id"], names) for plan in plans}
    common = {
        "as_at": as_at,
        "partnership": partnership,
        "plans": plans,
        "indicator_pages": {indicator["indicator_code"] for indicator in indicators},
        "navigation": [("index", "Overview"), *(plan_pages[plans[0]["plan_id"]] if plans else []), *_OF_ALL],
        "plan_pages": plan_pages,
    }
    environment = page_environment(common)
    target.mkdir(parents=True, exist_ok=True)
    (target / "style.css").write_bytes((_HERE / "style.css").read_bytes())
    for name, template, shown in pages:
        written = environment.get_template(template).render(page=name, **shown)
        (target / f"{name}.html").write_text(written, encoding="utf-8")
        if shown.get("years") or shown.get("months"):
            (target / f"{name}.csv").write_text(_csv(_figures_of(shown)), encoding="utf-8", newline="")
    return len(pages)


def page_environment(common: dict[str, Any]) -> Environment:
    """Return what renders the templates; `common` is what every page names."""
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for function in (
        *(words.number, words.signed, words.figure, words.day, words.month),
        *(words.plain, words.count_of, words.unshouted, words.in_spells),
    ):
        environment.filters[function.__name__] = function
    environment.globals.update(common, RAG_WORDS=words.RAG_WORDS, OUTCOME_WORDS=words.OUTCOME_WORDS)
    return environment


def _pages_of(plan: str, pages: set[str]) -> list[tuple[str, str]]:
    """Return name and title of the pages that a plan has beside its priorities."""
    return [(f"{kind}-{plan}", title) for kind, title in _OF_A_PLAN if f"{kind}-{plan}" in pages]


def _figures_of(shown: dict[str, Any]) -> list[Row]:
    """Return the figures that an indicator's page shows, each once: of its periods, its months and other areas."""
    rows = [row for part in ("years", "months", "wards", "parts") for row in shown[part]]
    return list({tuple(row[column] for column in _CSV_COLUMNS[:5]): row for row in rows}.values())


def _csv(rows: list[Row]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_CSV_COLUMNS)
    writer.writerows([_cell(row[column]) for column in _CSV_COLUMNS] for row in rows)
    return text.getvalue()


def _cell(value: object) -> object:
    """Return a cell as the CSV files of a release have it."""
    return str(value).lower() if isinstance(value, bool) else safe_cell(value)
