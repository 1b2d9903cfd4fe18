"""Old runs in Dagster's stores: which may go, so that each check, asset and partition still shows its last event."""

import shutil
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy
from dagster import DagsterEventType, DagsterInstance, RunRecord
from dagster._core.storage.dagster_run import FINISHED_STATUSES
from dagster._core.storage.event_log import SqlEventLogStorage
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable, SqlEventLogStorageTable

from orchestration.records.run_inputs import INTAKE_RUN_TAG
from sources.folder.data_folder import DataFolder

_SHOWN = [DagsterEventType.ASSET_MATERIALIZATION.value, DagsterEventType.ASSET_OBSERVATION.value]
_JUDGED = ["SUCCEEDED", "FAILED"]
_COMPACTING_WAIT_SECONDS = 10


@dataclass(frozen=True)
class OldRun:
    """A run that may go: its job, outcome and when it was created (UTC), and its own files in bytes."""

    run_id: str
    job: str
    outcome: str
    created: datetime
    byte_count: int


def old_runs(
    folder: DataFolder, instance: DagsterInstance, days: int, needed: Collection[str], now: datetime
) -> list[OldRun]:
    """Return the ended runs older than `days` that nothing shows, the oldest first.

    `needed` are runs that stay whatever their age, as the intakes that they followed do.
    """
    storage = instance.event_log_storage
    if not isinstance(storage, SqlEventLogStorage):
        return []
    records = instance.get_run_records(ascending=True)
    followed = {r.dagster_run.tags.get(INTAKE_RUN_TAG) for r in records if r.dagster_run.run_id in needed}
    stay = {*needed, *followed, *_shown_last(storage)}
    before = now - timedelta(days=days)
    return [
        _described(folder, record)
        for record in records
        if record.dagster_run.run_id not in stay
        and record.dagster_run.status in FINISHED_STATUSES
        and _utc(record.create_timestamp) < before
    ]


def forget_runs(folder: DataFolder, instance: DagsterInstance, run_ids: Sequence[str]) -> None:
    """Delete runs with their events, checks and captured output; interrupted, the same call ends it.

    A run's row goes last, so that it is found again until nothing else is left of it.
    """
    storage = instance.event_log_storage
    checks = AssetCheckExecutionsTable
    for run_id in run_ids:
        shutil.rmtree(_output_of(folder, run_id), ignore_errors=True)
        if isinstance(storage, SqlEventLogStorage):
            with storage.index_connection() as connection:
                connection.execute(checks.delete().where(checks.c.run_id == run_id))
        storage.delete_events(run_id)
        instance.run_storage.delete_run(run_id)


def compact(folder: DataFolder) -> list[str]:
    """Give the room of deleted events back to the disk; return a sentence for each database that something holds.

    PostgreSQL does so by itself.
    """
    told = []
    for database in (
        folder.dagster_home / "history" / "runs.db",
        folder.dagster_home / "history" / "runs" / "index.db",
    ):
        try:
            if database.exists():
                with closing(sqlite3.connect(database, timeout=_COMPACTING_WAIT_SECONDS)) as connection:
                    connection.execute("vacuum")
                    connection.execute("pragma wal_checkpoint(truncate)")
        except sqlite3.OperationalError as error:
            told.append(f"{database} gives no room back yet ({error}): a UI or a reader has it open")
    return told


def _shown_last(storage: SqlEventLogStorage) -> set[str]:
    """Return the runs of the last verdict of each check and the last event of each asset and partition."""
    with storage.index_connection() as connection:
        return {str(run_id) for query in _queries() for run_id in connection.execute(query).scalars()}


def _queries() -> Iterator[sqlalchemy.Select[tuple[str]]]:
    checks, events = AssetCheckExecutionsTable, SqlEventLogStorageTable
    last_checks = sqlalchemy.select(sqlalchemy.func.max(checks.c.id)).group_by(checks.c.asset_key, checks.c.check_name)
    for last in (last_checks, last_checks.where(checks.c.execution_status.in_(_JUDGED))):
        yield sqlalchemy.select(checks.c.run_id).where(checks.c.id.in_(last))
    last_events = (
        sqlalchemy.select(sqlalchemy.func.max(events.c.id))
        .where(events.c.dagster_event_type.in_(_SHOWN))
        .group_by(events.c.dagster_event_type, events.c.asset_key, events.c.partition)
    )
    yield sqlalchemy.select(events.c.run_id).where(events.c.id.in_(last_events))


def _described(folder: DataFolder, record: RunRecord) -> OldRun:
    run = record.dagster_run
    outcome = run.tags.get("outcome") or run.status.value.lower()
    files = [folder.dagster_home / "history" / "runs" / f"{run.run_id}.db"]
    output = _output_of(folder, run.run_id)
    files += [path for path in output.rglob("*") if path.is_file()] if output.is_dir() else []
    size = sum(file.stat().st_size for file in files if file.exists())
    return OldRun(run.run_id, run.job_name, outcome, _utc(record.create_timestamp), size)


def _output_of(folder: DataFolder, run_id: str) -> Path:
    return folder.dagster_home / "storage" / run_id


def _utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
