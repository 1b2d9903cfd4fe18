"""Real months of 2024: merged districts, repeated Crime IDs, rows without place or outside the force, an unknown force.

The numbers are recounted in pandas from the files and the look-ups as published.
"""

import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from tests.data_folder import take_in_everything
from tests.places import SHARED
from tests.warehouse.conftest import Build
from tests.warehouse.warehouse import Warehouse

STREET, OUTCOMES, LOOKUPS = SHARED / "police_uk_2024", SHARED / "police_uk_outcomes", SHARED / "lookups"
pytestmark = pytest.mark.skipif(not STREET.is_dir(), reason=f"the months of 2024 are not in {STREET}")
FORCES = {
    "btp": None,
    "cumbria": "E23000002",
    "derbyshire": "E23000018",
    "dyfed-powys": "W15000004",
    "north-yorkshire": "E23000009",
    "northamptonshire": "E23000022",
}


@pytest.fixture(scope="module")
def months(built: Build) -> Warehouse:
    def fill(root: Path) -> None:
        shutil.copytree(STREET, root / "landing/police/street_crime")
        shutil.copytree(OUTCOMES, root / "landing/police/outcomes")
        take_in_everything(root)

    return built("police_uk_2024", fill, date(2024, 3, 31))


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    """Each crime once, in its force and district; a row placed in the force before one elsewhere or without place."""
    district = pd.read_csv(LOOKUPS / "humaniverse_lookup_lsoa11_ltla21.csv").set_index("lsoa11_code")["ltla21_code"]
    newer = pd.read_csv(LOOKUPS / "humaniverse_lookup_lsoa11_lsoa21_ltla22.csv").drop_duplicates("lsoa21_code")
    newer = newer.set_index("lsoa21_code")["ltla22_code"]
    forces = pd.read_csv("dbt_project/reference/districts.csv").set_index("district_code")["force_code"]
    frames = []
    for file in sorted(STREET.glob("*.csv")):
        sent = pd.read_csv(file, dtype=str)
        supplier = file.name.removesuffix("-street.csv")[8:]
        sent["supplier"], sent["month"] = supplier, file.name[:7]
        sent["district"] = sent["LSOA code"].map(district).fillna(sent["LSOA code"].map(newer))
        sent["rank"] = 2 - (sent["district"].map(forces) == FORCES[supplier]) - sent["LSOA code"].notna()
        sent["inside"] = sent["district"].map(forces) == FORCES[supplier]
        once = sent[sent["Crime ID"].notna()].sort_values("rank", kind="stable").drop_duplicates("Crime ID")
        frames.append(pd.concat([once, sent[sent["Crime ID"].isna()]]))
    return pd.concat(frames)


def test_every_data_test_holds(months: Warehouse, small: Warehouse) -> None:
    assert months.failed_data_tests(small) == []


def test_every_month_is_taken_in_and_each_crime_counts_once(months: Warehouse, rows: pd.DataFrame) -> None:
    # A supplier whom no seed knows is not named.
    accepted = months.table("deliveries", "feed = 'police/street_crime'").fillna({"supplier": "btp"})
    accepted = accepted.set_index(["supplier", "period_start"])["rows_accepted"]
    expected = rows.groupby(["supplier", "month"]).size()
    assert {(supplier, str(start)[:7]): count for (supplier, start), count in accepted.items()} == expected.to_dict()
    assert len(accepted) == 8


@pytest.mark.parametrize(
    ("area", "supplier", "count"),
    [("E06000063", "cumbria", 1612), ("E06000064", "cumbria", 1064), ("E06000065", "north-yorkshire", 2519)],
)
def test_merged_districts_are_the_sums_of_their_parts(
    months: Warehouse, rows: pd.DataFrame, area: str, supplier: str, count: int
) -> None:
    parts = {
        "E06000063": ["E07000026", "E07000028", "E07000029"],
        "E06000064": ["E07000027", "E07000030", "E07000031"],
        "E06000065": [f"E0700{number:04d}" for number in range(163, 170)],
    }[area]
    crimes = rows[(rows["supplier"] == supplier) & (rows["Crime type"] != "Anti-social behaviour")]
    assert crimes["district"].isin(parts).sum() == count
    figures = months.table("indicator_values", f"area_code = '{area}' and period_label = '2024-01'")
    figures = figures.set_index("indicator_code")
    assert figures.loc["OD-TOTAL-RECORDED-CRIME", "value"] == count
    # The estimates that ship are of mid-2020, by the districts of then.
    people = pd.read_csv("dbt_project/reference/populations.csv").query("mid_year == 2020 and area_code in @parts")
    assert figures.loc["OD-TOTAL-RECORDED-CRIME-RATE", "denominator"] == people["population"].sum()
    assert months.table("indicator_values", f"area_code in ({', '.join(map(repr, parts))})").empty


def test_levels_add_up_and_nothing_lies_in_districts_of_other_forces(months: Warehouse, rows: pd.DataFrame) -> None:
    values = months.table("measure_values", "measure_code = 'total_recorded_crime' and month = '2024-01-01'")
    sums = values.groupby("area_level")["value"].sum()
    known = rows[(rows["supplier"] != "btp") & (rows["month"] == "2024-01")]
    crimes = (known["Crime type"] != "Anti-social behaviour").sum()
    assert sums[["force", "district", "ward", "lsoa"]].to_dict() == dict.fromkeys(
        ["force", "district", "ward", "lsoa"], crimes
    )
    areas = months.table("areas").set_index("area_code")["home_force_code"]
    delivering = {force for force in FORCES.values() if force}
    assert set(values["area_code"].map(areas)) <= delivering


def test_a_part_says_how_many_rows_have_no_place(months: Warehouse) -> None:
    [note] = months.table(
        "indicator_values",
        "indicator_code = 'OD-BURGLARY' and area_code = 'W06000008' and period_label = '2024-01'",
    )["note"]
    assert "of 1,187 rows of the supplier 361 (30.4%) have no place and 6 (0.5%) lie outside its area" in note


def test_an_unknown_force_counts_for_nothing_and_says_so(months: Warehouse) -> None:
    [reason] = months.table("deliveries", "supplier is null")["reason"]
    assert "counts for nothing: nobody has said which area the supplier answers for" in reason


def test_an_outcome_counts_once_a_crime_and_kind_and_every_row_is_accounted_for(months: Warehouse) -> None:
    """Metropolitan burglaries of three months; upstream left out what is no burglary."""
    sent = pd.concat([pd.read_csv(file) for file in sorted(OUTCOMES.glob("*.csv"))]).sort_values("Month", kind="stable")
    charged = sent["Outcome type"].str.startswith("Suspect charged")
    unseen = sent["Outcome type"].str.contains("no suspect identified")
    expected = {
        "outcomes_charged": sent[charged].drop_duplicates("Crime ID").groupby("Month").size(),
        "outcomes_no_suspect": sent[unseen].drop_duplicates("Crime ID").groupby("Month").size(),
    }
    values = months.table("measure_values", "area_code = 'E23000001' and area_level = 'force' and value > 0")
    values["month"] = values["month"].astype(str).str[:7]
    for measure, counts in expected.items():
        found = values[values["measure_code"] == measure].set_index("month")["value"]
        assert found.to_dict() == counts.to_dict()
    # No street file of London is there: every crime is unknown, and none of its outcomes is lost.
    by_measure = values.groupby("measure_code")["value"].sum()
    assert by_measure["outcomes_of_unknown_crimes"] == by_measure["outcomes_of_the_police"]
    accounts = months.table("row_accounts", "feed = 'police/outcomes' and stage = 'measures'")
    assert accounts["row_count"].sum() == len(sent) == 7557
    lsoas = pd.read_csv(LOOKUPS / "humaniverse_lookup_lsoa11_ltla21.csv").set_index("lsoa11_code")["ltla21_code"]
    of_camden = sent[charged & (sent["LSOA code"].map(lsoas) == "E09000007")].drop_duplicates("Crime ID")
    camden = months.table("measure_values", "area_code = 'E09000007' and measure_code = 'outcomes_charged'")
    assert camden["value"].sum() == len(of_camden) > 0
