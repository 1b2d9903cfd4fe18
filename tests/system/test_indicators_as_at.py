"""How every indicator stands as at the run's date, worked out anew in plain Python from published months and years."""

from collections import defaultdict
from datetime import date
from math import hypot

import duckdb
import pytest
from scipy.stats import binomtest

from tests.csp import Installation

MELTON = "E07000133"


def _rows(installation: Installation, sql: str) -> list[dict]:
    with duckdb.connect(str(installation.database), read_only=True) as connection:
        result = connection.execute(sql)
        names = [column[0] for column in result.description or []]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _months(start: date, end: date) -> list[date]:
    """Return the first days of the months from one day to another."""
    numbers = range(start.year * 12 + start.month - 1, end.year * 12 + end.month)
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]


def test_every_indicator_has_a_row_for_the_plans_area_and_says_why_it_has_no_figure(whole_sample: Installation) -> None:
    standing = _rows(whole_sample, f"select * from indicators_as_at where area_code = '{MELTON}'")
    catalogue = _rows(whole_sample, "select indicator_code, title from indicators")
    assert {(row["indicator_code"], row["indicator_title"]) for row in standing} == {
        (row["indicator_code"], row["title"]) for row in catalogue
    }
    assert {row["area_name"] for row in standing} == {"Melton"}
    assert all(row["why_no_figure"] for row in standing if row["value"] is None)


def test_counts_to_date_are_the_months_of_both_years_and_the_exact_test_of_them(whole_sample: Installation) -> None:
    """April to the last month against the same months a year before, by what each month publishes."""
    months: dict[tuple[str, str], dict[date, float]] = defaultdict(dict)
    for row in _rows(
        whole_sample,
        """
        select indicator_code, area_code, period_start, numerator from indicator_values
        inner join indicators using (indicator_code)
        where period_type = 'month' and numerator is not null and formula_kind = 'count'
        """,
    ):
        months[row["indicator_code"], row["area_code"]][row["period_start"]] = row["numerator"]
    standing = _rows(
        whole_sample,
        """
        select indicators_as_at.* from indicators_as_at inner join indicators using (indicator_code)
        where period_type = 'year_to_date' and indicators.frequency = 'monthly' and formula_kind = 'count'
            and rounded_to is null and value is not null
        """,
    )
    assert len(standing) > 100
    for row in standing:
        start, end = row["period_start"], row["period_end"]
        assert (start.month, start.day) == (4, 1)
        assert row["previous_period_start"] == start.replace(year=start.year - 1)
        assert _months(start, end)[-1].replace(year=end.year - 1) == row["previous_period_end"].replace(day=1)
        of_area = months[row["indicator_code"], row["area_code"]]
        after = sum(of_area[month] for month in _months(start, end))
        before = sum(of_area[month.replace(year=month.year - 1)] for month in _months(start, end))
        assert (row["value"], row["previous_value"], row["change"]) == (after, before, after - before), row
        if row["comparable"]:
            p_value = binomtest(int(after), int(after + before), 0.5).pvalue if after + before else 1.0
            assert row["p_value"] == pytest.approx(p_value, abs=2e-9)
            assert row["is_significant"] == (p_value < 0.05)
        else:
            assert row["is_significant"] is None


def test_percentages_are_compared_by_the_limits_of_both(whole_sample: Installation) -> None:
    standing = _rows(whole_sample, "select * from indicators_as_at where significance_method = 'newcombe'")
    assert len(standing) > 20
    for row in standing:
        low = row["change"] - hypot(row["value"] - row["lower_95"], row["previous_upper_95"] - row["previous_value"])
        high = row["change"] + hypot(row["upper_95"] - row["value"], row["previous_value"] - row["previous_lower_95"])
        assert (row["change_lower_95"], row["change_upper_95"]) == pytest.approx((low, high), abs=1e-5)
        assert row["is_significant"] == (low > 0 or high < 0)


def test_directions_follow_from_significance_and_polarity(whole_sample: Installation) -> None:
    seen = set()
    for row in _rows(whole_sample, "select * from indicators_as_at where is_significant is not null"):
        if not row["is_significant"]:
            expected = "no clear change"
        elif row["polarity_contested"] or row["polarity"] == "neutral":
            expected = "changed"
        else:
            expected = "improving" if (row["change"] > 0) == (row["polarity"] == "higher_is_better") else "worsening"
        assert row["direction"] == expected, row
        seen.add(expected)
    assert seen == {"no clear change", "changed", "improving", "worsening"}


def test_the_control_state_is_that_of_the_last_month_of_the_chart(whole_sample: Installation) -> None:
    latest: dict[tuple[str, str], tuple[str, str]] = {}
    for row in _rows(whole_sample, "select * from control_charts order by period_start"):
        latest[row["indicator_code"], row["area_code"]] = (row["period_label"], row["control_state"])
    got = {
        (row["indicator_code"], row["area_code"]): (row["control_period_label"], row["control_state"])
        for row in _rows(whole_sample, "select * from indicators_as_at where control_state is not null")
    }
    assert got == latest


def test_wards_and_beats_have_rolling_years_to_the_latest_months_and_a_year_before(whole_sample: Installation) -> None:
    """The incidents are of eight years, to March 2011; the borough has a rolling year to each month of them."""
    ended: dict[str, set[str]] = defaultdict(set)
    for row in _rows(
        whole_sample,
        """
        select area_level, strftime(period_end, '%Y-%m') as month from indicator_values
        inner join indicators using (indicator_code)
        where source_feed = 'police/incidents' and period_type = 'rolling_12_months'
        """,
    ):
        ended[row["area_level"]].add(row["month"])
    latest = {f"{year}-{month}" for year in (2010, 2011) for month in ("01", "02", "03")}
    assert ended["ward"] == ended["beat"] == latest
    assert len(ended["district"]) == len(ended["priority_neighbourhood"]) == 7 * 12 + 1
