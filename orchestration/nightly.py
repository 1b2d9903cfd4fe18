"""The nightly job from the command line: runs it in this process and says in one line how it ended."""

import time
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any

from dagster import DagsterEvent, DagsterEventType, ExecuteInProcessResult

from orchestration.assets import LOCK_WAIT_SECONDS
from orchestration.code_location import build_definitions
from orchestration.instance import COMMAND_LINE_TAG, close_dead_runs, open_instance
from orchestration.progress import report
from orchestration.releases import rollback_in_force
from orchestration.writer_lock import WarehouseBusyError, writer_lock
from sources.folder.data_folder import DataFolder

PUBLISHED, NOTHING_NEW, HELD, FAILED = "published", "nothing new", "held", "failed"
_WRAPPERS = {"DagsterExecutionStepExecutionError", "RetryRequested", "RetryRequestedFromPolicy"}
EXIT_CODES = {PUBLISHED: 0, NOTHING_NEW: 0, FAILED: 1, HELD: 3}


@dataclass(frozen=True)
class NightlyOutcome:
    """How a nightly run ended, in words that stand alone, with the warnings it leaves behind."""

    status: str
    message: str
    run_id: str
    warnings: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """What a scheduler sees: 0 published or nothing new, 3 held, 1 failed."""
        return EXIT_CODES[self.status]


def run_nightly(
    folder: DataFolder, as_at: str | None = None, rebuild: bool = False, lock_attempts: int = 3
) -> NightlyOutcome:
    """Run the nightly job of a data folder.

    Args:
        folder: the data folder; created where it does not exist.
        as_at: ISO date the figures are computed as at; None for the end of the latest delivered period.
        rebuild: build the models even when nothing is new.
        lock_attempts: how often to ask for the data folder when another process is writing to it.

    Raises:
        WarehouseBusyError: another process kept writing to the data folder.
        DbtParseError: the dbt project does not parse.
        ContractError: a contract is wrong.
    """
    with ExitStack() as stack:
        _lock(stack, folder, lock_attempts)
        rollback = rollback_in_force(folder)
        instance = stack.enter_context(open_instance(folder))
        close_dead_runs(instance)
        job = build_definitions(folder).resolve_job_def("nightly")
        config: dict[str, Any] = {
            "ops": {"ledger": {"config": {"rebuild": rebuild, **({"as_at": as_at} if as_at else {})}}},
            "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
        }
        result = job.execute_in_process(
            instance=instance, run_config=config, raise_on_error=False, tags=COMMAND_LINE_TAG
        )
    outcome = read_outcome(result)
    if rollback and outcome.status == PUBLISHED:
        return replace(outcome, message=f"{outcome.message}; {rollback.ended}")
    return outcome


def _lock(stack: ExitStack, folder: DataFolder, attempts: int) -> None:
    for attempt in range(1, attempts + 1):
        try:
            stack.enter_context(writer_lock(folder))
        except WarehouseBusyError as error:
            if attempt == attempts:
                raise
            report(f"waiting: {error}")
            time.sleep(LOCK_WAIT_SECONDS)
        else:
            return


def read_outcome(result: ExecuteInProcessResult) -> NightlyOutcome:
    """Read from a run's events whether it published, held, failed, or had nothing new to say."""
    events = result.all_events
    warnings = [_warning(event) for event in events if _is_failed_check(event, blocking=False)]
    for event in events:
        if event.is_step_materialization and event.asset_key and event.asset_key.path == ["release"]:
            metadata = event.step_materialization_data.materialization.metadata
            release, as_at = str(metadata["release"].value), str(metadata["as at"].value)
            return NightlyOutcome(PUBLISHED, f"{release}, as at {as_at}", result.run_id, warnings)
    observed = [
        event.asset_observation_data.asset_observation
        for event in events
        if event.event_type_value == DagsterEventType.ASSET_OBSERVATION.value
        and event.asset_key
        and event.asset_key.path == ["release"]
    ]
    if observed:
        status = str(observed[-1].metadata["outcome"].value)
        return NightlyOutcome(status, observed[-1].description or "", result.run_id, warnings)
    failed_checks = [_check_name(event) for event in events if _is_failed_check(event, blocking=True)]
    broken = [event for event in events if event.is_step_failure and not _stopped_by_check(event)]
    if broken:
        return NightlyOutcome(FAILED, "; ".join(map(_failure, broken)), result.run_id, warnings)
    if failed_checks:
        shown = "; ".join(failed_checks[:5])
        more = f" and {len(failed_checks) - 5} more" if len(failed_checks) > 5 else ""
        return NightlyOutcome(HELD, f"{len(failed_checks)} check(s) failed: {shown}{more}", result.run_id, warnings)
    return NightlyOutcome(FAILED, "the run ended without a release and without a reason", result.run_id, warnings)


def _is_failed_check(event: DagsterEvent, blocking: bool) -> bool:
    if event.event_type_value != DagsterEventType.ASSET_CHECK_EVALUATION.value:
        return False
    evaluation = event.asset_check_evaluation_data
    return not evaluation.passed and (evaluation.severity.value == "ERROR") == blocking


def _check_name(event: DagsterEvent) -> str:
    evaluation = event.asset_check_evaluation_data
    return f"{evaluation.check_name} on {evaluation.asset_key.to_user_string()}"


def _warning(event: DagsterEvent) -> str:
    evaluation = event.asset_check_evaluation_data
    return evaluation.description or _check_name(event)


def _stopped_by_check(event: DagsterEvent) -> bool:
    error = event.step_failure_data.error
    return error is not None and error.cls_name == "DagsterAssetCheckFailedError"


def _failure(event: DagsterEvent) -> str:
    """Say what a step died of, in the words of the error that was raised and not of Dagster's wrappers around it."""
    data = event.step_failure_data
    failure = data.user_failure_data
    if failure and failure.description:
        return f"{event.step_key}: {failure.description}"
    error = data.error
    while error is not None and error.cause is not None and error.cls_name in _WRAPPERS:
        error = error.cause
    if error is None:
        return f"{event.step_key}: unknown error"
    message = error.message.strip()
    name, separator, rest = message.partition(": ")
    return f"{event.step_key}: {rest if separator and name.endswith(str(error.cls_name)) else message}"
