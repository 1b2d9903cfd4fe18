"""Jobs, their schedule and what starts one after the other: stable names to launch, each saying what a rerun means."""

from collections.abc import Iterator

from dagster import (
    AssetSelection,
    DagsterRunStatus,
    DefaultScheduleStatus,
    DefaultSensorStatus,
    RunRequest,
    RunStatusSensorContext,
    ScheduleDefinition,
    SensorDefinition,
    SkipReason,
    define_asset_job,
    in_process_executor,
    run_status_sensor,
)

from orchestration.assets.ledger import LEDGER_KEY
from orchestration.assets.months import RELEASE_AS_AT_KEY
from orchestration.checks.freshness import SHOWN_CHECK
from orchestration.instance import BACKFILL, COMMAND_LINE_TAG, INTAKE, PUBLISH
from orchestration.outcome import (
    FAILED,
    INTERRUPTED,
    PUBLISH_DUE,
    RELEASE_KEY,
    REPORT_KEY,
    outcome_of,
    tag_failure,
    tag_outcome,
)
from orchestration.records.run_inputs import INTAKE_RUN_TAG, read_run_inputs
from orchestration.resources import DataFolderResource

LONGEST = {"dagster/max_runtime": 4 * 60 * 60}
TAKING_IN = AssetSelection.key_prefixes("raw") | AssetSelection.assets(LEDGER_KEY)
RELEASES = AssetSelection.assets(RELEASE_KEY, REPORT_KEY, RELEASE_AS_AT_KEY)
BUILDING = AssetSelection.all() - TAKING_IN - RELEASES

INTAKE_JOB = define_asset_job(
    INTAKE,
    selection=TAKING_IN,
    description=(
        "Takes in what is pending and says whether anything is new: the job `publish` follows only then. A rerun means "
        "now. With `rebuild`, or as at another date, it always follows."
    ),
    executor_def=in_process_executor,
    hooks={tag_failure},
    tags=LONGEST,
)

PUBLISH_JOB = define_asset_job(
    PUBLISH,
    selection=(BUILDING | AssetSelection.assets(RELEASE_KEY, REPORT_KEY)) - AssetSelection.checks(SHOWN_CHECK),
    description=(
        "Rebuilds the models as the last intake settled, checks them and publishes a release if every check passes. "
        "It follows an intake by itself; a rerun computes the same, and publishes nothing that is published."
    ),
    executor_def=in_process_executor,
    hooks={tag_failure},
    tags=LONGEST,
)

BACKFILL_JOB = define_asset_job(
    BACKFILL,
    selection=BUILDING | AssetSelection.assets(LEDGER_KEY, RELEASE_AS_AT_KEY),
    description=(
        "Makes the release as at the end of a month, from what is delivered by now, and keeps it beside the current "
        "one. Launch it for a range of months: they run one after the other. A rerun makes nothing that is there."
    ),
    executor_def=in_process_executor,
    hooks={tag_failure},
    tags=LONGEST,
)

# 04:30 lies outside the hours that a clock change skips or repeats.
NIGHTLY_SCHEDULE = ScheduleDefinition(
    name="nightly_at_half_past_four",
    job=INTAKE_JOB,
    cron_schedule="30 4 * * *",
    execution_timezone="Europe/London",
    default_status=DefaultScheduleStatus.STOPPED,
    description="The intake at 04:30 London time, in summer and in winter. Stopped until someone starts it.",
)


@run_status_sensor(
    run_status=DagsterRunStatus.SUCCESS,
    monitored_jobs=[INTAKE_JOB],
    request_job=PUBLISH_JOB,
    default_status=DefaultSensorStatus.RUNNING,
    minimum_interval_seconds=10,
    description="Starts `publish` after an intake that found something new, unless `csp nightly` does so itself.",
)
def publish_after_intake(
    context: RunStatusSensorContext, data_folder: DataFolderResource
) -> Iterator[RunRequest | SkipReason]:
    """Ask for one publish of each intake that found something new and whose inputs still stand."""
    run = context.dagster_run
    outcome, reason = outcome_of(context.instance, run.run_id)
    inputs = read_run_inputs(data_folder.open().run_inputs)
    if outcome != PUBLISH_DUE:
        yield SkipReason(f"intake {run.run_id} ended with {outcome}: {reason}")
    elif COMMAND_LINE_TAG.items() <= run.tags.items():
        yield SkipReason(f"`csp nightly`, which launched intake {run.run_id}, publishes by itself")
    elif inputs is None or inputs.run_id != run.run_id:
        yield SkipReason(f"another intake has settled other inputs since intake {run.run_id}")
    else:
        yield RunRequest(run_key=run.run_id, tags={INTAKE_RUN_TAG: run.run_id})


def _tagging_the_ended(status: DagsterRunStatus) -> SensorDefinition:
    """Return the sensor that tags runs which were ended from outside, where no step is left to say how."""

    @run_status_sensor(
        name=f"tag_runs_that_end_in_{status.value.lower()}",
        run_status=status,
        monitored_jobs=[INTAKE_JOB, PUBLISH_JOB, BACKFILL_JOB],
        default_status=DefaultSensorStatus.RUNNING,
        minimum_interval_seconds=30,
        description="Tags a run that was killed or over its time as failed, a cancelled one as interrupted, and why.",
    )
    def tag(context: RunStatusSensorContext) -> None:
        tag_ended_from_outside(context)

    return tag


def tag_ended_from_outside(context: RunStatusSensorContext) -> None:
    """Tag a run that has no outcome: one that someone cancelled was interrupted, any other failed."""
    run = context.instance.get_run_by_id(context.dagster_run.run_id)
    if run and "outcome" not in run.tags:
        why = context.dagster_event.message or f"the run ended in {run.status.value.lower()}"
        outcome = INTERRUPTED if run.status == DagsterRunStatus.CANCELED else FAILED
        tag_outcome(context.instance, run.run_id, outcome, why, told="the run was ended from outside")


TAGGING_SENSORS = [_tagging_the_ended(status) for status in (DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED)]
