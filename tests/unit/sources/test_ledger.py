"""Receipts are appended whole, numbered without gaps, and an append that a crash cut short does not count."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sources.folder.data_folder import DataFolder
from sources.ledger.json_lines import DamagedLedgerError
from sources.ledger.receipts import LandingFile, Ledger, Receipt, latest_period_end, standing
from sources.reasons.reason import reason

FACTS: dict[str, object] = {
    "file_sha256": "a" * 64,
    "agency": "police",
    "feed": "street_crime",
    "file_name": "x.csv",
    "landing_path": "police/street_crime/x.csv",
    "container_sha256": None,
    "supplier": "leicestershire",
    "period_start": "2021-04-01",
    "period_end": "2021-04-30",
    "received_at": "2026-11-23T00:00:00Z",
    "byte_count": 1,
    "rows_delivered": 1,
    "rows_accepted": 1,
    "rows_rejected": 0,
    "outcome": "accepted",
    "reasons": [],
    "warnings": [reason("sheet_missing", "It has “quoted”.", sheet="Crimes")],
    "rejected_by_rule": {},
    "contract_version": "1",
    "is_synthetic": False,
    "raw_file": None,
    "rejected_file": None,
}


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(DataFolder(tmp_path))


def test_an_empty_ledger(ledger: Ledger) -> None:
    assert (ledger.receipts(), ledger.standing(), ledger.landing_files()) == ([], [], [])
    assert latest_period_end([]) is None


def test_receipts_read_back(ledger: Ledger) -> None:
    first, second = ledger.append_receipt(**FACTS), ledger.append_receipt(**FACTS)
    assert (first.receipt_number, second.receipt_number) == (1, 2)
    assert ledger.receipts() == [first, second]
    assert ledger.standing() == [second]
    written = set(json.loads(ledger.folder.receipts.read_text().splitlines()[0]))
    assert written == {"receipt_number", "carries_personal_data", "part", *FACTS}


@pytest.mark.parametrize("rest", ['{"receipt_number": 2, "file', '{"receipt_number": 2}', "\0\0\0"])
def test_an_append_cut_short_is_not_read_and_is_repaired(ledger: Ledger, rest: str) -> None:
    first = ledger.append_receipt(**FACTS)
    with ledger.folder.receipts.open("a") as stream:
        stream.write(rest)
    assert ledger.receipts() == [first]
    second = ledger.append_receipt(**FACTS)
    assert second.receipt_number == 2
    assert ledger.receipts() == [first, second]


def test_an_append_reads_the_last_line_alone(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(50):
        ledger.append_receipt(**FACTS)
    size = ledger.folder.receipts.stat().st_size
    read = 0
    pread = os.pread

    def counting(descriptor: int, length: int, offset: int) -> bytes:
        nonlocal read
        read += length
        return pread(descriptor, length, offset)

    monkeypatch.setattr(os, "pread", counting)
    monkeypatch.setattr(Path, "read_bytes", lambda _: pytest.fail("read whole"))
    assert ledger.append_receipt(**FACTS).receipt_number == 51
    assert 0 < read < size


@pytest.mark.parametrize("rest", ["", "x" * 100_000])
def test_a_last_line_of_any_length_is_found(ledger: Ledger, rest: str) -> None:
    ledger.append_receipt(**FACTS)
    long = ledger.append_receipt(**{**FACTS, "reasons": [reason("unreadable_csv", "y" * 100_000)]})
    with ledger.folder.receipts.open("a") as stream:
        stream.write(rest)
    assert ledger.append_receipt(**FACTS).receipt_number == 3
    assert [receipt.receipt_number for receipt in ledger.receipts()] == [1, 2, 3]
    assert ledger.receipts()[1] == long


def test_appenders_take_turns(ledger: Ledger) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: ledger.append_receipt(**FACTS), range(40)))
    assert [receipt.receipt_number for receipt in ledger.receipts()] == list(range(1, 41))


def test_standing_is_the_latest_taken_in() -> None:
    def receipt(number: int, **changes: object) -> Receipt:
        return Receipt(receipt_number=number, **{**FACTS, **changes})  # type: ignore[arg-type]

    receipts = [
        receipt(1),
        receipt(2, supplier="kent"),
        receipt(3, period_start="2021-05-01", period_end="2021-05-31"),
        receipt(4, outcome="partly_accepted"),
        receipt(5, outcome="refused"),
        receipt(6, outcome="duplicate"),
        receipt(7, feed="outcomes"),
    ]
    assert [one.receipt_number for one in standing(receipts)] == [2, 3, 4, 7]
    assert str(latest_period_end(standing(receipts))) == "2021-05-31"


def damaged(file: Path, line: int, content: bytes | None) -> None:
    """Put `content` in the place of a line, or take the line away."""
    lines = file.read_bytes().splitlines()
    lines[line - 1 : line] = [] if content is None else [content]
    file.write_bytes(b"".join(one + b"\n" for one in lines))


@pytest.mark.parametrize(
    ("line", "content", "said"),
    [
        (2, b"\xff\xfe garbage \x00", "line 2: cannot be read"),
        (2, b"", "line 2: cannot be read"),
        (3, b"[]", "line 3: cannot be read"),
        (2, b'{"receipt_number": 2}', r"line 2: is not whole \(.*file_sha256"),
        (1, None, "line 1: has receipt_number 2 where 1 is due"),
        (2, None, "line 2: has receipt_number 3 where 2 is due"),
    ],
)
def test_a_damaged_or_missing_receipt_is_named_with_file_and_remedy(
    ledger: Ledger, line: int, content: bytes | None, said: str
) -> None:
    for _ in range(3):
        ledger.append_receipt(**FACTS)
    damaged(ledger.folder.receipts, line, content)
    with pytest.raises(DamagedLedgerError, match=rf"receipts\.jsonl, {said}.*docs/failures\.md"):
        ledger.receipts()


def test_so_is_a_withdrawal_or_an_acceptance(ledger: Ledger) -> None:
    receipt = ledger.append_receipt(**FACTS)
    said = {"receipt_numbers": [1], "file_sha256": receipt.file_sha256, "withdrawn_at": "2026-11-23T00:00:00Z"}
    for _ in range(2):
        ledger.append_withdrawal(**said, reason="-", is_erasure=False)
        ledger.append_acceptance(receipt_number=1, file_sha256=receipt.file_sha256, accepted_at="-", reason="-")
    for file in (ledger.folder.acceptances, ledger.folder.withdrawals):
        whole = file.read_bytes()
        damaged(file, 1, None)
        with pytest.raises(DamagedLedgerError, match=rf"{file.name}, line 1"):
            ledger.receipts()
        file.write_bytes(whole)


def test_a_damaged_line_of_the_landing_files_only_has_that_file_looked_at_again(ledger: Ledger) -> None:
    files = [LandingFile(f"{n}.csv", 1, 1, "a" * 64, "1") for n in range(3)]
    for file in files:
        ledger.append_landing_file(file)
    damaged(ledger.folder.landing_files, 2, b"\xff garbage")
    assert ledger.landing_files() == [files[0], files[2]]
    damaged(ledger.folder.landing_files, 2, b'{"path": "1.csv"}')
    assert ledger.landing_files() == [files[0], files[2]]
