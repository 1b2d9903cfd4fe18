"""What each page of the report shows: rows of the release's tables, a chart of the same rows, and a sentence on it."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any

from orchestration.report import charts
from orchestration.report.drawings import Drawings
from orchestration.report.indicator_pages import indicator_pages
from orchestration.report.plan_pages import aims, assessment, neighbourhoods_of
from orchestration.report.sentences import course, of_months
from orchestration.report.tables import Row, Tables, grouped, made
from orchestration.report.why import RulesBetween, rules_between, why_figures_changed
from orchestration.report.words import in_spells, unshouted

Page = tuple[str, str, dict[str, Any]]
"""The page's name without `.html`, its template, and what the template shows."""


def plans_of(tables: Tables) -> list[Row]:
    """Return the plans with their targets, priorities and what to talk about."""
    plans = tables.rows("plans")
    for plan in plans:
        code = plan["plan_id"]
        plan["targets"] = tables.rows("targets", plan=code, priority=None)
        plan["priorities"] = [
            {**priority, "words": unshouted(priority["title"])} for priority in tables.rows("priorities", plan=code)
        ]
        neighbourhoods = tables.rows("neighbourhoods", plan=code)
        plan["neighbourhoods"] = grouped(neighbourhoods, "neighbourhood_name")
        plan["is_measured_in_neighbourhoods"] = any(not row["is_context"] for row in neighbourhoods)
        plan["moving"] = [row for row in neighbourhoods if row["moves_differently"]]
        plan["points"] = [
            {**point, "sentence": in_spells(point["sentence"])} for point in tables.rows("talking_points", plan=code)
        ]
        plan["coverage"] = tables.rows("coverage", plan=code)
        plan["aims"] = tables.rows("aims", plan=code, priority=None)
        plan["unmeasured"] = tables.rows("unmeasured", plan=code, priority=None)
        plan["changes"] = tables.changes("changed_targets", plan=code)
        titles = {priority["priority_code"]: priority["words"] for priority in plan["priorities"]}
        plan["agencies"] = [
            {**agency, "leads_words": _titles(agency["leads_priorities"], titles)}
            for agency in tables.rows("agencies", plan=code)
        ]
        plan["claims"] = tables.rows("claims", plan=code)
        plan["errata"] = tables.rows("errata", plan=code)
        plan["is_synthetic"] = any(target["is_synthetic"] for target in plan["targets"])
    return plans


def _titles(codes: str | None, titles: Mapping[str, str]) -> str:
    return "; ".join(titles.get(code, code) for code in (codes or "").split(", ") if code)


def all_pages(
    tables: Tables, drawings: Drawings, plans: list[Row], indicators: list[Row], rules: RulesBetween | None
) -> Iterator[Page]:
    """Yield every page of the report."""
    yield "index", "front.html", {"news": news_of(tables, rules), "corrections_so_far": tables.rows("corrections")}
    yield "indicators", "indicators.html", {"indicators": indicators}
    for plan in plans:
        yield from _plan_pages(tables, drawings, plan)
    yield from indicator_pages(tables, drawings, indicators)
    yield "data-quality", "data-quality.html", {**data_quality(tables), "proxies": tables.rows("proxies")}


def data_quality(tables: Tables) -> dict[str, Any]:
    """Return who delivered and who owes, and what of it is not counted or not placed."""
    return {
        **{part: tables.rows(part) for part in ("returns", "owed", "unplaced")},
        "accounts": grouped(tables.rows("row_accounts"), "feed_title"),
    }


def news_of(tables: Tables, rules: RulesBetween | None = None) -> dict[str, Any] | None:
    """Return what is new since the release before, and why; each part is None where it cannot be compared."""
    if tables.previous is None:
        return None
    parts = {part: tables.changes(f"changed_{part}") for part in ("returns", "figures", "corrections", "definitions")}
    as_at = date.fromisoformat(tables.previous.partition(".")[0])
    return {
        **parts,
        "rules": rules_between(rules),
        "why": why_figures_changed(tables, rules),
        "previous": tables.previous,
        "as_at": as_at,
        "is_empty": all(rows == [] for rows in parts.values()),
    }


def _plan_pages(tables: Tables, drawings: Drawings, plan: Row) -> Iterator[Page]:
    code = plan["plan_id"]
    for priority in plan["priorities"]:
        name = f"priority-{code}-{priority['priority_code']}"
        yield name, "priority.html", {"plan": plan, "priority": _priority(tables, drawings, plan, priority)}
    said = dict(grouped(tables.rows("partnership_items", plan=code), "item_kind"))
    for kind, shown in (
        ("neighbourhoods", neighbourhoods_of(tables, drawings, code, plan["neighbourhoods"])),
        ("aims", aims(tables, code)),
        ("assessment", assessment(tables, code)),
    ):
        if shown:
            yield f"{kind}-{code}", f"{kind}.html", {"plan": plan, "said": said, **shown}
    framework = tables.rows("framework", plan=code)
    if framework:
        titles = {priority["priority_code"]: priority["words"] for priority in plan["priorities"]}
        themes = [
            (titles.get(theme, "The partnership"), [entries for _, entries in grouped(rows, "field_number")])
            for theme, rows in grouped(framework, "theme_code")
        ]
        yield f"framework-{code}", "framework.html", {"plan": plan, "themes": themes, "said": said, **made(framework)}


def _priority(tables: Tables, drawings: Drawings, plan: Row, priority: Row) -> Row:
    keys = {"plan": plan["plan_id"], "priority": priority["priority_code"]}
    targets = tables.rows("targets", **keys)
    for target in targets:
        target["months"] = tables.rows("target_months", target=target["target_id"])
        is_counted = any(row["actual_to_date"] is not None for row in target["months"])
        target["chart"] = (
            _drawn(drawings, charts.trajectory(target["months"], target["unit"]), target["months"])
            if is_counted
            else None
        )
        target["sentence"] = course(target)
    indicators = tables.rows("priority_indicators", **keys)
    followed = {(one["indicator_code"], one["area_code"]): one for one in indicators if one["area_code"]}
    return {
        **priority,
        "targets": targets,
        "indicators": indicators,
        "charted": [
            one for one in map(partial(_with_control_chart, tables, drawings), followed.values()) if one["months"]
        ],
        "aims": tables.rows("aims", **keys),
        "unmeasured": tables.rows("unmeasured", **keys),
        "items_by_kind": dict(grouped(tables.rows("priority_items", **keys), "item_kind")),
        **made([*targets, *indicators]),
    }


def _with_control_chart(tables: Tables, drawings: Drawings, indicator: Row) -> Row:
    """Return an indicator with its months and their chart; without months where there are no limits to see them by."""
    months = tables.rows("indicator_months", indicators=[indicator["indicator_code"]], areas=[indicator["area_code"]])
    if not any(row["centre_line"] is not None for row in months):
        return {**indicator, "months": []}
    return {
        **indicator,
        "months": months,
        "chart": _drawn(drawings, charts.control(months, indicator["unit"]), months),
        "sentence": of_months(months, indicator["decimals"]),
    }


def _drawn(drawings: Drawings, specification: charts.Specification, rows: Iterable[Row]) -> str:
    return drawings.draw(charts.marked(specification, rows))
