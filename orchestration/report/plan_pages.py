"""The pages of a plan that answer one question each: neighbourhoods, aims and the strategic assessment."""

from collections.abc import Sequence
from typing import Any

from orchestration.report import charts, maps
from orchestration.report.drawings import Drawings
from orchestration.report.tables import Row, Tables, grouped, made
from orchestration.report.words import count_of, day, number

SECTIONS = (
    ("changes_in_crime", "Changes in crime and disorder"),
    ("levels_of_crime", "Levels of crime and disorder"),
    ("community_views", "What people say"),
)


def neighbourhoods_of(
    tables: Tables, drawings: Drawings, plan: str, scorecards: Sequence[tuple[str, list[Row]]]
) -> dict[str, Any] | None:
    """Return which neighbourhood of a plan moves differently, and a map; None without any."""
    if not scorecards:
        return None
    rows = [row for _, scorecard in scorecards for row in scorecard]
    wards = tables.rows("neighbourhood_wards", plan=plan)
    places = {row["neighbourhood_name"]: row["made_of"] or "" for row in rows}
    outlined = {code: name for name, made_of in places.items() for code in _wards_of(made_of)}
    drawn = None
    if wards:
        ward_map, _ = maps.drawn(wards[0]["district_code"], wards, outlined)
        drawn = drawings.draw(charts.marked(ward_map, wards)) if ward_map else None
    answers = tables.rows("neighbourhood_answers", plan=plan)
    return {
        "answers": answers,
        "sentence": moved_differently(answers, is_measured=any(not row["is_context"] for row in rows)),
        "map": drawn,
        "wards": wards,
        "outlined": outlined,
        "without_boundary": [(name, made_of) for name, made_of in places.items() if name not in outlined.values()],
        **made(rows),
    }


def moved_differently(answers: Sequence[Row], is_measured: bool = True) -> str:
    """Return which neighbourhood moved otherwise than the rest of its area, and how much of that chance explains.

    `answers` are the rows of `neighbourhood_answers.sql`, one for each neighbourhood. `is_measured` says whether any
    figure is of a neighbourhood, and not of a wider area alone.
    """
    if not is_measured:
        return "No figure is measured in a neighbourhood itself: what stands below is of a wider area."
    if not answers:
        return "No twelve months are complete yet."
    tested = sum(row["tested"] for row in answers)
    differing = [row for row in answers if row["differing"]]
    until = f"In the twelve months to {day(answers[0]['period_end'])}"
    chance = f"Of {count_of(tested, 'comparison')} about {number(tested / 20)} would differ by chance alone."
    if not differing:
        return f"{until} no neighbourhood moved differently from the rest of the area, beyond chance. {chance}"
    named = "; ".join(f"{row['neighbourhood_name']} ({row['what_differs']})" for row in differing)
    return f"{until} these moved differently from the rest of the area: {named}. {chance}"


def aims(tables: Tables, plan: str) -> dict[str, Any] | None:
    """Return the aims of a plan with the indicators that speak to each, unmeasured first; None without any."""
    rows = tables.rows("aims_of_plan", plan=plan)
    if not rows:
        return None
    promised = {aim["published_text"] for aim in rows}
    spoken: dict[tuple[str, str], list[Row]] = {}
    for row in tables.rows("aim_indicators", plan=plan):
        spoken.setdefault((row["priority_code"], row["aim_number"]), []).append(row)
    for aim in rows:
        aim["indicators"] = spoken.get((aim["priority_code"], aim["aim_number"]), [])
    return {
        "unmeasured": [aim for aim in rows if aim["measurement"] not in ("measured", "in_part")],
        "in_part": [aim for aim in rows if aim["measurement"] == "in_part"],
        "priorities": grouped(rows, "priority_title"),
        "aim_count": len(rows),
        "others": [row for row in tables.rows("unmeasured", plan=plan, priority=None) if row["words"] not in promised],
        **made(rows),
    }


def assessment(tables: Tables, plan: str) -> dict[str, Any] | None:
    """Return what raises a priority, residents beside records and the three parts; None without an assessment."""
    sections = [
        (title, rows) for section, title in SECTIONS if (rows := tables.rows("assessment", plan=plan, section=section))
    ]
    if not sections:
        return None
    return {
        "sections": sections,
        "problems": tables.rows("assessment_problems", plan=plan),
        "raised": tables.rows("assessment_raised", plan=plan),
        **made(row for _, rows in sections for row in rows),
    }


def _wards_of(made_of: str) -> list[str]:
    return [part.removeprefix("ward ") for part in made_of.split(", ") if part.startswith("ward ")]
