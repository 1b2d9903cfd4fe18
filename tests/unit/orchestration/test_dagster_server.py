"""Dagster keeps its runs in PostgreSQL where the environment names a database: nights, pruning, and what goes wrong."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from dagster import AssetCheckKey, AssetKey
from typer.testing import CliRunner

from orchestration.cli.main import app
from orchestration.dagster_server import DagsterServerError, server_address
from orchestration.instance import open_instance
from orchestration.old_runs import compact, forget_runs, old_runs
from orchestration.runs import last_run
from sources.folder.data_folder import DataFolder
from tests.postgres import OWNER, PASSWORD, Database, fresh_database, running_server
from tests.unit.orchestration.test_old_runs import INTAKE, LATER, NIGHT, run_job


@pytest.fixture(scope="module")
def server() -> Iterator[Database]:
    with running_server() as started:
        yield started


@pytest.fixture
def database(server: Database) -> Iterator[Database]:
    with fresh_database(server, "dagster") as made:
        yield made


def address(database: Database) -> str:
    return f"postgresql://{OWNER}:{quote(PASSWORD)}@{database.host}:{database.port}/{database.name}"


@pytest.fixture
def folder(tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch) -> DataFolder:
    """A data folder whose Dagster keeps its runs in a database that a file names."""
    secret = tmp_path / "secret"
    secret.write_text(f"{address(database)}\n")
    monkeypatch.setenv("CSP_DAGSTER_POSTGRES_FILE", str(secret))
    monkeypatch.delenv("CSP_DAGSTER_POSTGRES", raising=False)
    monkeypatch.setenv("CSP_DATA_DIR", str(tmp_path / "data"))
    return DataFolder(tmp_path / "data")


def test_nights_are_in_the_database_and_no_password_in_the_settings(folder: DataFolder, database: Database) -> None:
    ended = CliRunner().invoke(app, ["nightly"])
    assert ended.exit_code == 0, ended.output
    assert ended.stdout.splitlines()[-1].startswith("nothing new")
    assert database.rows("select count(*), max(pipeline_name) from runs") == [(1, "intake")]
    assert not list(folder.dagster_home.rglob("*.db"))
    assert PASSWORD not in (folder.dagster_home / "dagster.yaml").read_text()
    assert (run := last_run(folder)) is not None
    assert run.outcome == "nothing new"


def test_old_runs_go_from_the_database_and_the_last_verdicts_stay(folder: DataFolder, database: Database) -> None:
    with open_instance(folder) as instance:
        month = run_job(instance, INTAKE, "intake", "2026-01")
        nights = [run_job(instance, NIGHT, "night") for _ in range(3)]
        going = [run.run_id for run in old_runs(folder, instance, 30, {nights[0]}, LATER)]
        assert going == nights[1:2]
        forget_runs(folder, instance, going)
        assert old_runs(folder, instance, 30, {nights[0]}, LATER) == []
        check = AssetCheckKey(AssetKey("ledger"), "is_whole")
        last = instance.event_log_storage.get_latest_asset_check_execution_by_key([check])[check]
        assert last.run_id == nights[2]
        assert instance.get_materialized_partitions(AssetKey("delivery")) == {"2026-01"}
    assert compact(folder) == []
    for table in ("event_logs", "asset_check_executions"):
        assert {run for (run,) in database.rows(f"select distinct run_id from {table}")} <= {month, *nights} - {*going}


def test_a_server_that_does_not_answer_is_named_without_its_password(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CSP_DAGSTER_POSTGRES", "postgresql://someone:secret@127.0.0.1:1/dagster")
    for command in ("nightly", "ui"):
        ended = CliRunner().invoke(app, [command])
        assert ended.exit_code == 1
        assert "Dagster's database dagster on 127.0.0.1 does not answer" in ended.output
        assert "Traceback" not in ended.output
        assert "secret" not in ended.output.replace(str(folder.root), "")


def test_what_is_no_address_is_refused(tmp_path: Path) -> None:
    assert server_address({"CSP_DAGSTER_POSTGRES": " "}) is None
    with pytest.raises(DagsterServerError, match="CSP_DAGSTER_POSTGRES holds no address"):
        server_address({"CSP_DAGSTER_POSTGRES": "mysql://host/dagster"})
    with pytest.raises(DagsterServerError, match=r"names .*gone: No such file"):
        server_address({"CSP_DAGSTER_POSTGRES_FILE": str(tmp_path / "gone")})
