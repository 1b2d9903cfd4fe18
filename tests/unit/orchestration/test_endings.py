"""How a night ends when something other than the data is wrong."""

from pathlib import Path

import pytest
from dagster import Failure
from typer.testing import CliRunner

from orchestration.assets.models import _read_results
from orchestration.cli.main import app
from orchestration.nightly import run_nightly
from orchestration.writer_lock import WarehouseBusyError
from sources.folder.data_folder import DataFolder
from tests.unit.orchestration.test_writer_lock import HOLD_LOCK, hold


def test_a_folder_that_another_process_writes_is_not_touched(tmp_path: Path) -> None:
    other = hold(HOLD_LOCK, tmp_path)
    try:
        with pytest.raises(WarehouseBusyError, match=f"process {other.pid}"):
            run_nightly(DataFolder(tmp_path), lock_attempts=1)
    finally:
        other.kill()
        other.wait()
    assert [path.name for path in tmp_path.iterdir()] == ["writer.lock"]


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
    results.unlink()
    with pytest.raises(Failure, match="could not start"):
        _read_results(results, 1, "")
