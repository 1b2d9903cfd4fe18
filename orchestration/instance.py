"""The Dagster instance of a data folder, and its runs that died."""

from dagster import DagsterInstance, DagsterRunStatus, RunsFilter

from orchestration.dagster_home import prepare_dagster_home
from orchestration.dagster_server import require_reachable, server_address
from orchestration.dagster_stores import require_sound_stores
from orchestration.outcome import FAILED, tag_outcome
from sources.folder.data_folder import DataFolder

INTAKE, PUBLISH = "intake", "publish"  # the jobs of a night
BACKFILL = "backfill"
COMMAND_LINE_TAG = {"csp/launched_by": "command line"}


def open_instance(folder: DataFolder) -> DagsterInstance:
    """Return the instance whose event log keeps the runs and check results of this data folder.

    Raises:
        DamagedStoreError: one of its files is no database.
        DagsterServerError: the database that keeps it in place of files does not answer.
    """
    home = prepare_dagster_home(folder)
    if server := server_address():
        require_reachable(server)
    else:
        require_sound_stores(folder)
    return DagsterInstance.from_config(str(home))


def close_dead_runs(instance: DagsterInstance) -> None:
    """Mark as failed the command line's runs that still count as started; the caller holds the writer's lock.

    Their processes held the same lock, so they are dead; left alone they would keep the writer's place in the queue.
    """
    unfinished = [DagsterRunStatus.STARTING, DagsterRunStatus.STARTED]
    for run in instance.get_runs(RunsFilter(statuses=unfinished, tags=COMMAND_LINE_TAG)):
        why = "its process ended before the run did; the next nightly finished the job"
        tag_outcome(instance, run.run_id, FAILED, why)
        instance.report_run_failed(run, why)
