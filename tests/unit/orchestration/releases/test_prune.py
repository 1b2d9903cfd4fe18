"""Pruning: what may go, what must stay, and what a process that dies while it removes leaves."""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from typer.testing import CliRunner

from orchestration import releases
from orchestration.cli.main import app
from orchestration.cli.prune import pruned_by_the_night
from orchestration.releases import PruneError, Retention, UnknownReleaseError
from sources.folder.data_folder import DataFolder
from tests.kills import lives_through
from tests.unit.orchestration.releases.warehouse import (
    Published,
    build,
    build_and_publish,
    build_pair,
    change_warehouse,
)

FIRST, SECOND, THIRD = (f"2022-03-31.{number}" for number in (1, 2, 3))
NOW = datetime.now(UTC)
NEWEST = Retention(keep=1, older_than=None)


def _going(folder: DataFolder, asked: Retention, days_on: int = 0) -> list[str]:
    return [fate.release_id for fate in releases.fates(folder, asked, NOW + timedelta(days=days_on)) if fate.goes]


@pytest.fixture
def three(published: Published) -> DataFolder:
    """Three releases, the third current."""
    folder = published[0]
    build_and_publish(folder)
    return folder


def test_by_number_and_by_age_only_what_both_let_go_goes(three: DataFolder) -> None:
    assert _going(three, NEWEST) == [SECOND, FIRST]
    assert _going(three, Retention(keep=2, older_than=None)) == [FIRST]
    by_age = Retention(keep=None, older_than=30)
    assert _going(three, by_age, days_on=29) == []
    assert _going(three, by_age, days_on=31) == [SECOND, FIRST]
    assert _going(three, Retention(keep=2, older_than=30), days_on=31) == [FIRST]
    assert _going(three, Retention(keep=2, older_than=30), days_on=29) == []


def test_the_age_of_a_release_counts_from_when_readers_last_saw_it(three: DataFolder) -> None:
    lines = three.publication_history.read_text().splitlines()
    long_ago = [json.dumps({**json.loads(line), "at": "2020-01-01T00:00:00+00:00"}) for line in lines[:-1]]
    three.publication_history.write_text("\n".join([*long_ago, lines[-1]]) + "\n")
    assert _going(three, Retention(keep=None, older_than=30)) == [FIRST]


def test_what_a_backfill_made_goes_by_age_alone_and_counts_for_no_other(three: DataFolder) -> None:
    kept = build(three, as_at="2021-12-31", beside_current=True).release_id
    assert _going(three, NEWEST) == [SECOND, FIRST]
    assert _going(three, NEWEST, days_on=999) == [SECOND, FIRST]
    by_age = Retention(keep=None, older_than=30)
    assert kept not in _going(three, by_age, days_on=29)
    assert kept in _going(three, by_age, days_on=31)
    assert kept in _going(three, Retention(keep=9, older_than=30), days_on=31)
    releases.publish(three, kept, reason="asked for")
    assert kept not in _going(three, by_age, days_on=999)


def test_what_a_rollback_goes_to_and_all_that_it_went_away_from_stays(three: DataFolder) -> None:
    releases.rollback(three, FIRST, reason="a slip")
    assert _going(three, NEWEST, days_on=999) == []
    why = {fate.release_id: fate.why for fate in releases.fates(three, NEWEST, NOW)}
    assert why[FIRST] == "the current release"
    assert why[SECOND] == "published before the rollback that is in force"
    assert why[THIRD] == "the release published last"
    releases.rollback(three, THIRD, reason="forward again")
    assert _going(three, NEWEST) == [SECOND]
    build_and_publish(three)
    assert _going(three, NEWEST) == [SECOND]  # someone went to the first and the third


def test_the_number_of_a_pruned_release_is_not_given_again(built: DataFolder) -> None:
    releases.publish(built, FIRST, reason="test")
    releases.remove_releases(built, [SECOND])  # which never was published
    assert build(built).release_id == THIRD
    with pytest.raises(UnknownReleaseError, match="was pruned"):
        releases.get_release(built, SECOND)


def test_twin_and_lineage_go_with_their_release_and_others_stay(published: Published) -> None:
    folder, _, second = published
    pair = build_pair(folder).release_id
    assert (folder.partners / pair).is_dir()
    releases.remove_releases(folder, [FIRST, pair])
    for place in (folder.releases, folder.partners, folder.lineage):
        assert {path.name for path in place.glob("[!c]*")} <= {SECOND}
    assert not list(folder.root.rglob(".removing-*"))
    assert releases.verify(folder, second.release_id) == []
    assert releases.current_id(folder) == SECOND


def test_nothing_is_pruned_while_the_history_is_damaged(three: DataFolder) -> None:
    with three.publication_history.open("a") as file:
        file.write("{\n")
    with pytest.raises(PruneError, match="cannot be read"):
        _going(three, NEWEST)


def _dies_and_is_completed(
    folder: DataFolder, trial: Path, step: int, complete: Callable[[DataFolder], object]
) -> bool:
    copy = DataFolder(Path(shutil.copytree(folder.root, trial, symlinks=True)))
    ended = lives_through(step, lambda: releases.remove_releases(copy, [FIRST]), copy.root)
    assert releases.current_id(copy) == SECOND
    if (copy.releases / FIRST).exists():  # whole, or gone
        assert releases.verify(copy, FIRST) == []
    complete(copy)
    shutil.rmtree(trial)
    return ended


def test_a_kill_at_any_step_leaves_a_whole_store_and_the_next_prune_or_build_ends_it(
    published: Published, tmp_path: Path
) -> None:
    folder = published[0]

    def prune_again(copy: DataFolder) -> None:
        releases.remove_releases(copy, _going(copy, NEWEST))
        assert {path.name for store in (copy.releases, copy.lineage) for path in store.iterdir()} == {SECOND}

    def build_next(copy: DataFolder) -> None:
        was_there = (copy.releases / FIRST).exists()
        assert build(copy).release_id == THIRD
        stay = {SECOND, THIRD, *([FIRST] if was_there else [])}
        assert {path.name for store in (copy.releases, copy.lineage) for path in store.iterdir()} == stay

    for step in count(1):
        if _dies_and_is_completed(folder, tmp_path / "trial", step, build_next if step % 4 == 0 else prune_again):
            break
    assert step > 10


@pytest.fixture
def asked(three: DataFolder, monkeypatch: pytest.MonkeyPatch) -> DataFolder:
    """Three releases, in the data folder that commands see."""
    monkeypatch.setattr(DataFolder, "from_environment", lambda: three)  # a path with a quote is refused there
    return three


def test_the_command_lists_and_removes_only_when_told(asked: DataFolder) -> None:
    listed = CliRunner().invoke(app, ["prune", "--keep", "1"])
    assert (listed.exit_code, listed.stdout.splitlines()[-1]) == (0, "nothing is removed: add --yes to remove it")
    assert f"release {FIRST}" in listed.stdout
    assert len(releases.list_releases(asked)) == 3
    assert not asked.removed_releases.exists()
    done = CliRunner().invoke(app, ["prune", "--keep", "1", "--yes"])
    assert done.stdout.splitlines()[-1].startswith("pruned: 2 release(s), 0 run(s) and 0 log(s)")
    assert [release.release_id for release in releases.list_releases(asked)] == [THIRD]


def test_what_is_freed_is_told_though_those_that_go_share_it(
    asked: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held() -> int:
        files = (file for store in (asked.releases, asked.lineage) for file in store.rglob("*") if file.is_file())
        return sum({state.st_ino: state.st_size for state in (file.stat() for file in files)}.values())

    change_warehouse(asked, "update marts.indicator_values set value = 0")
    build_and_publish(asked)  # shares no figure with the three before
    monkeypatch.setattr("orchestration.cli.prune._MEGABYTE", 1)
    before = held()
    done = CliRunner().invoke(app, ["prune", "--keep", "1", "--yes"])
    freed = f"{before - held():,.1f}"
    assert [line.split()[:3] for line in done.stdout.splitlines() if line.startswith("in all")] == [
        ["in", "all", freed]
    ]
    assert f"pruned: 3 release(s), 0 run(s) and 0 log(s), {freed} MB" in done.stdout


def test_without_a_number_the_command_says_which(asked: DataFolder) -> None:
    for options in ([], ["--keep", "0"]):
        result = CliRunner().invoke(app, ["prune", *options, "--yes"])
        assert (result.exit_code, "--keep" in result.stderr) == (2, True)
    assert len(releases.list_releases(asked)) == 3


def test_a_night_prunes_only_where_the_environment_asks(asked: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(pruned_by_the_night(asked)) == []
    monkeypatch.setenv("CSP_PRUNE_KEEP", "two")
    with pytest.raises(PruneError, match="CSP_PRUNE_KEEP is 'two'"):
        list(pruned_by_the_night(asked))
    monkeypatch.setenv("CSP_PRUNE_KEEP", "2")
    assert [line.startswith("pruned: 1 release(s)") for line in pruned_by_the_night(asked)] == [True]
    assert [release.release_id for release in releases.list_releases(asked)] == [SECOND, THIRD]
