"""The real months of Leicestershire against figures worked out in pandas straight from the CSV files and look-ups."""

from datetime import date

import pandas as pd
import pytest
from scipy.stats import binomtest, chi2

from tests.warehouse.expected_figures import Value, indicator_counts, measures_of, published_counts
from tests.warehouse.warehouse import SHARED, Warehouse

FORCE = "E23000021"
AS_AT = date(2022, 3, 31)
# Acceptance figures of Melton, financial years 2020/21 and 2021/22.
MELTON = {
    "OD-BURGLARY": (160, 165),
    "OD-VEHICLE-CRIME": (152, 147),
    "OD-ROBBERY": (9, 14),
    "OD-SERIOUS-ACQUISITIVE-CRIME": (321, 326),
    "OD-CRIMINAL-DAMAGE-AND-ARSON": (368, 470),
    "OD-VIOLENCE-AND-SEXUAL-OFFENCES": (1208, 1437),
    "OD-ANTI-SOCIAL-BEHAVIOUR": (421, 453),
}


@pytest.fixture(scope="module")
def crimes(real: Warehouse) -> pd.DataFrame:
    """All rows with their areas, by the look-ups as published."""
    rows = pd.concat(
        pd.read_csv(path, usecols=["Month", "LSOA code", "Crime type"])
        for path in sorted((SHARED / "police_uk_street").glob("*-street.csv"))
    )
    lookups = SHARED / "lookups"
    districts = pd.read_csv(lookups / "humaniverse_lookup_lsoa11_ltla21.csv").set_index("lsoa11_code")["ltla21_code"]
    wards = pd.read_csv(lookups / "humaniverse_lookup_lsoa11_ward17.csv").set_index("lsoa11_code")["ward17_code"]
    lsoa = rows["LSOA code"]
    return pd.DataFrame(
        {
            "month": pd.PeriodIndex(rows["Month"], freq="M"),
            "crime_type": rows["Crime type"],
            "force": FORCE,
            "district": lsoa.map(districts).fillna(f"{FORCE}-no-district"),
            "ward": lsoa.map(wards).fillna(f"{FORCE}-no-ward"),
            "lsoa": lsoa.fillna(f"{FORCE}-no-lsoa"),
        }
    )


@pytest.fixture(scope="module")
def values(crimes: pd.DataFrame) -> dict[Value, int]:
    return measures_of(crimes, ["force", "district", "ward", "lsoa"])


def test_acceptance_figures_of_melton(real: Warehouse) -> None:
    years = real.table("indicator_values", "area_code = 'E07000133' and period_type = 'financial_year' and is_complete")
    published = years.pivot(index="indicator_code", columns="period_label", values="value")
    assert {code: tuple(published.loc[code, ["2020/21", "2021/22"]]) for code in MELTON} == MELTON


def test_serious_acquisitive_crime_target(real: Warehouse) -> None:
    outturn = real.table("target_vs_baseline", "target_id = 'ILL-2021-22-SAC' and as_at = '2022-03-31'").iloc[0]
    assert (outturn["baseline_value"], outturn["target_value"], outturn["actual_to_date"]) == (321, 311.37, 326)
    assert round(outturn["change_on_baseline_pct"], 1) == 1.6
    assert outturn["outcome"] == "not_met"
    assert not outturn["change_is_significant"]


def test_measures_at_every_level(real: Warehouse, values: dict[Value, int]) -> None:
    published = real.table("measure_values", "value > 0")
    months = pd.PeriodIndex(published["month"], freq="M")
    keys = zip(published["measure_code"], published["area_code"], months, strict=True)
    assert dict(zip(keys, published["value"], strict=True)) == values


@pytest.mark.parametrize(
    ("level", "period_types"),
    [
        ("force", ["month", "quarter", "year_to_date", "rolling_12_months", "financial_year"]),
        ("district", ["month", "quarter", "year_to_date", "rolling_12_months", "financial_year"]),
        ("ward", ["rolling_12_months", "financial_year"]),
    ],
)
def test_indicator_counts(real: Warehouse, values: dict[Value, int], level: str, period_types: list[str]) -> None:
    areas = real.table("areas", f"area_level = '{level}' and home_force_code = '{FORCE}'")["area_code"]
    delivered = pd.period_range("2019-12", "2022-03", freq="M")
    expected = indicator_counts(values, areas, delivered, AS_AT, period_types)
    assert published_counts(real.table("indicator_values", f"area_level = '{level}'")) == expected


def test_rates_use_the_nearest_population(real: Warehouse) -> None:
    population = pd.read_csv(SHARED / "population" / "humaniverse_population20_ltla21.csv")
    population = population.set_index("ltla21_code")["total_population"]
    rates = real.table(
        "indicator_values",
        "area_level = 'district' and period_label in ('2020/21', '2021/22') and unit like '%per 1,000%'",
    )
    placed = rates[rates["area_code"].isin(population.index)]
    assert len(placed) == 9 * 16 * 2
    expected = 1000 * placed["numerator"] / placed["area_code"].map(population)
    pd.testing.assert_series_equal(placed["value"], expected, check_names=False, rtol=1e-9)
    notes = placed.groupby("period_label")["note"].unique().map(list).to_dict()
    assert notes == {
        "2020/21": ["population mid-2020"],
        "2021/22": ["population mid-2020; no estimate for 2021"],
    }
    unplaced = rates[~rates["area_code"].isin(population.index)]
    assert unplaced["value"].isna().all()
    assert set(unplaced["note"]) == {"no population for this area"}


def test_ward_populations_are_sums_of_lsoas(real: Warehouse) -> None:
    lsoas = pd.read_csv(SHARED / "population" / "humaniverse_population19_lsoa11_leics.csv")
    wards = pd.read_csv(SHARED / "lookups" / "humaniverse_lookup_lsoa11_ward17.csv")
    expected = lsoas.merge(wards, on="lsoa11_code").groupby("ward17_code")["total_population"].sum()
    rates = real.table(
        "indicator_values", "area_level = 'ward' and period_label = '2021/22' and indicator_code = 'OD-BURGLARY-RATE'"
    )
    published = rates.dropna(subset="denominator").set_index("area_code")["denominator"]
    assert published.to_dict() == expected.to_dict()


def test_limits_are_those_of_a_poisson_count(real: Warehouse) -> None:
    """Byar's approximation stays within half a percent of the exact limits; below ten they are exact."""
    counts = real.table("indicator_values", "area_level = 'district' and unit = 'offences' and is_complete")
    exact_lower = chi2.ppf(0.025, 2 * counts["value"]) / 2
    exact_upper = chi2.ppf(0.975, 2 * counts["value"] + 2) / 2
    pd.testing.assert_series_equal(
        counts["lower_95"], pd.Series(exact_lower, counts.index).fillna(0), check_names=False, rtol=0.005
    )
    pd.testing.assert_series_equal(
        counts["upper_95"], pd.Series(exact_upper, counts.index), check_names=False, rtol=0.005
    )


def test_targets_month_by_month(real: Warehouse, values: dict[Value, int]) -> None:
    targets = real.table("target_vs_baseline", "plan_id = 'ILLUSTRATIVE-2021-22'")
    assert len(targets) == 5 * 12
    for row in targets.itertuples():
        measure = row.indicator_code.removeprefix("OD-").lower().replace("-", "_")
        year, now = (
            [values.get((measure, "E07000133", month), 0) for month in pd.period_range(start, periods=12, freq="M")]
            for start in ("2020-04", "2021-04")
        )
        baseline, actual = sum(year[: row.months_elapsed]), sum(now[: row.months_elapsed])
        profile = 0.97 * sum(year) * baseline / sum(year)
        assert (row.actual_to_date, row.baseline_to_date) == (actual, baseline)
        assert row.profiled_target_to_date == pytest.approx(profile, abs=1e-6)
        assert row.variance_to_profile_pct == pytest.approx(100 * (actual / profile - 1), abs=1e-5)
        assert row.change_p_value == pytest.approx(binomtest(actual, actual + baseline, 0.5).pvalue, abs=1e-9)
        assert row.change_is_significant == (row.change_p_value < 0.05)
        remaining = sum(year) - baseline
        assert row.projected_outturn == pytest.approx(actual + remaining * actual / baseline, abs=1e-6)
        behind = actual / profile - 1
        assert row.rag == ("green" if behind <= 0 else "amber" if behind <= 0.05 else "red")
        ended = "met" if actual <= 0.97 * sum(year) else "not_met"
        assert row.outcome == (ended if row.months_elapsed == 12 else "in_progress")
