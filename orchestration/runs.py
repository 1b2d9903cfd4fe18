"""Nights, as the command line sees them: start one, and how the last ended.

The only module through which the command line reaches Dagster, which takes seconds to import: a command imports it
where it needs it, and an import contract in pyproject.toml keeps every other way shut.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import duckdb
from dagster import DagsterInstance, DagsterRunStatus, RunRecord, RunsFilter
from dagster._core.definitions.run_request import InstigatorType
from dagster._core.scheduler.instigation import InstigatorStatus

from orchestration.alerts.facts import NightEnd
from orchestration.instance import INTAKE, PUBLISH, open_instance
from orchestration.old_runs import OldRun as OldRun  # noqa: PLC0414 - exported
from orchestration.old_runs import compact, forget_runs, old_runs
from orchestration.outcome import FAILED, INTERRUPTED, RELEASE_KEY, REPORT_KEY, TOLD_TAG, note_rollback
from orchestration.outcome import PUBLISH_DUE as PUBLISH_DUE  # noqa: PLC0414 - exported
from orchestration.outcome import to_tell as to_tell  # noqa: PLC0414 - exported
from orchestration.releases import require_current, rollback_in_force
from sources.folder.data_folder import DataFolder
from sources.ledger.lateness import local_day

if TYPE_CHECKING:
    from orchestration.nightly import NightlyOutcome as NightlyOutcome  # noqa: PLC0414 - exported


NIGHTS_LOOKED_AT = 60


@dataclass(frozen=True)
class LastRun:
    """A run of a night: when it began (UTC), its outcome (or Dagster's status) and the reason for it."""

    run_id: str
    began: datetime
    outcome: str
    reason: str | None


def run_night(folder: DataFolder, as_at: str | None, rebuild: bool) -> "NightlyOutcome":
    """Run a night of a data folder; see `orchestration.nightly.run_nightly`."""
    from orchestration.nightly import run_nightly  # noqa: PLC0415 - dagster-dbt takes longer to import than Dagster

    return run_nightly(folder, as_at, rebuild)


def run_months(folder: DataFolder, months: Sequence[date], rebuild: bool) -> "Iterator[NightlyOutcome]":
    """Make the releases of months; see `orchestration.nightly.run_backfill`."""
    from orchestration.nightly import run_backfill  # noqa: PLC0415 - as above

    return run_backfill(folder, months, rebuild)


def last_run(folder: DataFolder) -> LastRun | None:
    """Return the run of a night that began last, its publish or else its intake; None before the first."""
    with open_instance(folder) as instance:
        records = latest_runs(instance, 1)
    if not records:
        return None
    last, run = records[0], records[0].dagster_run
    outcome = run.tags.get("outcome") or run.status.value.lower()
    return LastRun(run.run_id, last.create_timestamp, outcome, run.tags.get("reason"))


def latest_runs(instance: DagsterInstance, of_each_job: int) -> Sequence[RunRecord]:
    """Return the latest runs of nights, the latest first."""
    records = [
        record
        for job in (INTAKE, PUBLISH)
        for record in instance.get_run_records(RunsFilter(job_name=job), limit=of_each_job)
    ]
    return sorted(records, key=lambda record: record.create_timestamp, reverse=True)


def night_ends(folder: DataFolder) -> list[NightEnd]:
    """Return how the latest nights ended, the latest first; see `ends_of`."""
    with open_instance(folder) as instance:
        return ends_of(latest_runs(instance, NIGHTS_LOOKED_AT))


def ends_of(records: Sequence[RunRecord]) -> list[NightEnd]:
    """Return how runs ended, in their order, without those that another run follows or that someone interrupted."""
    ends = []
    for record in records:
        run = record.dagster_run
        is_broken = run.status in {DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED}
        outcome = run.tags.get("outcome", FAILED if is_broken else "")
        if outcome and outcome not in {PUBLISH_DUE, INTERRUPTED}:
            in_our_words = run.tags.get("reason") if outcome != FAILED else None
            reason = run.tags.get(TOLD_TAG) or in_our_words or "the run ended without a reason"
            ends.append(NightEnd(outcome, reason, local_day(record.create_timestamp), run.run_id))
    return ends


def is_schedule_on(folder: DataFolder) -> bool:
    """Return whether a schedule of the data folder is switched on."""
    with open_instance(folder) as instance:
        states = instance.all_instigator_state(instigator_type=InstigatorType.SCHEDULE)
    return any(state.status == InstigatorStatus.RUNNING for state in states)


def show_rollback(folder: DataFolder, said: str) -> None:
    """Show on the assets of the release in Dagster what readers see after a rollback; `said` is what was done."""
    # What knows the pages of a report is slow to import.
    from orchestration.assets.release_metadata import release_metadata  # noqa: PLC0415
    from orchestration.assets.report import report_metadata  # noqa: PLC0415

    release = require_current(folder)
    shown = {RELEASE_KEY: release_metadata(folder, release)}
    with suppress(duckdb.Error):  # a release whose tables another version made
        shown[REPORT_KEY] = report_metadata(folder, release)
    with open_instance(folder) as instance:
        note_rollback(instance, rollback_in_force(folder), said, shown)


def runs_that_may_go(folder: DataFolder, days: int, needed: Collection[str], now: datetime) -> list[OldRun]:
    """Return the runs that may be forgotten; see `orchestration.old_runs.old_runs`."""
    with open_instance(folder) as instance:
        return old_runs(folder, instance, days, needed, now)


def forget_these_runs(folder: DataFolder, run_ids: Sequence[str]) -> list[str]:
    """Forget runs and give their room back to the disk; return a sentence on each database that gives none yet."""
    with open_instance(folder) as instance:
        forget_runs(folder, instance, run_ids)
    return compact(folder)
