"""What goes back to the agency: every refused row as sent, and every reason for which a file was refused."""

import csv
import dataclasses
from collections import Counter
from pathlib import Path

import pytest

from sources.contract.load import Contract
from sources.intake.rejections import export_rejected, rejected_sample

from .conftest import FEED, NAME, Drop, file_of, row, sound_rows


def exported(drop: Drop, target: Path, **filters: str) -> list[dict[str, str]]:
    lines = export_rejected(drop.folder, target, **filters)
    with target.open(newline="") as stream:
        found = list(csv.DictReader(stream))
    assert len(found) == lines
    return found


def fill(drop: Drop) -> None:
    rows = sound_rows(60)
    rows[3] = row(5, crime_type="Mischief", location='"High Street, Melton"')
    rows[4] = "half,a row"
    drop.take(file_of(rows))
    drop.take(b"", "2021-05-leicestershire-street.csv")
    drop.take(file_of(sound_rows(70)), "2021-04-leicestershire-STREET.csv")


def test_export(drop: Drop, tmp_path: Path) -> None:
    fill(drop)
    noted, mischief, half, empty = exported(drop, tmp_path / "out.csv")
    assert (mischief["file_name"], mischief["row_number"]) == (NAME, "5")
    assert (mischief["column_name"], mischief["value"], mischief["rule"]) == (
        "Crime type",
        "Mischief",
        "crime_type_known",
    )
    assert mischief["reason"].startswith("The crime type must be one ")
    assert mischief["record"] == row(5, crime_type="Mischief", location='"High Street, Melton"')
    assert (noted["rule"], noted["row_number"]) == ("noted", "")
    assert (half["row_number"], half["record"]) == ("6", "half,a row")
    assert (empty["row_number"], empty["rule"], empty["reason"]) == (
        "",
        "file",
        "The file is empty. Send the extract again.",
    )


def test_filters(drop: Drop, tmp_path: Path) -> None:
    fill(drop)
    sha256 = drop.receipts()[0].file_sha256
    target = tmp_path / "out.csv"
    assert len(exported(drop, target, file_name="2021-05-leicestershire-street.csv")) == 1
    assert len(exported(drop, target, file_sha256=sha256[:12])) == 2
    assert len(exported(drop, target, feed=FEED)) == 4
    assert exported(drop, target, feed="police/other") == []


def test_sample(drop: Drop) -> None:
    fill(drop)
    sample = rejected_sample(drop.folder.rejected, drop.receipts(), drop.contract, limit=1)
    assert [(line["row_number"], line["rule"]) for line in sample] == [(5, "crime_type_known")]
    assert "Mischief" not in str(sample)
    assert rejected_sample(drop.folder.rejected, [], drop.contract, limit=5) == []


def test_sending_the_same_bytes_again_hides_nothing(drop: Drop, tmp_path: Path) -> None:
    fill(drop)
    content = (drop.landing / "2021-05-leicestershire-street.csv").read_bytes()
    assert drop.take(content, "again/2021-05-leicestershire-street.csv").outcome == "duplicate"
    assert len(exported(drop, tmp_path / "out.csv")) == 4


APRIL = file_of([*sound_rows(), row(99, crime_type="Mischief")])
AS_MAY, AS_JUNE = (NAME.replace("04", month) for month in ("05", "06"))


def rejected_by_file(drop: Drop, target: Path) -> dict[str, int]:
    """Return how many lines an export holds of each file, a row and broken rule each."""
    return Counter(line["file_name"] for line in exported(drop, target) if line["row_number"])


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ([AS_MAY, NAME], {AS_MAY: 42, NAME: 1}),
        ([NAME, AS_MAY], {NAME: 1}),
        ([AS_MAY, AS_JUNE, NAME], {AS_MAY: 42, AS_JUNE: 42, NAME: 1}),
    ],
)
@pytest.mark.parametrize("in_one_run", [False, True], ids=["run by run", "in one run"])
def test_the_same_bytes_under_another_name_hide_nothing(
    drop: Drop, tmp_path: Path, order: list[str], expected: dict[str, int], in_one_run: bool
) -> None:
    for age, name in enumerate(order):
        drop.put(APRIL, name, age_seconds=600 - age)
        if not in_one_run:
            drop.take_in()
    drop.take_in()
    assert rejected_by_file(drop, tmp_path / "out.csv") == expected


def test_a_sound_file_leaves_the_rows_refused_under_another_name(drop: Drop, tmp_path: Path) -> None:
    assert drop.take(file_of(sound_rows()), AS_MAY).outcome == "refused"
    assert drop.take(file_of(sound_rows()), NAME).outcome == "accepted"
    assert rejected_by_file(drop, tmp_path / "out.csv") == {AS_MAY: 40}


def test_names_that_differ_in_case_keep_their_own_rows(drop: Drop, tmp_path: Path, contract: Contract) -> None:
    shouted = NAME.replace("street", "STREET")
    drop.take(APRIL)
    looser = tuple(rule for rule in contract.row_rules if rule.name != "crime_type_known")
    drop.contract = dataclasses.replace(contract, version="2.0.0", row_rules=looser)
    drop.put(APRIL, shouted, age_seconds=600)
    drop.take_in()
    assert [receipt.outcome for receipt in drop.receipts()] == ["partly_accepted", "accepted", "duplicate"]
    assert rejected_by_file(drop, tmp_path / "out.csv") == {NAME: 1}
