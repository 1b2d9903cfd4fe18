"""The Dagster instance of a data folder: its DAGSTER_HOME with the shipped settings."""

import os
import shutil
from pathlib import Path

from dagster import DagsterInstance, DagsterRunStatus, RunsFilter

from sources.folder.data_folder import DataFolder

COMMAND_LINE_TAG = {"csp/launched_by": "command line"}
SHIPPED_SETTINGS = Path(__file__).with_name("dagster.yaml")


def prepare_dagster_home(folder: DataFolder) -> Path:
    """Put the shipped `dagster.yaml` into the data folder's DAGSTER_HOME and point the environment there.

    A DAGSTER_HOME that the shell has set is not used: it belongs to another project, and may call home.
    """
    home = folder.dagster_home
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o700)  # results of checks can show numbers of people
    shutil.copyfile(SHIPPED_SETTINGS, home / "dagster.yaml")
    os.environ["DAGSTER_HOME"] = str(home)
    os.environ["CSP_DATA_DIR"] = str(folder.root)
    return home


def open_instance(folder: DataFolder) -> DagsterInstance:
    """Return the instance whose event log keeps the runs and check results of this data folder."""
    return DagsterInstance.from_config(str(prepare_dagster_home(folder)))


def close_dead_runs(instance: DagsterInstance) -> None:
    """Mark as failed the command line's runs that still count as started; the caller holds the writer's lock.

    Their processes held the same lock, so they are dead; left alone they would keep the writer's place in the queue.
    """
    unfinished = [DagsterRunStatus.STARTING, DagsterRunStatus.STARTED]
    for run in instance.get_runs(RunsFilter(statuses=unfinished, tags=COMMAND_LINE_TAG)):
        instance.report_run_failed(run, "its process ended before the run did; the next nightly finished the job")
