"""Jobs and schedules: stable names to launch, each saying what a rerun means."""

from dagster import (
    AssetSelection,
    DefaultScheduleStatus,
    ScheduleDefinition,
    define_asset_job,
    in_process_executor,
)

NIGHTLY_JOB = define_asset_job(
    "nightly",
    selection=AssetSelection.all(),
    description=(
        "Takes in what is pending, rebuilds the models, checks them and publishes a release if every check passes. "
        "A rerun means now: it takes in what has come since, and with nothing new it publishes nothing."
    ),
    executor_def=in_process_executor,
    tags={"dagster/max_runtime": 4 * 60 * 60},
)

# 04:30 lies outside the hours that a clock change skips or repeats.
NIGHTLY_SCHEDULE = ScheduleDefinition(
    name="nightly_at_half_past_four",
    job=NIGHTLY_JOB,
    cron_schedule="30 4 * * *",
    execution_timezone="Europe/London",
    default_status=DefaultScheduleStatus.STOPPED,
    description="The nightly job at 04:30 London time, in summer and in winter. Stopped until someone starts it.",
)
