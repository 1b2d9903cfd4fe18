"""A backup from before an erasure does not bring the erased file back, where the erasure is recorded elsewhere."""

import shutil
from pathlib import Path

import pytest

from orchestration.doctor import BrokenError, ledger
from sources.intake.take_in import take_in
from sources.ledger.erasures import ErasureRecordError, undone
from sources.ledger.withdrawals import withdraw

from .conftest import NAME, Drop
from .test_deliveries import SOUND, numbers_standing
from .test_withdrawals import MAY, MAY_NAME, kept


@pytest.fixture
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.setenv("CSP_ERASURES", str(elsewhere / "erasures.jsonl"))
    return elsewhere / "erasures.jsonl"


def back_up(drop: Drop, to: Path) -> Path:
    return Path(shutil.copytree(drop.folder.root, to / "backup", symlinks=True))


def put_back(drop: Drop, backup: Path) -> None:
    shutil.rmtree(drop.folder.root)
    shutil.copytree(backup, drop.folder.root, symlinks=True)


def test_a_backup_put_back_brings_an_erased_file_back_only_until_the_next_intake(
    drop: Drop, record: Path, tmp_path: Path
) -> None:
    drop.take(SOUND)
    drop.take(MAY, MAY_NAME)
    backup = back_up(drop, tmp_path)
    withdraw(drop.folder, NAME, "names of victims", erase=True)
    erased = kept(drop)
    put_back(drop, backup)
    assert numbers_standing(drop) == [1, 2]
    with pytest.raises(BrokenError, match=r"1 erased file\(s\) with it: `csp nightly` removes them"):
        ledger(drop.folder)
    assert drop.take_in().receipts == ()
    assert numbers_standing(drop) == [2]
    assert kept(drop) == erased
    assert NAME not in drop.folder.receipts.read_text()
    assert drop.receipts()[0].erasure.reason == "names of victims"  # type: ignore[union-attr]
    assert undone(drop.folder) == {}
    assert len(record.read_text().splitlines()) == 1


def test_a_backup_from_before_the_delivery_lets_it_in_for_no_night(drop: Drop, record: Path, tmp_path: Path) -> None:
    drop.take(MAY, MAY_NAME)
    backup = back_up(drop, tmp_path)
    drop.take(SOUND)
    withdraw(drop.folder, NAME, "names of victims", erase=True)
    put_back(drop, backup)
    drop.take(SOUND)
    assert numbers_standing(drop) == [1]
    assert kept(drop) == ["archive", "landing", "raw"]


def test_erasures_of_before_the_setting_are_recorded_by_the_next_intake(
    drop: Drop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop.take(SOUND)
    withdraw(drop.folder, NAME, "names of victims", erase=True)
    assert ledger(drop.folder).endswith("1 erasure(s) that a backup put back would undo: set CSP_ERASURES")
    monkeypatch.setenv("CSP_ERASURES", str(tmp_path / "erasures.jsonl"))
    drop.take_in()
    assert '"reason": "names of victims"' in (tmp_path / "erasures.jsonl").read_text()
    assert "CSP_ERASURES" not in ledger(drop.folder)


@pytest.mark.parametrize("spoiled", ["no line\n", '{"file_sha256": "a"}\n', None])
def test_nothing_is_taken_in_before_the_record_is_whole(drop: Drop, record: Path, spoiled: str | None) -> None:
    if spoiled is None:
        record.parent.rmdir()
    else:
        record.write_text(spoiled)
    with pytest.raises(ErasureRecordError, match=r"CSP_ERASURES names .* Nothing is taken in"):
        take_in(drop.contract, drop.folder, lambda _: None)
