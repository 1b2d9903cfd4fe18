"""Where something is wrong with the warehouse the gate holds, and the last release answers."""

import json
import os
import subprocess
import sys

import duckdb
from dagster import AssetKey

from orchestration.code_location import build_definitions
from orchestration.instance import open_instance
from sources.folder.data_folder import DataFolder
from tests.csp import FEED, Installation
from tests.mail_server import MailServer, email, free_port, serving
from tests.system.conftest import MARCH


def test_a_raw_file_that_goes_missing_is_held_by_the_gate(folder: Installation) -> None:
    before, verdicts = folder.current, folder.verdicts("marts/target_vs_baseline")
    server = MailServer(free_port())
    (folder.root / "alerts.yaml").write_text(json.dumps({"alerts": {"channels": [email(server.port)]}}))
    controller = serving(server)
    controller.start()
    next((folder.root / "raw" / FEED).glob("2021-07*.parquet")).unlink()
    assert folder.night("--rebuild", exit_code=3).splitlines()[-1].startswith("held, because")
    controller.stop()
    outcome, reason = folder.ending()
    assert outcome == "held"
    assert "check(s) failed: " in reason
    ((_, _, sent),) = server.envelopes
    assert sent["Subject"].startswith("Indicator warehouse: held; ")
    body = sent.get_body(("plain",))
    assert body is not None
    assert reason in body.get_content()
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
    assert folder.ending() == ("nothing new", f"every table equals release {before}")
    with duckdb.connect(str(folder.root / "warehouse.duckdb")) as connection:
        connection.execute("update marts.indicator_values set value = value + 1")
    assert not launch_the_release_alone(folder)
    outcome, reason = folder.ending()
    assert outcome == "held"
    assert reason.startswith("warehouse.duckdb was changed after its build")
    assert folder.current == before


WRITES_A_LOG = """
import os, sys, duckdb
connection = duckdb.connect(sys.argv[1])
connection.execute("pragma disable_checkpoint_on_shutdown")
connection.execute("update marts.indicator_values set area_name = 'TAMPERED'")
os._exit(0)
"""


def test_tables_changed_in_a_log_file_or_unseen_are_not_those_that_were_checked(folder: Installation) -> None:
    data, before = DataFolder(folder.root), folder.current
    as_built = data.warehouse.read_bytes()
    subprocess.run([sys.executable, "-c", WRITES_A_LOG, str(data.warehouse)], check=True)
    assert data.warehouse_log.exists()
    assert data.warehouse.read_bytes() == as_built
    assert not launch_the_release_alone(folder)
    assert folder.ending()[0] == "held"

    duckdb.connect(str(data.warehouse)).close()
    assert not data.warehouse_log.exists()
    state, record = data.warehouse.stat(), json.loads(data.build_record.read_text())
    record |= {"warehouse_size": state.st_size, "warehouse_modified_ns": state.st_mtime_ns}
    data.build_record.write_text(json.dumps(record))
    assert not launch_the_release_alone(folder)
    outcome, reason = folder.ending()
    assert outcome == "held"
    assert "indicator_values: not as built and checked" in reason
    assert folder.current == before
    assert [path.name for path in data.releases.iterdir()] == [before]


def test_a_delivery_withdrawn_after_the_build_holds(folder: Installation) -> None:
    """Between two steps of a scheduled run nobody holds the data folder."""
    assert launch_the_release_alone(folder)
    assert folder.last_line("withdraw", MARCH, "--reason", "sent in error")
    assert not launch_the_release_alone(folder)
    assert folder.ending() == ("held", "deliveries have come or were withdrawn since the build: run `csp nightly`")


def test_a_warehouse_that_somebody_holds_open_is_named_and_tried_again(folder: Installation) -> None:
    with duckdb.connect(str(folder.root / "warehouse.duckdb"), read_only=True):
        said = folder.last_line("nightly", "--rebuild", exit_code=1)
    assert said.startswith("failed: ")
    assert f"PID {os.getpid()}" in said
    assert "published/current" in said
