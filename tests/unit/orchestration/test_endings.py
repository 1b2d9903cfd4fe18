"""How a night ends when something other than the data is wrong."""

import sqlite3
from pathlib import Path

import pytest
from dagster import AssetKey, Failure, build_asset_context
from sqlalchemy.exc import OperationalError
from typer.testing import CliRunner

from orchestration import room
from orchestration.assets import models, writing
from orchestration.assets.models import _read_results
from orchestration.cli.main import app
from orchestration.instance import INTAKE, open_instance
from orchestration.intake_location import intake_definitions
from orchestration.nightly import run_nightly
from orchestration.outcome import outcome_of
from orchestration.writer_lock import WarehouseBusyError
from sources.folder.data_folder import DataFolder
from sources.ledger import unfinished
from sources.ledger.receipts import Ledger
from tests.unit.orchestration.test_writer_lock import HOLD_LOCK, hold
from tests.unit.sources.test_ledger import FACTS


def test_a_folder_that_another_process_writes_is_not_touched(tmp_path: Path) -> None:
    other = hold(HOLD_LOCK, tmp_path)
    made = sorted(path.name for path in tmp_path.iterdir())
    try:
        with pytest.raises(WarehouseBusyError, match=f"process {other.pid}"):
            run_nightly(DataFolder(tmp_path), lock_attempts=1)
    finally:
        other.kill()
        other.wait()
    assert sorted(path.name for path in tmp_path.iterdir()) == made


def test_a_data_folder_that_cannot_be_made_ends_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("CSP_DATA_DIR", str(tmp_path / "file" / "data"))
    ended = CliRunner().invoke(app, ["nightly"])
    assert (ended.exit_code, ended.stdout[:8], ended.stdout.count("\n")) == (1, "failed: ", 1)


def test_dbt_ended_by_a_signal_is_no_success(tmp_path: Path) -> None:
    results = tmp_path / "run_results.json"
    results.write_text('{"results": []}')
    assert _read_results(results, 0, "") == {"results": []}
    assert _read_results(results, 1, "") == {"results": []}
    with pytest.raises(Failure, match="SIGKILL"):
        _read_results(results, -9, "")
    with pytest.raises(Failure, match="no such profile"):
        _read_results(results, 2, "no such profile")
    calls = (
        'Traceback (most recent call last):\n  File "local.py", line 82, in handle\n    cursor.execute(sql)\n    ^^^^\n'
    )
    with pytest.raises(Failure) as broken:
        _read_results(results, 2, f"said before\n{calls}FatalException: invalidated\nOriginal error: why\n")
    assert str(broken.value.description).splitlines()[1:] == ["FatalException: invalidated", "Original error: why"]
    results.unlink()
    with pytest.raises(Failure, match="could not start"):
        _read_results(results, 1, "")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataFolder:
    monkeypatch.setenv("CSP_DATA_DIR", str(tmp_path / "data"))
    return DataFolder(tmp_path / "data")


def last_line(exit_code: int) -> str:
    ended = CliRunner().invoke(app, ["nightly"])
    assert ended.exit_code == exit_code, ended.output
    return ended.stdout.splitlines()[-1]


def test_no_command_goes_on_from_a_rehash_that_was_interrupted(folder: DataFolder) -> None:
    """Neither a night nor a step that Dagster launches alone."""
    Ledger(folder).append_receipt(**FACTS)
    unfinished.begin(folder, "rehash")
    said = last_line(exit_code=1)
    assert said.startswith("failed: `csp rehash`, begun ")
    assert said.endswith("run `csp rehash` again to finish it")
    for step in (["ledger"], ["raw", "police", "street_crime"]):
        with open_instance(folder) as instance:
            job = intake_definitions(folder).resolve_job_def(INTAKE)
            run = job.execute_in_process(instance=instance, asset_selection=[AssetKey(step)], raise_on_error=False)
            assert "run `csp rehash` again" in outcome_of(instance, run.run_id)[1]
    with open_instance(folder) as instance:
        job = intake_definitions(folder).resolve_job_def(INTAKE)
        run = job.execute_in_process(instance=instance, raise_on_error=False)
        assert outcome_of(instance, run.run_id)[1].count("run `csp rehash` again") == 1, "not once a feed"
    with pytest.raises(Failure, match="run `csp rehash` again"), writing(folder):
        pass
    unfinished.end(folder)
    with writing(folder):
        pass


def test_a_night_that_fails_for_want_of_room_says_so(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OperationalError("PRAGMA x", None, sqlite3.OperationalError("disk I/O error"))

    monkeypatch.setattr("orchestration.nightly.open_instance", full)
    assert "GB free" not in last_line(exit_code=1)
    monkeypatch.setattr(room, "SPACE_NEEDED", 10**18)
    said = last_line(exit_code=1)
    assert said.startswith("failed: (sqlite3.OperationalError) disk I/O error; ")
    assert said.endswith(f"GB free in {folder.root}, a night may need 1000000000: make room")


def test_a_damaged_ledger_ends_in_one_line_with_the_remedy(folder: DataFolder) -> None:
    folder.ledger.mkdir(parents=True)
    folder.receipts.write_bytes(b"\xff garbage\n")
    said = last_line(exit_code=1)
    assert said.startswith(f"failed: {folder.receipts}, line 1: cannot be read")
    assert "docs/failures.md" in said


def test_a_clock_set_back_is_a_warning_of_the_night(folder: DataFolder) -> None:
    Ledger(folder).append_receipt(**{**FACTS, "outcome": "refused", "received_at": "2126-11-23T00:00:00Z"})
    ended = CliRunner().invoke(app, ["nightly"])
    assert [line for line in ended.stdout.splitlines() if line.startswith("warning: the clock of this machine says 2")]


def test_a_rule_written_to_while_a_run_uses_it_holds_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    said = []
    monkeypatch.setattr(models, "say_outcome", lambda _, outcome, why: said.append((outcome, why)))
    context = build_asset_context()
    models._require_rules_as_loaded(context)
    monkeypatch.setattr(models, "rules_are_as_loaded", lambda: False)
    with pytest.raises(Failure, match="models, contracts or suites were written to while this run used them"):
        models._require_rules_as_loaded(context)
    assert [outcome for outcome, _ in said] == ["held"]
