"""A night with damaged or missing input: the good rows count, the gate holds, the last release answers."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import duckdb
import pytest
from dagster import AssetKey

from expectations.suites import SUITES
from orchestration.code_location import build_definitions
from orchestration.instance import open_instance
from sources.folder.data_folder import DataFolder
from tests.system.conftest import CSP, FEED, MARCH, PROJECT_ROOT, SAMPLE, Warehouse, damaged, month

pytestmark = pytest.mark.system


def test_a_damaged_month_is_refused_or_taken_in_part_and_the_last_release_answers_meanwhile(
    warehouse: Warehouse,
) -> None:
    first = warehouse.current
    reader = duckdb.connect(str(warehouse.database), read_only=True)
    burglaries = """
        select value from indicator_values
        where indicator_code = 'OD-BURGLARY' and area_code = 'E07000133' and period_label = '2021/22'
    """

    without_column = b"".join(
        b",".join(line.split(b",")[:9] + line.split(b",")[10:]) for line in month(MARCH).splitlines(keepends=True)
    )
    warehouse.drop(MARCH, without_column)
    ended = warehouse.csp("nightly")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "refused" in ended.stdout
    assert "Crime type" in ended.stdout
    refused = warehouse.query("select reason from deliveries where status = 'refused'")
    assert len(refused) == 1
    assert "Crime type" in refused[0][0]
    assert warehouse.query(burglaries) == [(165,)]

    warehouse.drop(f"resent/{MARCH}", damaged(month(MARCH), 10))
    ended = warehouse.csp("nightly")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert ended.stdout.strip().splitlines()[-1].startswith("published")
    assert warehouse.query(
        "select rows_accepted, rows_rejected, status from deliveries where status = 'partly_accepted'"
    ) == [(10009, 10, "partly_accepted")]
    assert warehouse.query("select count(*) from deliveries where status = 'superseded'") == [(1,)]
    assert warehouse.query("select sum(row_count) from row_accounts where period_start = date '2022-03-01'") == [
        (10019,)
    ]
    assert warehouse.query("select count(*) > 0 from revisions where period_start = date '2022-03-01'") == [(True,)]
    rejected = warehouse.csp("rejected", "--file", MARCH).stdout
    assert rejected.count("Jaywalking") >= 10

    assert reader.execute(burglaries).fetchall() == [(165,)]
    assert warehouse.csp("verify", first).returncode == 0


def test_part_of_a_month_does_not_pass_for_a_correction_until_someone_says_that_it_is_meant(
    warehouse: Warehouse,
) -> None:
    burglaries = """
        select value from indicator_values
        where indicator_code = 'OD-BURGLARY' and area_code = 'E07000133' and period_label = '2021/22'
    """
    warehouse.drop(f"again/{MARCH}", b"".join(month(MARCH).splitlines(keepends=True)[:25]))
    ended = warehouse.csp("nightly")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "24 sound rows instead of 10,019" in ended.stdout
    assert warehouse.query("select count(*) from deliveries where status = 'superseded'") == [(0,)]
    [(reason,)] = warehouse.query("select reason from deliveries where status = 'refused'")
    assert "csp accept" in reason
    assert warehouse.query(burglaries) == [(165,)]

    assert warehouse.last_line("accept", MARCH, "--reason", "a trial").endswith("the next `csp nightly` takes it")
    assert warehouse.last_line("nightly").startswith("published")
    assert warehouse.query("select rows_accepted, reason from deliveries order by received_at desc limit 1") == [
        (24, "24 rows accepted instead of 10,019. Confirmed: a trial")
    ]
    assert warehouse.query(burglaries) != [(165,)]


def test_a_raw_file_that_goes_missing_is_held_by_the_gate(warehouse: Warehouse) -> None:
    before, verdicts = warehouse.current, warehouse.verdicts("marts/target_vs_baseline")
    next((warehouse.root / "raw" / FEED).glob("2021-07*.parquet")).unlink()
    assert warehouse.last_line("nightly", "--rebuild", exit_code=3).startswith("held, because")
    outcome, reason = warehouse.ending()
    assert outcome == "held"
    assert "check(s) failed: " in reason
    assert warehouse.current == before
    assert warehouse.csp("verify").returncode == 0
    after = warehouse.verdicts("marts/target_vs_baseline")
    assert after.keys() == verdicts.keys(), "a check that did not run is shown as one that did not run"
    assert set(after.values()) == {"SUCCEEDED"}


def release_alone(warehouse: Warehouse) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            str(Path(sys.executable).with_name("dagster")),
            *("asset", "materialize", "-m", "orchestration.definitions", "--select", "key:release"),
        ],
        env={**warehouse.environment, "DAGSTER_HOME": str(warehouse.root / "dagster")},
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_release_step_launched_alone_is_held_by_a_warehouse_that_nobody_checked(
    warehouse: Warehouse,
) -> None:
    before = warehouse.current
    ended = release_alone(warehouse)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "nothing new" in ended.stdout + ended.stderr

    with duckdb.connect(str(warehouse.root / "warehouse.duckdb")) as connection:
        connection.execute("update marts.indicator_values set value = value + 1")
    ended = release_alone(warehouse)
    assert ended.returncode != 0
    assert "warehouse.duckdb was changed after its build" in ended.stdout + ended.stderr
    assert warehouse.current == before


def test_a_night_that_the_gate_holds_says_held_and_not_failed(warehouse: Warehouse) -> None:
    """The release step fails right after it has said so."""
    with duckdb.connect(str(warehouse.root / "warehouse.duckdb")) as connection:
        connection.execute("update marts.indicator_values set value = value + 1")
    folder = DataFolder(warehouse.root)
    with open_instance(folder) as instance:
        ended = (
            build_definitions(folder)
            .resolve_job_def("publish")
            .execute_in_process(instance=instance, asset_selection=[AssetKey("release")], raise_on_error=False)
        )
    assert not ended.success
    outcome, reason = warehouse.ending()
    assert outcome == "held"
    assert reason.startswith("warehouse.duckdb was changed after its build")


def test_a_missing_month_makes_its_periods_incomplete(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "data")
    with zipfile.ZipFile(SAMPLE) as archive:
        for name in archive.namelist():
            if "2020-04" <= name[:7] <= "2020-06" and name[:7] != "2020-05":
                warehouse.drop(Path(name).name, archive.read(name))
    assert warehouse.last_line("nightly").startswith("published 2020-06-30.1")
    quarter = warehouse.query(
        """
        select value, is_complete, note from indicator_values
        where indicator_code = 'OD-BURGLARY' and area_code = 'E07000133' and period_label = '2020/21 Q1'
        """
    )
    assert [(value, complete) for value, complete, _ in quarter] == [(None, False)]
    assert "2020-05" in quarter[0][2]
    assert warehouse.query("select distinct rag, outcome from target_vs_baseline where target_id like 'ILL-%'") == [
        ("grey", "in_progress")
    ]


def test_readers_see_no_error_while_the_nightly_runs(warehouse: Warehouse) -> None:
    warehouse.drop(MARCH, damaged(month(MARCH), 3))
    before = warehouse.current
    environment = {**warehouse.environment}
    seen: set[tuple[str, int]] = set()
    with subprocess.Popen(
        [CSP, "nightly"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as night:
        while night.poll() is None:
            with duckdb.connect(str(warehouse.database), read_only=True) as connection:
                rows = connection.execute(
                    "select status, count(*) from deliveries where status = 'superseded' group by 1"
                ).fetchall()
                tables = connection.execute("select count(*) from duckdb_tables()").fetchone()
            assert tables == (len(SUITES),)
            seen.update(rows or [("none", 0)])
        assert night.returncode == 0
    assert ("none", 0) in seen
    assert warehouse.current != before
    assert warehouse.query("select count(*) from deliveries where status = 'superseded'") == [(1,)]


def test_a_warehouse_that_somebody_holds_open_is_named_and_tried_again(warehouse: Warehouse) -> None:
    holder = duckdb.connect(str(warehouse.root / "warehouse.duckdb"), read_only=True)
    try:
        said = warehouse.last_line("nightly", "--rebuild", exit_code=1)
    finally:
        holder.close()
    assert said.startswith("failed: ")
    assert f"PID {os.getpid()}" in said
    assert "published/current" in said
