"""A file that cannot be taken in is refused whole, with a reason on which its supplier can act."""

import dataclasses
from datetime import UTC, datetime

import pytest

from sources.contract.load import Contract
from sources.reasons.reason import for_owner

from .conftest import HEADER, NAME, Drop, file_of, sound_rows

SOUND = file_of(sound_rows())


def without(*columns: int) -> bytes:
    lines = SOUND.decode().splitlines()
    kept = [",".join(v for i, v in enumerate(line.split(",")) if i not in columns) for line in lines]
    return "\n".join(kept).encode()


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"", NAME, "The file is empty. Send the extract again."),
        (b"\xef\xbb\xbf\r\n", NAME, "The file is empty"),
        (HEADER.encode(), NAME, "The file holds 0 rows."),
        (without(1), NAME, "Missing column 'Month'. The header row reads: Crime ID, Reported by"),
        (SOUND.partition(b"\n")[2], NAME, "The first row names 0 of the 12 agreed columns: the header row seems to be"),
        (without(1, 9), NAME, "Missing columns 'Month', 'Crime type'."),
        (SOUND.replace(b"Context", b"Month", 1), NAME, "The header names column 'Month' more than once."),
        (SOUND.replace(b",", b";"), NAME, "The columns seem to be separated by ';'; the contract says ','."),
        (SOUND.decode().encode("utf-16"), NAME, "The file is in UTF-16, not UTF-8. Save it as CSV in UTF-8"),
        (SOUND.decode().encode("utf-16-be"), NAME, "a large part of it is null bytes"),
        (SOUND.decode().encode("utf-32"), NAME, "The file is in UTF-32"),
        (SOUND.replace(b"High", b"H\xeegh"), NAME, "probably in Windows-1252"),
        (b"PK\x03\x04" + SOUND, NAME, "The file is an Excel workbook or a zip"),
        (b"%PDF-1.7\n" + SOUND, NAME, "The file is a PDF"),
        (b"\0" * 5000, NAME, "a large part of it is null bytes"),
        (SOUND, "leicestershire april.csv", "it must look like '2021-04-leicestershire-street.csv'"),
        (SOUND, "2020-13-leicestershire-street.csv", "tells a period that does not exist"),
        (SOUND, "2999-01-leicestershire-street.csv", "tells 2999-01-01 to 2999-01-31, which lies in the future"),
        (SOUND, "1066-10-leicestershire-street.csv", "tells 1066-10-01 to 1066-10-31, before 2010-12-01"),
        (SOUND, "../2021-04-leicestershire-street.csv.bak", "does not tell whose period it is"),
    ],
)
def test_refused(drop: Drop, content: bytes, name: str, reason: str) -> None:
    name = name.removeprefix("../")
    receipt = drop.take(content, name)
    assert receipt.outcome == "refused"
    assert reason in " ".join(for_owner(receipt.reasons))
    assert (receipt.rows_accepted, receipt.raw_file) == (0, None)
    assert receipt.rows_delivered == receipt.rows_rejected
    assert drop.folder.archived(receipt.file_sha256).read_bytes() == content
    assert drop.raw() == []
    assert any("refused" in line for line in drop.said)
    assert drop.take_in().receipts == ()


def test_header_names_that_differ_only_in_form_are_a_warning(drop: Drop) -> None:
    header = HEADER.replace("Crime ID", "CRIME  id").replace("LSOA code", "lsoacode")
    receipt = drop.take(file_of(sound_rows(), header=header))
    assert (receipt.outcome, receipt.rows_accepted) == ("accepted", 40)
    assert for_owner(receipt.warnings) == [
        "The header spells columns 'Crime ID', 'LSOA code' in another way; read all the same. "
        "It has 'CRIME  id' for 'Crime ID', 'lsoacode' for 'LSOA code'."
    ]


def test_columns_in_another_order_are_a_warning(drop: Drop) -> None:
    rows = [",".join(reversed(line.split(","))) for line in sound_rows()]
    receipt = drop.take(file_of(rows, header=",".join(reversed(HEADER.split(",")))))
    assert (receipt.outcome, receipt.rows_accepted) == ("accepted", 40)
    assert "another order" in for_owner(receipt.warnings)[0]
    assert drop.raw("crime_type, month::VARCHAR")[0] == ("Burglary", "2021-04-01")


def test_extra_columns_are_a_warning(drop: Drop) -> None:
    rows = [f"{line},a,b" for line in sound_rows()]
    receipt = drop.take(file_of(rows, header=f"{HEADER},Victim age,"))
    assert receipt.outcome == "accepted"
    assert for_owner(receipt.warnings) == [
        "2 of the columns sent are not in the contract and were left out. "
        "They are columns 'Victim age', 'number 14, unnamed'."
    ]
    assert "a" not in {value for line in drop.raw() for value in line}


def test_a_refused_file_does_not_stop_the_others(drop: Drop) -> None:
    drop.put(b"", "2021-03-leicestershire-street.csv")
    drop.put(SOUND)
    assert [receipt.outcome for receipt in drop.take_in().receipts] == ["refused", "accepted"]


def at(monkeypatch: pytest.MonkeyPatch, day: int, month: int = 4) -> None:
    monkeypatch.setattr("sources.intake.clock.now", lambda: datetime(2021, month, day, 12, tzinfo=UTC))


def test_a_month_that_is_not_over_is_refused_until_it_is_sent_again(
    drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, 30)
    early = drop.take(SOUND)
    assert early.outcome == "refused"
    assert for_owner(early.reasons) == [
        "The file name tells 2021-04-01 to 2021-04-30, which is not over before 2021-05-01; "
        "send it when the period has ended. It is '2021-04-leicestershire-street.csv'."
    ]
    assert drop.raw() == []
    assert drop.take(SOUND, "again/" + NAME).outcome == "duplicate"
    at(monkeypatch, 1, month=5)
    assert drop.take_in().receipts == ()
    sent_again = drop.take(SOUND, "may/" + NAME)
    assert (sent_again.outcome, for_owner(sent_again.warnings)) == ("accepted", [])


def test_a_month_is_over_the_day_after_its_last(drop: Drop, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, 1, month=5)
    assert drop.take(SOUND).outcome == "accepted"


def test_a_changed_contract_does_not_take_in_what_came_early(
    drop: Drop, monkeypatch: pytest.MonkeyPatch, contract: Contract
) -> None:
    at(monkeypatch, 15)
    assert drop.take(SOUND).outcome == "refused"
    at(monkeypatch, 1, month=6)
    drop.contract = dataclasses.replace(contract, version="2.0.0")
    assert drop.take_in().receipts == ()
