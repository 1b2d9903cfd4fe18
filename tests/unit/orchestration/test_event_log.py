"""The event log keeps its databases open, and yet every other reader of the same home sees each event at once."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from dagster import AssetKey, AssetMaterialization, DagsterEvent, DagsterInstance, EventLogEntry
from dagster._core.events import AssetMaterializationPlannedData
from dagster._core.storage.event_log import SqliteEventLogStorage
from sqlalchemy import Engine, event

from orchestration.event_log import EventLog
from orchestration.instance import open_instance
from sources.folder.data_folder import DataFolder

RUNS = ("0f1e0001", "0f1e0002")


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[DagsterInstance]:
    """The instance of an empty data folder, as `csp nightly` opens it."""
    with open_instance(DataFolder(tmp_path)) as opened:
        yield opened


def _events(log: SqliteEventLogStorage) -> list[str]:
    return [entry.message for run in RUNS for entry in log.get_logs_for_run(run)]


def _assets(log: SqliteEventLogStorage) -> set[str]:
    with log.index_connection() as connection:
        keys: Sequence[str] = connection.exec_driver_sql("select asset_key from asset_keys").scalars().all()
    return {AssetKey.from_db_string(key).to_user_string() for key in keys}  # type: ignore[union-attr]


def _delete_and_fail(log: SqliteEventLogStorage) -> None:
    with log.index_connection() as connection:
        connection.exec_driver_sql("delete from asset_keys")
        raise ZeroDivisionError


def _store(instance: DagsterInstance) -> None:
    for number, run in enumerate(RUNS):
        instance.report_runless_asset_event(AssetMaterialization(f"table_{number}"))
        instance.report_engine_event(f"event {number}", run_id=run, job_name="nightly")


def test_another_process_reads_what_is_kept_open(instance: DagsterInstance, tmp_path: Path) -> None:
    assert isinstance(instance.event_log_storage, EventLog)
    _store(instance)
    stock = SqliteEventLogStorage(str(tmp_path / "dagster" / "history" / "runs"))
    assert _events(stock) == ["event 0", "event 1"]
    assert _assets(stock) == {"table_0", "table_1"}


def test_only_the_index_and_the_last_run_stay_open(instance: DagsterInstance) -> None:
    log = instance.event_log_storage
    assert isinstance(log, EventLog)
    _store(instance)
    assert set(log._engines) == {"index", RUNS[-1]}
    with log.index_connection() as connection:
        assert connection.exec_driver_sql("pragma journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("pragma synchronous").scalar() == 1


def test_a_failed_transaction_leaves_nothing(instance: DagsterInstance) -> None:
    log = instance.event_log_storage
    assert isinstance(log, EventLog)
    _store(instance)
    with pytest.raises(ZeroDivisionError):
        _delete_and_fail(log)
    assert _assets(log) == {"table_0", "table_1"}


def _batch(*tables: str) -> list[EventLogEntry]:
    """What a run plans to materialize, as Dagster hands it to the event log."""
    return [
        EventLogEntry(
            error_info=None,
            level=10,
            user_message="",
            run_id=RUNS[0],
            timestamp=0.0,
            dagster_event=DagsterEvent.build_asset_materialization_planned_event(
                "nightly", table, AssetMaterializationPlannedData(AssetKey(table), None, None)
            ),
        )
        for table in tables
    ]


def test_what_a_run_plans_is_stored_whole(instance: DagsterInstance, tmp_path: Path) -> None:
    instance.event_log_storage.store_event_batch(_batch("one", "two"))
    stock = SqliteEventLogStorage(str(tmp_path / "dagster" / "history" / "runs"))
    assert len(_events(stock)) == 2
    assert _assets(stock) == {"one", "two"}


def test_a_batch_is_stored_whole_where_the_index_is_not_open_yet(instance: DagsterInstance) -> None:
    log = instance.event_log_storage
    log.get_logs_for_run(RUNS[0])
    assert isinstance(log, EventLog)
    log._engines.pop("index").dispose()  # as in a folder whose index is there
    log.store_event_batch(_batch("one", "two"))
    assert len(log.get_logs_for_run(RUNS[0])) == 2


def test_of_a_batch_that_cannot_be_stored_nothing_stays(
    instance: DagsterInstance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = instance.event_log_storage
    first, second = _batch("one", "two")
    store = EventLog.store_event

    def fail_at_the_second(log: EventLog, event: EventLogEntry) -> None:
        store(log, event)
        if event is second:
            raise ZeroDivisionError

    monkeypatch.setattr(EventLog, "store_event", fail_at_the_second)
    with pytest.raises(ZeroDivisionError):
        log.store_event_batch([first, second])
    stock = SqliteEventLogStorage(str(tmp_path / "dagster" / "history" / "runs"))
    assert _events(stock) == []
    assert _assets(stock) == set()
    monkeypatch.undo()
    log.store_event(first)
    assert _assets(stock) == {"one"}


def test_wiped_is_wiped_for_every_reader(instance: DagsterInstance, tmp_path: Path) -> None:
    _store(instance)
    instance.event_log_storage.wipe()
    stock = SqliteEventLogStorage(str(tmp_path / "dagster" / "history" / "runs"))
    assert _events(stock) == []
    assert _assets(stock) == set()
    _store(instance)
    assert _events(stock) == ["event 0", "event 1"]


def test_closed_databases_leave_no_write_ahead_log(tmp_path: Path) -> None:
    with open_instance(DataFolder(tmp_path)) as opened:
        _store(opened)
    assert not list((tmp_path / "dagster" / "history" / "runs").glob("*-wal"))


def test_nothing_is_asked_of_the_schema_twice(instance: DagsterInstance) -> None:
    assert instance.event_log_storage.get_asset_records([AssetKey("table_0")]) == []
    _store(instance)
    said: list[str] = []
    event.listen(Engine, "before_cursor_execute", listener := lambda *told: said.append(told[2]))
    try:
        _store(instance)
        assert instance.event_log_storage.get_asset_records([AssetKey("table_0")])
    finally:
        event.remove(Engine, "before_cursor_execute", listener)
    assert any("INSERT INTO event_logs" in one for one in said)
    assert not [one for one in said if "PRAGMA" in one or "secondary_indexes" in one]
