"""A night with nothing new, with the same bytes again, after a rollback, or as at an earlier date."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.system.conftest import MARCH, PROJECT_ROOT, SAMPLE, Warehouse, damaged, month

pytestmark = pytest.mark.system


def test_nothing_new_publishes_nothing(warehouse: Warehouse) -> None:
    before = warehouse.current
    assert warehouse.ending() == ("published", f"{before}, as at 2022-03-31")
    ended = warehouse.csp("nightly")
    assert ended.stdout.splitlines()[-1].startswith("nothing new")
    assert [line[10:] for line in ended.stderr.splitlines()] == [f"nothing new: release {before} holds all of it"]
    assert warehouse.ending() == ("nothing new", f"release {before} holds all of it")
    runs = warehouse.runs()
    assert warehouse.last_line("nightly", "--as-at", "1999-12-31", exit_code=1).startswith("failed: as_at 1999-12-31")
    assert warehouse.runs() == runs == ["intake", "publish", "intake"]
    assert set(warehouse.verdicts("marts/target_vs_baseline").values()) == {"SUCCEEDED"}
    assert warehouse.last_line("nightly", "--rebuild").startswith("nothing new: every table equals")
    assert warehouse.current == before
    assert len(list((warehouse.root / "releases").iterdir())) == 1


def test_the_same_bytes_again_change_nothing(warehouse: Warehouse) -> None:
    before = warehouse.current
    warehouse.drop("sent again.zip", SAMPLE.read_bytes())
    assert warehouse.last_line("nightly").startswith("nothing new")
    assert warehouse.current == before
    receipts = (warehouse.root / "ledger" / "receipts.jsonl").read_text().splitlines()
    assert [json.loads(line)["outcome"] for line in receipts].count("duplicate") == 24


def test_nothing_delivered_is_nothing_new(tmp_path: Path) -> None:
    assert Warehouse(tmp_path / "data").last_line("nightly").startswith("nothing new")


def test_rollback_stays_until_something_new_comes(warehouse: Warehouse) -> None:
    first = warehouse.current
    warehouse.drop(MARCH, damaged(month(MARCH), 3))
    warehouse.last_line("nightly")
    second = warehouse.current
    assert second != first
    assert first in warehouse.last_line("rollback", first, "--reason", "three rows were lost")
    assert warehouse.current == first
    said = warehouse.last_line("nightly")
    assert said.startswith("nothing new")
    assert f"readers see the older {first}: rolled back at" in said
    assert "reason: three rows were lost" in said
    assert f"csp rollback {second}" in said
    assert warehouse.current == first
    history = (warehouse.root / "published" / "history.jsonl").read_text().splitlines()
    assert json.loads(history[-1])["reason"] == "three rows were lost"


def test_an_earlier_as_at_date_sees_only_what_lies_before_it(warehouse: Warehouse) -> None:
    assert warehouse.last_line("nightly", "--as-at", "2021-12-31").startswith("published 2021-12-31.1")
    assert warehouse.query(
        """
        select max(period_end)::varchar, bool_or(period_type = 'financial_year' and period_label = '2021/22')
        from indicator_values where is_complete
        """
    ) == [("2021-12-31", False)]
    assert warehouse.query(
        "select max(months_elapsed), max(as_at)::varchar from target_vs_baseline where target_id like 'ILL-%'"
    ) == [(9, "2021-12-31")]


def test_trace_finds_exactly_the_rows_behind_a_figure(warehouse: Warehouse) -> None:
    traced = warehouse.csp("trace", "OD-BURGLARY", "E07000133", "2022-03").stdout
    numbers = [
        row
        for row, line in enumerate(io.StringIO(month(MARCH).decode()), start=1)
        if ",Melton 0" in line and ",Burglary," in line
    ]
    shown = traced.strip().splitlines()[-1].split(": ")[1]
    expanded = [
        number for part in shown.split(", ") for number in range(int(part.split("-")[0]), int(part.split("-")[-1]) + 1)
    ]
    assert expanded == numbers
    assert MARCH in traced
    wrong = warehouse.csp("trace", "OD-BURGLERY", "E07000133", "2022-03")
    assert wrong.returncode == 1
    assert "OD-BURGLARY" in wrong.stderr


def test_the_jobs_launched_by_dagster_publish_too(warehouse: Warehouse) -> None:
    before = warehouse.current
    warehouse.drop(MARCH, damaged(month(MARCH), 3))
    for job in ("intake", "publish"):
        ended = subprocess.run(
            [str(Path(sys.executable).with_name("dg")), "launch", "--job", job],
            env={**warehouse.environment, "DAGSTER_HOME": str(warehouse.root / "dagster")},
            cwd=PROJECT_ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        assert "is superseded" not in ended.stderr
    assert warehouse.current != before
    assert warehouse.query("select sum(rows_rejected)::int from deliveries") == [(3,)]
