"""Which neighbourhood moves differently, the map's thick lines, and what a meeting talks about."""

from datetime import date
from typing import Any

import duckdb

from orchestration.report.maps import boundaries, drawn
from orchestration.report.plan_pages import moved_differently
from orchestration.report.tables import Tables

_TYPES = {
    **dict.fromkeys(("as_at", "period_start", "period_end", "due_on"), "date"),
    "variance_to_profile_pct": "double",
    "is_signal": "boolean",
}


def answer(name: str, tested: int, what_differs: str | None = None) -> dict[str, Any]:
    return {
        "neighbourhood_name": name,
        "period_end": date(2008, 10, 31),
        "tested": tested,
        "differing": 1 if what_differs else 0,
        "what_differs": what_differs,
    }


def test_no_neighbourhood_moves_differently_is_an_answer() -> None:
    assert moved_differently([answer("Egerton Ward", 30), answer("Fairmead Estate", 30)]) == (
        "In the twelve months to 31 October 2008 no neighbourhood moved differently from the rest of the area, beyond "
        "chance. Of 60 comparisons about 3 would differ by chance alone."
    )


def test_what_moves_differently_is_named_with_what_chance_explains() -> None:
    assert moved_differently([answer("Egerton Ward", 20, "Criminal damage"), answer("Fairmead Estate", 20)]) == (
        "In the twelve months to 31 October 2008 these moved differently from the rest of the area: Egerton Ward "
        "(Criminal damage). Of 40 comparisons about 2 would differ by chance alone."
    )


def test_without_twelve_months_nothing_is_said() -> None:
    assert moved_differently([]) == "No twelve months are complete yet."


def test_figures_of_a_wider_area_alone_are_called_that() -> None:
    assert moved_differently([], is_measured=False).startswith("No figure is measured in a neighbourhood itself")


def test_a_map_draws_a_line_around_the_wards_of_a_neighbourhood_alone() -> None:
    topology = boundaries("E07000133")
    assert topology is not None
    codes = [geometry["id"] for geometry in topology["objects"]["E07000133"]["geometries"]]
    wards = [{"area_code": code, "value": at} for at, code in enumerate(codes)]
    plain, _ = drawn("E07000133", wards)
    marked, left_out = drawn("E07000133", wards, ["E05005503"])
    assert plain is not None
    assert marked is not None
    assert left_out == []
    assert len(marked["layer"]) == len(plain["layer"]) + 1
    assert marked["layer"][-1]["transform"] == [{"filter": {"field": "id", "oneOf": ["E05005503"]}}]


def test_what_grew_worse_in_an_earlier_year_alone_is_not_to_talk_about() -> None:
    columns = {
        "target_vs_baseline": "plan_id, target_id, target_status, as_at, outcome, rag, variance_to_profile_pct, "
        "priority_code, indicator_code, area_code",
        "targets": "plan_id, target_id, label, indicator_code",
        "control_charts": "indicator_code, area_code, area_name, period_start, is_signal, control_state, signals",
        "plan_indicators": "plan_id, indicator_code, area_code",
        "plan_items": "plan_id, priority_code, item_kind",
        "indicators": "indicator_code, title, source_feed, numerator_measure, formula_kind",
        "agency_returns": "status, feed, supplier_name, supplier, agency, feed_title, period_end, due_on",
    }
    with duckdb.connect() as connection:
        for table, names in columns.items():
            typed = (f"{name} {_TYPES.get(name, 'varchar')}" for name in names.split(", "))
            connection.execute(f"create table {table} ({', '.join(typed)})")
        connection.execute("""
            create table strategic_assessment as
            select
                'A' as plan_id, 'changes_in_crime' as section, false as is_context, 'Melton' as area_name,
                'E07000133' as area_code, 0.001 as change_p_value, 12.0 as change, 12.0 as change_pct, *
            from (values
                ('THEFT', 'Theft', '2007/08', true, 'worsening'), ('THEFT', 'Theft', '2008/09', false, 'steady'),
                ('FIRES', 'Fires', '2007/08', true, 'worsening'), ('FIRES', 'Fires', '2008/09', true, 'worsening')
            ) as years (indicator_code, title, assessment_period, change_is_significant, direction_of_travel)
        """)
        points = Tables(connection, None).rows("talking_points", plan="A")
    assert [point["sentence"] for point in points] == ["Fires in Melton: up by 12.0% in 2008/09, more than noise"]
