"""What the overview says is measured, begun, and measured by nobody: one indicator or aim is one of them."""

import duckdb

from orchestration.report.tables import Tables

_TABLES = """
create table priority_scorecard as from (values
    ('A', 'indicator', 1, 'P', 'WHOLE', 'Whole', 1, 'MELTON', '2008/09', 5.0),
    ('A', 'indicator', 1, 'P', 'MONTHS', 'Months', 2, null, null, null),
    ('A', 'indicator', 1, 'P', 'NOTHING', 'Nothing', 3, null, null, null),
    ('A', 'indicator', 1, 'P', 'HIDDEN', 'Hidden', 4, 'MELTON', '2008/09', null),
    ('B', 'indicator', 1, 'P', 'NOTHING', 'Nothing', 3, null, null, null)
) as rows (
    plan_id, item_kind, priority_number, priority_code, indicator_code, label, plan_line, area_code, period_label, value
);
create table indicators as
select distinct indicator_code, null::varchar as availability_reason, lower(indicator_code) as source_feed
from priority_scorecard;
create table coverage (source_feed varchar, area_code varchar);
insert into coverage values ('whole', 'MELTON'), ('months', 'MELTON');
create table indicator_values as from (values
    ('WHOLE', 'MELTON', '2008/09', 5.0, false), ('MONTHS', 'MELTON', '2008-04', 1.0, false),
    ('HIDDEN', 'MELTON', '2008/09', null, true), ('NOTHING', 'MELTON', '2008/09', null, false)
) as rows (indicator_code, area_code, period_label, value, is_suppressed);
create table aims as from (values
    ('A', 'P', 1, '1', 'Fewer', 7, 'no_figure', 'no complete figure is held of MONTHS', null),
    ('A', 'P', 1, '2', 'Happier', 8, 'not_measured', 'nobody asks', 'a survey'),
    ('A', 'P', 1, '3', 'Fewer still', 9, 'no_figure', 'no complete figure is held of NOTHING', null)
) as rows (
    plan_id, priority_code, priority_number, aim_number, published_text, plan_line, measurement, why_not_measured,
    would_measure
);
create table aim_indicators as from (values ('A', 'P', '1', 'MONTHS'), ('A', 'P', '3', 'NOTHING')) as rows (
    plan_id, priority_code, aim_number, indicator_code
);
create table plan_items (
    plan_id varchar, item_kind varchar, section_present boolean, priority_number integer, published_text varchar,
    plan_line integer, note varchar, priority_code varchar
);
create table performance_framework (
    plan_id varchar, filled_from varchar, item_status varchar, indicator_code varchar, priority_number integer,
    content varchar, content_line integer, note varchar, theme_code varchar
);
create table targets (
    plan_id varchar, target_status varchar, indicator_code varchar, label varchar, plan_line integer, remark varchar,
    priority_code varchar, target_period varchar, area_code varchar
);
"""


def test_what_has_months_alone_is_begun_and_not_measured_by_nobody() -> None:
    with duckdb.connect() as connection:
        connection.execute(_TABLES)
        tables = Tables(connection)
        counted = tables.rows("coverage", plan="A")
        listed = {row["words"]: row["is_begun"] for row in tables.rows("unmeasured", plan="A", priority=None)}
        assert tables.rows("coverage", plan="C") == []
    assert counted == [{"indicators": 4, "measured": 2, "begun": 1, "without_figures": 1}]
    assert listed == {"Months": True, "Nothing": False, "Fewer": True, "Happier": False, "Fewer still": False}


def test_what_is_delivered_of_other_areas_alone_is_not_begun() -> None:
    with duckdb.connect() as connection:
        connection.execute(_TABLES)
        connection.execute("insert into targets (plan_id, target_status, area_code) values ('A', 'set', 'BOLTON')")
        tables = Tables(connection)
        (counted,) = tables.rows("coverage", plan="A")
        rows = tables.rows("unmeasured", plan="A", priority=None)
        listed = {row["words"]: row["is_begun"] for row in rows}
        whys = {row["words"]: row["why"] for row in rows}
    assert whys["Months"] == "nothing was delivered for the plan's area, only for others"
    assert (counted["begun"], counted["without_figures"]) == (0, 2)
    assert not listed["Months"]
    assert not listed["Fewer"]
