"""What must hold of a file's accepted rows together: weights, scales and columns that were mixed up."""

import dataclasses
from pathlib import Path

import pytest

from sources.contract.load import Contract
from sources.contract.rules import FileCondition
from sources.folder.data_folder import DataFolder
from sources.reasons.reason import for_owner

from .conftest import Drop, file_of, row, sound_rows

NORTH = FileCondition("north_of_london", "Latitudes must lie north of London on average.", "avg(latitude) > 51.5")
OF_MONTH = FileCondition("of_month", "The months must be the file's.", "max(month) <= {period_end}")
SWAPPED = "Most anti-social behaviour seems to be violence: were the types mixed up?"
TYPES = FileCondition("types", SWAPPED, "count(*) filter (crime_type like 'Violence%') <= count(*) / 2")


@pytest.fixture
def drop(tmp_path: Path, contract: Contract) -> Drop:
    judged = dataclasses.replace(contract, file_conditions=(NORTH, OF_MONTH, TYPES))
    return Drop(DataFolder(tmp_path / "data"), judged)


def test_a_file_that_keeps_them_is_accepted(drop: Drop) -> None:
    receipt = drop.take(file_of(sound_rows()))
    assert (receipt.outcome, for_owner(receipt.reasons), for_owner(receipt.warnings)) == ("accepted", [], [])


def test_a_file_that_breaks_them_is_refused_with_each_description(drop: Drop) -> None:
    rows = [row(n, latitude="50.1", crime_type="Violence and sexual offences") for n in range(2, 42)]
    receipt = drop.take(file_of(rows))
    assert (receipt.outcome, for_owner(receipt.reasons)) == ("refused", [NORTH.expected, SWAPPED])
    assert (receipt.rows_accepted, receipt.rejected_by_rule) == (0, {"file_refused": 40})
    assert drop.raw() == []


def test_only_accepted_rows_are_looked_at(drop: Drop) -> None:
    receipt = drop.take(file_of([*sound_rows(), row(99, latitude="-80", lsoa_code="?")]))
    assert (receipt.outcome, receipt.rows_accepted) == ("partly_accepted", 40)


def test_of_what_is_left_of_a_broken_file_nothing_is_said(drop: Drop) -> None:
    broken = [row(n, lsoa_code="?") for n in range(100, 140)]
    receipt = drop.take(file_of([row(2, latitude="50"), *broken]))
    assert [reason.code for reason in receipt.reasons] == ["rows_rejected_too_many", "rule_broken"]


def test_a_condition_on_missing_values_holds(drop: Drop) -> None:
    receipt = drop.take(file_of([row(n, latitude="", longitude="") for n in range(2, 42)]))
    assert receipt.outcome == "accepted"
