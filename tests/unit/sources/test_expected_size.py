"""How many rows a delivery should have: corrections beside what stands, first deliveries beside the usual."""

import dataclasses
from pathlib import Path

import pytest

from sources.contract.expected_size import ExpectedSize
from sources.contract.load import Contract, ContractError, load_contract
from sources.intake.expected_size import Verdict, of_correction, usual_rows
from sources.ledger.acceptances import accept
from sources.ledger.find_delivery import DeliveryError
from sources.ledger.receipts import standing
from sources.reasons.reason import for_owner, published

from .conftest import NAME, Drop, file_of, row, sound_rows

SIZE = ExpectedSize(warned_change=0.1, held_loss=0.5, usual_share=0.33, ignored_rows=10)
WHOLE, SHORT = file_of(sound_rows(40)), file_of(sound_rows(4))
LATER = "2021-05-leicestershire-street.csv"


@pytest.mark.parametrize(
    ("accepted", "before", "verdict"),
    [
        (180, 200, Verdict.EXPECTED),
        (179, 200, Verdict.WARNED),
        (220, 200, Verdict.EXPECTED),
        (221, 200, Verdict.WARNED),
        (100, 200, Verdict.WARNED),
        (99, 200, Verdict.HELD),
        (24, 254, Verdict.HELD),
        # A gain is never held, and a difference of ten rows is never looked at.
        (2000, 200, Verdict.WARNED),
        (4, 14, Verdict.EXPECTED),
        (3, 14, Verdict.HELD),
        (11, 0, Verdict.WARNED),
        (10, 0, Verdict.EXPECTED),
    ],
)
def test_a_correction_at_its_bounds(accepted: int, before: int, verdict: Verdict) -> None:
    assert of_correction(SIZE, accepted, before) is verdict


def test_the_bounds_are_data() -> None:
    loose = ExpectedSize(warned_change=0.29, held_loss=1, ignored_rows=0)
    assert of_correction(loose, 71, 100) is Verdict.EXPECTED
    assert of_correction(loose, 70, 100) is Verdict.WARNED
    assert of_correction(loose, 0, 100) is Verdict.WARNED


@pytest.mark.parametrize(
    ("accepted", "earlier", "usual"),
    [
        (33, [100] * 6, None),
        (32, [100] * 6, 100),
        (32, [100] * 5, None),
        # Before six stand, a sudden change alone: Dyfed-Powys fell from 1,187 rows to 300 and 164.
        (300, [1187], 1187),
        (164, [1187, 300], 743.5),
        (28, [100], 100),
        (29, [100], None),
        (350, [100], None),
        (351, [100], 100),
        (351, [100] * 12, 100),
        (1, [11], None),
        (40, [], None),
        # The latest twelve: an earlier level of the series is none of theirs.
        (32, [900] * 12 + [100] * 12, 100),
        (32, [900] * 12 + [90] * 12, None),
        (1, [11] * 12, None),
        (1, [12] * 12, 12),
    ],
)
def test_a_first_delivery_at_its_bounds(accepted: int, earlier: list[int], usual: float | None) -> None:
    assert usual_rows(SIZE, accepted, earlier) == usual


def test_a_sudden_fall_and_rise_are_told_from_the_second_month_on(drop: Drop) -> None:
    drop.take(file_of(sound_rows(80)))
    fall = drop.take(file_of([row(n, month="2021-05") for n in range(2, 22)]), LATER)
    assert (fall.outcome, published(fall.reasons, of_people=False)) == (
        "accepted",
        ["20 rows accepted; 80 are usual."],
    )
    assert published(fall.warnings, of_people=False)[0].startswith("Fewer than 29% of the usual rows")
    june = file_of([row(n, month="2021-06") for n in range(2, 202)])
    rise = drop.take(june, "2021-06-leicestershire-street.csv")
    assert published(rise.reasons, of_people=False) == ["200 rows accepted; 50 are usual."]
    assert published(rise.reasons, of_people=True) == ["Far more rows accepted than usual."]
    assert published(rise.warnings, of_people=False)[0].startswith("More than 3.5 times the usual rows")


def test_part_of_a_file_does_not_replace_the_whole(drop: Drop) -> None:
    drop.take(WHOLE)
    held = drop.take(SHORT)
    assert (held.outcome, held.is_held, held.rows_accepted, held.raw_file) == ("refused", True, 0, None)
    assert held.rejected_by_rule == {"far_fewer_rows": 4}
    assert for_owner(held.reasons)[0].startswith("4 sound rows instead of 40, more than 50% fewer than in receipt 1, ")
    assert "csp accept" in for_owner(held.reasons)[0]
    assert [one.receipt_number for one in standing(drop.receipts())] == [1]
    assert len(drop.raw()) == 40
    assert drop.take_in().receipts == ()


def test_a_smaller_loss_and_a_gain_are_taken_in_with_a_warning(drop: Drop) -> None:
    drop.take(WHOLE)
    fewer = drop.take(file_of(sound_rows(28)))
    assert (fewer.outcome, for_owner(fewer.reasons)) == ("accepted", ["28 rows accepted instead of 40."])
    assert "More than 10% fewer" in for_owner(fewer.warnings)[0]
    more = drop.take(file_of(sound_rows(90)))
    assert (more.outcome, for_owner(more.reasons)) == ("accepted", ["90 rows accepted instead of 28."])
    assert "More than 10% more" in for_owner(more.warnings)[0]
    assert [one.receipt_number for one in standing(drop.receipts())] == [3]


def test_a_loss_that_someone_accepts_counts_from_the_next_night(drop: Drop) -> None:
    drop.take(WHOLE)
    held = drop.take(SHORT)
    accept(drop.folder, NAME, "the force had sent the whole county")
    (taken,) = drop.take_in().receipts
    assert (taken.file_sha256, taken.outcome, taken.rows_accepted) == (held.file_sha256, "accepted", 4)
    assert for_owner(taken.reasons) == [
        "4 rows accepted instead of 40.",
        "Confirmed: the force had sent the whole county",
    ]
    assert drop.take_in().receipts == ()
    assert [one.receipt_number for one in standing(drop.receipts())] == [3]


def test_an_accepted_file_that_left_landing_is_taken_when_it_comes_again(drop: Drop) -> None:
    drop.take(WHOLE)
    drop.put(SHORT, "again/" + NAME)
    (held,) = drop.take_in().receipts
    (drop.landing / "again" / NAME).unlink()
    accept(drop.folder, held.file_sha256[:12], "meant")
    assert drop.take_in().receipts == ()
    assert drop.take(SHORT, "once more/" + NAME).outcome == "accepted"


def test_only_what_was_held_can_be_accepted_and_nothing_later_is_undone(drop: Drop) -> None:
    drop.take(WHOLE)
    with pytest.raises(DeliveryError, match="neither withdrawn nor refused because of few rows"):
        accept(drop.folder, "1", "meant")
    with pytest.raises(DeliveryError, match="no delivery 'x'"):
        accept(drop.folder, "x", "meant")
    drop.take(SHORT)
    drop.take(file_of(sound_rows(41)))
    with pytest.raises(DeliveryError, match=r"receipt 3, .* came since and stands"):
        accept(drop.folder, "2", "meant")


def test_a_correction_accepted_in_vain_does_not_undo_a_later_one(drop: Drop) -> None:
    drop.take(WHOLE)
    drop.take(SHORT)
    accept(drop.folder, "2", "meant")
    drop.put(file_of(sound_rows(41)), "again/" + NAME, age_seconds=3600)
    assert [one.outcome for one in drop.take_in().receipts] == ["accepted", "duplicate"]
    assert drop.take_in().receipts == ()
    assert [one.rows_accepted for one in standing(drop.receipts())] == [41]


def test_the_same_bytes_under_another_contract_are_no_correction(drop: Drop, contract: Contract) -> None:
    broken = [row(number, crime_type="Mischief") for number in range(100, 160)]
    loose = dataclasses.replace(contract, maximum_rejected_share=1.0)
    strict = [rule for rule in contract.row_rules if rule.column != "crime_type"]
    drop.contract = dataclasses.replace(loose, row_rules=tuple(strict))
    # One row is rejected, so that another version tries the file again.
    first = drop.take(file_of([*sound_rows(), *broken, row(200, month="2021-06")]))
    assert first.outcome == "partly_accepted"
    drop.contract = dataclasses.replace(loose, version="9.0.0")
    (again,) = drop.take_in().receipts
    assert (again.outcome, again.rows_accepted) == ("partly_accepted", 40)


def test_a_first_delivery_far_below_the_usual_is_taken_in_with_a_warning(drop: Drop) -> None:
    for month in range(6, 12):
        rows = [row(number, month=f"2020-{month:02}") for number in range(2, 42)]
        drop.take(file_of(rows), f"2020-{month:02}-leicestershire-street.csv")
    receipt = drop.take(SHORT)
    assert (receipt.outcome, for_owner(receipt.reasons)) == ("accepted", ["4 rows accepted; 40 are usual."])
    assert "ask whether the file is whole" in for_owner(receipt.warnings)[0]
    # Those of another force are no measure.
    kent = drop.take(file_of([row(2, falls_within="Kent Police")]), "2021-04-kent-street.csv")
    assert (for_owner(kent.reasons), for_owner(kent.warnings)) == ([], [])


def test_of_people_no_number_is_said(drop: Drop, contract: Contract) -> None:
    drop.contract = dataclasses.replace(contract, rows_are_people=True)
    drop.take(WHOLE)
    fewer = drop.take(file_of(sound_rows(28)))
    assert published(fewer.reasons, of_people=True) == ["Far fewer rows accepted than before."]
    held = drop.take(SHORT)
    assert held.reasons[0].published(of_people=True).startswith("Far fewer sound rows, more than 50% fewer than in")
    accept(drop.folder, str(held.receipt_number), "meant")
    (taken,) = drop.take_in().receipts
    assert published(taken.reasons, of_people=True) == ["Far fewer rows accepted than before.", "Confirmed: meant"]
    told = [*fewer.reasons, *fewer.warnings, *held.reasons, *taken.reasons, *taken.warnings]
    said = " ".join(published(told, of_people=True))
    assert not [number for number in ("4", "28", "40") if f" {number} " in said]


CONTRACTS = Path(__file__).parents[3] / "sources" / "contracts" / "police"


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("{heldLoss: 0.8, ignoredRows: 3}", ExpectedSize(held_loss=0.8, ignored_rows=3)),
        ("{warnedChange: 0.2, usualShare: 0}", ExpectedSize(warned_change=0.2, usual_share=0)),
    ],
)
def test_a_contract_says_what_is_expected(tmp_path: Path, sent: str, expected: ExpectedSize) -> None:
    assert load_contract(_with_size(tmp_path, sent)).expected_size == expected


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ("0.5", "expectedSize: is 0.5. Give a mapping"),
        ("{heldLos: 0.5}", "expectedSize.heldLos: is not known"),
        ("{heldLoss: 5}", "expectedSize.heldLoss: is 5. Give a number between 0 and 1"),
        ("{ignoredRows: 0.5}", "expectedSize.ignoredRows: is 0.5. Give a whole number"),
        ("{heldLoss: 0.05}", "expectedSize.heldLoss: is smaller than warnedChange"),
    ],
)
def test_a_mistake_in_it_is_named(tmp_path: Path, sent: str, message: str) -> None:
    with pytest.raises(ContractError, match=message):
        load_contract(_with_size(tmp_path, sent))


def _with_size(folder: Path, sent: str) -> Path:
    text = (CONTRACTS / "street_crime.odcs.yaml").read_text()
    file = folder / "police" / "street_crime.odcs.yaml"
    file.parent.mkdir()
    marked = "customProperties:\n  - property: fileNamePattern"
    assert marked in text
    file.write_text(
        text.replace(marked, f"customProperties:\n  - property: expectedSize\n    value: {sent}\n{marked[18:]}")
    )
    return file
