"""Writes the report of one release into a folder: pages, style and the figures of each indicator as CSV."""

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from orchestration.report import words
from orchestration.report.charts import Drawings
from orchestration.report.pages import all_pages, plans_of
from orchestration.report.tables import Tables

_HERE = Path(__file__).parent
_CSV_COLUMNS = ("period_type", "period_label", "period_start", "period_end", "value", "unit", "lower_95", "upper_95")


def write_report(connection: duckdb.DuckDBPyConnection, as_at: date, target: Path, drawings: Drawings) -> int:
    """Write every page of a release into the folder `target`, and return how many there are.

    `connection` holds the release's tables; the same tables give the same bytes.
    """
    tables = Tables(connection)
    plans = plans_of(tables)
    indicators = tables.rows("indicator_pages")
    pages = list(all_pages(tables, drawings, plans, indicators))
    common = {
        "as_at": as_at,
        "plans": plans,
        "indicator_pages": {indicator["indicator_code"] for indicator in indicators},
        "navigation": _navigation(plans, {name for name, _, _ in pages}),
    }
    environment = _environment(common)
    target.mkdir(parents=True, exist_ok=True)
    (target / "style.css").write_text((_HERE / "style.css").read_text())
    for name, template, shown in pages:
        (target / f"{name}.html").write_text(environment.get_template(template).render(page=name, **shown))
        if shown.get("years"):
            (target / f"{name}.csv").write_text(_csv(shown["years"]), newline="")
    return len(pages)


def _environment(common: dict[str, Any]) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for function in (words.number, words.signed, words.figure, words.day, words.month, words.plain):
        environment.filters[function.__name__] = function
    environment.globals.update(common, RAG_WORDS=words.RAG_WORDS, OUTCOME_WORDS=words.OUTCOME_WORDS)
    return environment


def _navigation(plans: list[dict[str, Any]], pages: set[str]) -> list[tuple[str, str]]:
    """Return the pages of the first plan, which is the one in force, and those of the whole release."""
    kinds = (
        ("neighbourhoods", "Neighbourhoods"),
        ("assessment", "Strategic assessment"),
        ("framework", "Performance framework"),
    )
    of_plan = [(f"{kind}-{plans[0]['plan_id']}", title) for kind, title in kinds] if plans else []
    named = [("index", "Overview"), *of_plan, ("data-quality", "Data quality")]
    return [(name, title) for name, title in named if name in pages]


def _csv(rows: list[dict[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(("indicator_code", "area_code", "area_name", *_CSV_COLUMNS, "note"))
    for row in rows:
        columns = ("indicator_code", "area_code", "area_name", *_CSV_COLUMNS, "note")
        writer.writerow(["" if row[column] is None else row[column] for column in columns])
    return text.getvalue()
