"""Which area an indicator's page shows, and of which period its other tables are."""

from collections.abc import Iterator
from datetime import date

import duckdb
import pytest

from orchestration.report.indicator_pages import latest_with_figure
from orchestration.report.tables import Tables

_NAMING = ("ni_indicators", "apacs_indicators", "plan_indicators", "strategic_assessment")


@pytest.fixture
def tables() -> Iterator[Tables]:
    """A plan of Melton that has a year of THEFT; NOISE has months alone, there and in a larger area."""
    with duckdb.connect() as connection:
        for table in _NAMING:
            connection.execute(f"create table {table} (indicator_code varchar, area_code varchar, is_context boolean)")
        connection.execute("""
            create table target_vs_baseline (indicator_code varchar, area_code varchar);
            create table peer_comparison (indicator_code varchar, area_code varchar, area_name varchar);
            create table funnel_limits as from peer_comparison;
            create table areas (area_code varchar, area_name varchar);
            insert into plan_indicators values
                ('THEFT', 'E07000133', false), ('SURVEY', 'E23000021', true), ('NOISE', null, null);
            create table indicator_values as from (values
                ('THEFT', 'E07000133', 'Melton', 'district'), ('NOISE', 'E10000018', 'Leicestershire', 'county'),
                ('NOISE', 'E07000133', 'Melton', 'district'), ('SURVEY', 'E07000133', 'Melton', 'district'),
                ('SURVEY', 'E23000021', 'Leicestershire', 'force'), ('ELSEWHERE', 'E07000129', 'Blaby', 'district')
            ) as figures (indicator_code, area_code, area_name, area_level)
        """)
        yield Tables(connection)


def test_months_alone_are_shown_in_the_area_of_the_plan(tables: Tables) -> None:
    shown = tables.of_each_indicator("indicator_area", indicators=["THEFT", "NOISE", "SURVEY", "ELSEWHERE"])
    assert {code: [row["area_code"] for row in rows] for code, rows in shown.items()} == {
        "THEFT": ["E07000133"],
        "NOISE": ["E07000133"],
        "SURVEY": ["E23000021"],
    }


def test_the_latest_period_shown_is_one_that_has_a_figure() -> None:
    old, empty = {"period_label": "2023/24", "value": 3.0}, {"period_label": "2025/26", "value": None}
    month, to_come = {"period_start": date(2024, 1, 1), "value": 1.0}, {"period_start": date(2025, 6, 1), "value": None}
    assert latest_with_figure([old, empty], [month, to_come]) is old
    assert latest_with_figure([empty], [month, to_come]) is month
    assert latest_with_figure([], [month]) is month
    assert latest_with_figure([empty], [to_come]) is empty


def test_other_areas_are_of_a_period_in_which_one_has_a_figure() -> None:
    with duckdb.connect() as connection:
        connection.execute("""
            create table indicator_values as from (values
                ('NOISE', 'month', '2024-01', date '2024-01-01', 4.0),
                ('NOISE', 'month', '2024-02', date '2024-02-01', 5.0),
                ('NOISE', 'financial_year', '2025/26', date '2025-04-01', null),
                ('THEFT', 'financial_year', '2023/24', date '2023-04-01', 1.0),
                ('THEFT', 'month', '2024-05', date '2024-05-01', 1.0)
            ) as figures (indicator_code, period_type, period_label, period_start, value)
        """)
        asked = ["NOISE", "THEFT", "NOTHING"]
        latest = Tables(connection).of_each_indicator("indicator_latest", indicators=asked)
    assert {code: [row["period_label"] for row in rows] for code, rows in latest.items()} == {
        "NOISE": ["2024-02"],
        "THEFT": ["2023/24"],
    }
