"""Downloads of Fingertips: whole tables of indicators under names that tell no period."""

import csv
import io
from pathlib import Path

import pytest

from sources.contract.load import load_contracts
from sources.folder.data_folder import DataFolder
from sources.intake.incoming import place_incoming

from .conftest import Drop

FEED = "ohid/fingertips"
HEADER = [
    "Indicator ID", "Indicator Name", "Parent Code", "Parent Name", "Area Code", "Area Name", "Area Type", "Sex", "Age",
    "Category Type", "Category", "Time period", "Value", "Lower CI 95.0 limit", "Upper CI 95.0 limit",
    "Lower CI 99.8 limit", "Upper CI 99.8 limit", "Count", "Denominator", "Value note", "Recent Trend",
    "Compared to England value or percentiles", "Compared to Region value or percentiles", "Time period Sortable",
    "New data", "Compared to goal", "Time period range",
]  # fmt: skip
DISTRICTS = "Districts & UAs (pre Apr 2023)"
NAME = "fingertips-2021-91414-to-92447-of-2-districts-uas-pre-apr-2023.csv"


def download(last_year: int = 2021, shift: float = 0.0) -> bytes:
    """Return a table of two indicators, three areas and some years, as the site writes it."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(HEADER)
    for indicator, name in (
        (91414, "Admission episodes for alcohol-related conditions"),
        (92447, "Violence, admissions"),
    ):
        for code, area, kind in (
            ("E92000001", "England", "England"), ("E07000133", "Melton", DISTRICTS), ("E07000134", "NWL", DISTRICTS)
        ):  # fmt: skip
            for year in range(2016, last_year + 1):
                value = (
                    ["", "", ""]
                    if (code, year) == ("E07000134", 2017)
                    else [400.123456789 + year % 7 + shift, 390.5, 410.25]
                )
                note = "" if value[0] else "Value suppressed for disclosure control due to small count"
                writer.writerow([
                    indicator, name, "E12000004", "East Midlands", code, area, kind, "Persons", "All ages", "", "",
                    f"{year}/{year % 100 + 1:02}", *value, "", "", 270, 51751.5, note, "", "Similar", "Similar",
                    f"{year}0000", "", "", "1y",
                ])  # fmt: skip
    return stream.getvalue().encode()


@pytest.fixture
def drop(tmp_path: Path) -> Drop:
    return Drop(DataFolder(tmp_path / "data"), load_contracts()[FEED])


def place(drop: Drop, content: bytes, name: str) -> None:
    drop.put(content, f"../../incoming/{name}")
    place_incoming(drop.folder, load_contracts().values(), drop.said.append, settle_seconds=0.2)


@pytest.mark.parametrize("name", ["indicators-DistrictUApre423.data.csv", "Local Alcohol Profiles.data.csv"])
def test_a_download_is_one_delivery_with_the_values_as_published(drop: Drop, name: str) -> None:
    place(drop, download(), name)
    (receipt,) = drop.take_in().receipts
    assert (receipt.file_name, receipt.outcome, receipt.rows_rejected) == (NAME, "accepted", 0)
    assert (receipt.period_start, receipt.period_end) == ("2021-01-01", "2021-12-31")
    rows = csv.DictReader(io.StringIO(download().decode()))
    numbers = ("Value", "Lower CI 95.0 limit", "Upper CI 95.0 limit", "Count", "Denominator")
    read = [
        (
            int(row["Indicator ID"]),
            row["Area Code"],
            row["Time period"],
            *(float(row[one]) if row[one] else None for one in numbers),
        )
        for row in rows
    ]
    assert drop.raw("indicator_id, area_code, time_period, value, lower_95, upper_95, count, denominator") == read


def test_a_later_download_of_the_same_indicators_supersedes(drop: Drop) -> None:
    for shift in (0.0, 1.0):
        place(drop, download(shift=shift), "indicators-DistrictUApre423.data.csv")
        drop.take_in()
    place(drop, download(last_year=2022), "indicators-DistrictUApre423.data (1).csv")
    drop.take_in()
    first, second, third = drop.receipts()
    assert first.delivery_key == second.delivery_key != third.delivery_key
