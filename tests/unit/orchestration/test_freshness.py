"""What is late is judged by the hour, without a night, by the rule of the contract; it holds no release."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from dagster import (
    AssetCheckEvaluation,
    AssetCheckKey,
    DagsterInstance,
    SensorResult,
    SkipReason,
    build_sensor_context,
)

from orchestration.assets.deliveries import raw_key
from orchestration.checks.freshness import ON_TIME_CHECK, SHOWN_CHECK, not_shown, on_time
from orchestration.freshness_sensor import judge_freshness
from orchestration.instance import open_instance
from orchestration.resources import DataFolderResource
from sources.contract.load import load_contracts
from sources.folder.data_folder import DataFolder
from sources.ledger.lateness import due
from sources.ledger.receipts import Ledger
from tests.unit.sources.test_ledger import FACTS

FEED = load_contracts()["police/street_crime"]


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    """A data folder that holds one delivery, of April 2021, and no release."""
    folder = DataFolder(tmp_path / "data")
    Ledger(folder).append_receipt(**FACTS)
    return folder


@pytest.fixture
def instance(folder: DataFolder) -> Iterator[DagsterInstance]:
    with open_instance(folder) as opened:
        yield opened


def test_a_period_is_late_after_the_last_day_that_the_contract_leaves_and_named_as_its_partition(
    folder: DataFolder,
) -> None:
    standing = Ledger(folder).standing()
    last_day = due(FEED, date(2021, 5, 31)).in_time_until
    assert on_time(FEED, standing, last_day).passed
    late = on_time(FEED, standing, last_day + timedelta(days=1))
    assert not late.passed
    assert late.description == "police/street_crime: May 2021 of leicestershire overdue"
    [row] = late.metadata["overdue"].records  # type: ignore[union-attr]
    days = FEED.slack_days + 1
    assert (row.data["period"], row.data["days late"]) == ("2021-05-01", days)


def test_what_came_in_is_to_be_published_within_a_night(folder: DataFolder) -> None:
    [receipt] = Ledger(folder).receipts()
    came = datetime.fromisoformat(receipt.received_at)
    came = came if came.tzinfo else came.replace(tzinfo=UTC)
    assert not_shown([receipt], 0, came + timedelta(hours=25)) == []
    assert not_shown([receipt], 0, came + timedelta(hours=27)) == [receipt]
    assert not_shown([receipt], receipt.receipt_number, came + timedelta(hours=27)) == []


def look(folder: DataFolder, instance: DagsterInstance, cursor: str | None) -> SensorResult | SkipReason:
    context = build_sensor_context(
        instance=instance, cursor=cursor, resources={"data_folder": DataFolderResource(root=str(folder.root))}
    )
    said = judge_freshness(context)
    assert isinstance(said, SensorResult | SkipReason)
    return said


def test_the_sensor_reports_a_verdict_once_and_dagster_shows_it(folder: DataFolder, instance: DagsterInstance) -> None:
    said = look(folder, instance, None)
    assert isinstance(said, SensorResult)
    for event in said.asset_events:
        assert isinstance(event, AssetCheckEvaluation)
        instance.report_runless_asset_event(event)
    keys = [AssetCheckKey(raw_key(FEED), ON_TIME_CHECK), SHOWN_CHECK]
    shown = instance.event_log_storage.get_latest_asset_check_execution_by_key(keys)
    for key in keys:
        event = shown[key].event
        assert event is not None
        assert event.dagster_event is not None
        evaluation = event.dagster_event.asset_check_evaluation_data
        assert (evaluation.passed, evaluation.severity.value, evaluation.blocking) == (False, "WARN", False)
    again = look(folder, instance, said.cursor)
    assert isinstance(again, SkipReason)
    assert isinstance(look(folder, instance, "garbage"), SensorResult)
