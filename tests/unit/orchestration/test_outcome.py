"""The tags of a run say how it ended; a check that a failed run did not reach keeps its last verdict."""

import re
from collections.abc import Iterator

import pytest
from dagster import (
    AssetCheckKey,
    AssetCheckResult,
    AssetKey,
    DagsterInstance,
    Definitions,
    Failure,
    JobDefinition,
    RetryRequested,
    asset,
    asset_check,
    define_asset_job,
    in_process_executor,
)

from orchestration.outcome import FAILED, HELD, TOLD_TAG, outcome_of, tag_failure, tag_outcome, to_tell
from orchestration.writer_lock import WarehouseBusyError

CHECK = AssetCheckKey(AssetKey("table"), "is_filled")


@pytest.fixture
def instance() -> Iterator[DagsterInstance]:
    with DagsterInstance.local_temp() as opened:
        yield opened


def job(error: BaseException | None = None, cause: BaseException | None = None, said: str = "") -> JobDefinition:
    """Return a job of two tables, a check that follows one of them, and steps that fail where an error is given."""

    def build(context: object) -> None:
        if said:
            tag_outcome(context.instance, context.run.run_id, HELD, said)  # type: ignore[attr-defined]
        if error:
            raise error from cause

    @asset
    def table(context) -> None:  # type: ignore[no-untyped-def]
        build(context)

    @asset
    def other(context) -> None:  # type: ignore[no-untyped-def]
        build(context)

    @asset_check(asset=table)
    def is_filled() -> AssetCheckResult:
        return AssetCheckResult(passed=True)

    definitions = Definitions(
        assets=[table, other],
        asset_checks=[is_filled],
        jobs=[define_asset_job("night", hooks={tag_failure}, executor_def=in_process_executor)],
    )
    return definitions.resolve_job_def("night")


def run(instance: DagsterInstance, night: JobDefinition) -> str:
    return night.execute_in_process(instance=instance, raise_on_error=False).run_id


def test_what_several_steps_died_of_is_said_once(instance: DagsterInstance) -> None:
    failed = run(instance, job(Failure("dbt could not build", allow_retries=False)))
    outcome, reason = outcome_of(instance, failed)
    assert outcome == FAILED
    assert reason == "other: dbt could not build"
    assert outcome_of(instance, run(instance, job(ZeroDivisionError())))[1].endswith(": ZeroDivisionError")


def test_what_made_a_step_ask_for_a_retry_is_what_it_died_of(instance: DagsterInstance) -> None:
    failed = run(instance, job(RetryRequested(max_retries=0), WarehouseBusyError("held open by R")))
    assert "other: held open by R" in outcome_of(instance, failed)[1]


def test_a_step_that_says_how_the_run_ends_is_believed(instance: DagsterInstance) -> None:
    held = run(instance, job(Failure("held"), said="2 check(s) failed"))
    assert outcome_of(instance, held) == (HELD, "2 check(s) failed")


def test_a_check_that_a_failed_run_did_not_reach_keeps_its_last_verdict(instance: DagsterInstance) -> None:
    passed = run(instance, job())
    run(instance, job(ZeroDivisionError()))
    latest = instance.event_log_storage.get_latest_asset_check_execution_by_key([CHECK])[CHECK]
    assert (latest.run_id, latest.status.value) == (passed, "SUCCEEDED")


def test_an_alert_has_no_words_but_ours(instance: DagsterInstance) -> None:
    """What a library says may hold a value that a sender wrote, and a command line the name of a file."""
    failed = run(instance, job(ValueError("could not convert 'Jane Doe'")))
    opened = instance.get_run_by_id(failed)
    assert opened is not None
    assert "Jane Doe" in opened.tags["reason"]
    assert re.fullmatch(
        r"other: ValueError in test_outcome\.py, line \d+; `csp doctor` and the run's log say more",
        opened.tags[TOLD_TAG],
    )
    assert to_tell(WarehouseBusyError("process 7 (csp withdraw jane-doe.csv)")).startswith("another process writes")
    assert to_tell(Failure("dbt could not build 1 model(s):\nmodel.x: 'Jane Doe'")) == "dbt could not build 1 model(s)"
