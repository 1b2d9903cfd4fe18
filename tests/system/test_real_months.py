"""The open data against figures worked out in pandas straight from the CSV files and look-ups as published."""

import io
import zipfile
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from scipy.stats import chi2

from sources.reasons.reason import for_owner
from sources.samples.build_zip import build_zip
from tests.csp import Installation
from tests.data_folder import take_in_everything
from tests.places import SAMPLE, SHARED
from tests.warehouse.expected_figures import Value, indicator_counts, measures_of, published_counts

LOOKUPS, POPULATION, STREET = SHARED / "lookups", SHARED / "population", SHARED / "police_uk_street"
pytestmark = pytest.mark.skipif(not LOOKUPS.is_dir(), reason=f"the published look-ups are not in {LOOKUPS}")
FORCE = "E23000021"
AS_AT = date(2022, 3, 31)


@pytest.fixture(scope="module")
def crimes() -> pd.DataFrame:
    """All rows with their areas, by the look-ups as published."""
    with zipfile.ZipFile(SAMPLE) as archive:
        rows = pd.concat(pd.read_csv(io.BytesIO(archive.read(name))) for name in archive.namelist())
    districts = pd.read_csv(LOOKUPS / "humaniverse_lookup_lsoa11_ltla21.csv").set_index("lsoa11_code")["ltla21_code"]
    wards = pd.read_csv(LOOKUPS / "humaniverse_lookup_lsoa11_ward17.csv").set_index("lsoa11_code")["ward17_code"]
    areas = pd.read_csv(LOOKUPS / "humaniverse_lookup_ltla24_csp24_pfa24.csv").drop_duplicates("ltla24_code")
    areas = areas.set_index("ltla24_code")["pfa24_code"]  # a district may have several partnerships
    # What lies in another force's area is in no district of this one.
    lsoa = rows["LSOA code"].where(rows["LSOA code"].map(districts).map(areas) == FORCE)
    return pd.DataFrame(
        {
            "month": pd.PeriodIndex(rows["Month"], freq="M"),
            "crime_type": rows["Crime type"],
            "has_place": rows["LSOA code"].notna(),
            "force": FORCE,
            "district": lsoa.map(districts).fillna(f"{FORCE}-no-district"),
            "ward": lsoa.map(wards).fillna(f"{FORCE}-no-ward"),
            "lsoa": lsoa.fillna(f"{FORCE}-no-lsoa"),
        }
    )


@pytest.fixture(scope="module")
def values(crimes: pd.DataFrame) -> dict[Value, int]:
    return measures_of(crimes, ["force", "district", "ward", "lsoa"])


def test_measures_at_every_level(open_data: Installation, values: dict[Value, int]) -> None:
    published = open_data.table("measure_values", "value > 0")
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
def test_indicator_counts(
    open_data: Installation, values: dict[Value, int], level: str, period_types: list[str]
) -> None:
    areas = open_data.table("areas", f"area_level = '{level}' and home_force_code = '{FORCE}'")["area_code"]
    delivered = pd.period_range("2020-04", "2022-03", freq="M")
    # Of wards the latest three months have a rolling year, and the same months of the year before.
    latest = {"2021-03", "2022-01", "2022-02", "2022-03"} if level == "ward" else None
    expected = indicator_counts(values, areas, delivered, AS_AT, period_types, latest)
    assert published_counts(open_data.table("indicator_values", f"area_level = '{level}'")) == expected


def unplaced_note(crimes: pd.DataFrame, year: str) -> str:
    """Return what a figure of a financial year says of the supplier's rows that no district has."""
    rows = crimes[crimes["month"].between(pd.Period(f"{year}-04"), pd.Period(f"{int(year) + 1}-03"))]
    nowhere = (~rows["has_place"]).sum()
    outside = (rows["has_place"] & (rows["district"] == f"{FORCE}-no-district")).sum()
    return (
        f"of {len(rows):,} rows of the supplier {nowhere:,} ({100 * nowhere / len(rows):.1f}%) have no place and "
        f"{outside:,} ({100 * outside / len(rows):.1f}%) lie outside its area: its parts are too low by an "
        "unknown number"
    )


def test_rates_use_the_nearest_population(open_data: Installation, crimes: pd.DataFrame) -> None:
    population = pd.read_csv(POPULATION / "humaniverse_population20_ltla21.csv")
    population = population.set_index("ltla21_code")["total_population"]
    rates = open_data.table(
        "indicator_values",
        "area_level = 'district' and period_label in ('2020/21', '2021/22') and unit like '%per 1,000%'",
    )
    placed = rates[rates["area_code"].isin(population.index)]
    assert len(placed) == 9 * 17 * 2
    expected = 1000 * placed["numerator"] / placed["area_code"].map(population)
    pd.testing.assert_series_equal(placed["value"], expected, check_names=False, rtol=1e-9)
    notes = placed.groupby("period_label")["note"].unique().map(list).to_dict()
    assert notes == {
        "2020/21": [f"population mid-2020; {unplaced_note(crimes, '2020')}"],
        "2021/22": [f"population mid-2020; no estimate for 2021; {unplaced_note(crimes, '2021')}"],
    }
    unplaced = rates[~rates["area_code"].isin(population.index)]
    assert unplaced["value"].isna().all()
    assert set(unplaced["note"]) == {"no population for this area"}


def test_ward_populations_are_sums_of_lsoas(open_data: Installation) -> None:
    lsoas = pd.read_csv(POPULATION / "humaniverse_population19_lsoa11_leics.csv")
    wards = pd.read_csv(LOOKUPS / "humaniverse_lookup_lsoa11_ward17.csv")
    expected = lsoas.merge(wards, on="lsoa11_code").groupby("ward17_code")["total_population"].sum()
    rates = open_data.table(
        "indicator_values", "area_level = 'ward' and period_label = '2021/22' and indicator_code = 'OD-BURGLARY-RATE'"
    )
    published = rates.dropna(subset="denominator").set_index("area_code")["denominator"]
    assert published.to_dict() == expected.to_dict()


def test_limits_are_those_of_a_poisson_count(open_data: Installation) -> None:
    """Byar's approximation stays within half a percent of the exact limits; below ten they are exact."""
    counts = open_data.table("indicator_values", "area_level = 'district' and unit = 'offences' and is_complete")
    exact_lower = chi2.ppf(0.025, 2 * counts["value"]) / 2
    exact_upper = chi2.ppf(0.975, 2 * counts["value"] + 2) / 2
    pd.testing.assert_series_equal(
        counts["lower_95"], pd.Series(exact_lower, counts.index).fillna(0), check_names=False, rtol=0.005
    )
    pd.testing.assert_series_equal(
        counts["upper_95"], pd.Series(exact_upper, counts.index), check_names=False, rtol=0.005
    )


def test_the_sample_holds_the_extracts_uncut(tmp_path: Path) -> None:
    rebuilt = tmp_path / "sample.zip"
    assert build_zip(STREET, rebuilt) == 24
    with zipfile.ZipFile(SAMPLE) as bundled, zipfile.ZipFile(rebuilt) as again:
        assert bundled.namelist() == again.namelist()
        for name in bundled.namelist():
            assert name == f"{name[-33:-26]}/{name[-33:]}"
            assert bundled.read(name) == (STREET / name[-33:]).read_bytes()


def test_every_row_of_all_28_months_is_accepted(tmp_path: Path) -> None:
    expected = {}
    for file in sorted(STREET.glob("*.csv")):
        content = file.read_bytes()
        Installation(tmp_path).drop(file.name, content)
        # No value of these files holds a line break, so lines are rows.
        expected[file.name] = content.count(b"\n") - 1
    receipts = take_in_everything(tmp_path)
    assert len(receipts) == 28
    assert sum(expected.values()) == 232_309
    for receipt in receipts:
        assert (receipt.outcome, receipt.rows_rejected, for_owner(receipt.warnings)) == ("accepted", 0, [])
        assert receipt.rows_delivered == receipt.rows_accepted == expected[receipt.file_name]
