"""What the front page says of figures that the release before had, and this one has not."""

import duckdb
import pytest

from orchestration.report.tables import Tables

BEFORE = ("2021-01", "2021-03", "2022-01", "2022-03")
EACH_MONTH = tuple(f"{year}-{month:02}" for year in (2018, 2019, 2020) for month in range(1, 13))


@pytest.mark.parametrize(
    ("area", "now", "gone"),
    [
        ("ward", ("2021-03", "2021-05", "2022-03", "2022-05"), 0),
        ("a feed withdrawn", (), 4),
        ("a month withdrawn", ("2020-11", "2021-01", "2021-11", "2022-01"), 2),
        ("first months withdrawn", ("2022-01", "2022-03"), 2),
        ("more withdrawn than came", ("2022-01", "2022-03", "2022-05"), 2),
        ("district of which the first months were withdrawn", (*EACH_MONTH, *BEFORE[2:], "2022-04", "2022-05"), 2),
    ],
)
def test_only_rolling_years_that_make_room_leave_untold(area: str, now: tuple[str, ...], gone: int) -> None:
    with duckdb.connect() as connection:
        connection.execute("""
            create schema previous;
            create table indicator_values (
                indicator_code varchar, area_code varchar, period_type varchar, period_label varchar, period_start date,
                value double);
            create table previous.indicator_values as from indicator_values;
            create table indicators as select 'THEFT' as indicator_code, 'police/street_crime' as source_feed;
            create table agency_returns as select 'police/street_crime' as feed, 'Street-level crime' as feed_title;
        """)
        figure = "select 'THEFT', ?, 'rolling_12_months', ?, (? || '-01')::date, 1"
        for table, months in (("indicator_values", now), ("previous.indicator_values", BEFORE)):
            for month in months:
                connection.execute(f"insert into {table} {figure}", [area, month, month])
        rows = Tables(connection, "2022-03-31.1").rows("changed_figures")
    assert sum(row["gone_figures"] for row in rows) == gone
    assert sum(row["new_figures"] for row in rows) == len(set(now) - set(BEFORE))
