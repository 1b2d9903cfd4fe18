"""Where something is wrong with the warehouse the gate holds, and the last release answers."""

import os

import duckdb
from dagster import AssetKey

from orchestration.code_location import build_definitions
from orchestration.instance import open_instance
from sources.folder.data_folder import DataFolder
from tests.csp import FEED, Installation


def test_a_raw_file_that_goes_missing_is_held_by_the_gate(folder: Installation) -> None:
    before, verdicts = folder.current, folder.verdicts("marts/target_vs_baseline")
    next((folder.root / "raw" / FEED).glob("2021-07*.parquet")).unlink()
    assert folder.night("--rebuild", exit_code=3).splitlines()[-1].startswith("held, because")
    outcome, reason = folder.ending()
    assert outcome == "held"
    assert "check(s) failed: " in reason
    assert folder.current == before
    assert folder.csp("verify").returncode == 0
    after = folder.verdicts("marts/target_vs_baseline")
    assert after.keys() == verdicts.keys(), "a check that did not run is shown as one that did not run"
    assert set(after.values()) == {"SUCCEEDED"}


def launch_the_release_alone(folder: Installation) -> bool:
    with open_instance(DataFolder(folder.root)) as instance:
        job = build_definitions(DataFolder(folder.root)).resolve_job_def("publish")
        release = [AssetKey("release")]
        return job.execute_in_process(instance=instance, asset_selection=release, raise_on_error=False).success


def test_the_release_step_alone_publishes_nothing_that_nobody_checked(folder: Installation) -> None:
    """It says held and not failed, though the step fails."""
    before = folder.current
    assert launch_the_release_alone(folder)
    assert folder.ending()[0] == "nothing new"
    with duckdb.connect(str(folder.root / "warehouse.duckdb")) as connection:
        connection.execute("update marts.indicator_values set value = value + 1")
    assert not launch_the_release_alone(folder)
    outcome, reason = folder.ending()
    assert outcome == "held"
    assert reason.startswith("warehouse.duckdb was changed after its build")
    assert folder.current == before


def test_a_warehouse_that_somebody_holds_open_is_named_and_tried_again(folder: Installation) -> None:
    with duckdb.connect(str(folder.root / "warehouse.duckdb"), read_only=True):
        said = folder.last_line("nightly", "--rebuild", exit_code=1)
    assert said.startswith("failed: ")
    assert f"PID {os.getpid()}" in said
    assert "published/current" in said
