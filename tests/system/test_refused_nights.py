"""A night whose deliveries are refused or withdrawn and the one that takes them; readers see one release or the other.

A withdrawn month is missing from the next release; its bytes give the old figures back once they are accepted.
"""

import subprocess
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pytest

from tests.csp import CSP, Installation
from tests.system.conftest import MARCH, damaged, month

SEPTEMBER, JUNE = "2020-09-leicestershire-street.csv", "2021-06-leicestershire-street.csv"
BURGLARIES = """
    select value from indicator_values
    where indicator_code = 'OD-BURGLARY' and area_code = 'E07000133' and period_label = '2021/22'
"""
FIGURES_OF_THE_FIRST_YEAR = """
    select period_label, value, is_complete from indicator_values
    where indicator_code = 'OD-BURGLARY' and area_code = 'E07000133' and period_end < date '2021-04-01'
    order by period_type, period_label
"""


def without_crime_type(content: bytes) -> bytes:
    cells = [line.split(b",") for line in content.splitlines(keepends=True)]
    return b"".join(b",".join(line[:9] + line[10:]) for line in cells)


@dataclass(frozen=True)
class Night:
    """A data folder after a night, and what was said."""

    folder: Installation
    said: str


def number_of_september(folder: Installation) -> str:
    ((name,),) = folder.query("select delivery_name from deliveries where period_start = date '2020-09-01'")
    return str(name.rpartition(" ")[2])


def withdraw_september(folder: Installation) -> None:
    options = ("--reason", "of another force", "--erase")
    assert "is not delivered now" in folder.csp("withdraw", SEPTEMBER, *options).stdout
    again = folder.csp("withdraw", number_of_september(folder), *options)
    assert (again.returncode, "withdrawn already" in again.stdout) == (0, True)
    assert "erased on" in folder.csp("trace", "OD-BURGLARY", "E07000133", "2020-09").stdout


@pytest.fixture(scope="module")
def refused(open_data: Installation, tmp_path_factory: pytest.TempPathFactory) -> Night:
    """March without a column, and a part of June; September is withdrawn and erased."""
    folder = open_data.copy_to(tmp_path_factory.mktemp("refused") / "data")
    withdraw_september(folder)
    folder.drop(MARCH, without_crime_type(month(MARCH)))
    folder.drop(f"again/{JUNE}", b"".join(month(JUNE).splitlines(keepends=True)[:25]))
    return Night(folder, folder.night())


def test_what_is_refused_is_said_and_changes_no_figure(refused: Night) -> None:
    rows = month(JUNE).count(b"\n") - 1
    assert f"24 sound rows instead of {rows:,}" in refused.said
    reasons = dict(refused.folder.query("select period_start, reason from deliveries where status = 'refused'"))
    assert "Crime type" in reasons.pop(date(2022, 3, 1))
    assert "Crime type" in refused.said
    assert "csp accept" in reasons.pop(date(2021, 6, 1))
    assert reasons == {}
    assert refused.folder.query("select count(*) from deliveries where status = 'superseded'") == [(0,)]
    assert refused.folder.query(BURGLARIES) == [(165,)]


def test_a_withdrawn_month_is_missing(refused: Night, open_data: Installation) -> None:
    before, after = (folder.query(FIGURES_OF_THE_FIRST_YEAR) for folder in (open_data, refused.folder))
    assert [row for row in before if row[0] == "2020-09" and row[2]] != []
    assert [row[1:] for row in after if row[0] == "2020-09"] == [(None, False)]
    assert [row[0] for row in after if not row[2]] != [row[0] for row in before if not row[2]]
    of_september = "where period_start = date '2020-09-01'"
    ((status, reason),) = refused.folder.query(f"select status, reason from deliveries {of_september}")
    assert status == "withdrawn"
    assert "of another force" in reason
    assert refused.folder.query(f"select status from agency_returns {of_september} order by 1") == [
        ("missing",),
        ("withdrawn",),
    ]


@dataclass(frozen=True)
class Reading:
    """What readers saw while a night published: by number of superseded deliveries, the numbers of tables."""

    folder: Installation
    seen: dict[int, set[int]]
    opened_before: list[tuple[object, ...]]
    first: str


def send_september_too_early(folder: Installation) -> None:
    """Withdrawn bytes are not taken until somebody accepts them, and then they have to be sent again."""
    folder.drop(SEPTEMBER, month(SEPTEMBER))
    assert folder.night().splitlines()[-1].startswith("nothing new")
    assert not list((folder.root / "landing").rglob(SEPTEMBER))
    accepted = folder.csp("accept", number_of_september(folder), "--reason", "it was ours")
    assert "send the file again" in accepted.stdout
    folder.drop(SEPTEMBER, month(SEPTEMBER))


@pytest.fixture(scope="module")
def taken(refused: Night, tmp_path_factory: pytest.TempPathFactory) -> Reading:
    """March sent again with ten bad rows, the part of June confirmed, and September accepted and sent again."""
    folder = refused.folder.copy_to(tmp_path_factory.mktemp("taken") / "data")
    first = folder.current
    send_september_too_early(folder)
    folder.drop(f"resent/{MARCH}", damaged(month(MARCH), 10))
    assert folder.last_line("accept", JUNE, "--reason", "a trial").endswith("the next `csp nightly` takes it")
    seen: dict[int, set[int]] = {}
    with (
        duckdb.connect(str(folder.database), read_only=True) as before,
        subprocess.Popen([CSP, "nightly"], env=folder.environment, stdout=subprocess.PIPE, text=True) as night,
    ):
        while night.poll() is None:
            ((superseded, tables),) = folder.query(
                "select count(*), (select count(*) from duckdb_tables()) from deliveries where status = 'superseded'"
            )
            seen.setdefault(superseded, set()).add(tables)
            # The moment of the switch is looked at far more closely in `test_interruptions`.
            time.sleep(0.5)
        assert night.stdout is not None
        assert night.stdout.read().strip().splitlines()[-1].startswith("published")
        opened_before = before.execute(BURGLARIES).fetchall()
    return Reading(folder, seen, opened_before, first)


def test_readers_see_one_whole_release_or_the_other(taken: Reading) -> None:
    ((tables,),) = taken.folder.query("select count(*) from duckdb_tables()")
    assert taken.seen | {2: {tables}} == {0: {tables}, 2: {tables}}
    assert taken.opened_before == [(165,)]
    assert taken.folder.csp("verify", taken.first).returncode == 0


def test_good_rows_count_and_bad_ones_are_shown(taken: Reading) -> None:
    folder = taken.folder
    partly = folder.query("select rows_accepted, rows_rejected from deliveries where status = 'partly_accepted'")
    assert partly == [(10009, 10)]
    counted = folder.query("select sum(row_count) from row_accounts where period_start = date '2022-03-01'")
    assert counted == [(10019,)]
    assert folder.query("select count(*) > 0 from revisions where period_start = date '2022-03-01'") == [(True,)]
    assert folder.csp("rejected", "--file", Path(MARCH).name).stdout.count("Jaywalking") >= 10


def test_part_of_a_month_replaces_it_once_someone_says_that_it_is_meant(taken: Reading) -> None:
    rows = month(JUNE).count(b"\n") - 1
    assert taken.folder.query(
        "select rows_accepted, reason from deliveries where period_start = date '2021-06-01' and status = 'accepted'"
    ) == [(24, f"24 rows accepted instead of {rows:,}.; Confirmed: a trial")]
    assert taken.folder.query(BURGLARIES) != [(165,)]


def test_a_withdrawn_month_gives_its_figures_back(taken: Reading, open_data: Installation) -> None:
    assert taken.folder.query(FIGURES_OF_THE_FIRST_YEAR) == open_data.query(FIGURES_OF_THE_FIRST_YEAR)
    assert taken.folder.csp("verify").returncode == 0
