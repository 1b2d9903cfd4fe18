"""A file refused for personal data may be the only copy: it is moved to quarantine, and purged from there."""

import dataclasses
import errno
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from sources.contract.load import Contract, load_contracts
from sources.folder import durable
from sources.folder.data_folder import DataFolder
from sources.folder.landed import Candidate
from sources.intake import clock, quarantine
from sources.intake.quarantine import QuarantineError, in_quarantine, purge, release
from sources.ledger import receipts as ledger
from sources.ledger.receipts import Receipt
from sources.ledger.withdrawals import withdraw

from .conftest import FEED, HEADER, NAME, Drop, file_of, sound_rows
from .test_crashes import Died, dying_at
from .test_zips import zip_of

SECRET = "Zebedee"
BAD = file_of([f"{line},{SECRET}" for line in sound_rows()], header=f"{HEADER},Surname")
MAY = "2021-05-leicestershire-street.csv"
GOOD = file_of([line.replace("2021-04", "2021-05") for line in sound_rows()])


@pytest.fixture
def contract() -> Contract:
    """Return the contract of street crime as if it were no open data, of which columns' names tell nothing."""
    return dataclasses.replace(load_contracts()[FEED], licence="Shared under a protocol")


def kept(drop: Drop) -> list[bytes]:
    return [drop.folder.quarantined(one.sha256).read_bytes() for one in in_quarantine(drop.folder)]


def landed(drop: Drop) -> list[str]:
    return sorted(file.name for file in drop.landing.rglob("*") if file.is_file())


def agreeing(contract: Contract) -> Contract:
    """Return a later version of the contract that leaves a column out by agreement."""
    return dataclasses.replace(contract, version="9.0.0", ignored_columns=("Ref",))


def test_the_bytes_are_there_and_a_note_tells_the_owner_where_they_came_from(drop: Drop) -> None:
    receipt = drop.take(BAD, f"{SECRET}/{NAME}")
    (one,) = in_quarantine(drop.folder)
    assert (one.source_feed, one.landing_path, one.byte_count) == (FEED, f"{FEED}/{SECRET}/{NAME}", len(BAD))
    assert (kept(drop), landed(drop)) == ([BAD], [])
    assert drop.said[
        -1
    ] == f"{FEED}, receipt {receipt.receipt_number}: moved to quarantine, because of personal data " + (
        "that is not agreed"
    )


STEPS: list[tuple[object, str]] = [
    (ledger.Ledger, "append_receipt"),
    (ledger.Ledger, "append_landing_file"),
    (quarantine, "move_in_place"),
    (quarantine, "write_whole"),
    (quarantine, "delete_from_landing"),
    (Candidate, "delete"),
    (Path, "chmod"),
    (Path, "replace"),
    (Path, "unlink"),
    (durable, "sync_folder"),
    (durable, "sync_file"),
]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("owner", "step"), STEPS, ids=[step for _, step in STEPS])
def test_dying_at_each_step_ends_in_the_same_place(
    drops: Callable[[], Drop], monkeypatch: pytest.MonkeyPatch, owner: object, step: str, after: bool
) -> None:
    def fill(drop: Drop) -> None:
        drop.put(BAD)
        drop.put(zip_of({NAME: BAD.replace(b"Zebedee", b"Dougal"), MAY: GOOD}), "download.zip")

    undisturbed, drop = drops(), drops()
    for one in (undisturbed, drop):
        fill(one)
    undisturbed.take_in()
    original = getattr(owner, step)
    deaths = 0
    while True:
        monkeypatch.setattr(owner, step, dying_at(original, deaths, after))
        try:
            drop.take_in()
            break
        except Died:
            deaths += 1
        finally:
            monkeypatch.setattr(owner, step, original)
        # Wherever it died, the bytes are somewhere.
        assert len(kept(drop)) + len(landed(drop)) >= 2
    assert deaths
    drop.take_in()
    assert kept(drop) == kept(undisturbed)
    assert landed(drop) == landed(undisturbed) == []
    assert [one.outcome for one in drop.receipts()] == [one.outcome for one in undisturbed.receipts()]
    assert drop.raw(order="ALL") == undisturbed.raw(order="ALL")


def test_from_another_file_system_it_is_copied(drop: Drop, monkeypatch: pytest.MonkeyPatch) -> None:
    replace = Path.replace

    def across(path: Path, target: Path) -> Path:
        if target.parent == drop.folder.quarantine and path.parent != target.parent:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", across)
    drop.take(BAD)
    assert (kept(drop), landed(drop)) == ([BAD], [])


def test_the_same_bytes_again_are_a_duplicate_and_go_from_landing(drop: Drop) -> None:
    drop.take(BAD)
    again = drop.take(BAD, f"again/{NAME}")
    assert (again.outcome, again.carries_personal_data) == ("duplicate", True)
    assert (kept(drop), landed(drop)) == ([BAD], [])
    purge(drop.folder, [again.receipt_number])
    assert kept(drop) == []
    drop.take(BAD, f"once more/{NAME}")
    assert (kept(drop), landed(drop)) == ([BAD], [])


def test_a_zip_goes_whole_and_its_sound_members_are_taken_in(drop: Drop) -> None:
    sent = zip_of({NAME: BAD, MAY: GOOD})
    drop.put(sent, "download.zip")
    bad, good = drop.take_in().receipts
    assert (bad.outcome, good.outcome) == ("refused", "accepted")
    assert (kept(drop), landed(drop)) == ([sent], [])


def test_purged_by_receipt_or_all_at_once(drop: Drop) -> None:
    first, second = drop.take(BAD), drop.take(BAD.replace(b"Zebedee", b"Dougal"))
    good = drop.take(GOOD, MAY)
    with pytest.raises(QuarantineError, match=f"belongs to receipt {good.receipt_number}"):
        purge(drop.folder, [good.receipt_number])
    purge(drop.folder, [first.receipt_number])
    assert [one.sha256 for one in in_quarantine(drop.folder)] == [second.file_sha256]
    purge(drop.folder)
    assert list(drop.folder.quarantine.iterdir()) == []


@pytest.mark.parametrize(("setting", "days"), [(None, 30), ("2", 2)])
def test_after_the_days_of_the_setting_the_next_intake_purges_and_says_so(
    drop: Drop, monkeypatch: pytest.MonkeyPatch, setting: str | None, days: int
) -> None:
    if setting:
        monkeypatch.setenv("CSP_QUARANTINE_DAYS", setting)
    drop.take(BAD)
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=days - 1))
    drop.take_in()
    assert kept(drop) == [BAD]
    later = now + timedelta(days=days, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    drop.take_in()
    assert list(drop.folder.quarantine.iterdir()) == []
    assert drop.said[-1] == f"{FEED}, receipt 1: removed from quarantine after {days} days"


@pytest.mark.parametrize("setting", ["a month", "-1", "99999999"])
def test_a_setting_that_is_no_number_of_days_removes_nothing(
    drop: Drop, monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    drop.take(BAD)
    monkeypatch.setenv("CSP_QUARANTINE_DAYS", setting)
    with pytest.raises(QuarantineError, match=f"CSP_QUARANTINE_DAYS is '{setting}'"):
        drop.take_in()
    assert kept(drop) == [BAD]


@pytest.mark.parametrize("zipped", [False, True])
def test_released_after_a_change_of_the_contract_it_is_taken_in(drop: Drop, zipped: bool) -> None:
    seems = file_of([f"{line},01664 502502" for line in sound_rows()], header=f"{HEADER},Ref")
    drop.put(zip_of({NAME: seems, MAY: GOOD}) if zipped else seems, "x.zip" if zipped else NAME)
    receipt = next(one for one in drop.take_in().receipts if one.carries_personal_data)
    drop.contract = agreeing(drop.contract)
    _, place = release(drop.folder, receipt.receipt_number)
    assert (place.is_file(), kept(drop)) == (True, [])
    taken = {one.file_name: one.outcome for one in drop.take_in().receipts}
    assert taken == ({NAME: "accepted", MAY: "duplicate"} if zipped else {NAME: "accepted"})
    assert len(landed(drop)) == 1


def test_released_without_any_change_it_is_refused_again(drop: Drop) -> None:
    drop.take(BAD)
    release(drop.folder, 1)
    (again,) = drop.take_in().receipts
    assert (again.outcome, again.carries_personal_data) == ("refused", True)
    assert (kept(drop), landed(drop)) == ([BAD], [])
    release(drop.folder, again.receipt_number)
    assert [one.outcome for one in drop.take_in().receipts] == ["refused"]


def test_a_release_overwrites_nothing(drop: Drop) -> None:
    drop.take(BAD)
    drop.put(GOOD, NAME)
    with pytest.raises(QuarantineError, match="is there again"):
        release(drop.folder, 1)
    assert kept(drop) == [BAD]


def test_a_release_goes_through_no_link(drop: Drop, tmp_path: Path) -> None:
    drop.put(BAD, f"sub/{NAME}")
    drop.take_in()
    (drop.landing / "sub").rmdir()
    (tmp_path / "shared").mkdir()
    (drop.landing / "sub").symlink_to(tmp_path / "shared")
    with pytest.raises(QuarantineError, match=r"sub is a link"):
        release(drop.folder, 1)
    assert not list((tmp_path / "shared").iterdir())


@pytest.mark.parametrize("zipped", [False, True])
def test_an_erased_file_goes_from_quarantine_and_does_not_come_back(drop: Drop, zipped: bool) -> None:
    sent = zip_of({NAME: BAD, MAY: GOOD}) if zipped else BAD
    drop.put(sent, "x.zip" if zipped else NAME)
    receipt = next(one for one in drop.take_in().receipts if one.carries_personal_data)
    withdraw(drop.folder, str(receipt.receipt_number), "in error", erase=True)
    assert list(drop.folder.quarantine.iterdir()) == []
    drop.put(sent, "again.zip" if zipped else f"again/{NAME}")
    drop.take_in()
    assert (kept(drop), landed(drop)) == ([], [])


def test_a_file_left_without_its_note_is_still_listed(drop: Drop) -> None:
    receipt: Receipt = drop.take(BAD)
    drop.folder.quarantine_note(receipt.file_sha256).unlink()
    (one,) = in_quarantine(drop.folder)
    assert (one.source_feed, one.byte_count, one.landing_path) == (FEED, len(BAD), f"{FEED}/{NAME}")
    assert datetime.fromisoformat(one.since).tzinfo is not None
    os.utime(drop.folder.quarantined(one.sha256), (0, 0))
    drop.take_in()
    assert kept(drop) == []


def test_an_empty_data_folder_has_nothing_in_quarantine(tmp_path: Path) -> None:
    assert in_quarantine(DataFolder(tmp_path)) == []
    assert purge(DataFolder(tmp_path)) == []
