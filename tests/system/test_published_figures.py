"""The published figures of the bundled sample, against a count that shares nothing with the warehouse.

The independent count reads the CSVs with pandas and takes a row for Melton when its *LSOA name* begins with
`Melton ` (an LSOA is named after its district); the warehouse attributes by LSOA code through look-ups.
"""

import io
import zipfile

import pandas as pd
import pytest

from tests.csp import Installation
from tests.places import SAMPLE

MELTON = "E07000133"


@pytest.fixture(scope="module")
def melton_rows() -> pd.DataFrame:
    with zipfile.ZipFile(SAMPLE) as archive:
        months = [pd.read_csv(io.BytesIO(archive.read(name))) for name in archive.namelist()]
    rows = pd.concat(months)
    rows = rows[rows["LSOA name"].str.startswith("Melton ", na=False)]
    starts = rows["Month"].str.slice(0, 4).astype(int) - (rows["Month"].str.slice(5).astype(int) < 4)
    return rows.assign(financial_year=starts.map(lambda start: f"{start}/{(start + 1) % 100:02d}"))


def test_every_crime_type_of_melton_by_month(open_data: Installation, melton_rows: pd.DataFrame) -> None:
    counted = melton_rows.groupby(["Crime type", "Month"]).size().to_dict()
    published = open_data.query(
        f"""
        select i.title, v.period_label, v.value::int
        from indicator_values as v join indicators as i using (indicator_code)
        where v.area_code = '{MELTON}' and v.period_type = 'month' and i.formula_kind = 'count'
        """
    )
    single = {kind.lower() for kind, _ in counted}
    found = {(title.lower(), month): value for title, month, value in published if title.lower() in single}
    assert {(kind.lower(), month): count for (kind, month), count in counted.items()} == {
        key: value for key, value in found.items() if value
    }
    assert len({title for title, _ in found}) == melton_rows["Crime type"].nunique()


@pytest.mark.parametrize(
    ("indicator", "before", "after"),
    [
        ("OD-BURGLARY", 160, 165),
        ("OD-VEHICLE-CRIME", 152, 147),
        ("OD-ROBBERY", 9, 14),
        ("OD-SERIOUS-ACQUISITIVE-CRIME", 321, 326),
        ("OD-CRIMINAL-DAMAGE-AND-ARSON", 368, 470),
        ("OD-VIOLENCE-AND-SEXUAL-OFFENCES", 1208, 1437),
        ("OD-ANTI-SOCIAL-BEHAVIOUR", 421, 453),
    ],
)
def test_financial_years_of_melton(open_data: Installation, indicator: str, before: int, after: int) -> None:
    assert open_data.query(
        f"""
        select period_label, value, numerator, is_complete from indicator_values
        where indicator_code = '{indicator}' and area_code = '{MELTON}' and period_type = 'financial_year' order by 1
        """
    ) == [("2020/21", before, before, True), ("2021/22", after, after, True)]


def test_the_serious_acquisitive_crime_target(open_data: Installation) -> None:
    (row,) = open_data.query(
        f"""
        select baseline_value, round(target_value, 2), actual_to_date, round(change_on_baseline_pct, 1), outcome,
            change_is_significant, projected_outturn, rag, plan_id
        from target_vs_baseline
        where indicator_code = 'OD-SERIOUS-ACQUISITIVE-CRIME' and area_code = '{MELTON}' and as_at = date '2022-03-31'
        """
    )
    assert row[:7] == (321, 311.37, 326, 1.6, "not_met", False, 326)
    assert row[7] == "amber"
    assert "ILLUSTRATIVE" in row[8]


def test_every_delivered_row_is_accounted_for(open_data: Installation, melton_rows: pd.DataFrame) -> None:
    with zipfile.ZipFile(SAMPLE) as archive:
        delivered = sum(archive.read(name).count(b"\n") - 1 for name in archive.namelist())
    assert open_data.query("select sum(row_count) from row_accounts") == [(delivered,)]
    assert open_data.query(
        "select sum(rows_delivered), sum(rows_accepted), count(*) from deliveries where status = 'accepted'"
    ) == [(delivered, delivered, 24)]
    assert open_data.query(
        """
        select sum(value) from measure_values where area_level = 'force'
            and measure_code in ('total_recorded_crime', 'anti_social_behaviour')
        """
    ) == [(delivered,)]
