"""Files that public bodies really published, each with the outcome that a person would want.

They lie in `shared/data` beside the checkout, which not everybody has.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from sources.contract.load import load_contracts
from sources.folder.data_folder import DataFolder
from sources.ledger.receipts import Receipt
from sources.reasons.reason import for_owner
from tests.places import SHARED

from .conftest import Drop

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason=f"the real files are not there: {SHARED}")


@dataclass(frozen=True)
class Delivery:
    feed: str
    file: str
    name: str
    rows: int
    supplier: str
    period: tuple[str, str]
    version: str
    warnings: tuple[str, ...] = ()


OTHER_ORDER = "The columns are in another order than the contract's; they were read by name."
DELIVERIES = [
    Delivery(
        "fire/incidents",
        "fire/afrs_attended_incidents_july_2014.csv",
        "afrs_attended_incidents_july_2014.csv",
        1084,
        "avon",
        ("2014-07-01", "2014-07-31"),
        "avon 1.1.0",
    ),
    Delivery(
        "home_office/csp_recorded_crime_annual",
        "home_office/crime_data_by_csp.csv",
        "crime_data_by_csp_2011-12.csv",
        15577,
        "home-office",
        ("2011-04-01", "2012-03-31"),
        "1.0.0",
    ),
    Delivery(
        "home_office/csp_headline_crime",
        "home_office/ons_la_crime_policeforceareatablesyejune25final.csv",
        "ons_la_crime_policeforceareatablesyejune25final.csv",
        399,
        "ons",
        ("2024-07-01", "2025-06-30"),
        "1.1.0",
    ),
    Delivery(
        "ons/population",
        "population/nomis_NM_2002_1_mye_leics.tsv",
        "nomis_NM_2002_1_mye_leics_2011.tsv",
        1638,
        "ons-nomis",
        ("2011-01-01", "2011-12-31"),
        "nomis 1.1.0",
    ),
    Delivery(
        "ons/population",
        "population/humaniverse_population17_lsoa11_leics.csv",
        "humaniverse_population17_lsoa11_leics.csv",
        611,
        "ons-lsoa",
        ("2017-01-01", "2017-12-31"),
        "lsoa_single_year 1.1.0",
        (OTHER_ORDER,),
    ),
    Delivery(
        "ons/population",
        "population/humaniverse_population19_lsoa11_leics.csv",
        "humaniverse_population19_lsoa11_leics.csv",
        611,
        "ons-lsoa",
        ("2019-01-01", "2019-12-31"),
        "lsoa_single_year 1.1.0",
    ),
    Delivery(
        "ons/population",
        "population/humaniverse_population20_ltla21.csv",
        "humaniverse_population20_ltla21.csv",
        331,
        "ons-ltla",
        ("2020-01-01", "2020-12-31"),
        "ltla_single_year 1.0.0",
    ),
    Delivery(
        "ons/population",
        "population/humaniverse_households21_ltla21.csv",
        "humaniverse_households21_ltla21.csv",
        331,
        "ons-households",
        ("2021-01-01", "2021-12-31"),
        "households 1.0.0",
    ),
    *(
        Delivery(
            "ons/population",
            f"ons_lsoa21/trafford_mid_{year}_{level}.csv",
            f"trafford_mid_{year}_{level}.csv",
            rows,
            level,
            (f"{year}-01-01", f"{year}-12-31"),
            "single_year_by_sex 1.1.0",
        )
        for year in (2022, 2024)
        for level, rows in (("la", 3), ("lsoa21", 417))
    ),
]


def taken(tmp_path: Path, feed: str, file: str, name: str) -> tuple[Drop, Receipt]:
    drop = Drop(DataFolder(tmp_path / "data"), load_contracts()[feed])
    return drop, drop.take((SHARED / file).read_bytes(), name)


@pytest.mark.parametrize("delivery", DELIVERIES, ids=[delivery.name for delivery in DELIVERIES])
def test_every_row_is_accepted(tmp_path: Path, delivery: Delivery) -> None:
    drop, receipt = taken(tmp_path, delivery.feed, delivery.file, delivery.name)
    assert (receipt.outcome, for_owner(receipt.reasons), tuple(for_owner(receipt.warnings))) == (
        "accepted",
        [],
        delivery.warnings,
    )
    assert (receipt.rows_delivered, receipt.rows_accepted, receipt.rows_rejected) == (delivery.rows, delivery.rows, 0)
    assert (receipt.supplier, receipt.is_synthetic) == (delivery.supplier, False)
    assert (receipt.period_start, receipt.period_end) == delivery.period
    assert receipt.contract_version == delivery.version
    assert drop.raw("count(*)", order="ALL") == [(delivery.rows,)]


@pytest.mark.parametrize(
    ("feed", "file"),
    [
        ("home_office/csp_recorded_crime_annual", "home_office/crime_data_by_csp.csv"),
        ("ons/population", "population/nomis_NM_2002_1_mye_leics.tsv"),
    ],
)
def test_a_name_that_does_not_tell_the_year_is_refused_with_what_it_must_look_like(
    tmp_path: Path, feed: str, file: str
) -> None:
    drop, receipt = taken(tmp_path, feed, file, Path(file).name)
    assert (receipt.outcome, receipt.rows_delivered) == ("refused", 0)
    (reason,) = for_owner(receipt.reasons)
    assert "does not tell whose period it is" in reason
    for document in drop.contract.documents:
        assert repr(document.file_name_example) in reason


@pytest.fixture
def numbers(tmp_path: Path) -> Callable[[int, str], list[tuple[object, ...]]]:
    """Take in one of the deliveries and ask for figures over its raw rows."""

    def ask(number: int, sql: str) -> list[tuple[object, ...]]:
        delivery = DELIVERIES[number]
        drop, _ = taken(tmp_path, delivery.feed, delivery.file, delivery.name)
        files = drop.folder.raw_of(delivery.feed) / "*.parquet"
        with duckdb.connect() as connection:
            return connection.execute(sql.format(raw=f"read_parquet('{files}', union_by_name = true)")).fetchall()

    return ask


Numbers = Callable[[int, str], list[tuple[object, ...]]]


def test_avon_has_dates_dashes_and_masked_places(numbers: Numbers) -> None:
    motives = numbers(
        0,
        "SELECT motive, count(*), min(incident_date)::text, max(incident_date)::text, bool_and(easting like '3__***') "
        "FROM {raw} WHERE incident_category = 'Fire' AND is_primary GROUP BY 1 ORDER BY 2 DESC, 1",
    )
    assert motives == [
        ("Accidental", 87, "2014-07-01", "2014-07-31", True),
        ("Deliberate – others property", 36, "2014-07-02", "2014-07-31", True),
        ("Deliberate – unknown owner", 12, "2014-07-06", "2014-07-29", True),
        ("Deliberate – own property", 1, "2014-07-10", "2014-07-10", True),
    ]


def test_partnerships_have_negative_counts_and_melton_adds_up(numbers: Numbers) -> None:
    ((negative, melton, rows),) = numbers(
        1,
        "SELECT count(*) FILTER (number_of_offences < 0), "
        "sum(number_of_offences) FILTER (csp_name = 'Melton' AND offence_code IN ('28A', '28B', '28C', '28D', '29')), "
        "count(*) FILTER (csp_name = 'Melton') FROM {raw}",
    )
    assert (negative, melton, rows) == (68, 121, 44)


def test_table_c2_has_whole_numbers_and_rows_as_a_spreadsheet_numbers_them(numbers: Numbers) -> None:
    found = numbers(
        2,
        "SELECT row_number, total_recorded_crime, homicide, district_code FROM {raw} "
        "WHERE csp_code = 'E22000169' OR csp_name = 'East and Mid Devon' OR csp_name LIKE 'Unassigned Wil%' ORDER BY 1",
    )
    assert found == [
        (63, 10997.0, 4.0, None),
        (198, 3416.0, 0.0, "E07000133"),
        (406, 219.0, 0.0, None),
    ]


def test_nomis_gives_melton_its_population(numbers: Numbers) -> None:
    assert numbers(3, "SELECT sum(population) FROM {raw} WHERE area_code = 'E07000133'") == [(50495,)]


def test_single_years_of_melton(numbers: Numbers) -> None:
    found = numbers(6, "SELECT total_population, age_0 FROM {raw} WHERE area_code = 'E07000133'")
    assert found == [(51394.0, 466.0)]


def test_households_of_melton(numbers: Numbers) -> None:
    assert numbers(7, "SELECT households FROM {raw} WHERE area_code = 'E07000133'") == [(22600.0,)]
