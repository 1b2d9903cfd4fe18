"""Nights that Dagster launched are told of once they are over; the backstop finds those that died or never ran."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from dagster import (
    DagsterInstance,
    DagsterRunStatus,
    RunStatusSensorContext,
    SkipReason,
    build_run_status_sensor_context,
)
from dagster import build_sensor_context as build_context
from dagster._core.test_utils import create_run_for_test

from orchestration.alerts.outbox import read_outbox
from orchestration.instance import COMMAND_LINE_TAG, open_instance
from orchestration.intake_location import intake_definitions
from orchestration.outcome import tag_outcome
from orchestration.resources import DataFolderResource
from orchestration.runs import ends_of, latest_runs
from orchestration.sensors import TELLING_SENSORS, trouble_with, watch_the_nights
from sources.folder.data_folder import DataFolder
from sources.ledger.receipts import Ledger
from tests.mail_server import email, free_port

NOW = datetime.now(UTC)


@pytest.fixture
def folder(tmp_path, monkeypatch: pytest.MonkeyPatch) -> DataFolder:  # type: ignore[no-untyped-def]
    made = DataFolder(tmp_path / "data")
    made.root.mkdir()
    monkeypatch.delenv("CSP_ALERTS", raising=False)
    (made.root / "alerts.yaml").write_text(f"alerts: {{channels: [{email(free_port())}]}}")
    return made


@pytest.fixture
def instance(folder: DataFolder) -> Iterator[DagsterInstance]:
    with open_instance(folder) as opened:
        yield opened


def headlines(folder: DataFolder) -> list[str]:
    return [section.headline for message in read_outbox(folder).messages for section in message.sections]


def told_by_sensor(folder: DataFolder, instance: DagsterInstance, tags: dict[str, str]) -> str:
    """Run an intake that fails, and return what the sensor says of it."""
    folder.receipts.parent.mkdir(exist_ok=True)
    folder.receipts.write_text("garbage\n")
    job = intake_definitions(folder).resolve_job_def("intake")
    silent = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    ended = job.execute_in_process(instance=instance, run_config=silent, tags=tags, raise_on_error=False)
    context: RunStatusSensorContext = build_run_status_sensor_context(
        sensor_name="x",
        dagster_event=ended.get_run_failure_event(),
        dagster_instance=instance,
        dagster_run=ended.dagster_run,
        resources={"data_folder": DataFolderResource(root=str(folder.root))},
    )
    said = TELLING_SENSORS[1](context)
    assert isinstance(said, SkipReason)
    return str(said.skip_message)


def test_a_night_that_dagster_launched_is_told_of_by_its_sensor(folder: DataFolder, instance: DagsterInstance) -> None:
    assert told_by_sensor(folder, instance, COMMAND_LINE_TAG) == "`csp nightly` tells by itself"
    assert headlines(folder) == []
    assert "0 of 1 sent" in told_by_sensor(folder, instance, {})
    assert headlines(folder) == ["failed"]
    assert "line 1: cannot be read" in read_outbox(folder).messages[0].sections[0].text


def test_runs_that_another_follows_or_someone_interrupted_end_no_night(instance: DagsterInstance) -> None:
    for outcome in ("published", "held", "publish due", "interrupted", ""):
        run = create_run_for_test(instance, job_name="publish", status=DagsterRunStatus.SUCCESS)
        if outcome:
            tag_outcome(instance, run.run_id, outcome, f"why {outcome}")
    create_run_for_test(instance, job_name="intake", status=DagsterRunStatus.FAILURE)
    create_run_for_test(instance, job_name="of somebody else", status=DagsterRunStatus.FAILURE)
    ends = ends_of(latest_runs(instance, 10))
    assert [(end.outcome, end.reason) for end in ends] == [
        ("failed", "the run ended without a reason"),
        ("held", "why held"),
        ("published", "why published"),
    ]


def test_a_night_that_died_or_never_ran_is_found_and_told_once(folder: DataFolder, instance: DagsterInstance) -> None:
    assert trouble_with(None, NOW, is_written=False) is None
    create_run_for_test(instance, job_name="intake", status=DagsterRunStatus.STARTED, tags=COMMAND_LINE_TAG)
    (began,) = latest_runs(instance, 1)
    assert trouble_with(began, NOW, is_written=True) is None
    died = trouble_with(began, NOW, is_written=False)
    assert died is not None
    assert died[1].headline == "a night died"
    late = trouble_with(began, NOW + timedelta(hours=27), is_written=True)
    assert late is not None
    assert late[1].text.startswith("No night has begun since ")
    assert trouble_with(began, NOW + timedelta(hours=25), is_written=True) is None
    for _ in range(2):
        context = build_context(instance=instance, resources={"data_folder": DataFolderResource(root=str(folder.root))})
        watch_the_nights(context)
    assert headlines(folder) == ["a night died"]
    assert Ledger(folder).receipts() == []
