"""Every rule of attribution, completeness and accounting, on rows that a person can count."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from tests.seeds import seed_rows
from tests.warehouse.expected_figures import indicator_counts, measures_of, published_counts
from tests.warehouse.street_data_folder import LEICESTER, LINCOLNSHIRE, MELTON, MELTON_TOO
from tests.warehouse.warehouse import Warehouse

FORCE = "E23000021"
# Never delivered, and delivered only as made-up rows.
NOT_DELIVERED = ("2020-07", "2021-05")


@pytest.fixture(scope="module")
def standing_rows() -> pd.DataFrame:
    """The rows that should count: the later delivery of May, both forces in June, no piracy, nothing made up."""
    months = ["2020-08", "2020-09", "2020-10", "2020-11", "2020-12", "2021-01", "2021-02", "2021-03", "2021-04"]
    rows = [
        *[("2020-04", FORCE, MELTON, "Burglary")] * 12,
        *[("2020-04", FORCE, LEICESTER, "Anti-social behaviour")] * 3,
        ("2020-04", FORCE, None, "Robbery"),
        *[("2020-05", FORCE, MELTON, "Burglary")] * 3,
        ("2020-05", FORCE, MELTON_TOO, "Vehicle crime"),
        ("2020-05", FORCE, None, "Drugs"),
        ("2020-06", FORCE, MELTON, "Burglary"),
        ("2020-06", FORCE, LINCOLNSHIRE, "Burglary"),
        *[("2020-06", "E23000020", LINCOLNSHIRE, "Burglary")] * 4,
        ("2020-06", "E23000020", MELTON, "Robbery"),
        *[(month, FORCE, MELTON, "Burglary") for month in months],
        ("2021-06", FORCE, MELTON, "Burglary"),
    ]
    frame = pd.DataFrame(rows, columns=["month", "force", "lsoa", "crime_type"])
    frame["month"] = pd.PeriodIndex(frame["month"], freq="M")
    district = {MELTON: "E07000133", MELTON_TOO: "E07000133", LEICESTER: "E06000016", LINCOLNSHIRE: "E07000141"}
    ward = {MELTON: "E05005496", MELTON_TOO: "E05005496", LEICESTER: "E05010460", LINCOLNSHIRE: "E05010153"}
    # What lies in another force's area is in no district of this one, nor of the other.
    home = {MELTON: FORCE, MELTON_TOO: FORCE, LEICESTER: FORCE, LINCOLNSHIRE: "E23000020"}
    frame["lsoa"] = frame["lsoa"].where(frame["lsoa"].map(home) == frame["force"])
    frame["district"] = frame["lsoa"].map(district).fillna(frame["force"] + "-no-district")
    frame["ward"] = frame["lsoa"].map(ward).fillna(frame["force"] + "-no-ward")
    frame["lsoa"] = frame["lsoa"].fillna(frame["force"] + "-no-lsoa")
    return frame


def test_measures_are_the_counted_rows(small: Warehouse, standing_rows: pd.DataFrame) -> None:
    published = small.table("measure_values", "value > 0")
    expected = measures_of(standing_rows, ["force", "district", "ward", "lsoa"])
    assert {
        (row.measure_code, row.area_code, pd.Period(row.month, "M")): row.value for row in published.itertuples()
    } == expected


def test_a_delivered_month_has_zeros_and_an_undelivered_month_no_row(small: Warehouse) -> None:
    values = small.table("measure_values", "measure_code = 'robbery' and area_code = 'E07000130'")
    assert set(values["value"]) == {0.0}
    assert len(values) == 13
    assert not set(NOT_DELIVERED) & set(values["month"].astype(str).str[:7])


def test_indicators_are_complete_only_when_every_month_was_delivered(
    small: Warehouse, standing_rows: pd.DataFrame
) -> None:
    areas = [FORCE, "E07000133", "E06000016", f"{FORCE}-no-district"]
    # Half of August's rows have a code that no list holds.
    without_figures = (*NOT_DELIVERED, "2020-08")
    delivered = [m for m in pd.period_range("2020-04", "2021-06", freq="M") if str(m) not in without_figures]
    expected = indicator_counts(
        measures_of(standing_rows, ["force", "district"]),
        areas,
        delivered,
        date(2021, 6, 30),
        ["month", "quarter", "year_to_date", "rolling_12_months", "financial_year"],
    )
    quoted = ", ".join(f"'{area}'" for area in areas)
    assert published_counts(small.table("indicator_values", f"area_code in ({quoted})")) == expected


def test_a_code_on_no_list_is_told_and_makes_its_figures_incomplete(small: Warehouse) -> None:
    """One row of two in August: half of them, and of the quarter a third, are more than one in two hundred."""
    [unknown] = small.table("unknown_codes").to_dict("records")
    assert (unknown["feed"], unknown["month"].strftime("%Y-%m")) == ("police/street_crime", "2020-08")
    assert (unknown["code"], unknown["row_count"], unknown["is_over_limit"]) == ("a text", 1, True)
    assert "OD-BURGLARY," in unknown["indicator_codes"]
    figures = small.table("indicator_values", "indicator_code = 'OD-BURGLARY' and area_code = 'E07000133'")
    figures = figures.set_index("period_label")[["value", "is_complete", "note"]]
    assert list(figures.loc["2020-08"].fillna("")) == [
        "", False, "missing: 1 of 2 rows (50.0%) carry codes on no list, such as a text"
    ]  # fmt: skip
    assert list(figures.loc["2020-09", ["value", "is_complete"]]) == [1, True]


def test_rows_that_lie_outside_or_nowhere_are_told_and_levels_add_up(small: Warehouse) -> None:
    notes = small.table("indicator_values", "indicator_code = 'OD-BURGLARY' and period_label = '2020-06'")
    notes = notes.set_index("area_code")["note"]
    assert notes["E07000133"] == (
        "of 2 rows of the supplier 1 (50.0%) lie outside its area: its parts are too low by an unknown number"
    )
    assert notes[["E23000021", "E23000021-no-district"]].isna().all()
    by_level = small.table("measure_values", "measure_code = 'burglary' and month = '2020-06-01'")
    sums = by_level[by_level["area_level"].isin(["force", "district", "ward", "lsoa"])].groupby("area_level")["value"]
    assert set(sums.sum()) == {6.0}


def test_no_figure_stands_in_a_district_of_a_force_that_delivered_nothing(small: Warehouse) -> None:
    months = small.table("measure_values", "area_code = 'E07000141'")["month"].astype(str).str[:7]
    assert set(months) == {"2020-06"}  # the one month that Lincolnshire delivered


def test_a_gap_is_named_and_never_a_small_value(small: Warehouse) -> None:
    gap = small.table(
        "indicator_values", "indicator_code = 'OD-BURGLARY' and area_code = 'E07000133' and period_label = '2020/21 Q2'"
    ).iloc[0]
    assert gap["note"].startswith("2 of 3 months delivered; missing 2020-07; missing: 1 of 3 rows (33.3%) carry codes")
    assert not gap["is_complete"]
    assert pd.isna(gap["value"])


def test_a_restated_month_is_a_revision_and_marks_its_periods(small: Warehouse) -> None:
    revision = small.table("revisions", "measure_code = 'burglary' and area_code = 'E07000133'").iloc[0]
    assert (revision["previous_value"], revision["value"], revision["change"]) == (2, 3, 1)
    stray = small.table("revisions", f"measure_code = 'robbery' and area_code = '{FORCE}-no-district'").iloc[0]
    assert (stray["previous_value"], stray["value"]) == (1, 0)
    status = small.table("indicator_values", "indicator_code = 'OD-BURGLARY' and area_code = 'E07000133'")
    status = status.set_index(["period_type", "period_label"])["status"]
    assert status["month", "2020-05"] == "revised"
    assert status["quarter", "2020/21 Q1"] == "revised"
    assert status["month", "2020-04"] == "final"
    assert status["month", "2020-06"] == "final"
    assert status["month", "2020-08"] == "provisional"


def test_deliveries_say_what_became_of_them(small: Warehouse) -> None:
    deliveries = small.table("deliveries")
    assert deliveries["status"].value_counts().to_dict() == {
        "accepted": 15,
        "partly_accepted": 1,
        "superseded": 1,
        "refused": 1,
        "duplicate": 1,
    }
    assert deliveries.loc[deliveries["status"] == "superseded", "reason"].item() == (
        "superseded by police/street_crime leicestershire 2020-05, receipt 3"
    )


def test_every_row_is_accounted_for(small: Warehouse) -> None:
    accounts = small.table("row_accounts").groupby(["stage", "outcome"])["row_count"].sum()
    assert accounts.to_dict() == {
        ("intake", "rejected: month is the delivered month"): 2,
        ("measures", "counted"): 16 + 5 + 2 + 5 + 9 + 1,
        ("measures", "excluded: the code is in no list: a text"): 1,
        ("measures", "excluded: the supplier is not known"): 1,
        ("measures", "excluded: synthetic, and the feed has real deliveries"): 1,
    }


def test_a_made_up_month_of_a_real_feed_counts_for_nothing(small: Warehouse) -> None:
    """Its rows are accounted for above; its month is missing, and nothing published is made up."""
    month = small.table(
        "indicator_values", "indicator_code = 'OD-BURGLARY' and area_code = 'E07000133' and period_label = '2021-05'"
    ).iloc[0]
    assert pd.isna(month["value"])
    assert month["note"] == "0 of 1 months delivered; missing 2021-05"
    for name in ("measure_values", "indicator_values", "target_vs_baseline"):
        assert not small.table(name, "is_synthetic").shape[0]


def test_a_target_whose_baseline_lacks_a_month_is_not_measurable(small: Warehouse) -> None:
    target = small.table("target_vs_baseline", "target_id = 'ILL-2021-22-SAC'")
    assert list(target["months_elapsed"]) == [1, 2, 3]
    assert set(target["outcome"]) == {"not_measurable"}
    assert set(target["rag"]) == {"grey"}
    assert target["baseline_value"].isna().all()
    assert target["note"].str.contains("baseline months missing: .*2020-07").all()


def test_counted_rows_lead_from_a_figure_to_file_and_row(small: Warehouse) -> None:
    rows = small.query(
        "select * from restricted.counted_rows where month = '2020-04-01' and area_codes like '%E07000133%'"
    )
    assert sorted(rows["row_number"]) == list(range(2, 14))
    assert set(rows["feed"]) == {"police/street_crime"}


def test_dbt_unit_tests_pass(small: Warehouse, tmp_path: Path) -> None:
    small.copy_to(tmp_path / "data").dbt("test", "--select", "test_type:unit")


def test_only_months_that_had_ended_by_the_as_at_date_count(early: Warehouse) -> None:
    """As at 30 December the last month is November, in every table of the release and in the lineage."""
    assert {
        table: str(early.query(f"select max({month}) as month from {table} where {where}")["month"].item())[:7]
        for table, month, where in (
            ("marts.measure_values", "month", "true"),
            ("marts.indicators", "last_month", "true"),
            ("marts.indicator_values", "period_end", "is_complete"),
            ("marts.revisions", "period_start", "true"),
            ("marts.row_accounts", "period_start", "outcome = 'counted'"),
            ("restricted.counted_rows", "month", "true"),
            ("intermediate.int_months__delivered", "month", "true"),
        )
    } == {
        "marts.measure_values": "2020-11",
        "marts.indicators": "2020-11",
        "marts.indicator_values": "2020-11",
        "marts.revisions": "2020-05",
        "marts.row_accounts": "2020-11",
        "restricted.counted_rows": "2020-11",
        "intermediate.int_months__delivered": "2020-11",
    }


def test_rows_after_the_as_at_date_are_accounted_for(early: Warehouse) -> None:
    later = early.table("row_accounts", "period_start > '2020-11-30' and stage = 'measures'")
    assert set(later["outcome"]) == {"excluded: the month ends after the as-at date"}
    assert later["row_count"].sum() == 4 + 1 + 1 + 2


def test_an_earlier_as_at_date_changes_no_earlier_month(early: Warehouse, small: Warehouse) -> None:
    values = "select * from marts.measure_values where area_code in ({}) and month <= '2020-11-01' order by all"
    areas = "select area_code from marts.areas where home_force_code = 'E23000021'"
    pd.testing.assert_frame_equal(early.query(values.format(areas)), small.query(values.format(areas)))


def test_bytes_taken_in_again_with_other_rows_are_revised(early: Warehouse) -> None:
    """Their raw rows were replaced, so there is nothing to compare; the receipts tell that the month changed."""
    status = early.table(
        "indicator_values", "indicator_code = 'OD-BURGLARY' and area_code = 'E07000141' and is_complete"
    )
    assert status.set_index(["period_type", "period_label"])["status"].to_dict() == {
        ("month", "2020-06"): "provisional",
        ("month", "2020-11"): "revised",
    }
    assert early.table("revisions", "period_start = '2020-11-01'").empty
    assert early.table("row_accounts", "period_start = '2020-11-01' and stage = 'intake'").empty


def test_of_a_series_without_a_whole_period_the_month_stands_as_at(early: Warehouse) -> None:
    standing = early.table("indicators_as_at", "indicator_code = 'OD-BURGLARY' and area_code = 'E07000141'").iloc[0]
    assert (standing["period_label"], standing["value"]) == ("2020-11", 3)
    assert standing["why_no_comparison"] == "nothing of the year before"


def test_as_at_before_the_first_month_every_mart_is_there_and_says_no_data(too_early: Warehouse) -> None:
    for name in ("indicator_values", "measure_values", "revisions", "areas"):
        assert too_early.table(name).empty
    assert set(too_early.table("indicators", "availability_reason is null")["availability"]) == {"no data"}
    outcomes = too_early.table("target_vs_baseline").groupby("plan_id")["outcome"].unique().map(list).to_dict()
    assert outcomes == {
        "ILLUSTRATIVE-2021-22": ["in_progress"],
        "MASCP-2005-08": ["not_measurable"],
        "MASCP-2008-11": ["not_measurable", "no_target"],
    }
    assert len(too_early.table("deliveries")) == 19
    assert "counted" not in set(too_early.table("row_accounts")["outcome"])


def test_without_deliveries_every_mart_is_there_and_says_no_data(nothing_delivered: Warehouse) -> None:
    for name in ("indicator_values", "measure_values", "deliveries", "row_accounts", "revisions", "areas"):
        assert nothing_delivered.table(name).empty
    assert set(nothing_delivered.table("indicators", "availability_reason is null")["availability"]) == {"no data"}
    outcomes = nothing_delivered.table("target_vs_baseline").groupby("target_status")["outcome"].unique().map(list)
    assert outcomes.to_dict() == {
        status: ["no_target" if status == "not_set" else "not_measurable"]
        for status in ("derived", "illustrative", "not_set", "set")
    }
    assert len(nothing_delivered.table("targets")) == len(seed_rows("plan_targets"))
