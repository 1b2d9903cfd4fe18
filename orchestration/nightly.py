"""A night from the command line: runs its jobs in this process and says in one line how it ended."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from dagster import DagsterEvent, DagsterEventType, DagsterInstance, Definitions, ExecuteInProcessResult
from dagster._core.events import RunFailureReason
from sqlalchemy.exc import DatabaseError

from orchestration.assets import LOCK_WAIT_SECONDS
from orchestration.dagster_stores import DamagedStoreError, set_damaged_aside
from orchestration.instance import BACKFILL, COMMAND_LINE_TAG, INTAKE, PUBLISH, close_dead_runs, open_instance
from orchestration.intake_location import intake_definitions
from orchestration.night_warning import COUNTED, REFUSED, NightWarning
from orchestration.outcome import (
    FAILED,
    HELD,
    INTERRUPTED,
    KEPT,
    NOTHING_LOST,
    NOTHING_NEW,
    PUBLISH_DUE,
    PUBLISHED,
    outcome_of,
    tag_outcome,
)
from orchestration.progress import report
from orchestration.records.run_inputs import INTAKE_RUN_TAG, settled_as_at
from orchestration.releases import wants_partners_release
from orchestration.spark.engine import require_engine
from orchestration.writer_lock import WarehouseBusyError, writer_lock
from sources.contract.months import last_day_of
from sources.folder.data_folder import DataFolder
from sources.ledger.lateness import clock_behind
from sources.ledger.migrations import settle_format
from sources.ledger.receipts import Ledger
from sources.ledger.unfinished import require_finished

EXIT_CODES = {PUBLISHED: 0, KEPT: 0, NOTHING_NEW: 0, FAILED: 1, HELD: 3, INTERRUPTED: 130}


@dataclass(frozen=True)
class NightlyOutcome:
    """How a nightly run ended, in words that stand alone, with the warnings it leaves behind."""

    status: str
    message: str
    run_id: str
    warnings: list[NightWarning] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """What a scheduler sees: 0 published or nothing new, 3 held, 1 failed, 130 interrupted."""
        return EXIT_CODES[self.status]


def run_nightly(
    folder: DataFolder, as_at: str | None = None, rebuild: bool = False, lock_attempts: int = 3
) -> NightlyOutcome:
    """Run a night of a data folder: the job `intake`, and `publish` if that found something new.

    Args:
        folder: the data folder; created where it does not exist.
        as_at: ISO date the figures are computed as at; None for the end of the latest delivered period.
        rebuild: build the models even when nothing is new.
        lock_attempts: how often to ask for the data folder when another process is writing to it.

    Raises:
        WarehouseBusyError: another process kept writing to the data folder.
        FolderFormatError: a newer version has written to the data folder.
        UnfinishedError: a command that rewrites files was interrupted; no job has run.
        AsAtError: nothing could be computed as at that date; no job has run.
        DbtParseError: the dbt project does not parse.
        ContractError: a contract is wrong.
        PartnersSettingError: the setting of the partners' release is none that we know.
        EngineError: CSP_ENGINE names an engine that is not known, or that cannot run here.
    """
    wants_partners_release()
    require_engine()
    with ExitStack() as stack:
        _lock(stack, folder, lock_attempts)
        require_finished(folder)
        older = settle_format(folder)
        behind = clock_behind(Ledger(folder).receipts(), datetime.now(UTC))
        settled_as_at(as_at, Ledger(folder).standing(), datetime.now(UTC).date())
        stack.enter_context(_mending_stores(folder))
        instance = stack.enter_context(open_instance(folder))
        close_dead_runs(instance)
        asked = {"rebuild": rebuild, **({"as_at": as_at} if as_at else {})}
        intake = _run(instance, intake_definitions(folder), INTAKE, {"ops": {"ledger": {"config": asked}}})
        told = [NightWarning(text) for text in (older, behind) if text]
        intake = replace(intake, warnings=[*told, *intake.warnings])
        if intake.status != PUBLISH_DUE:
            return intake
        from orchestration.code_location import build_definitions  # noqa: PLC0415 - dagster_dbt takes seconds to import

        published = _run(instance, build_definitions(folder), PUBLISH, {}, {INTAKE_RUN_TAG: intake.run_id})
        return replace(published, warnings=[*intake.warnings, *published.warnings])


def run_backfill(
    folder: DataFolder, months: Sequence[date], rebuild: bool = False, lock_attempts: int = 3
) -> Iterator[NightlyOutcome]:
    """Make the releases as at the ends of months, each beside the current one, and yield how each ended.

    Args:
        folder: the data folder.
        months: the first day of each month.
        rebuild: build the models even where a release holds all of it.
        lock_attempts: how often to ask for the data folder when another process is writing to it.

    Raises:
        WarehouseBusyError: another process kept writing to the data folder.
        UnfinishedError: a command that rewrites files was interrupted.
        AsAtError: nothing could be computed as at the end of one of the months; nothing has run.
    """
    from orchestration.code_location import build_definitions  # noqa: PLC0415 - dagster_dbt takes seconds to import

    with ExitStack() as stack:
        _lock(stack, folder, lock_attempts)
        require_finished(folder)
        for month in months:
            settled_as_at(last_day_of(month).isoformat(), Ledger(folder).standing(), datetime.now(UTC).date())
        stack.enter_context(_mending_stores(folder))
        instance = stack.enter_context(open_instance(folder))
        close_dead_runs(instance)
        definitions = build_definitions(folder)
        asked = {"ops": {"ledger": {"config": {"rebuild": rebuild}}}}
        for month in months:
            yield _run(instance, definitions, BACKFILL, asked, partition_key=month.isoformat())


@contextmanager
def _mending_stores(folder: DataFolder) -> Iterator[None]:
    """Set damaged stores of Dagster's aside, before they are opened or where the night then stumbles over one.

    Raises:
        DamagedStoreError: one was damaged deep inside; the next night goes on without it.
    """
    for told in set_damaged_aside(folder):
        report(told)
    try:
        yield
    except DatabaseError as error:
        if aside := set_damaged_aside(folder, is_whole_file_read=True):
            raise DamagedStoreError(f"{'; '.join(aside)}. Run `csp nightly` again") from error
        raise


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


def _run(
    instance: DagsterInstance,
    definitions: Definitions,
    job: str,
    config: Mapping[str, Any],
    tags: Mapping[str, str] | None = None,
    partition_key: str | None = None,
) -> NightlyOutcome:
    """Run a job to its end and return what its tags say of it, with the checks that warn."""
    result = definitions.resolve_job_def(job).execute_in_process(
        instance=instance,
        run_config={**config, "loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        raise_on_error=False,
        tags={**COMMAND_LINE_TAG, **(tags or {})},
        partition_key=partition_key,
    )
    if _was_interrupted(result):
        tag_outcome(instance, result.run_id, INTERRUPTED, NOTHING_LOST)
    warnings = [_warning(event) for event in result.all_events if _warns(event)]
    return NightlyOutcome(*outcome_of(instance, result.run_id), result.run_id, warnings)


def _was_interrupted(result: ExecuteInProcessResult) -> bool:
    """Return whether a signal ended a run, which Dagster takes for a failure."""
    failures = [event for event in result.all_events if event.event_type == DagsterEventType.RUN_FAILURE]
    return any(event.job_failure_data.failure_reason == RunFailureReason.UNEXPECTED_TERMINATION for event in failures)


def _warns(event: DagsterEvent) -> bool:
    if event.event_type_value != DagsterEventType.ASSET_CHECK_EVALUATION.value:
        return False
    evaluation = event.asset_check_evaluation_data
    return not evaluation.passed and evaluation.severity.value == "WARN"


def _warning(event: DagsterEvent) -> NightWarning:
    evaluation = event.asset_check_evaluation_data
    asset = evaluation.asset_key
    found = {name: value.value for name, value in evaluation.metadata.items()}
    return NightWarning(
        text=evaluation.description or f"{evaluation.check_name} on {asset.to_user_string()}",
        feed="/".join(asset.path[1:]) if asset.path[0] == "raw" else None,
        counts={name: count for name in COUNTED if isinstance(count := found.get(name), int) and count},
        refused=tuple(refused) if isinstance(refused := found.get(REFUSED), list) else (),
    )
