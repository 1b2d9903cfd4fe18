"""`csp start`: a folder without a mistake for every district, names that mislead nobody, and what to download."""

import csv
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from orchestration.cli.main import app
from sources.contract.load import load_contracts
from sources.folder.data_folder import DataFolder
from sources.folder.reference import reference_file, seed_rows
from sources.ledger.receipts import Ledger
from sources.partnership.check import check
from sources.partnership.folder import PartnershipFolder
from sources.start.area_page import area_page
from sources.start.areas_held import names_others_alone
from sources.start.districts import DistrictError, changes, district_named, districts_on, welsh_names
from sources.start.downloads import Download, Months, downloads, months_needed, told
from sources.start.first_plan import FirstPlan, filled, write_plan
from sources.start.years import FinancialYear, YearError, year_of, year_that_starts
from tests.unit.sources.test_ledger import FACTS

TODAY = date(2026, 11, 27)
NORTH_NORTHAMPTONSHIRE = FirstPlan(district_named("E06000061", TODAY), FinancialYear(2026))


def test_every_district_of_today_gets_a_plan_without_a_mistake(tmp_path: Path) -> None:
    folder = PartnershipFolder(tmp_path)
    districts = districts_on(TODAY)
    for district in districts:
        write_plan(folder, FirstPlan(district, FinancialYear(2026)))
    checked = check(folder)
    assert checked.problems == []
    assert len(districts) == len(folder.plans()) == 318
    assert {row.values["area_code"] for row in checked.rows["plans"]} == {one.code for one in districts}
    targets = [row.values for row in checked.rows["plan_targets"]]
    assert len(targets) == 4 * len(districts)
    assert {(row["baseline_period"], row["target_period"]) for row in targets} == {("2025/26", "2026/27")}
    catalogue = {row.values["indicator_code"]: row.values for row in checked.rows["indicator_catalogue"]}
    for indicator in (catalogue[row["indicator_code"]] for row in targets):
        assert indicator["source_feed"] == "police/street_crime"
        assert "district" in str(indicator["allowed_area_levels"]).split(";")
        assert indicator["polarity"] == "lower_is_better"
        assert not indicator["polarity_contested"]


@pytest.mark.parametrize(
    ("day", "there", "gone"),
    [
        (date(2026, 4, 1), {"E06000063", "E06000066", "E08000038"}, {"E07000026", "E07000187", "E08000016"}),
        (date(2025, 3, 31), {"E06000063", "E08000016"}, {"E08000038"}),
        (date(2022, 4, 1), {"E06000061", "E07000026", "E07000246"}, {"E06000063", "E06000066", "E07000150"}),
    ],
)
def test_districts_are_those_of_the_day(day: date, there: set[str], gone: set[str]) -> None:
    codes = {one.code for one in districts_on(day)}
    assert there <= codes
    assert not gone & codes


def test_a_new_district_has_the_force_of_its_parts() -> None:
    assert district_named("Somerset", TODAY).supplier == "avon-and-somerset"
    assert district_named("Westmorland and Furness", TODAY).force_name == "Cumbria"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("e06000061", "E06000061"),
        ("north northamptonshire", "E06000061"),
        ("Newcastle-upon-Tyne", "E08000021"),
        ("City of Bristol", "E06000023"),
        ("Kings Lynn & West Norfolk", "E07000146"),
        ("Kingston upon Hull, City of", "E06000010"),
        ("Kingston upon Hull", "E06000010"),
        ("Herefordshire", "E06000019"),
        ("Ynys Môn", "W06000001"),
        ("castell nedd port talbot", "W06000012"),
        ("City of London", "E09000001"),
        ("isles of scilly", "E06000053"),
    ],
)
def test_a_district_is_found_however_its_name_is_written(given: str, code: str) -> None:
    assert district_named(given, TODAY).code == code


@pytest.mark.parametrize(
    ("given", "told_of_it"),
    [
        ("Newcastle", r"E07000195  Newcastle-under-Lyme\n  E08000021  Newcastle upon Tyne$"),
        ("Nort Northamptonshire", r"Near it:\n  E06000061  North Northamptonshire"),
        (
            "Corby",
            r"abolished on 2021-04-01. North Northamptonshire \(E06000061\) goes on with it: csp start E06000061",
        ),
        ("Taunton Deane", r"Somerset \(E06000066\) goes on"),
        ("Rutland County", r"no district of England and Wales"),
        ("Leicestershire", r"is a county.* Its districts:\n  E07000129  Blaby\n(?s:.*)E07000135  Oadby and Wigston$"),
        ("Cumbria", r"police force's area.*:\n  E06000063  Cumberland\n  E06000064  Westmorland and Furness$"),
        ("Abertaw", r"Near it:\n  W06000011  Swansea"),
        ("E08000016", r"Barnsley \(E08000038\) goes on"),
        ("S12000036", r"no district of England and Wales"),
        ("", r"no district of England and Wales"),
    ],
)
def test_who_names_no_single_district_is_told_what_could_be_meant(given: str, told_of_it: str) -> None:
    with pytest.raises(DistrictError, match=told_of_it):
        district_named(given, TODAY)


def test_a_plan_is_for_a_financial_year() -> None:
    assert year_of(date(2026, 3, 31)).label == "2025/26"
    assert year_of(date(2026, 4, 1)).label == "2026/27"
    assert year_that_starts(date(1999, 4, 1)).label == "1999/00"
    with pytest.raises(YearError, match="say 2025-04-01 or 2026-04-01"):
        year_that_starts(date(2026, 1, 1))


def test_a_name_with_a_comma_stays_one_value() -> None:
    assert list(csv.reader([filled("{a},2", {"a": "Bournemouth, Christchurch and Poole"}).strip()])) == [
        ["Bournemouth, Christchurch and Poole", "2"]
    ]


def test_every_district_has_a_page_with_its_force_county_similar_areas_and_wards() -> None:
    """Recounted from the look-ups: each LSOA of today's districts and of their parts is of a ward on one page."""
    districts = districts_on(TODAY)
    pages = {one.code: area_page(one) for one in districts}
    with reference_file("lsoas").open(encoding="utf-8", newline="") as file:
        placed = {(row["ward_code"], row["district_code"]) for row in csv.DictReader(file) if row["ward_code"]}
    successors = {row["district_code"]: row["successor_code"] for row in changes()}
    expected = Counter(_of_today(code, successors) for _, code in placed)
    assert {code: page.count("\n- ") for code, page in pages.items()} == dict(expected)
    counties = {row["district_code"]: row["county_code"] for row in seed_rows("areas", "counties")}
    assert len(set(counties.values())) == 21
    assert all(
        (f"({counties[code]})" if code in counties else "| county | none |") in page for code, page in pages.items()
    )
    assert all(f"({one.force_code})" in pages[one.code] for one in districts)
    assert all("| all measures together | none |" not in page for page in pages.values())
    assert "Corby (E07000150) until 2021-04-01" in pages["E06000061"]
    assert "| in Welsh | Abertawe |" in pages["W06000011"]


def _of_today(code: str, successors: Mapping[str, str]) -> str:
    return _of_today(successors[code], successors) if code in successors else code


def test_every_two_tier_district_and_no_other_is_in_a_county() -> None:
    within = {row["district_code"] for row in seed_rows("areas", "counties")}
    assert within == {one.code for one in districts_on(TODAY) if one.code.startswith("E07")}
    assert {row["county_code"][:3] for row in seed_rows("areas", "counties")} == {"E10"}


def test_every_district_of_wales_has_a_welsh_name() -> None:
    assert set(welsh_names()) == {one.code for one in districts_on(TODAY) if one.code.startswith("W")}


@pytest.mark.parametrize("download", downloads(), ids=lambda one: one.feed)
def test_files_to_download_bear_names_that_intake_takes(download: Download) -> None:
    documents = {
        document.document_id: document for feed in load_contracts().values() for document in (feed, *feed.variants)
    }
    document = documents[download.feed]
    patterns = [document.file_name_pattern]
    if document.workbook_of_periods:
        patterns.append(document.workbook_of_periods.file_name_pattern)
    for district in districts_on(TODAY):
        plan = FirstPlan(district, FinancialYear(2026))
        lines = told(download, plan, months_needed(plan, TODAY, 61), [])
        [name] = [line.split()[1] for line in lines if line.startswith("  name ")]
        assert any(pattern.fullmatch(name) for pattern in patterns), name
        assert not any("{" in line for line in lines)


@pytest.mark.parametrize(
    ("today", "last"),
    [
        (date(2026, 11, 27), date(2026, 8, 1)),
        (date(2026, 4, 2), date(2026, 3, 1)),
        (date(2030, 1, 1), date(2027, 3, 1)),
    ],
)
def test_months_run_from_the_baseline_to_what_is_published(today: date, last: date) -> None:
    assert months_needed(NORTH_NORTHAMPTONSHIRE, today, 61) == Months(date(2025, 4, 1), last)


def test_who_publishes_nothing_is_told() -> None:
    plan = FirstPlan(district_named("Manchester", TODAY), FinancialYear(2026))
    for download in downloads():
        told_of_it = [line for line in told(download, plan, months_needed(plan, TODAY, 61), []) if "July 2019" in line]
        assert len(told_of_it) == (1 if download.publisher == "data.police.uk" else 0)


def test_the_command_writes_a_folder_once_and_says_what_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CSP_DATA_DIR", str(tmp_path / "data"))
    street = {"agency": "police", "feed": "street_crime", "supplier": "northamptonshire", "is_synthetic": False}
    for month in ("2022-04-01", "2024-01-01", "2025-01-01"):
        facts = {"period_start": month, "period_end": month, "file_sha256": month, "outcome": "accepted"}
        Ledger(DataFolder(tmp_path / "data")).append_receipt(**{**FACTS, **street, **facts})
    command = ["start", "North Northamptonshire", "--from", "2023-04-01", "--folder", str(tmp_path / "ours")]
    estimates = {"agency": "ons", "feed": "population", "supplier": "ons", "is_synthetic": False, "outcome": "accepted"}
    for number, code in enumerate(["E08000009", "E01027090"]):  # Trafford, and an LSOA of Kettering
        rows = tmp_path / "data" / "raw" / f"{code}.parquet"
        rows.parent.mkdir(exist_ok=True)
        duckdb.sql(f"COPY (SELECT '{code}' AS area_code) TO '{rows}'")
        facts = {"raw_file": rows.name, "file_name": f"{code}.csv", "file_sha256": code, "part": str(number)}
        Ledger(DataFolder(tmp_path / "data")).append_receipt(**{**FACTS, **estimates, **facts})
    first = CliRunner().invoke(app, command)
    assert first.exit_code == 0, first.output
    assert "there    E01027090.csv; of other areas alone: E08000009.csv" in first.output
    assert "police force Northamptonshire" in first.output
    assert "2 of 24 months; missing: 2022-05 to 2023-12, 2024-02 to 2024-03; beside them 2025-01" in first.output
    assert "landing/police/street_crime/" in first.output
    assert CliRunner().invoke(app, ["plan", "check", "--folder", str(tmp_path / "ours")]).exit_code == 0
    targets = tmp_path / "ours" / "plans" / "NORTH-NORTHAMPTONSHIRE-2023-24" / "targets.csv"
    targets.write_text(targets.read_text().replace(",-3,", ",-5,"))
    dropped = tmp_path / "data" / "landing" / "incoming" / "street (1).csv"
    dropped.parent.mkdir(parents=True)
    dropped.write_text("a")
    assert "the next night" not in first.output
    again = CliRunner().invoke(app, command)
    assert "nothing was written" in again.output
    assert "the next night takes them in: landing/incoming/street (1).csv." in again.output
    assert ",-5," in targets.read_text()
    unknown = CliRunner().invoke(app, ["start", "Newcastle", "--folder", str(tmp_path / "other")])
    assert (unknown.exit_code, (tmp_path / "other").exists()) == (1, False)


@pytest.mark.parametrize(
    ("text", "names_others"),
    [
        ("E06000052,2", True),
        ("E06000063,2", False),
        ("E07000026,2", False),  # Allerdale, of which Cumberland was made
        ("E06000052,2\nE01019108,3", False),  # an LSOA of it
        ("a,b\nE92000001,E23000002", False),  # neither districts nor LSOAs
        ("XE06000052,E060000521", False),
        ("PK\nE06000052", False),
    ],
)
def test_a_file_of_other_areas_alone_is_known_by_the_codes_in_it(tmp_path: Path, text: str, names_others: bool) -> None:
    file = tmp_path / "download.csv"
    file.write_text(text)
    assert names_others_alone(file, ["E06000063"]) == names_others
    assert not names_others_alone(file, ["E06000063", "PLACE"])
