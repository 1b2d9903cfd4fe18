"""A withdrawn delivery counts for nothing, an erased one is gone, and sending the file again undoes both."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from sources import withdrawals
from sources.ledger import Ledger, standing
from sources.rejections import export_rejected
from sources.withdrawals import WithdrawalError, withdraw

from .conftest import NAME, Drop, file_of, row
from .test_crashes import Died
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
    with pytest.raises(WithdrawalError, match=r"(?s)2 deliveries.*receipt 1: .*receipt 2: "):
        withdraw(drop.folder, NAME, "which?")
    with pytest.raises(WithdrawalError, match=r"no delivery 'x\.csv'"):
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


def test_the_same_bytes_sent_again_count_again_and_say_so(drop: Drop) -> None:
    drop.take(SOUND)
    withdraw(drop.folder, NAME, "wrong month")
    again = drop.take(SOUND, "again/" + NAME)
    assert again.outcome == "accepted"
    assert numbers_standing(drop) == [2]
    assert "withdrawn on" in again.warnings[0]
    assert "wrong month" in again.warnings[0]
    assert drop.take(SOUND, "and again/" + NAME).outcome == "duplicate"


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
    done = withdraw(drop.folder, NAME, "names of victims", erase=True)
    assert len(done.removed) == 5
    assert kept(drop) == ["archive", "landing", "raw"]
    assert not drop.folder.warehouse.exists()
    receipt = drop.receipts()[0]
    assert receipt.erasure is not None
    assert receipt.erasure.reason == "names of victims"
    assert drop.take_in().receipts == ()
    export_rejected(drop.folder, tmp_path / "out.csv")
    assert "erased on" in (tmp_path / "out.csv").read_text()
    assert withdraw(drop.folder, NAME, "again", erase=True).withdrawal is None


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
    with pytest.raises(WithdrawalError, match="--erase"):
        withdraw(drop.folder, "2", "wrong")
    withdraw(drop.folder, "2", "to be deleted", erase=True)
    assert kept(drop) == []


def test_an_erased_file_sent_again_is_taken_in_and_kept(drop: Drop) -> None:
    drop.take(SOUND)
    withdraw(drop.folder, NAME, "in error", erase=True)
    assert drop.take(SOUND).outcome == "accepted"
    drop.take_in()
    assert numbers_standing(drop) == [2]
    assert kept(drop) == ["archive", "landing", "raw"]


def test_a_file_that_a_synchronised_folder_brings_back_is_removed_again(drop: Drop) -> None:
    file = drop.put(SOUND)
    state = file.stat()
    drop.take_in()
    withdraw(drop.folder, NAME, "to be deleted", erase=True)
    file.write_bytes(SOUND)
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert drop.take_in().receipts == ()
    assert kept(drop) == []


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", ["append", "unlink", "sync"])
def test_dying_at_each_step_of_an_erasure(
    drops: Callable[[], Drop], monkeypatch: pytest.MonkeyPatch, step: str, after: bool
) -> None:
    owner, name = {
        "append": (Ledger, "append_withdrawal"),
        "unlink": (Path, "unlink"),
        "sync": (withdrawals, "sync_folder"),
    }[step]
    original = getattr(owner, name)
    deaths = 0
    for at in range(10):
        drop = drops()
        drop.take(ONE_BROKEN)
        drop.folder.warehouse.write_bytes(b"rows")
        calls = 0

        def dying(*arguments: object, _at: int = at, **options: object) -> object:
            nonlocal calls
            calls += 1
            if calls == _at + 1 and not after:
                raise Died
            result = original(*arguments, **options)
            if calls == _at + 1:
                raise Died
            return result

        monkeypatch.setattr(owner, name, dying)
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
    assert deaths == (1 if step == "append" else 5)


def test_a_file_refused_for_its_name_is_read_under_the_right_one(drop: Drop) -> None:
    drop.take(SOUND, "april.csv")
    assert drop.take(SOUND).outcome == "accepted"
    assert drop.take(SOUND, "again/" + NAME).outcome == "duplicate"
