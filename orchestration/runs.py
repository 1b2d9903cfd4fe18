"""Nights, as the command line sees them: start one, and how the last ended.

The only module through which the command line reaches Dagster, which takes seconds to import: a command imports it
where it needs it, and an import contract in pyproject.toml keeps every other way shut.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from dagster import RunsFilter
from dagster._core.definitions.run_request import InstigatorType
from dagster._core.scheduler.instigation import InstigatorStatus

from orchestration.instance import INTAKE, PUBLISH, open_instance
from orchestration.outcome import PUBLISH_DUE as PUBLISH_DUE  # noqa: PLC0414 - exported
from orchestration.outcome import note_rollback
from orchestration.releases import rollback_in_force
from sources.folder.data_folder import DataFolder

if TYPE_CHECKING:
    from orchestration.nightly import NightlyOutcome as NightlyOutcome  # noqa: PLC0414 - exported


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


def last_run(folder: DataFolder) -> LastRun | None:
    """Return the run of a night that began last, its publish or else its intake; None before the first."""
    with open_instance(folder) as instance:
        records = [
            record
            for job in (INTAKE, PUBLISH)
            for record in instance.get_run_records(RunsFilter(job_name=job), limit=1)
        ]
    if not records:
        return None
    last = max(records, key=lambda record: record.create_timestamp)
    run = last.dagster_run
    outcome = run.tags.get("outcome") or run.status.value.lower()
    return LastRun(run.run_id, last.create_timestamp, outcome, run.tags.get("reason"))


def is_schedule_on(folder: DataFolder) -> bool:
    """Return whether a schedule of the data folder is switched on."""
    with open_instance(folder) as instance:
        states = instance.all_instigator_state(instigator_type=InstigatorType.SCHEDULE)
    return any(state.status == InstigatorStatus.RUNNING for state in states)


def show_rollback(folder: DataFolder, said: str) -> None:
    """Show a rollback on the release asset in Dagster; `said` is what was done."""
    with open_instance(folder) as instance:
        note_rollback(instance, rollback_in_force(folder), said)
