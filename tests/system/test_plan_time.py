"""The whole sample: real open data and synthetic plan-time extracts side by side, published by the real nightly job.

Figures are checked against what the plan of 2008-11 states; `test_targets_recomputed` counts them again from the rows.
"""

from collections import Counter

import pytest

from tests.csp import Installation
from tests.seeds import seed_rows
from tests.system.sample_deliveries import listed

MELTON, TOWN = "E07000133", "MELTON-MOWBRAY"


def values(
    folder: Installation, indicator: str, area: str = MELTON, period_type: str = "financial_year"
) -> dict[str, float]:
    rows = folder.query(
        f"select period_label, value from indicator_values where indicator_code = '{indicator}' "
        f"and area_code = '{area}' and period_type = '{period_type}' and value is not null order by period_start"
    )
    return dict(rows)


def codes_of_the_plan() -> list[str]:
    """Return every indicator that the tables of a plan name, as each published code is read."""
    return sorted({row["indicator_code"] for row in seed_rows("plan_indicator_links")})


@pytest.mark.parametrize("code", codes_of_the_plan())
def test_every_code_of_the_plan_has_a_value_or_a_reason(whole_sample: Installation, code: str) -> None:
    [(values_shown, availability, reason)] = whole_sample.query(
        "select count(shown.value), any_value(availability), any_value(availability_reason) "
        f"from indicators left join indicator_values as shown using (indicator_code) where indicator_code = '{code}'"
    )
    explained = availability in {"not_collected", "no_national_series", "not_measurable_here"} and reason
    assert values_shown > 0 or explained, (code, availability, reason)


def test_crime_fell_by_nine_percent_and_was_yet_the_highest_of_four_years(whole_sample: Installation) -> None:
    years = values(whole_sample, "BCS")
    assert (years["2003/04"], years["2007/08"]) == (2_222, 2_022)
    assert round(100 * (years["2007/08"] / years["2003/04"] - 1)) == -9
    assert years["2007/08"] == max(years[year] for year in ("2004/05", "2005/06", "2006/07", "2007/08"))
    assert years["2007/08"] > years["2008/09"] > years["2009/10"] > years["2010/11"]


@pytest.mark.parametrize(
    ("indicator", "share"),
    [("BCS-SHARE-CRIMINAL-DAMAGE", 40), ("BCS-SHARE-THEFT-FROM-VEHICLE", 17), ("BCS-SHARE-BURGLARY-DWELLING", 11)],
)
def test_shares_of_comparator_crime_are_the_plans(whole_sample: Installation, indicator: str, share: int) -> None:
    assert round(values(whole_sample, indicator)["2007/08"]) == share


def test_vehicle_theft_fell_and_burglary_fell_after_the_plan_began(whole_sample: Installation) -> None:
    taken, from_vehicles, burglaries = (
        list(values(whole_sample, indicator).values())[1:] for indicator in ("LOC-TOMV", "LOC-TFMV", "LOC-BDW")
    )
    assert taken == sorted(taken, reverse=True)
    assert from_vehicles == sorted(from_vehicles, reverse=True)
    assert taken[3] == 100
    assert abs(burglaries[3] - burglaries[2]) <= 2
    assert burglaries[6] < 0.6 * burglaries[3]


def test_other_measures_are_plausible_for_melton(whole_sample: Installation) -> None:
    for indicator, least, most in (
        *(("LOC-ALL-CRIME", 2_900, 3_550), ("NI15-COUNT", 9, 20), ("NI20-COUNT", 150, 200), ("LOC-ROBBERY", 17, 20)),
        *(("NI33I-COUNT", 29, 44), ("NI33II-COUNT", 55, 92)),
    ):
        years = values(whole_sample, indicator)
        assert len(years) == 8
        assert all(least <= count <= most for count in years.values()), years
    [(no_crimed, every)] = whole_sample.query(
        "select sum(row_count) filter (contains(outcome, 'no-crimed')), sum(row_count) from row_accounts "
        "where feed = 'police/recorded_crime'"
    )
    assert 0.02 < no_crimed / every < 0.05


def test_killed_and_seriously_injured_in_melton_fall_from_about_fifty(whole_sample: Installation) -> None:
    years = list(values(whole_sample, "LOC-KSI", period_type="calendar_year").values())
    assert years == sorted(years, reverse=True)
    assert (years[0], years[7], years[10]) == (52, 41, 33)
    assert 0 < sum(values(whole_sample, "LOC-KSI-CHILDREN", period_type="calendar_year").values()) < 0.2 * sum(years)


def test_domestic_abuse_incidents_are_within_the_plans_band(whole_sample: Installation) -> None:
    years = values(whole_sample, "CS2")
    assert all(years[year] > 400 for year in ("2005/06", "2006/07", "2007/08"))
    months = values(whole_sample, "CS2", period_type="month")
    assert len([month for month in months if "2005-04" <= month <= "2008-03"]) == 36
    assert all(33 <= count <= 50 for month, count in months.items() if "2005-04" <= month <= "2008-03")


def test_anti_social_behaviour_complaints_are_the_plans(whole_sample: Installation) -> None:
    assert values(whole_sample, "ASB")["2007/08"] == 1_614
    assert values(whole_sample, "LOC-UNDERAGE-DRINKING")["2007/08"] == 521


def test_more_than_half_of_crime_is_in_the_town(whole_sample: Installation) -> None:
    town, borough = values(whole_sample, "LOC-ALL-CRIME", TOWN), values(whole_sample, "LOC-ALL-CRIME")
    assert all(town[year] > borough[year] / 2 for year in borough)


def test_real_and_synthetic_stand_side_by_side_and_never_together(whole_sample: Installation) -> None:
    assert values(whole_sample, "OD-SERIOUS-ACQUISITIVE-CRIME")["2021/22"] == 326
    by_feed = dict(
        whole_sample.query(
            "select source_feed, list(distinct v.is_synthetic order by v.is_synthetic) "
            "from indicator_values as v join indicators using (indicator_code) where value is not null "
            "group by source_feed"
        )
    )
    assert by_feed.pop("police/street_crime") == [False]
    assert set(map(tuple, by_feed.values())) == {(True,)}
    assert set(by_feed) == {extract["feed"] for extract in listed("extracts")} - {"ons/population"}


def test_every_row_is_accounted_for(whole_sample: Installation) -> None:
    assert (
        whole_sample.query(
            "select feed, period_start, sum(row_count) from row_accounts group by all "
            "except select feed, period_start, sum(rows_delivered) from deliveries "
            "where status in ('accepted', 'partly_accepted') group by all"
        )
        == []
    )


def test_a_target_over_the_violence_break_is_not_comparable(whole_sample: Installation) -> None:
    [(comparable, note)] = whole_sample.query(
        "select comparable, note from target_vs_baseline where target_id = 'MASCP-2008-11-SVC' and months_elapsed = 12"
    )
    assert not comparable
    assert "1 April 2008" in note


@pytest.mark.parametrize(
    ("indicator", "area", "period"),
    [
        ("NI16", MELTON, "2007/08"),
        ("CS2", MELTON, "2007-11"),
        ("NI47", MELTON, "2008"),
        ("NI33II", "E10000018", "2008/09"),
        ("NI 17", "Melton", "2008/09"),
        ("NI 39", "pct_area", "2008/09"),
        ("NI 40", "drug action", "12 months to 2008-06"),
        ("NI25-GAP-SEX", "Melton", "2008/09"),
        ("LOC-ASB-COMPLAINTS", "Melton", "12 months to 2009-01"),
    ],
)
def test_a_figure_leads_to_its_rows(whole_sample: Installation, indicator: str, area: str, period: str) -> None:
    assert "-synthetic" in whole_sample.within("trace", indicator, area, period)


def test_restated_months_say_which_records_moved(whole_sample: Installation) -> None:
    """The records are exactly those that the list of restatements has the generator change."""
    said = {"added": "new", "no_crimed": "no-crimed"}
    expected: Counter[tuple[str, str, str, str]] = Counter()
    for row in listed("restatements"):
        movement = said.get(row["change"], row["change"])
        expected[row["month"], movement, row["from_code"], row["to_code"]] += int(row["records"])
    moved = whole_sample.query(
        "select strftime(period_start, '%Y-%m'), movement, coalesce(previous_category, category), "
        "coalesce(category, previous_category) from revised_records where feed = 'police/recorded_crime'"
    )
    assert Counter(moved) == expected
    assert whole_sample.query(
        "select count(*) from revisions where feed = 'police/recorded_crime' and movements is null"
    ) == [(0,)]


def test_codes_are_those_of_the_time(whole_sample: Installation) -> None:
    assert (
        whole_sample.query(
            "select * from row_accounts where feed = 'police/recorded_crime' and outcome like 'excluded: the code%'"
        )
        == []
    )


def test_counts_of_the_home_office_differ_in_the_quarters_that_were_restated_since(whole_sample: Installation) -> None:
    pairs = {"HO-ALL-CRIME": "LOC-ALL-CRIME", "HO-BCS": "BCS", "HO-BDW": "LOC-BDW", "HO-NI16": "NI16-COUNT"}
    pairs |= {"HO-CD": "LOC-CD", "HO-NI15": "NI15-COUNT", "HO-NI20": "NI20-COUNT", "HO-TFMV": "LOC-TFMV"}
    differing = set()
    for published, counted in pairs.items():
        theirs = values(whole_sample, published, "E22000169", "quarter")
        ours = values(whole_sample, counted, period_type="quarter")
        assert len(theirs) == 12
        differing |= {quarter for quarter, value in theirs.items() if value != ours[quarter]}
    assert differing == {*(f"2008/09 Q{number}" for number in (1, 2, 3, 4)), *(f"2009/10 Q{n}" for n in (1, 2, 3))}
