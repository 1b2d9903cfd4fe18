"""What the front page says of figures that the release before had, and this one has not."""

import duckdb
import pytest

from orchestration.report.tables import Tables

BEFORE = ("2021-01", "2021-03", "2022-01", "2022-03")  # what there is of the latest three months, and of a year before
LATER = ("2021-03", "2021-05", "2022-03", "2022-05")


@pytest.mark.parametrize(
    ("level", "last_month", "now", "gone"),
    [
        ("ward", "2022-05", LATER, 0),
        ("ward of a feed withdrawn", None, (), 4),
        ("ward", "2022-03", ("2020-11", "2021-01", "2021-11", "2022-01"), 2),  # a month withdrawn within the latest
        ("ward", "2022-03", ("2022-01", "2022-03"), 2),  # first months withdrawn
        ("ward", "2022-05", ("2022-03", "2022-05"), 1),  # and later ones delivered
        ("ward", "2023-05", ("2022-05", "2023-03", "2023-05"), 1),  # a year later, but for a month of the year before
        ("district", "2022-05", LATER, 2),  # has all its rolling years
    ],
)
def test_only_rolling_years_that_make_room_leave_untold(
    level: str, last_month: str | None, now: tuple[str, ...], gone: int
) -> None:
    with duckdb.connect() as connection:
        connection.execute("""
            create schema previous;
            create table indicator_values (
                indicator_code varchar, area_code varchar, area_level varchar, period_type varchar,
                period_label varchar, period_end date, value double);
            create table previous.indicator_values as from indicator_values;
            create table indicators as select 'THEFT' as indicator_code, 'police/street_crime' as source_feed;
            create table agency_returns as select 'police/street_crime' as feed, 'Street-level crime' as feed_title;
            create table measure_levels as
            select 'theft' as measure_code, 'police/street_crime' as source_feed, level as area_level,
                case level when 'ward' then 3 end as latest_rolling_years
            from (values ('ward'), ('district')) as levels (level);
            create table coverage (
                source_feed varchar, home_area_code varchar, area_level varchar, area_code varchar, last_month date);
        """)
        # Another area of the supplier tells of the latest month too.
        for area in ("here", "there") if last_month else ():
            month = "2021-12" if area == "here" else last_month
            covered = "'police/street_crime', 'force', ?, ?, (? || '-01')::date"
            connection.execute(f"insert into coverage select {covered}", [level, area, month])
        figure = "'THEFT', 'here', ?, 'rolling_12_months', ?, last_day((? || '-01')::date), 1"
        for table, months in (("indicator_values", now), ("previous.indicator_values", BEFORE)):
            for month in months:
                connection.execute(f"insert into {table} select {figure}", [level, month, month])
        rows = Tables(connection, "2022-03-31.1").rows("changed_figures")
    assert sum(row["gone_figures"] for row in rows) == gone
    assert sum(row["new_figures"] for row in rows) == len(set(now) - set(BEFORE))
