"""The Department's table of fly-tipping: all years below each other, counted as its contract says."""

import csv
import io
from pathlib import Path

import pytest

from sources.contract.load import load_contracts
from sources.folder.data_folder import DataFolder
from sources.intake.identify import identify
from sources.intake.incoming import place_incoming

from .conftest import Drop
from .test_workbooks import Cell, workbook

FEED = "council/fly_tipping"
HEADER: list[Cell] = [
    "Year", "ONS Code", "LA Name", "Region", "Reporting basis", "Total Incidents", "Highway Incidents",
    "Other (unidentified) Incidents", "Total Incidents Clearance Costs (£)",
]  # fmt: skip
# Year, area, name, incidents as the table writes them, and the number; none where there is no figure.
LINES = [
    *((f"{year}-{year % 100 + 1:02}", f"E0700{n:04}", f"District {n}", f"{n * 97:,}", n * 97)
      for year in (2021, 2022) for n in range(100, 140)),
    ("2022-23", "E06000063", "Cumberland", "[x]", None),
    ("2022-23", "E12000004", "East Midlands Total", "71,000", None),
]  # fmt: skip


def rows() -> list[list[Cell]]:
    return [[year, code, name, "East Midlands", "All", sent, 1, 2, 3] for year, code, name, sent, _ in LINES]


def as_text() -> bytes:
    stream = io.StringIO()
    csv.writer(stream).writerows([["Fly-tipping incidents, 2021-22 to 2022-23 – revised"], HEADER, *rows()])
    return stream.getvalue().encode("windows-1252")


def as_workbook() -> bytes:
    return workbook({"Contents": [["Fly-tipping"]], "LA_incidents": [["Fly-tipping"], ["Notes"], HEADER, *rows()]})


@pytest.fixture
def drop(tmp_path: Path) -> Drop:
    return Drop(DataFolder(tmp_path / "data"), load_contracts()[FEED])


@pytest.mark.parametrize(
    ("content", "name", "header_row"),
    [
        (as_text(), "Local_authority_flytipping_incidents_2012-13_to_2024-25.csv", 2),
        (as_text(), "download.csv", 2),
        (as_workbook(), "Flytipping_incidents_and_actions_taken_reported_by_LAs.xlsx", 3),
    ],
)
def test_each_year_is_a_delivery(drop: Drop, content: bytes, name: str, header_row: int) -> None:
    drop.put(content, f"../../incoming/{name}")
    place_incoming(drop.folder, load_contracts().values(), drop.said.append, settle_seconds=0.2)
    receipts = drop.take_in().receipts
    assert [(one.file_name, one.rows_accepted, one.rows_rejected) for one in receipts] == [
        ("fly-tipping-2021.csv", 40, 0), ("fly-tipping-2022.csv", 40, 2),
    ]  # fmt: skip
    found = drop.raw("financial_year, district, total_incidents", "financial_year, district")
    assert found == sorted((year, code, number) for year, code, _, _, number in LINES if number is not None)
    assert {rule for (rule,) in drop.rejected("rule")} == {"total_incidents_present", "authority_name_is_no_total"}
    assert drop.raw("min(row_number)", "ALL") == [(header_row + 1,)]


def test_the_table_of_actions_is_of_no_feed(tmp_path: Path) -> None:
    file = tmp_path / "sent"
    file.write_bytes(as_text().replace(b"Total Incidents", b"Total Actions"))
    assert "it lacks 'Total Incidents'" in identify(load_contracts().values(), file, "a.csv", tmp_path).why
