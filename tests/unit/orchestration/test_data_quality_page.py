"""The page of data quality: what is owed is counted in one place, and whoever sent something is called somehow."""

import re
from datetime import date

import duckdb
import pytest

from orchestration.report.build import page_environment
from orchestration.report.pages import data_quality
from orchestration.report.tables import Tables, repeated_notes

_TABLES = """
create table agency_returns as
select
    feed_title, feed, agency, supplier, supplier_name, status, false as is_late, start::date as period_start,
    last_day(start::date) as period_end, '2021-12-31'::date as due_on, 10 as rows_delivered, 10 as rows_accepted,
    0 as rows_rejected, false as is_suppressed, false as is_synthetic
from (values
    ('Street-level crime', 'police/street_crime', 'police', null, null, 'accepted', '2021-04-01'),
    ('Street-level crime', 'police/street_crime', 'police', 'kent', 'Kent Police', 'missing', '2021-04-01'),
    ('Street-level crime', 'police/street_crime', 'police', 'kent', 'Kent Police', 'missing', '2021-05-01'),
    ('Fly-tipping', 'council/fly_tipping', 'council', 'melton', 'Melton', 'missing', '2021-05-01')
) as rows (feed_title, feed, agency, supplier, supplier_name, status, start);
create table row_accounts as from (values
    ('police/street_crime', 'excluded: no place', 7, false), ('police/street_crime', 'rejected: month', 2, false),
    ('police/street_crime', 'counted', 90, false)
) as rows (feed, outcome, row_count, is_suppressed);
create table indicator_values (
    area_code varchar, indicator_code varchar, period_type varchar, period_label varchar, period_end date,
    area_name varchar, value double, is_suppressed boolean
);
create table areas (area_code varchar, parent_code varchar, vintage varchar);
create table indicators (indicator_code varchar, title varchar, source_feed varchar, formula_kind varchar);
"""


@pytest.fixture
def page() -> str:
    with duckdb.connect() as connection:
        connection.execute(_TABLES)
        shown = {**data_quality(Tables(connection)), "proxies": []}
    common = {
        **{"as_at": date(2022, 3, 31), "partnership": "Melton", "plans": [], "indicator_pages": set()},
        **{"navigation": [], "plan_pages": {}},
    }
    return page_environment(common).get_template("data-quality.html").render(page="data-quality", **shown)


def test_what_is_owed_is_counted_in_one_table_whose_sum_is_said(page: str) -> None:
    assert page.count('<th scope="col" class="n">Returns</th>') == 1
    assert "Owed</th>" not in page
    assert "3 returns are owed by 31 March 2022" in page
    assert "2021-04 to 2021-05" in page


def test_a_supplier_that_no_list_has_is_not_known_and_not_blank(page: str) -> None:
    assert re.search(r"Street-level crime</th><td>not known</td>", page)


def test_rows_that_are_not_counted_stand_under_the_title_of_their_feed(page: str) -> None:
    assert '<th scope="rowgroup" rowspan="2">Street-level crime</th>' in page
    assert "police/street_crime" not in page


def test_a_note_of_many_rows_is_said_once() -> None:
    rows = [{"note": note} for note in ("few", "few", "few", "twice", "twice", None)]
    assert repeated_notes(rows) == ["few"]
