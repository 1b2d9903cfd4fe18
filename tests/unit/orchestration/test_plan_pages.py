"""Which neighbourhood moves differently, the map's thick lines, and what a meeting talks about."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb
import pytest

from orchestration.report.maps import boundaries, drawn
from orchestration.report.plan_pages import moved_differently
from orchestration.report.tables import Tables
from orchestration.report.words import in_spells

_TYPES = {
    **dict.fromkeys(("as_at", "period_start", "period_end", "due_on"), "date"),
    **dict.fromkeys(("is_signal", "is_context", "is_synthetic", "change_is_significant"), "boolean"),
    **dict.fromkeys(("change_p_value", "change", "change_pct"), "double"),
    "variance_to_profile_pct": "double",
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


_COLUMNS = {
    "target_vs_baseline": "plan_id, target_id, target_status, as_at, outcome, rag, variance_to_profile_pct, "
    "priority_code, indicator_code, area_code",
    "targets": "plan_id, target_id, label, indicator_code",
    "control_charts": "indicator_code, area_code, area_name, period_start, is_signal, control_state, signals",
    "plan_indicators": "plan_id, indicator_code, area_code",
    "plan_items": "plan_id, priority_code, item_kind",
    "indicators": "indicator_code, title, source_feed, numerator_measure, formula_kind",
    "agency_returns": "status, feed, supplier_name, supplier, agency, feed_title, period_start, period_end, due_on, "
    "is_synthetic, home_area_code",
    "coverage": "source_feed, home_area_code, area_code",
    "strategic_assessment": "plan_id, section, is_context, area_name, area_code, change_p_value, change, change_pct, "
    "indicator_code, title, assessment_period, change_is_significant, direction_of_travel",
}


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """The tables of which the overview is made, without rows."""
    with duckdb.connect() as connection:
        for table, names in _COLUMNS.items():
            typed = (f"{name} {_TYPES.get(name, 'varchar')}" for name in names.split(", "))
            connection.execute(f"create table {table} ({', '.join(typed)})")
        yield connection


def test_what_grew_worse_in_an_earlier_year_alone_is_not_to_talk_about(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("""
        insert into strategic_assessment
        select 'A', 'changes_in_crime', false, 'Melton', 'E07000133', 0.001, 12.0, 12.0, *
        from (values
            ('THEFT', 'Theft', '2007/08', true, 'worsening'), ('THEFT', 'Theft', '2008/09', false, 'steady'),
            ('FIRES', 'Fires', '2007/08', true, 'worsening'), ('FIRES', 'Fires', '2008/09', true, 'worsening')
        )
    """)
    points = Tables(connection, None).rows("talking_points", plan="A")
    assert [point["sentence"] for point in points] == ["Fires in Melton: up by 12.0% in 2008/09, more than noise"]


def test_what_is_owed_is_one_line_to_talk_about_and_one_for_each_supplier_and_feed_on_its_page(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    connection.execute("""
        insert into plan_indicators values ('A', 'THEFT', 'E07000133'), ('A', 'CASES', 'E07000133');
        insert into indicators (indicator_code, source_feed) values ('THEFT', 'crime'), ('CASES', 'probation');
        insert into agency_returns
        select
            'missing', 'crime', 'Cumbria', null, null, 'Crime', month, last_day(month),
            last_day(month) + interval 1 month, false, 'E23000002'
        from range(date '2024-02-01', date '2025-04-01', interval 1 month) as months (month)
        where month <> date '2024-06-01';
        insert into agency_returns values
            ('missing', 'probation', null, 'yos', null, 'Cases', '2011-01-01', '2011-03-31', '2011-04-30', false, null),
            ('accepted', 'crime', 'Cumbria', null, null, 'Crime', '2024-06-01', '2024-06-30', null, false, null);
        insert into coverage values ('crime', 'E23000002', 'E07000133'), ('crime', 'E23000009', 'E06000052')
    """)
    tables = Tables(connection, None)
    points = [in_spells(point["sentence"]) for point in tables.rows("talking_points", plan="A")]
    first = "yos owes Cases: a return for 2011-01 to 2011-03, due on 30 April 2011"
    assert points == [f"14 returns are owed by 2 suppliers; the first due: {first}"]
    owed = [(row["supplier"], row["returns"], in_spells(row["months"])) for row in tables.rows("owed")]
    assert owed == [("yos", 1, "2011-01 to 2011-03"), ("Cumbria", 13, "2024-02 to 2024-05, 2024-07 to 2025-03")]


def test_what_is_owed_of_other_areas_than_the_plans_is_not_to_talk_about(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    connection.execute("""
        insert into plan_indicators values ('A', 'THEFT', 'E07000133'), ('A', 'VIEWS', null);
        insert into indicators (indicator_code, source_feed) values ('THEFT', 'crime');
        insert into coverage values ('crime', 'E23000002', 'E07000133'), ('crime', 'E23000009', 'E06000052');
        insert into agency_returns
        select
            'missing', 'crime', supplier, null, null, 'Crime', date '2024-02-01', date '2024-02-29', date '2024-04-30',
            false, home
        from (values ('Cumbria', 'E23000002'), ('Devon', 'E23000009')) as suppliers (supplier, home)
    """)
    points = Tables(connection, None).rows("talking_points", plan="A")
    assert [point["sentence"] for point in points] == ["Cumbria owes Crime: a return for 2024-02, due on 30 April 2024"]


def test_lists_of_months_are_said_as_spells() -> None:
    note = "0 of 12 months delivered; missing 2022-12, 2023-01, 2023-02, 2023-04; so far 2023-01-31, 2023-02-28"
    assert in_spells(note) == (
        "0 of 12 months delivered; missing 2022-12 to 2023-02, 2023-04; so far 2023-01-31, 2023-02-28"
    )
    assert in_spells("2010-10 to 2010-12, 2011-01 to 2011-03") == "2010-10 to 2011-03"
    assert in_spells("missing 2009-07") == "missing 2009-07"
    assert in_spells(None) == ""
