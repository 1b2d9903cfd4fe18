"""Files that were opened and saved in a spreadsheet: what can be undone is read, the rest is refused with the cause."""

from pathlib import Path

import pytest

from sources.folder.data_folder import DataFolder
from sources.reasons.reason import published

from .conftest import NAME, Drop, file_of, row
from .feed_forms import RECORDED_CRIME


@pytest.mark.parametrize(
    "month",
    [
        "2021-04",
        "Apr-21",
        "21-Apr",
        "Apr 2021",
        "April 2021",
        "Apr-2021",
        "2021-04-01",
        "01/04/2021",
        "1/4/2021",
        "01-Apr-21",
        "01/04/21",
        "Apr 21",
        "2021/04",
        "44287",
    ],
)
def test_a_month_as_a_spreadsheet_writes_it_is_the_month_of_the_file(drop: Drop, month: str) -> None:
    receipt = drop.take(file_of([row(number, month=month) for number in range(2, 42)]))
    assert (receipt.outcome, receipt.rows_accepted) == ("accepted", 40)
    assert {str(value) for (value,) in drop.raw("month")} == {"2021-04-01"}


@pytest.mark.parametrize(
    "month",
    [
        "May-21",
        "21-May",
        "Apr-22",
        "01-May-21",
        "04/01/21",
        "04/01/2021",
        "02/04/2021",
        "44288",
        "Apr",
        "2104",
    ],
)
def test_another_month_is_held_against_the_file_name(drop: Drop, month: str) -> None:
    receipt = drop.take(file_of([row(number, month=month) for number in range(2, 42)]))
    assert (receipt.outcome, receipt.rows_accepted) == ("refused", 0)


def test_a_number_that_was_shortened_is_refused_with_the_cause(tmp_path: Path) -> None:
    drop = Drop(DataFolder(tmp_path / "data"), RECORDED_CRIME.contract)
    rows = [RECORDED_CRIME.row(number) for number in range(1, 41)]
    place = list(RECORDED_CRIME.sound).index("Locality")
    rows[5][place] = "2.02E+11"
    receipt = drop.take(RECORDED_CRIME.content(rows), RECORDED_CRIME.name)
    assert (receipt.outcome, [one.code for one in receipt.reasons]) == ("refused", ["spreadsheet_damage"])
    assert receipt.rows_delivered == sum(receipt.rejected_by_rule.values()) == 40


def test_a_code_that_became_a_day_is_named_as_the_cause(tmp_path: Path) -> None:
    drop = Drop(DataFolder(tmp_path / "data"), RECORDED_CRIME.contract)
    rows = [RECORDED_CRIME.row(number) for number in range(1, 41)]
    place = list(RECORDED_CRIME.sound).index("HO Class")
    for one in rows[:30]:
        one[place] = "28-Jan"
    receipt = drop.take(RECORDED_CRIME.content(rows), RECORDED_CRIME.name)
    assert receipt.outcome == "refused"
    assert receipt.reasons[-1].code == "spreadsheet_damage"
    told = published(receipt.reasons, of_people=True)[-1]
    assert told.startswith("Column 'HO Class' holds values that a spreadsheet has changed")


def test_single_rows_and_ordinary_values_give_no_alarm(drop: Drop) -> None:
    rows = [row(number, location="On or near E+05 Road", context="1.5E-05") for number in range(2, 42)]
    assert drop.take(file_of([*rows, row(50, lsoa_code="1-Jan")]), NAME).outcome == "partly_accepted"
