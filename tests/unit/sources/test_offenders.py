"""What the contracts on offenders say of a whole file, and that a pair is known by its hashes."""

from pathlib import Path

import pytest

from sources.contract.load import load_contracts
from sources.folder.data_folder import DataFolder
from sources.reasons.reason import for_owner

from .conftest import Drop
from .feed_forms import Form
from .feed_forms_offenders import MARAC, PROBATION, YOUNG


def drop_of(form: Form, tmp_path: Path) -> Drop:
    return Drop(DataFolder(tmp_path / "data"), load_contracts()[form.document])


def refusals(form: Form, tmp_path: Path, rows: list[dict[str, str]]) -> list[str]:
    receipt = drop_of(form, tmp_path).take(
        form.content([form.row(number, **changes) for number, changes in enumerate(rows)]), form.name
    )
    assert receipt.outcome == ("refused" if for_owner(receipt.reasons) else "accepted")
    return list(for_owner(receipt.reasons))


@pytest.mark.parametrize(("unknown", "refused"), [(0, False), (1, False), (2, True), (20, True)])
def test_a_snapshot_is_refused_while_outcomes_are_awaited(unknown: int, refused: bool, tmp_path: Path) -> None:
    reasons = refusals(PROBATION, tmp_path, [{"Re-offended": ""}] * unknown + [{}] * (20 - unknown))
    assert [reason.partition(":")[0] for reason in reasons] == [
        "A snapshot is sent once it is known of nearly everyone whether they re-offended"
    ] * refused


# Up to four in a hundred may be lost to follow-up, or have been followed up before all others.
@pytest.mark.parametrize(
    ("short", "refused"), [(0, False), (4, False), (5, True), (95, True), (96, False), (100, False)]
)
def test_a_quarter_is_followed_up_as_a_whole_or_not_yet(short: int, refused: bool, tmp_path: Path) -> None:
    rows = [{"Follow-up Months": "9", "Re-offences 12m": ""}] * short + [{}] * (100 - short)
    reasons = refusals(YOUNG, tmp_path, rows)
    assert [reason.partition(":")[0] for reason in reasons] == [
        "A quarter is followed up for twelve months as a whole or not yet"
    ] * refused


def test_a_pair_keeps_its_hashes_in_any_order_and_letters(tmp_path: Path) -> None:
    drop = drop_of(MARAC, tmp_path)
    rows = [MARAC.row(1, **{"Victim ID": "V1", "Perpetrator ID": "P1"})]
    rows.append(MARAC.row(2, **{"Victim ID": "p1 ", "Perpetrator ID": "v1"}))
    assert drop.take(MARAC.content(rows), MARAC.name).outcome == "accepted"
    (first, second) = drop.raw("victim_id, perpetrator_id")
    assert set(first) == set(second)
    assert len(set(first)) == 2
    assert all(len(str(value)) == 64 for value in first)
