"""A night with nothing new, with the same bytes again, after a rollback, or as at an earlier date."""

import io
import json
import shlex
from pathlib import Path

import pytest

from sources.folder.data_folder import DataFolder
from tests.csp import Installation
from tests.dbt_parse import give_parse
from tests.places import SAMPLE
from tests.system.conftest import MARCH, month
from tests.system.test_held_nights import launch_the_release_alone


def test_nothing_new_publishes_nothing(folder: Installation) -> None:
    before = folder.current
    assert folder.ending() == ("published", f"{before}, as at 2022-03-31")
    ended = folder.csp("nightly")
    assert ended.stdout.splitlines()[-1].startswith("nothing new")
    assert [line[10:] for line in ended.stderr.splitlines()] == [f"nothing new: release {before} holds all of it"]
    assert folder.ending() == ("nothing new", f"release {before} holds all of it")
    runs = folder.runs()
    assert folder.night("--as-at", "1999-12-31", exit_code=1).splitlines()[-1].startswith("failed: as_at 1999-12-31")
    assert folder.runs() == runs == ["intake", "publish", "intake"]
    assert set(folder.verdicts("marts/target_vs_baseline").values()) == {"SUCCEEDED"}
    assert folder.current == before
    assert len(list((folder.root / "releases").iterdir())) == 1


def test_a_night_gives_readers_a_lost_link_back(folder: Installation) -> None:
    link, current = folder.root / "published" / "current", folder.current
    link.unlink()
    link.symlink_to("../releases/2001-01-01.1")
    assert f"readers see {current} again" in folder.night()
    assert folder.current == current


def test_after_a_night_others_can_read_releases_and_nothing_else(open_data: Installation) -> None:
    found = {path.name: path.stat().st_mode & 0o077 for path in open_data.root.iterdir()}
    assert {name: mode for name, mode in found.items() if mode} == {
        **{"published": 0o055, "releases": 0o055},
        "landing": 0o050,
    }


def test_the_same_bytes_again_change_nothing(folder: Installation) -> None:
    before = folder.current
    folder.drop("sent again.zip", SAMPLE.read_bytes())
    assert folder.night().splitlines()[-1].startswith("nothing new")
    assert folder.current == before
    receipts = (folder.root / "ledger" / "receipts.jsonl").read_text().splitlines()
    assert [json.loads(line)["outcome"] for line in receipts].count("duplicate") == 24


def test_nothing_delivered_is_nothing_new(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = Installation(tmp_path / "data")
    give_parse(tmp_path_factory, folder.root)
    assert folder.night().splitlines()[-1].startswith("nothing new")


def test_the_jobs_launched_by_dagster_publish_too(corrected: Installation, open_data: Installation) -> None:
    assert corrected.current != open_data.current
    shown = corrected.shown_of_the_release()
    assert (shown["release"], shown["compared with"]) == (corrected.current, open_data.current)
    assert {"deliveries", "indicator_values"} <= shown["changed tables"].keys()
    assert shown["tables changed"] == len(shown["changed tables"])
    assert shown["changed figures"] > 0
    _, indicator, area, period = shlex.split(shown["trace a figure"].strip("`\n").removeprefix("csp "))
    assert corrected.csp("trace", indicator, area, period).returncode == 0
    assert corrected.query("select sum(rows_rejected)::int from deliveries") == [(3,)]


def test_a_rollback_stays_until_something_is_published(
    corrected: Installation, open_data: Installation, tmp_path: Path
) -> None:
    """What is made then is the sample as at an earlier date: it sees only what lies before it."""
    folder = corrected.copy_to(tmp_path / "data")
    first, second = open_data.current, corrected.current
    assert first in folder.last_line("rollback", first, "--reason", "three rows were lost")
    assert folder.current == first
    assert folder.said_of_readers().startswith(f"readers see the older {first}: rolled back at")
    assert (folder.shown_of("release"), folder.shown_of("report")) == (first, first)
    said = folder.night().splitlines()[-1]
    assert said.startswith("nothing new")
    assert f"readers see the older {first}: rolled back at" in said
    assert "reason: three rows were lost" in said
    assert f"csp rollback {second}" in said
    assert folder.current == first
    history = (folder.root / "published" / "history.jsonl").read_text().splitlines()
    assert json.loads(history[-1])["reason"] == "three rows were lost"

    made_as_at_a_past_date(folder, first)
    # What `csp nightly --as-at 2021-12-31` ends with once it has built the same tables again.
    record = json.loads(DataFolder(folder.root).build_record.read_text())
    DataFolder(folder.root).build_record.write_text(json.dumps({**record, "beside_current": False}))
    assert launch_the_release_alone(folder)
    outcome, reason = folder.ending()
    assert (outcome, folder.current) == ("published", "2021-12-31.1")
    assert f"this ends the rollback to {first}" in reason
    assert "reason: three rows were lost" in reason
    assert folder.query(
        """
        select max(period_end)::varchar, bool_or(period_type = 'financial_year' and period_label = '2021/22')
        from indicator_values where is_complete
        """
    ) == [("2021-12-31", False)]
    assert folder.query(
        "select max(months_elapsed), max(as_at)::varchar from target_vs_baseline where target_id like 'ILL-%'"
    ) == [(9, "2021-12-31")]
    assert folder.query(
        """
        select as_at::varchar, period_label, previous_period_label, value = numerator, previous_value is not null
        from indicators_as_at where indicator_code = 'OD-BURGLARY' and area_code = 'E07000133'
        """
    ) == [("2021-12-31", "2021/22 to 2021-12", "2020/21 to 2020-12", True, True)]


def made_as_at_a_past_date(folder: Installation, seen: str) -> None:
    """Backfill December 2021: what readers see stays, no night takes it for the latest, and nothing makes it twice."""
    asked = ("2021-12", "2021-12")
    kept = "2021-12-31.1"
    told = f"kept {kept}, as at 2021-12-31; readers go on seeing {seen}"
    assert folder.within("backfill", *asked) == f"December 2021: {told}"
    assert folder.current == seen
    said = folder.night().splitlines()[-1]
    assert said.startswith("nothing new")
    assert f"readers see the older {seen}" in said
    again = f"December 2021: nothing new: release {kept} holds all of it"
    assert folder.within("backfill", *asked) == again
    assert not launch_the_release_alone(folder)
    assert folder.ending()[0] == "held"
    assert folder.current == seen
    [listed] = [line for line in folder.csp("releases").stdout.splitlines() if kept in line]
    assert listed.endswith("(kept beside the current one by a backfill)")
    as_at = folder.last_line("query", "select max(as_at)::varchar as d from target_vs_baseline", "--release", kept)
    assert as_at.strip() == "2021-12-31"
    assert folder.csp("verify", kept).returncode == 0
    assert folder.csp("rollback", kept, "--reason", "x").returncode == 1


def test_trace_finds_exactly_the_rows_behind_a_figure(open_data: Installation) -> None:
    traced = open_data.csp("trace", "OD-BURGLARY", "E07000133", "2022-03").stdout
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
    wrong = open_data.csp("trace", "OD-BURGLERY", "E07000133", "2022-03")
    assert wrong.returncode == 1
    assert "OD-BURGLARY" in wrong.stderr
