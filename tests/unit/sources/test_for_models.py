"""The models read the ledger as this package reads it: old lines, withdrawals, torn ends and all."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sources.contract.load import load_contracts
from sources.folder.data_folder import DataFolder
from sources.ledger.for_models import write_for_models
from sources.ledger.receipts import Ledger
from sources.reasons.reason import reason
from tests.unit.sources.test_ledger import FACTS

MAY = {**FACTS, "period_start": "2021-05-01", "period_end": "2021-05-31"}
WITHDRAWAL = {"file_sha256": "a" * 64, "withdrawn_at": "2026-11-24T00:00:00Z", "reason": "wrong", "is_erasure": False}


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(DataFolder(tmp_path))


def read(ledger: Ledger, name: str, as_at: str = "2021-05-31") -> list[dict[str, Any]]:
    write_for_models(ledger.folder, load_contracts(), date.fromisoformat(as_at))
    return [json.loads(line) for line in (ledger.folder.ledger_for_models / f"{name}.jsonl").open()]


def test_restatements_share_a_key_and_what_was_accepted_is_said(ledger: Ledger) -> None:
    for facts in (FACTS, MAY, {**FACTS, "outcome": "partly_accepted"}, {**FACTS, "outcome": "refused"}):
        ledger.append_receipt(**facts)
    one, other, again, refused = read(ledger, "receipts")
    assert one["delivery_key"] == again["delivery_key"] == refused["delivery_key"] != other["delivery_key"]
    assert [line["is_accepted"] for line in (one, other, again, refused)] == [True, True, True, False]
    assert one["source_feed"] == "police/street_crime"
    assert (one["due_on"], one["in_time_until"]) == ("2021-06-30", "2021-07-14"), "61 days, and 14 of slack"


def test_the_first_withdrawal_counts_and_any_erasure(ledger: Ledger) -> None:
    ledger.append_receipt(**FACTS)
    ledger.append_receipt(**MAY)
    ledger.append_withdrawal(receipt_numbers=[1], **WITHDRAWAL)
    erasure = {**WITHDRAWAL, "withdrawn_at": "2026-11-25T00:00:00Z", "reason": "names", "is_erasure": True}
    ledger.append_withdrawal(receipt_numbers=[1], **erasure)
    withdrawn, other = read(ledger, "receipts")
    said = ("withdrawal_number", "withdrawn_after_receipt_number", "withdrawal_reason", "erased_at", "erasure_reason")
    assert [withdrawn[name] for name in said] == [1, 2, "wrong", "2026-11-25T00:00:00Z", "names"]
    assert {other[name] for name in said} == {None}
    assert withdrawn["is_accepted"], "as it was when it was read"


def test_an_append_cut_short_is_not_handed_on(ledger: Ledger) -> None:
    ledger.append_receipt(**FACTS)
    with ledger.folder.receipts.open("a") as stream:
        stream.write('{"receipt_number": 2, "file')
    assert [line["receipt_number"] for line in read(ledger, "receipts")] == [1]


def test_what_is_missing_is_so_at_the_date_of_the_run(ledger: Ledger) -> None:
    ledger.append_receipt(**FACTS)
    # May ends on the 31st; 61 days and 14 of slack end on 14 August.
    assert read(ledger, "missing_returns", "2021-08-14") == []
    [line] = read(ledger, "missing_returns", "2021-08-15")
    assert line == {
        "source_feed": "police/street_crime",
        "agency": "police",
        "feed": "street_crime",
        "supplier": "leicestershire",
        "is_synthetic": False,
        "period_start": "2021-05-01",
        "period_end": "2021-05-31",
        "due_on": "2021-07-31",
    }
    ledger.append_receipt(**MAY)
    assert read(ledger, "missing_returns", "2021-08-15") == []


def test_a_feed_is_of_people_where_any_of_its_forms_is(ledger: Ledger) -> None:
    contract = load_contracts()["fire/incidents"]
    of_people = replace(contract, variants=(replace(contract.variants[0], rows_are_people=True),))
    write_for_models(ledger.folder, {"plain": contract, "of people": of_people}, date(2021, 5, 31))
    lines = (ledger.folder.ledger_for_models / "feeds.jsonl").read_text().splitlines()
    assert [json.loads(line)["rows_are_people"] for line in lines] == [False, True]


def test_every_contract_has_a_line_and_an_empty_ledger_none(ledger: Ledger) -> None:
    assert [line["source_feed"] for line in read(ledger, "feeds")] == list(load_contracts())
    assert read(ledger, "receipts") == read(ledger, "missing_returns") == []


def test_an_unusual_size_is_handed_on_and_a_change_of_size_is_not(ledger: Ledger) -> None:
    for said in (
        [reason("size_below_usual", rows=300, rows_usual=1187)],
        [reason("size_above_usual", rows=300, rows_usual=7)],
        [reason("size_fewer", rows=300, rows_before=400)],
        [],
    ):
        ledger.append_receipt(**{**FACTS, "reasons": said})
    words = ["far fewer rows than usual", "far more rows than usual", None, None]
    assert [line["unusual_size"] for line in read(ledger, "receipts")] == words
