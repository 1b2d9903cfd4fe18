"""The Dagster instance of a data folder: its DAGSTER_HOME with the shipped settings."""

import os
import shutil
from pathlib import Path

from dagster import DagsterInstance

from sources.data_folder import DataFolder

SHIPPED_SETTINGS = Path(__file__).with_name("dagster.yaml")


def prepare_dagster_home(folder: DataFolder) -> Path:
    """Put the shipped `dagster.yaml` into the data folder's DAGSTER_HOME and point the environment there.

    A `dagster.yaml` that someone changed in place is overwritten; set DAGSTER_HOME elsewhere to keep another.
    """
    home = Path(os.environ.get("DAGSTER_HOME") or folder.dagster_home)
    home.mkdir(parents=True, exist_ok=True)
    if home == folder.dagster_home:
        shutil.copyfile(SHIPPED_SETTINGS, home / "dagster.yaml")
    os.environ["DAGSTER_HOME"] = str(home)
    os.environ["CSP_DATA_DIR"] = str(folder.root)
    return home


def open_instance(folder: DataFolder) -> DagsterInstance:
    """Return the instance whose event log keeps the runs and check results of this data folder."""
    return DagsterInstance.from_config(str(prepare_dagster_home(folder)))
