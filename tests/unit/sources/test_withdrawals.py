"""A withdrawn delivery counts for nothing, an erased one is gone, and only an acceptance undoes either."""

import dataclasses
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from sources.contract.load import Contract
from sources.folder.landed import Candidate
from sources.intake import take_in
from sources.intake.rejections import export_rejected
from sources.ledger import withdrawals
from sources.ledger.acceptances import accept
from sources.ledger.find_delivery import DeliveryError
from sources.ledger.receipts import Ledger, standing
from sources.ledger.withdrawals import withdraw
from sources.reasons.reason import for_owner

from .conftest import NAME, Drop, file_of, row
from .test_crashes import Died, dying_at
from .test_deliveries import CORRECTED, ONE_BROKEN, SOUND, next_contract, numbers_standing
from .test_zips import zip_of

__all__ = ["next_contract"]
MAY = file_of([row(number, month="2021-05") for number in range(2, 42)])
MAY_NAME = "2021-05-leicestershire-street.csv"


def kept(drop: Drop) -> list[str]:
    """Return the files that hold anything of a delivery."""
    places = (drop.folder.landing, drop.folder.archive, drop.folder.raw, drop.folder.rejected)
    return sorted(
        path.relative_to(drop.folder.root).parts[0]
        for place in places
        for path in place.rglob("*")
        if path.is_file() and path.name != "_no_rows.parquet"
    )


def test_a_withdrawn_delivery_counts_for_nothing_and_keeps_its_bytes(drop: Drop) -> None:
    drop.take(ONE_BROKEN)
    before = kept(drop)
    done = withdraw(drop.folder, NAME, "the wrong export")
    assert numbers_standing(drop) == []
    assert done.stands_now is None
    (receipt,) = drop.receipts()
    assert receipt.withdrawal is not None
    assert (receipt.withdrawal.reason, receipt.withdrawal.after_receipt_number) == ("the wrong export", 1)
    assert receipt.outcome == "partly_accepted"
    assert receipt.erasure is None
    assert kept(drop) == before
    assert drop.take_in().receipts == ()


def test_withdrawing_twice_changes_nothing(drop: Drop) -> None:
    drop.take(SOUND)
    withdraw(drop.folder, "1", "first")
    again = withdraw(drop.folder, NAME, "second")
    assert again.withdrawal is None
    assert again.receipt.withdrawal is not None
    assert again.receipt.withdrawal.reason == "first"
    assert len(drop.folder.withdrawals.read_text().splitlines()) == 1


def test_the_delivery_that_it_had_superseded_stands_again(drop: Drop) -> None:
    drop.take(SOUND)
    second = drop.take(CORRECTED)
    done = withdraw(drop.folder, second.file_sha256[:10], "no correction at all")
    assert numbers_standing(drop) == [1]
    assert done.stands_now is not None
    assert done.stands_now.receipt_number == 1


def test_of_several_deliveries_of_a_name_the_receipt_number_is_asked_for(drop: Drop) -> None:
    drop.take(SOUND)
    drop.take(CORRECTED)
    with pytest.raises(DeliveryError, match=r"(?s)2 deliveries.*receipt 1: .*receipt 2: "):
        withdraw(drop.folder, NAME, "which?")
    with pytest.raises(DeliveryError, match=r"no delivery 'x\.csv'"):
        withdraw(drop.folder, "x.csv", "which?")
    assert not drop.folder.withdrawals.read_text()


def test_a_duplicate_names_the_delivery_that_it_repeats(drop: Drop) -> None:
    drop.take(SOUND)
    assert drop.take(SOUND, "again/" + NAME).outcome == "duplicate"
    assert withdraw(drop.folder, "2", "wrong").receipt.receipt_number == 1
    assert numbers_standing(drop) == []


def test_every_try_of_the_bytes_is_withdrawn(drop: Drop, next_contract: object) -> None:
    drop.take(ONE_BROKEN)
    drop.contract = next_contract  # type: ignore[assignment]
    assert [receipt.outcome for receipt in drop.take_in().receipts] == ["accepted"]
    withdraw(drop.folder, NAME, "wrong")
    assert numbers_standing(drop) == []


def test_withdrawn_bytes_seen_again_are_a_duplicate_that_says_what_to_do(drop: Drop) -> None:
    file = drop.put(SOUND)
    drop.take_in()
    withdraw(drop.folder, NAME, "wrong month")
    file.touch()
    (touched,) = drop.take_in().receipts
    again = drop.take(SOUND, "again/" + NAME)
    for receipt in (touched, again):
        assert (receipt.outcome, numbers_standing(drop)) == ("duplicate", [])
        assert "withdrawn on 20" in for_owner(receipt.reasons)[0]
        assert "because: wrong month. `csp accept 1 --reason …` takes them back." in for_owner(receipt.reasons)[0]


@pytest.mark.parametrize("sent_again", [False, True])
def test_an_acceptance_takes_a_withdrawn_delivery_back(drop: Drop, sent_again: bool) -> None:
    file = drop.put(ONE_BROKEN)
    drop.take_in()
    withdraw(drop.folder, NAME, "wrong month")
    if sent_again:
        file.unlink()
        drop.take(ONE_BROKEN, "again/" + NAME)
    done = accept(drop.folder, NAME, "it was right")
    assert (done.receipt.receipt_number, done.is_in_landing) == (1, True)
    (back,) = drop.take_in().receipts
    assert (back.outcome, numbers_standing(drop)) == ("partly_accepted", [back.receipt_number])
    assert "(wrong month), and taken back on 20" in for_owner(back.reasons)[0]
    assert for_owner(back.reasons)[0].endswith(": it was right")
    assert len(for_owner(back.reasons)) == 2
    assert drop.take_in().receipts == ()
    assert drop.take(ONE_BROKEN, "once more/" + NAME).outcome == "duplicate"
    withdraw(drop.folder, NAME, "wrong after all")
    assert drop.take_in().receipts == ()
    assert drop.take(ONE_BROKEN, "and again/" + NAME).outcome == "duplicate"
    assert numbers_standing(drop) == []


def test_bytes_taken_back_under_another_name_leave_no_rows_under_the_old_one(drop: Drop, contract: Contract) -> None:
    drop.contract = dataclasses.replace(contract, row_rules=())
    misnamed = drop.put(SOUND, MAY_NAME)
    drop.take_in()
    withdraw(drop.folder, "1", "it is of April")
    misnamed.unlink()
    accept(drop.folder, "1", "under its right name")
    back = drop.take(SOUND)
    assert (back.outcome, back.period_start) == ("accepted", "2021-04-01")
    assert len(drop.raw()) == back.rows_accepted


def test_a_delivery_withdrawn_after_its_acceptance_stays_withdrawn(drop: Drop) -> None:
    drop.take(SOUND)
    withdraw(drop.folder, NAME, "wrong month")
    accept(drop.folder, NAME, "it was right")
    assert withdraw(drop.folder, NAME, "it was not").withdrawal is not None
    assert drop.take_in().receipts == ()
    assert numbers_standing(drop) == []
    accept(drop.folder, NAME, "it was")
    assert [one.outcome for one in drop.take_in().receipts] == ["accepted"]


def test_nothing_later_is_undone_by_an_acceptance(drop: Drop) -> None:
    first = drop.take(SOUND)
    withdraw(drop.folder, NAME, "wrong month")
    drop.take(CORRECTED, "later/" + NAME)
    with pytest.raises(DeliveryError, match=r"receipt 2, .* came since and stands"):
        accept(drop.folder, first.file_sha256[:10], "meant")
    withdraw(drop.folder, "2", "wrong too")
    accept(drop.folder, "1", "meant")
    assert [one.file_sha256 for one in drop.take_in().receipts] == [first.file_sha256]


def test_what_took_the_place_of_the_file_in_landing_is_not_the_file(drop: Drop) -> None:
    file = drop.put(SOUND)
    drop.take_in()
    withdraw(drop.folder, NAME, "wrong")
    file.write_bytes(MAY)
    assert not accept(drop.folder, NAME, "it was right").is_in_landing
    withdraw(drop.folder, NAME, "to be deleted", erase=True)
    assert file.read_bytes() == MAY


def test_an_acceptance_of_a_zip_member_takes_that_one_back(drop: Drop) -> None:
    drop.put(zip_of({NAME: SOUND, MAY_NAME: MAY}), "download.zip")
    drop.take_in()
    withdraw(drop.folder, NAME, "wrong")
    withdraw(drop.folder, MAY_NAME, "wrong")
    accept(drop.folder, MAY_NAME, "it was right")
    assert {one.file_name: one.outcome for one in drop.take_in().receipts} == {NAME: "duplicate", MAY_NAME: "accepted"}
    assert drop.take_in().receipts == ()


def test_a_changed_contract_takes_no_withdrawn_delivery_back(drop: Drop, next_contract: object) -> None:
    drop.take(ONE_BROKEN)
    withdraw(drop.folder, NAME, "wrong")
    drop.contract = next_contract  # type: ignore[assignment]
    assert drop.take_in().receipts == ()
    assert numbers_standing(drop) == []


def test_a_zip_read_again_for_another_member_takes_none_back(drop: Drop, next_contract: object) -> None:
    drop.put(zip_of({NAME: ONE_BROKEN, MAY_NAME: MAY}), "download.zip")
    drop.take_in()
    withdraw(drop.folder, MAY_NAME, "wrong")
    drop.contract = next_contract  # type: ignore[assignment]
    assert {one.file_name: one.outcome for one in drop.take_in().receipts} == {NAME: "accepted", MAY_NAME: "duplicate"}
    assert [one.file_name for one in standing(drop.receipts())] == [NAME]


def test_erased_means_gone_everywhere(drop: Drop, tmp_path: Path) -> None:
    drop.take(ONE_BROKEN)
    drop.take(MAY, MAY_NAME)
    drop.folder.warehouse.write_bytes(b"rows")
    cells = [(drop.folder.cells / str(one.raw_file)).with_suffix(".key.digest.parquet") for one in drop.receipts()]
    for file in cells:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"cells")
    done = withdraw(drop.folder, NAME, "names of victims", erase=True)
    assert len(done.removed) == 6
    assert [file.exists() for file in cells] == [False, True]
    assert kept(drop) == ["archive", "landing", "raw"]
    assert not drop.folder.warehouse.exists()
    receipt = drop.receipts()[0]
    assert receipt.erasure is not None
    assert receipt.erasure.reason == "names of victims"
    assert drop.take_in().receipts == ()
    export_rejected(drop.folder, tmp_path / "out.csv")
    assert "erased on" in (tmp_path / "out.csv").read_text()
    assert NAME not in drop.folder.receipts.read_text() + drop.folder.landing_files.read_text()
    assert withdraw(drop.folder, "1", "again", erase=True).withdrawal is None


def test_what_was_withdrawn_or_refused_can_be_erased_later(drop: Drop) -> None:
    drop.take(SOUND)
    withdraw(drop.folder, NAME, "wrong")
    done = withdraw(drop.folder, NAME, "and to be deleted", erase=True)
    assert done.receipt.withdrawal is not None
    assert (done.receipt.withdrawal.reason, done.receipt.erasure.reason) == (  # type: ignore[union-attr]
        "wrong",
        "and to be deleted",
    )
    drop.take(b"x" * 100, "2021-06-leicestershire-street.csv")
    with pytest.raises(DeliveryError, match="--erase"):
        withdraw(drop.folder, "2", "wrong")
    withdraw(drop.folder, "2", "to be deleted", erase=True)
    assert kept(drop) == []


@pytest.mark.parametrize("zipped", [False, True])
def test_of_an_erased_file_sent_again_nothing_is_kept_until_it_is_accepted(drop: Drop, zipped: bool) -> None:
    sent_zip = zip_of({NAME: ONE_BROKEN, "2021-04-rutland-x.csv": b"x"})
    drop.take(ONE_BROKEN)
    withdraw(drop.folder, NAME, "in error", erase=True)
    drop.put(sent_zip if zipped else ONE_BROKEN, "again/" + ("x.zip" if zipped else NAME))
    again = next(one for one in drop.take_in().receipts if one.file_name == NAME)
    assert again.outcome == "duplicate"
    assert "erased on 20" in for_owner(again.reasons)[0]
    assert "`csp accept 1 --reason …` lets them come again" in for_owner(again.reasons)[0]
    assert kept(drop) == (["archive"] if zipped else [])
    assert any("deleted from landing, because it holds what was erased" in said for said in drop.said)
    assert all(one.file_name != NAME for one in drop.receipts())
    assert NAME not in drop.folder.landing_files.read_text()
    done = accept(drop.folder, "1", "it may come")
    assert not done.is_in_landing
    assert drop.take_in().receipts == ()
    back = drop.take(ONE_BROKEN, "once more/" + NAME)
    assert (back.outcome, numbers_standing(drop)) == ("partly_accepted", [back.receipt_number])
    drop.take_in()
    assert kept(drop) == ["archive", *(["archive"] if zipped else []), "landing", "raw", "rejected"]


@pytest.mark.parametrize("zipped", [False, True])
def test_erasure_finds_the_bytes_wherever_they_lie_in_landing(drop: Drop, zipped: bool) -> None:
    """A name that is no UTF-8, or was changed since, is no address."""
    content = zip_of({NAME: ONE_BROKEN, MAY_NAME: MAY}) if zipped else ONE_BROKEN
    name = os.fsdecode(b"for\xeat/caf\xe9.zip" if zipped else b"for\xeat/" + NAME.encode())
    file = drop.put(content, name)
    drop.take_in()
    file.rename(drop.folder.landing / "renamed.bak")
    drop.put(content, name)
    drop.put(content, "pending/" + NAME + (".zip" if zipped else ""))
    drop.folder.intake_work.mkdir()
    (drop.folder.intake_work / "incoming").write_bytes(ONE_BROKEN)
    done = withdraw(drop.folder, NAME, "in error", erase=True)
    assert not [file for file in drop.folder.landing.rglob("*") if file.is_file()]
    assert not drop.folder.intake_work.exists()
    assert sum(file.is_relative_to(drop.folder.landing) for file in done.removed) == 3


def test_erased_bytes_come_back_in_no_other_feed(drop: Drop, contract: Contract) -> None:
    drop.take(SOUND)
    withdraw(drop.folder, NAME, "to be deleted", erase=True)
    drop.contract = dataclasses.replace(contract, feed="outcomes")
    assert drop.take(SOUND).outcome == "duplicate"
    assert kept(drop) == []


def test_dying_before_the_deletion_of_an_erased_file_sent_again(drop: Drop, monkeypatch: pytest.MonkeyPatch) -> None:
    drop.take(SOUND)
    withdraw(drop.folder, NAME, "to be deleted", erase=True)
    drop.put(SOUND, "again/" + NAME)
    with monkeypatch.context() as patched:
        patched.setattr(take_in, "delete_from_landing", lambda *_: (_ for _ in ()).throw(Died))
        with pytest.raises(Died):
            drop.take_in()
    assert kept(drop) == ["landing"]
    assert [one.outcome for one in drop.take_in().receipts] == ["duplicate"]
    assert kept(drop) == []
    assert NAME not in drop.folder.receipts.read_text() + drop.folder.landing_files.read_text()


def test_a_file_that_a_synchronised_folder_brings_back_is_removed_again(drop: Drop) -> None:
    file = drop.put(SOUND)
    state = file.stat()
    drop.take_in()
    withdraw(drop.folder, NAME, "to be deleted", erase=True)
    file.write_bytes(SOUND)
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert [one.outcome for one in drop.take_in().receipts] == ["duplicate"]
    assert kept(drop) == []
    assert NAME not in drop.folder.receipts.read_text() + drop.folder.landing_files.read_text()


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", ["append", "unlink", "sync", "landing"])
def test_dying_at_each_step_of_an_erasure(
    drops: Callable[[], Drop], monkeypatch: pytest.MonkeyPatch, step: str, after: bool
) -> None:
    owner, name = {
        "append": (Ledger, "append_withdrawal"),
        "unlink": (Path, "unlink"),
        "sync": (withdrawals, "sync_folder"),
        "landing": (Candidate, "delete"),
    }[step]
    original = getattr(owner, name)
    deaths = 0
    for at in range(10):
        drop = drops()
        drop.take(ONE_BROKEN)
        drop.folder.warehouse.write_bytes(b"rows")
        monkeypatch.setattr(owner, name, dying_at(original, at, after))
        try:
            withdraw(drop.folder, NAME, "to be deleted", erase=True)
        except Died:
            deaths += 1
        else:
            break
        finally:
            monkeypatch.setattr(owner, name, original)
        assert drop.take_in().receipts == ()
        if step == "append" and not after:
            assert numbers_standing(drop) == [1]
            assert len(kept(drop)) == 4
        else:
            assert numbers_standing(drop) == []
            assert kept(drop) == []
            assert not drop.folder.warehouse.exists()
            assert NAME not in drop.folder.receipts.read_text() + drop.folder.landing_files.read_text()
    assert deaths >= (1 if step in {"append", "landing"} else 4)
