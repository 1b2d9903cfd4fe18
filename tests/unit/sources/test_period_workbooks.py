"""A workbook with a sheet a year: the rows of each quarter are a delivery, and keep the numbers of the sheet."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from sources.contract.load import load_contracts
from sources.folder.data_folder import DataFolder
from sources.ledger.withdrawals import withdraw
from sources.reading import limits
from sources.reasons.reason import for_owner, published

from .conftest import Drop
from .test_workbooks import Cell, workbook

FEED = "home_office/csp_recorded_crime"
NAME = "prc-csp-mar21-mar24-tables-250724.xlsx"
HEADER: list[Cell] = [
    "Financial Year", "Financial Quarter", "Force Name", "CSP Name", "Offence Description", "Offence Group",
    "Offence Subgroup", "Offence Code", "Offence Count",
]  # fmt: skip


def counted(year: str, quarter: Cell, code: str, count: Cell = 11) -> list[Cell]:
    return [year, quarter, "Leicestershire", "Melton", "Burglary", "Theft offences", "Domestic burglary", code, count]


def year_rows(year: str) -> list[list[Cell]]:
    return [counted(year, quarter, code) for code in ("28E", "1") for quarter in (1, 2, 3, 4)]


@pytest.fixture
def drop(tmp_path: Path) -> Drop:
    return Drop(DataFolder(tmp_path / "data"), load_contracts()[FEED])


def book(sheets: dict[str, Sequence[Sequence[Cell]]]) -> bytes:
    return workbook({"Contents": [["Police recorded crime"]], **sheets})


def test_each_quarter_of_each_sheet_is_a_delivery(drop: Drop) -> None:
    drop.put(book({year: [HEADER, *year_rows(year.replace("-", "/"))] for year in ("2022-23", "2023-24")}), NAME)
    result = drop.take_in()
    assert [(one.file_name, one.period_start, one.outcome, one.rows_accepted) for one in result.receipts] == [
        (f"prc-csp-{start}.csv", f"{start}-01", "accepted", 2)
        for start in (
            "2022-04", "2022-07", "2022-10", "2023-01", "2023-04", "2023-07", "2023-10", "2024-01",
        )
    ]  # fmt: skip
    assert {one.container_sha256 for one in result.receipts} != {None}
    assert drop.raw("financial_year, financial_quarter, row_number", "ALL")[-4:] == [
        ("2023/24", 3, 4), ("2023/24", 3, 8), ("2023/24", 4, 5), ("2023/24", 4, 9),
    ]  # fmt: skip
    assert drop.take_in().receipts == ()


def test_a_row_that_names_no_quarter_is_rejected_and_not_lost(drop: Drop) -> None:
    rows = [row for _ in range(15) for row in year_rows("2023/24")]
    for number, row in enumerate(rows):
        row[7] = f"{number + 1}"
    drop.put(book({"2023-24": [HEADER, *rows, counted("2023/24", "all", "9"), []]}), NAME)
    receipts = drop.take_in().receipts
    assert [one.rows_delivered for one in receipts] == [31, 30, 30, 30]
    assert [one.rows_rejected for one in receipts] == [1, 0, 0, 0]
    assert drop.rejected("row_number, rule")[0] == (122, "financial_quarter_integer")


@pytest.mark.parametrize(
    ("sheets", "code"),
    [
        ({"Tables": [HEADER[1:], *(row[1:] for row in year_rows("2023/24"))]}, "workbook_without_period_sheets"),
        ({"2023-24": [HEADER[2:], *(row[2:] for row in year_rows("2023/24"))]}, "sheet_without_periods"),
        ({"2023-24": [HEADER]}, "sheet_without_periods"),
        (
            {"2023-24": [HEADER, *(counted(f"{year}/01", 1, "1") for year in range(1901, 2200))]},
            "sheet_without_periods",
        ),
    ],
    ids=["no such sheet", "no such column", "no row", "too many periods"],
)
def test_a_workbook_that_cannot_be_cut_is_refused(
    drop: Drop, sheets: dict[str, Sequence[Sequence[Cell]]], code: str
) -> None:
    receipt = drop.take(book(sheets), NAME)
    assert (receipt.outcome, receipt.reasons[0].code) == ("refused", code)


def test_rows_without_a_period_have_a_limit(drop: Drop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAXIMUM_ROWS_WITHOUT_PERIOD", 1)
    rows = [*year_rows("2023/24"), counted("notes", "", "1"), counted("notes", "", "2")]
    assert drop.take(book({"2023-24": [HEADER, *rows]}), NAME).reasons[0].code == "sheet_without_periods"


def test_personal_data_in_any_sheet_refuses_the_workbook_whole(drop: Drop) -> None:
    people: list[list[Cell]] = [["Surname", "Date of birth"], ["Doe", "1980-01-31"]]
    receipt = drop.take(book({"2023-24": [HEADER, *year_rows("2023/24")], "People": people}), NAME)
    assert receipt.carries_personal_data
    assert drop.raw() == []


def test_an_erased_quarter_takes_the_workbook_from_landing(drop: Drop) -> None:
    file = drop.put(book({"2023-24": [HEADER, *year_rows("2023/24")]}), NAME)
    drop.take_in()
    withdraw(drop.folder, "prc-csp-2023-07.csv", "in error", erase=True)
    assert not file.exists()
    assert len(drop.raw()) == 6


def test_a_file_of_all_quarters_under_the_name_of_one_says_how_to_cut_it(drop: Drop) -> None:
    rows = [HEADER, *year_rows("2023/24")]
    receipt = drop.take(workbook({"CSP recorded crime": rows}), "prc-csp-2023-04.xlsx")
    assert "filter the sheet by Financial Quarter" in " ".join(published(receipt.reasons, of_people=False))
    one = [HEADER, *(row for row in year_rows("2023/24") if row[1] == 1)]
    receipt = drop.take(workbook({"CSP recorded crime": one}), "prc-csp-2023-04.xlsx")
    assert receipt.outcome == "accepted", for_owner(receipt.reasons)
