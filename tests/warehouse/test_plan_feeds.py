"""The plan's feeds from landing to marts: real intake, real dbt, and figures that a person can count.

What was delivered is written out in `plan_data_folder`; the figures here were worked out by hand from it.
"""

import statistics

import pandas as pd
import pytest

from tests.warehouse.plan_data_folder import (
    CASUALTIES,
    COUNTS,
    CRIMES,
    EGERTON,
    FIRES,
    INCIDENTS,
    LEICESTER,
    MELTON,
    PEERS,
    POPULATION,
    RURAL,
)
from tests.warehouse.warehouse import Warehouse

COUNTY, FORCE, FIRE_SERVICE, RUTLAND = "E10000018", "E23000021", "FRS-LEICESTERSHIRE", "E06000017"
COUNTY_DISTRICTS = {f"E0700{number:04d}" for number in range(129, 136)}
MELTON_CSP, BLABY_CSP, CHARNWOOD_CSP = "E22000169", "E22000164", "E22000165"
TOWN, CENTRE, FAIRMEAD, EGERTON_PLACE = "MELTON-MOWBRAY", "PN-TOWN-CENTRE", "PN-FAIRMEAD", "PN-EGERTON"
Cell = float | bool | str | None


def published(warehouse: Warehouse, indicator: str, period: str, area: str = MELTON) -> dict[str, Cell]:
    """Return the one row of an indicator, area and period label; None for what is missing."""
    rows = warehouse.table(
        "indicator_values", f"indicator_code = '{indicator}' and area_code = '{area}' and period_label = '{period}'"
    )
    assert len(rows) == 1, f"{indicator} {area} {period}: {len(rows)} rows"
    return {name: None if pd.isna(cell) else cell for name, cell in rows.iloc[0].items()}


def value(warehouse: Warehouse, indicator: str, period: str, area: str = MELTON) -> Cell:
    return published(warehouse, indicator, period, area)["value"]


def published_areas(warehouse: Warehouse, feed: str) -> set[str]:
    """Return the areas under which any indicator of a feed appears, with a value or without."""
    rows = warehouse.query(
        "select distinct area_code from marts.indicator_values join marts.indicators using (indicator_code) "
        f"where source_feed = '{feed}'"
    )
    return set(rows["area_code"])


def accounts(warehouse: Warehouse, feed: str, month: str) -> dict[str, int]:
    """Return the rows of the delivery of a month, or of the period that starts with it, by outcome."""
    rows = warehouse.table("row_accounts", f"feed = '{feed}' and period_start = '{month}-01'")
    return dict(zip(rows["outcome"], rows["row_count"], strict=True))


def revisions(warehouse: Warehouse, area: str) -> dict[str, tuple[float, float, str]]:
    """Return what the restated measures of an area were, are, and by which movements of records."""
    rows = warehouse.table("revisions", f"area_code = '{area}' and measure_code not like 'bcs_%'")
    return {row.measure_code: (row.previous_value, row.value, row.movements) for row in rows.itertuples()}


def test_serious_acquisitive_crime_excludes_criminal_damage(plan: Warehouse) -> None:
    """August 2008: six crimes and the month's burglary; the plan's basket adds 58A and the month's 58B, no arson."""
    codes = ("NI16-COUNT", "LOC-CD", "LOC-SAC-CD", "LOC-ARSON", "LOC-BDW", "LOC-ROBBERY", "LOC-TOMV", "LOC-TFMV")
    assert [value(plan, code, "2008-08") for code in codes] == [7, 2, 9, 1, 2, 2, 2, 1]
    assert [value(plan, code, "2008/09") for code in codes[:3]] == [27, 13, 40]


def test_burglary_is_28_before_the_split_and_28a_to_28d_after_it(plan: Warehouse) -> None:
    """28A in March and 28 in April were not in use: they count nowhere, and say so."""
    assert value(plan, "LOC-BDW", "2008-03") == 2
    assert value(plan, "LOC-BDW", "2008-04") == 4
    assert value(plan, "NI16-COUNT", "2008-04") == 4
    assert value(plan, "LOC-ALL-CRIME", "2008-04") == 3 + 3
    for month, counted in (("2008-03", 3 + 1), ("2008-04", 3 + 3)):
        assert accounts(plan, CRIMES, month) == {
            "counted": counted,
            "excluded: the code was not in use in that month": 1,
        }


def test_a_code_that_no_list_holds_is_named(plan: Warehouse) -> None:
    assert accounts(plan, CRIMES, "2008-01") == {"counted": 3, "excluded: the code is in no list: 99/7": 1}


def test_a_code_counts_in_each_of_its_spellings(plan: Warehouse) -> None:
    """028/01, 2801 and the class itself, month by month in turn, before the split and after it."""
    for months in (["2007-04", "2007-05", "2007-06"], ["2008-10", "2008-11", "2008-12"]):
        assert [value(plan, "LOC-BDW", month) for month in months] == [1, 1, 1]
        assert [value(plan, "NI16-COUNT", month) for month in months] == [1, 1, 1]


def test_a_restated_month_moves_by_what_happened_to_its_records(plan: Warehouse) -> None:
    """May 2008: one reclassified from 30A to 28A, one no-crimed, one gone, one new."""
    assert revisions(plan, MELTON) == {
        "all_recorded_crime": (6, 5, "new 1, no-crimed 1, removed 1"),
        "burglary_dwelling": (1, 2, "reclassified 1"),
        "ni_16_serious_acquisitive_crime": (2, 3, "new 1, no-crimed 1, reclassified 1"),
        "sac_including_criminal_damage": (3, 4, "new 1, no-crimed 1, reclassified 1"),
        "theft_from_vehicle": (1, 0, "no-crimed 1"),
        "theft_of_vehicle": (0, 1, "new 1"),
    }
    assert published(plan, "LOC-BDW", "2008-05")["value"] == 2
    assert published(plan, "LOC-BDW", "2008-05")["status"] == "revised"
    assert published(plan, "LOC-BDW", "2008/09")["status"] == "revised"
    assert published(plan, "LOC-CD", "2008-05")["status"] != "revised"


def test_moved_records_are_named_without_their_reference(plan: Warehouse) -> None:
    rows = plan.table("revised_records", f"feed = '{CRIMES}'").astype(object)
    rows = rows.where(rows.notna(), None)
    named = ["movement", "previous_category", "category", "previous_row_number", "row_number"]
    assert set(rows[named].itertuples(index=False, name=None)) == {
        ("reclassified", "30A", "28A", 5, 4),
        ("no-crimed", "45", "45", 6, 3),
        ("removed", "39", None, 7, None),
        ("new", None, "48", None, 2),
    }
    assert set(rows["period_start"].astype(str)) == {"2008-05-01 00:00:00"}
    marts = plan.query("select table_name from duckdb_tables() where schema_name = 'marts'")["table_name"]
    assert {"revised_records", "revisions"} <= set(marts)
    for mart in marts:
        assert plan.query(f"select * from marts.{mart} as t where cast(t as varchar) like '%LC/%'").empty, mart


def test_a_no_crime_and_a_transferred_crime_stay_in_the_accounts(plan: Warehouse) -> None:
    assert accounts(plan, CRIMES, "2008-05") == {"counted": 5, "excluded: no-crimed": 1}
    assert accounts(plan, CRIMES, "2008-06") == {"counted": 6, "excluded: transferred to another force": 1}
    assert value(plan, "LOC-TFMV", "2008-05") == 0
    assert value(plan, "LOC-BDW", "2008-06") == 1


def test_a_crime_in_two_months_files_counts_in_the_later_delivery(plan: Warehouse) -> None:
    assert [value(plan, "LOC-ALL-CRIME", month) for month in ("2008-09", "2008-10")] == [3, 3 + 1]
    assert accounts(plan, CRIMES, "2008-09") == {"counted": 3, "excluded: recorded again in another month": 1}
    assert accounts(plan, CRIMES, "2008-10") == {"counted": 3 + 1}


def test_flags_make_measures_of_their_own(plan: Warehouse) -> None:
    """June 2008: two assaults with injury, one of them under the influence; a common assault with both flags."""
    assert value(plan, "NI20-COUNT", "2008-06") == 2
    assert value(plan, "LOC-ALCOHOL-VIOLENCE", "2008-06") == 2
    assert value(plan, "LOC-DOMESTIC-CRIME", "2008-06") == 2


def test_domestic_crimes_are_detected_and_charged_by_their_outcome(plan: Warehouse) -> None:
    """June 2008: one of the two was charged, the other cautioned; an outcome on no list is told."""
    counted = plan.query(
        "select measure_code, value from marts.measure_values where month = '2008-06-01' "
        f"and area_code = '{MELTON}' and measure_code like 'domestic_flagged_crime%' order by measure_code"
    )
    assert dict(zip(counted["measure_code"], counted["value"], strict=True)) == {
        "domestic_flagged_crime": 2,
        "domestic_flagged_crime_charged": 1,
        "domestic_flagged_crime_detected": 2,
    }
    (told,) = plan.table("unknown_codes", "column_name = 'outcome'").to_dict("records")
    assert (told["feed"], told["row_count"], told["is_over_limit"]) == (CRIMES, 1, False)


def test_national_counts_are_counted_in_the_neighbourhoods_of_a_plan(plan: Warehouse) -> None:
    """NI 16 as the burglaries there; NI 20 tells of few people and is for the partners alone."""
    places = {EGERTON_PLACE: 1, CENTRE: 2, FAIRMEAD: 2}
    assert {place: value(plan, "NI16-COUNT", "2008/09", place) for place in places} == places
    assert published(plan, "NI20-COUNT", "2008/09", EGERTON_PLACE)["is_suppressed"]


def test_a_crime_counts_in_each_place_that_it_lies_in(plan: Warehouse) -> None:
    """Town, neighbourhoods, wards and beats overlap; wards and beats add up to the borough, what has none included."""
    places = {
        MELTON: 21,
        RURAL: 17,
        EGERTON: 1,
        f"{MELTON}-no-ward": 3,
        "NR31": 2,
        "NR30": 0,
        f"{MELTON}-no-beat": 19,
        TOWN: 1,
        EGERTON_PLACE: 1,
        CENTRE: 2,
        FAIRMEAD: 2,
    }
    assert {area: value(plan, "LOC-BDW", "2008/09", area) for area in places} == places


def test_a_month_that_names_no_beat_is_missing_where_beats_are_needed(plan: Warehouse) -> None:
    """May 2007 names wards only: nothing is known of beats and estates, and of wards a zero is one."""
    months = plan.query(
        "select area_code, strftime(month, '%Y-%m') as month, value from marts.measure_values_with_zeros "
        "where measure_code = 'burglary_dwelling' and month in ('2007-05-01', '2007-06-01')"
    )
    values = {(row.area_code, row.month): row.value for row in months.itertuples()}
    named = {MELTON: 1, RURAL: 1, EGERTON: 0, EGERTON_PLACE: 0, TOWN: 0, f"{MELTON}-no-beat": 1}
    needing = {"NR31": "beat", CENTRE: "beat", FAIRMEAD: "locality"}
    expected = {**named, **dict.fromkeys(needing)}
    assert {place: values.get((place, "2007-05")) for place in expected} == expected
    assert [values[place, "2007-06"] for place in needing] == [0, 0, 0]
    assert [value(plan, "LOC-BDW", "2007/08", place) for place in (RURAL, EGERTON_PLACE)] == [13, 0]
    for place, kind in needing.items():
        row = published(plan, "LOC-BDW", "2007/08", place)
        assert (row["value"], row["is_complete"]) == (None, False)
        assert row["note"] == f"missing: no row delivered names a {kind} in 2007-05"


def test_an_extract_of_one_district_gives_figures_of_that_district_only(plan: Warehouse) -> None:
    """No county, no force, no other district: not even a zero, and not even the row that lies in Harborough."""
    wards = {f"E0500{number:04d}" for number in range(5495, 5511)}
    beats = {f"NR3{number}" for number in range(5)}
    within = {MELTON, *wards, *beats, TOWN, CENTRE, FAIRMEAD, EGERTON_PLACE, f"{MELTON}-no-ward", f"{MELTON}-no-beat"}
    assert published_areas(plan, CRIMES) == within
    assert published_areas(plan, INCIDENTS) == within
    measured = plan.table("measure_values_with_zeros", f"source_feed in ('{CRIMES}', '{INCIDENTS}')")
    assert set(measured["area_code"]) == within
    assert accounts(plan, CRIMES, "2008-07") == {
        "counted": 3 + 4,
        "excluded: the place lies outside the supplier's area": 1,
    }


def test_a_fire_service_gives_districts_and_the_county_that_it_holds_whole(plan: Warehouse) -> None:
    districts = {*COUNTY_DISTRICTS, LEICESTER, RUTLAND, f"{FIRE_SERVICE}-no-district"}
    assert published_areas(plan, FIRES) == {*districts, COUNTY, FIRE_SERVICE}
    assert set(plan.table("measure_values", f"source_feed = '{FIRES}'")["area_level"]) == {
        "district",
        "county",
        "fire_service",
    }


def test_road_casualties_are_of_force_county_and_districts(plan: Warehouse) -> None:
    districts = {*COUNTY_DISTRICTS, LEICESTER, RUTLAND, f"{FORCE}-no-district"}
    assert published_areas(plan, CASUALTIES) == {*districts, COUNTY, FORCE}


def test_a_figure_of_most_serious_violence_across_the_break_is_not_comparable(plan: Warehouse) -> None:
    straddling = published(plan, "NI15-COUNT", "12 months to 2008-09")
    assert (straddling["value"], straddling["comparable"]) == (12, False)
    # A break inside the period and one at its first day both part it from the year before.
    for period in ("12 months to 2008-09", "12 months to 2009-03", "2008/09", "2008-04", "2009-03"):
        behind = published(plan, "NI15-COUNT", period)
        assert not behind["comparable"], period
        assert "1 April 2008" in str(behind["note"]), period
        assert str(behind["series_start"])[:10] == "2008-04-01", period
    for period in ("12 months to 2008-03", "2007/08"):
        before = published(plan, "NI15-COUNT", period)
        assert before["comparable"], period
        assert str(before["series_end"])[:10] == "2008-03-31", period
    together = published(plan, "NI15-20-COUNT", "12 months to 2008-09")
    assert (together["value"], together["comparable"]) == (14, True)
    assert together["note"] == "far more rows than usual in 2008-08: ask its sender whether that is right"


def test_a_target_over_the_break_is_not_comparable(plan: Warehouse) -> None:
    targets = plan.table("target_vs_baseline", "plan_id = 'MASCP-2008-11' and months_elapsed = 12")
    targets = targets.set_index("target_id")
    violence = targets.loc["MASCP-2008-11-SVC"]
    assert (violence["baseline_value"], violence["actual_to_date"], violence["comparable"]) == (12, 12, False)
    acquisitive = targets.loc["MASCP-2008-11-SAC"]
    # 2007/08: a burglary a month and a second one in March.
    assert (acquisitive["baseline_value"], acquisitive["actual_to_date"], acquisitive["comparable"]) == (13, 27, True)
    assert acquisitive["outcome"] == "not_met"


def test_a_share_is_of_comparator_crime_and_a_rate_of_people_or_households(plan: Warehouse) -> None:
    """2008/09: 56 comparator crimes, 13 of them criminal damage; 50,000 people, 20,000 households."""
    share = published(plan, "BCS-SHARE-CRIMINAL-DAMAGE", "2008/09")
    assert (share["numerator"], share["denominator"]) == (13, 56)
    assert share["value"] == pytest.approx(100 * 13 / 56)
    assert share["interval_method"] == "wilson"
    assert value(plan, "NI15", "2008/09") == pytest.approx(1000 * 12 / 50_000)
    assert value(plan, "LOC-BDW-HOUSEHOLDS", "2008/09") == pytest.approx(1000 * 21 / 20_000)
    assert accounts(plan, POPULATION, "2008-01") == {
        "counted": 6 + 2 + 1,
        "excluded: all ages or both sexes, beside its parts": 1,
        "excluded: part of a total that was sent too": 1,
        "excluded: the area is in no look-up": 1,
    }


def test_anti_social_behaviour_leaves_out_crimes_and_duplicates(plan: Warehouse) -> None:
    assert value(plan, "ASB", "2008-04") == 5
    assert value(plan, "ASB-NOISE", "2008-04") == 1
    assert value(plan, "ASB-ROWDY-INCONSIDERATE", "2008-04") == 3
    assert accounts(plan, INCIDENTS, "2008-04") == {
        "counted": 7,
        "excluded: duplicate of another incident": 2,
        "excluded: the incident became a recorded crime": 1,
        "excluded: the category belongs to no measure": 1,
    }


def test_underage_drinking_is_told_by_category_and_qualifier(plan: Warehouse) -> None:
    """Underage at street drinking, underage drinking at any other strand; underage alone at another is not."""
    assert value(plan, "LOC-UNDERAGE-DRINKING", "2008-04") == 3


def test_domestic_incidents_count_whether_or_not_they_became_a_crime(plan: Warehouse) -> None:
    assert [value(plan, code, "2008-04") for code in ("CS2", "LOC-DA-CRIMES", "LOC-DA-NON-CRIME")] == [2, 1, 1]


def test_a_made_up_feed_is_flagged_and_ends_with_its_last_month(plan: Warehouse) -> None:
    rows = plan.query(
        "select max(case when period_type = 'month' then period_label end) as last_month, "
        "bool_and(is_synthetic or value is null) as flagged, count(value) as figures "
        f"from marts.indicator_values join marts.indicators using (indicator_code) where source_feed = '{INCIDENTS}'"
    ).iloc[0]
    assert (rows["last_month"], rows["flagged"]) == ("2008-04", True)
    assert rows["figures"] > 0
    # A real feed that stops is incomplete up to the as-at date.
    assert published(plan, "NI16-COUNT", "2009-07")["note"] == "0 of 1 months delivered; missing 2009-07"
    assert not plan.table("indicator_values", "indicator_code = 'NI16-COUNT' and is_synthetic").shape[0]


def test_made_up_fires_beside_real_ones_count_for_nothing(plan: Warehouse) -> None:
    """Five of April, where real ones were sent too, and four of July, where none were."""
    assert accounts(plan, FIRES, "2009-04") == {
        "counted": 2 + 3 + 1,
        "excluded: the category belongs to no measure": 3,
        "excluded: synthetic, and the feed has real deliveries": 5,
    }
    assert accounts(plan, FIRES, "2009-07") == {"excluded: synthetic, and the feed has real deliveries": 4}
    assert value(plan, "NI33II-COUNT", "2009/10 Q1") == 3 * 2
    july = published(plan, "NI33II-COUNT", "2009/10 Q2")
    assert (july["value"], july["is_complete"], july["is_synthetic"]) == (None, False, False)
    assert not plan.table("indicator_values", "indicator_code like 'NI33%' and is_synthetic").shape[0]


def test_fires_are_counted_by_motive_from_records_and_from_totals(plan: Warehouse) -> None:
    """A quarter of paper returns and one of records; unknown cause is not deliberate, a chimney is neither."""
    paper, records = "2008/09 Q4", "2009/10 Q1"
    assert [value(plan, "NI33I-COUNT", quarter) for quarter in (paper, records)] == [3, 3]
    assert [value(plan, "NI33II-COUNT", quarter) for quarter in (paper, records)] == [3 * 7, 3 * 2]
    assert value(plan, "NI33II-COUNT", paper, LEICESTER) == 3 * 20
    assert value(plan, "NI33II-COUNT", paper, COUNTY) == 3 * 7
    assert value(plan, "NI33II-COUNT", paper, FIRE_SERVICE) == 3 * 27
    # The fire without a district is the service's and no district's.
    assert value(plan, "NI33II-COUNT", records, f"{FIRE_SERVICE}-no-district") == 3
    assert value(plan, "NI33II-COUNT", records, FIRE_SERVICE) == 3 * 3


def test_people_in_primary_fires_are_counted_beside_the_fires(plan: Warehouse) -> None:
    """Each month of returns two hurt, each month of records one dead: measured though a year of them is not there."""
    counted = plan.query(
        "select measure_code, sum(value) as total from marts.measure_values "
        f"where area_code = '{MELTON}' and measure_code like 'primary_fire%' group by all"
    )
    assert dict(zip(counted["measure_code"], counted["total"], strict=True)) == {
        "primary_fires": 3 * 2 + 3 * 2,
        "primary_fire_casualties": 3 * 2,
        "primary_fire_fatalities": 3 * 1,
    }
    assert published(plan, "NI49I-COUNT", "2009/10")["value"] is None


def test_killed_or_seriously_injured_is_the_change_of_a_three_year_average(plan: Warehouse) -> None:
    """30, 30, 30 and 24 in Melton: 28 after 30. With ten a year in the city, 38 after 40 in the force."""
    melton = published(plan, "NI47", "2008")
    assert (melton["numerator"], melton["denominator"]) == (28, 30)
    assert melton["value"] == pytest.approx(-100 * 2 / 30)
    assert value(plan, "NI47", "2008", COUNTY) == pytest.approx(-100 * 2 / 30)
    assert value(plan, "NI47", "2008", FORCE) == pytest.approx(-5)
    assert value(plan, "NI47", "2008", LEICESTER) == 0
    third_year = published(plan, "NI47", "2007")
    assert (third_year["value"], third_year["note"]) == (None, "needs four complete calendar years")
    assert [value(plan, "LOC-KSI", str(year)) for year in (2005, 2006, 2007, 2008)] == [30, 30, 30, 24]


def test_a_child_is_fifteen_or_younger_and_of_known_age(plan: Warehouse) -> None:
    """Beside the children, each year has one of sixteen and one of unknown age among the seriously injured."""
    assert [value(plan, "LOC-KSI-CHILDREN", str(year)) for year in (2005, 2006, 2007, 2008)] == [4, 4, 4, 1]
    children = published(plan, "NI48", "2008")
    assert (children["numerator"], children["denominator"], children["value"]) == (3, 4, -25)
    assert value(plan, "LOC-SLIGHT", "2008") == 2
    assert value(plan, "LOC-ROAD-CASUALTIES", "2008") == 26


def test_a_negative_count_is_kept(plan: Warehouse) -> None:
    """Melton: 100 of 28A and -1 of 29."""
    assert value(plan, "HO-BDW", "2008/09 Q1", MELTON_CSP) == 99
    assert accounts(plan, COUNTS, "2008-04") == {"counted": 11}
    year = published(plan, "HO-BDW", "2008/09", MELTON_CSP)
    assert (year["value"], year["is_complete"]) == (None, False)
    assert year["note"] == "1 of 4 quarters delivered; missing 2008-07, 2008-10, 2009-01"


def test_two_tables_of_the_same_twelve_months_stand_side_by_side(plan: Warehouse) -> None:
    """By offence code and by heading; a heading that is not available has no figure."""
    assert value(plan, "HO-ANNUAL-BDW", "2007/08", MELTON_CSP) == 90
    assert value(plan, "ONS-TOTAL-RECORDED-CRIME", "2007/08", MELTON_CSP) == 3416
    assert value(plan, "ONS-BURGLARY", "2007/08", MELTON_CSP) == 0
    assert plan.table("indicator_values", "indicator_code = 'ONS-ROBBERY'").empty


def test_partnerships_that_no_count_names_have_no_figure(plan: Warehouse) -> None:
    """Leicester and Rutland were not sent; a name that nobody knows is of the nation and of no partnership."""
    named = {f"E22000{number}" for number in (164, 165, 166, 167, 169, 170, 171)}
    assert published_areas(plan, COUNTS) == {*named, "K04000001-no-csp"}
    assert set(plan.table("areas", "area_level = 'csp'")["area_code"]) == {*named, "K04000001-no-csp"}
    assert value(plan, "HO-TFMV", "2008/09 Q1", "K04000001-no-csp") == 7


def test_a_changed_count_moves_the_values_that_it_is_part_of(plan: Warehouse) -> None:
    assert revisions(plan, BLABY_CSP)["ho_theft_from_vehicle"] == (5, 6, "count changed 1")
    assert revisions(plan, CHARNWOOD_CSP)["ho_theft_from_vehicle"] == (8, 10, "count changed 1")
    assert revisions(plan, CHARNWOOD_CSP)["ho_theft_of_vehicle"] == (3, 0, "removed 1")
    assert revisions(plan, MELTON_CSP) == {}


def test_peers_are_ranked_and_judged_by_the_bounds_of_their_group(plan: Warehouse) -> None:
    """Rates per 1,000 of 50,000 people each; Melton is second of seven and in line."""
    rates = {name: (count - (name == "Melton")) / 50 for name, count in PEERS.items()}
    mean, deviation = statistics.mean(rates.values()), statistics.stdev(rates.values())
    rows = plan.table("peer_comparison", "indicator_code = 'HO-BDW-RATE' and period_label = '2008/09 Q1'")
    rows = rows.set_index("area_name")
    assert rows["value"].to_dict() == pytest.approx(rates)
    assert set(rows["peer_mean"].round(9)) == {round(mean, 9)}
    assert set(rows["lower_bound"].round(9)) == {round(mean - deviation, 9)}
    assert set(rows["upper_bound"].round(9)) == {round(mean + deviation, 9)}
    assert rows["peer_rank"].to_dict() == {
        "Blaby": 1,
        "Melton": 2,
        "Charnwood": 3,
        "Harborough": 4,
        "Hinckley and Bosworth": 5,
        "North West Leicestershire": 6,
        "Oadby and Wigston": 7,
    }
    outside = rows.loc[rows["standing"] != "in line", "standing"].to_dict()
    assert outside == {"Blaby": "better", "Oadby and Wigston": "worse"}
    assert set(rows["peer_group_status"]) == {"illustrative"}
