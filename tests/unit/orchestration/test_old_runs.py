"""Old runs go from Dagster's stores, and each check, asset and partition still shows its last event."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from dagster import (
    AssetCheckKey,
    AssetCheckResult,
    AssetKey,
    DagsterInstance,
    Definitions,
    MaterializeResult,
    StaticPartitionsDefinition,
    asset,
    asset_check,
    define_asset_job,
)

from orchestration.instance import open_instance
from orchestration.old_runs import compact, forget_runs, old_runs
from sources.folder.data_folder import DataFolder

LATER = datetime.now(UTC) + timedelta(days=31)
MONTHS = StaticPartitionsDefinition(["2026-01", "2026-02"])


@asset
def ledger() -> MaterializeResult[None]:
    return MaterializeResult()


@asset(partitions_def=MONTHS)
def delivery() -> MaterializeResult[None]:
    return MaterializeResult()


@asset_check(asset=ledger)
def is_whole() -> AssetCheckResult:
    return AssetCheckResult(passed=False, description="one row is missing")


NIGHT = Definitions(assets=[ledger], asset_checks=[is_whole], jobs=[define_asset_job("night", ["ledger"])])
INTAKE = Definitions(assets=[delivery], jobs=[define_asset_job("intake", ["delivery"])])


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path)


@pytest.fixture
def instance(folder: DataFolder) -> Iterator[DagsterInstance]:
    with open_instance(folder) as opened:
        yield opened


def run_job(instance: DagsterInstance, definitions: Definitions, job: str, partition: str | None = None) -> str:
    result = definitions.resolve_job_def(job).execute_in_process(instance=instance, partition_key=partition)
    return str(result.run_id)


def test_old_runs_go_and_the_last_verdicts_stay(folder: DataFolder, instance: DagsterInstance) -> None:
    months = [run_job(instance, INTAKE, "intake", month) for month in ("2026-01", "2026-02")]
    nights = [run_job(instance, NIGHT, "night") for _ in range(4)]
    runs = folder.dagster_home / "history" / "runs"

    assert old_runs(folder, instance, 31, set(), LATER - timedelta(days=1)) == []
    going = old_runs(folder, instance, 30, {nights[0]}, LATER)
    assert [run.run_id for run in going] == nights[1:3]  # needed; shown last
    assert all(run.byte_count > 0 for run in going)

    forget_runs(folder, instance, [run.run_id for run in going])
    assert old_runs(folder, instance, 30, {nights[0]}, LATER) == []
    assert {run.run_id for run in instance.get_runs()} == {*months, nights[0], nights[3]}
    assert {path.stem for path in runs.glob("*-*.db")} == {*months, nights[0], nights[3]}
    assert not any((folder.dagster_home / "storage" / run.run_id).exists() for run in going)

    last = instance.event_log_storage.get_latest_asset_check_execution_by_key(
        [check := AssetCheckKey(AssetKey("ledger"), "is_whole")]
    )[check]
    assert last.run_id == nights[3]
    assert last.event is not None
    assert last.event.dagster_event is not None
    assert last.event.dagster_event.asset_check_evaluation_data.description == "one row is missing"
    assert instance.get_materialized_partitions(AssetKey("delivery")) == {"2026-01", "2026-02"}
    assert len(instance.event_log_storage.get_asset_check_execution_history(check, limit=9)) == 2


def test_the_room_of_deleted_events_goes_back_to_the_disk(folder: DataFolder) -> None:
    index = folder.dagster_home / "history" / "runs" / "index.db"
    with open_instance(folder) as instance:
        runs = [run_job(instance, NIGHT, "night") for _ in range(8)]
    size = index.stat().st_size
    with open_instance(folder) as instance:
        forget_runs(folder, instance, runs[:-1])
    assert compact(folder) == []
    assert index.stat().st_size < size
