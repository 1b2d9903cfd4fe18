"""`csp doctor` finds what keeps a night from working and says what to do about it."""

import os
from pathlib import Path

import duckdb
import pytest
from dagster import DagsterRunStatus
from dagster._core.test_utils import create_run_for_test
from typer.testing import CliRunner

from orchestration import doctor, room
from orchestration.cli.main import app
from orchestration.doctor import BrokenError
from orchestration.instance import open_instance
from orchestration.writer_lock import WarehouseBusyError
from sources.folder.data_folder import DataFolder
from sources.ledger.receipts import Ledger
from sources.ledger.unfinished import UnfinishedError
from tests.unit.orchestration.test_writer_lock import HOLD_LOCK, HOLD_WAREHOUSE, hold
from tests.unit.sources.test_ledger import FACTS


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataFolder:
    made = DataFolder(tmp_path / "data")
    made.root.mkdir()
    monkeypatch.setenv("CSP_DATA_DIR", str(made.root))
    monkeypatch.setenv("DAGSTER_HOME", "")
    return made


def test_every_point_is_a_line_and_what_is_broken_ends_in_1(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "dbt_project", lambda _: "parses")
    ended = CliRunner().invoke(app, ["doctor"])
    lines = ended.stdout.splitlines()
    assert ended.exit_code == 1
    assert [line for line in lines if not line.startswith("ok")] == [
        f"BROKEN  current release: {folder.published} holds no release yet: run `csp nightly` to publish the first"
    ]
    assert len(lines) == 15
    assert any(line.startswith("ok      partnership: Melton Area Safer Communities Partnership, ") for line in lines)
    monkeypatch.setattr(doctor, "current_release", lambda _: "2022-03-31.1")
    assert CliRunner().invoke(app, ["doctor"]).exit_code == 0


def test_a_package_that_is_not_as_locked_is_named(
    folder: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "requirements.lock").write_text(
        "duckdb==0.1 \\\n    --hash=sha256:aa\nnot-there==1 ; python_version > '3'\nneither==1 ; python_version < '3'\n"
    )
    monkeypatch.setattr("orchestration.doctor.installation.PROJECT_ROOT", tmp_path)
    with pytest.raises(BrokenError, match=r"^2 package.*duckdb is .*locked ==0\.1; not-there is missing.*`make setup`"):
        doctor.environment(folder)


def test_the_setting_of_the_partners_release_is_told(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "dbt_project", lambda _: "parses")
    assert doctor.partners(folder) == "CSP_PARTNERS_RELEASE is off; the current release has none"
    monkeypatch.setenv("CSP_PARTNERS_RELEASE", "on")
    assert doctor.partners(folder).endswith("is on; the next night makes the twin of the current release")
    monkeypatch.setenv("CSP_PARTNER_FILE", "on")
    [found] = [one for one in doctor.examine(folder) if one.point == "partners' release"]
    assert not found.is_sound
    assert "rename it" in found.said


def test_no_room_and_open_rights_are_told(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "GB free" in doctor.data_folder(folder)
    folder.archive.mkdir(mode=0o755)
    with pytest.raises(BrokenError, match=rf"`chmod go= {folder.archive}`"):
        doctor.data_folder(folder)
    folder.archive.chmod(0o700)
    folder.landing.mkdir()
    folder.landing.chmod(0o755)
    folder.published.mkdir()
    folder.published.chmod(0o777)
    asked = rf"`chmod go-w {folder.published}`; `chmod g-w,o= {folder.landing}`"
    with pytest.raises(BrokenError, match=asked):
        doctor.data_folder(folder)
    folder.landing.chmod(0o750)
    folder.published.chmod(0o700)
    with pytest.raises(BrokenError, match=rf"nobody but you can open a release: `chmod 755 {folder.published}`"):
        doctor.data_folder(folder)
    folder.published.chmod(0o755)
    monkeypatch.setattr(room, "SPACE_NEEDED", 10**18)
    with pytest.raises(BrokenError, match="make room"):
        doctor.data_folder(folder)
    with pytest.raises(BrokenError, match="csp samples"):
        doctor.data_folder(DataFolder(folder.root / "nowhere"))


def test_a_data_folder_that_does_not_exist_is_told_and_not_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CSP_DATA_DIR", str(tmp_path / "nowhere"))
    ended = CliRunner().invoke(app, ["doctor"])
    assert (ended.exit_code, ended.stdout.splitlines()[-1][:20]) == (1, "BROKEN  data folder:")
    assert not (tmp_path / "nowhere").exists()


def test_who_holds_the_folder_or_the_warehouse_is_named(folder: DataFolder) -> None:
    assert doctor.writers(folder) == "nobody writes or has the warehouse open"
    other = hold(HOLD_LOCK, folder.root)
    try:
        assert f"process {other.pid}" in doctor.writers(folder)
    finally:
        other.kill()
        other.wait()
    duckdb.connect(str(folder.warehouse)).close()
    before = folder.warehouse.stat().st_mtime_ns
    assert doctor.writers(folder) == "nobody writes or has the warehouse open"
    assert folder.warehouse.stat().st_mtime_ns == before
    other = hold(HOLD_WAREHOUSE, folder.warehouse)
    try:
        with pytest.raises(WarehouseBusyError, match=f"PID {other.pid}"):
            doctor.writers(folder)
    finally:
        other.kill()
        other.wait()


def test_a_held_night_and_a_lost_key_are_told(folder: DataFolder) -> None:
    assert doctor.last_run(folder) == "none yet: run `csp nightly`"
    with open_instance(folder) as instance:
        tags = {"outcome": "held", "reason": "2 check(s) failed"}
        create_run_for_test(instance, job_name="publish", status=DagsterRunStatus.FAILURE, tags=tags)
    with pytest.raises(BrokenError, match=r"held: 2 check\(s\) failed\. Run .* shows why"):
        doctor.last_run(folder)
    with open_instance(folder) as instance:
        tags = {"outcome": "publish due", "reason": "3 standing deliveries"}
        create_run_for_test(instance, job_name="intake", status=DagsterRunStatus.SUCCESS, tags=tags)
    with pytest.raises(BrokenError, match="no publish has followed yet"):
        doctor.last_run(folder)
    assert doctor.key(folder) == "not needed so far"
    folder.link_key_fingerprint.parent.mkdir()
    folder.link_key_fingerprint.write_text("of another key")
    broken = next(finding for finding in doctor.examine(folder) if finding.point == "link key")
    assert not broken.is_sound
    assert not folder.link_key.exists()


def test_a_file_in_no_feeds_folder_is_told(folder: DataFolder) -> None:
    assert doctor.deliveries(folder) == "nothing overdue"
    (folder.landing / "police").mkdir(parents=True)
    (folder.landing / "police" / "stray.csv").touch()
    with pytest.raises(BrokenError, match=r"such as landing/police/stray\.csv: move them"):
        doctor.deliveries(folder)


def test_a_file_that_waits_is_named(folder: DataFolder) -> None:
    waiting = folder.landing / "pct/drug_treatment/2009-q1-nta-treatment.csv"
    waiting.parent.mkdir(parents=True)
    waiting.touch()
    told = "nothing overdue; not taken in so far: landing/pct/drug_treatment/2009-q1-nta-treatment.csv"
    assert doctor.deliveries(folder) == told


def test_a_schedule_without_a_daemon_is_told(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    assert doctor.schedule(folder) == "UI not running, nightly schedule off"
    where = f"http://127.0.0.1:3000, process {os.getpid()}"
    monkeypatch.setattr("orchestration.doctor.nights.running_ui", lambda _: where)
    assert "UI at http://127.0.0.1:3000" in doctor.schedule(folder)


def test_a_command_that_was_interrupted_and_a_clock_set_back_are_told(folder: DataFolder) -> None:
    Ledger(folder).append_receipt(**{**FACTS, "received_at": "2126-11-23T00:00:00Z"})
    with pytest.raises(BrokenError, match=r"the clock of this machine says 20.*came on 2126-11-23: set it"):
        doctor.ledger(folder)
    folder.unfinished.write_text("{}")
    with pytest.raises(UnfinishedError, match="run `csp rehash` again"):
        doctor.ledger(folder)
