"""Sensors that tell of nights which Dagster launched, and of nights that died or never ran.

`csp nightly` tells by itself; both do nothing until alerts are set.
"""

from datetime import UTC, datetime

from dagster import (
    DagsterRunStatus,
    DefaultSensorStatus,
    RunRecord,
    RunStatusSensorContext,
    SensorDefinition,
    SensorEvaluationContext,
    SkipReason,
    run_status_sensor,
    sensor,
)

from orchestration.alerts.message import Section
from orchestration.alerts.settings import Event
from orchestration.alerts.tell import tell_of_a_night, tell_once
from orchestration.checks.freshness import LONGEST_WITHOUT_A_NIGHT
from orchestration.instance import COMMAND_LINE_TAG
from orchestration.jobs import INTAKE_JOB, PUBLISH_JOB, tag_ended_from_outside
from orchestration.resources import DataFolderResource
from orchestration.runs import NIGHTS_LOOKED_AT, ends_of, latest_runs
from orchestration.writer_lock import is_written

_UNDER_WAY = {DagsterRunStatus.STARTING, DagsterRunStatus.STARTED}


def _telling_of(status: DagsterRunStatus) -> SensorDefinition:
    @run_status_sensor(
        name=f"tell_of_runs_that_end_in_{status.value.lower()}",
        run_status=status,
        monitored_jobs=[INTAKE_JOB, PUBLISH_JOB],
        default_status=DefaultSensorStatus.RUNNING,
        minimum_interval_seconds=30,
        description="Alerts whoever has asked for it of a night that Dagster launched: see docs/operate.md.",
    )
    def tell(context: RunStatusSensorContext, data_folder: DataFolderResource) -> SkipReason:
        run = context.dagster_run
        if COMMAND_LINE_TAG.items() <= run.tags.items():
            return SkipReason("`csp nightly` tells by itself")
        if status != DagsterRunStatus.SUCCESS:
            tag_ended_from_outside(context)
        latest = latest_runs(context.instance, NIGHTS_LOOKED_AT)
        is_this = [record.dagster_run.run_id == run.run_id for record in latest]
        ends = ends_of(latest[is_this.index(True) :]) if any(is_this) else []
        if not ends or ends[0].run_id != run.run_id:
            return SkipReason("the night is not over")
        told = tell_of_a_night(data_folder.open(), ends)
        return SkipReason("; ".join(told) or "there is nothing to tell, or nobody has asked for it")

    return tell


@sensor(
    name="tell_of_nights_that_died_or_never_ran",
    minimum_interval_seconds=30 * 60,
    default_status=DefaultSensorStatus.STOPPED,
    description=(
        "The backstop: alerts where no night has begun for 26 hours, or one was killed. Stopped until someone starts "
        "it; wherever `csp nightly` is run by another scheduler, this daemon watches it."
    ),
)
def watch_the_nights(context: SensorEvaluationContext, data_folder: DataFolderResource) -> SkipReason:
    """Tell once of each trouble, and once a day while no night begins."""
    folder = data_folder.open()
    latest = latest_runs(context.instance, 1)
    trouble = trouble_with(latest[0] if latest else None, datetime.now(UTC), is_written(folder))
    if trouble is None:
        return SkipReason("the last night is as it should be")
    key, section = trouble
    told = tell_once(folder, key, section)
    return SkipReason(f"{section.headline}; {'; '.join(told) or 'told already, or nobody has asked for it'}")


def trouble_with(last: RunRecord | None, now: datetime, is_written: bool) -> tuple[str, Section] | None:
    """Return what is wrong with the run of a night that began last, and what it is remembered by; None if nothing.

    `is_written` says whether some process holds the data folder: a run under way does.
    """
    if last is None:
        return None
    run, began = last.dagster_run, last.create_timestamp
    since = f"{began.astimezone(UTC):%d %B %Y %H:%M} UTC"
    of_command_line = COMMAND_LINE_TAG.items() <= run.tags.items()
    if run.status in _UNDER_WAY and of_command_line and not is_written:
        text = f"The night that began on {since} ended without a word: was it killed? Run `csp nightly` again."
        return f"died {run.run_id}", Section(Event.missing, "a night died", text)
    if now - began > LONGEST_WITHOUT_A_NIGHT:
        text = f"No night has begun since {since}. Is the schedule on, and the machine that runs it?"
        return f"missing {now:%Y-%m-%d}", Section(Event.missing, "no night has begun", text)
    return None


TELLING_SENSORS = [
    *map(_telling_of, (DagsterRunStatus.SUCCESS, DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED)),
    watch_the_nights,
]
