"""Readers see what the history says, whatever happened to the link, the history or the process that switched."""

import json
import shutil
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path

import pytest
from dagster import Failure
from typer.testing import CliRunner

from orchestration import doctor, releases
from orchestration.assets import require_readers_see
from orchestration.cli.main import app
from sources.folder.data_folder import DataFolder
from tests.unit.orchestration.releases.dying import died
from tests.unit.orchestration.releases.warehouse import TABLES, Published, build, change_warehouse, facts, overwrite


@pytest.fixture(autouse=True)
def _folder(published: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CSP_DATA_DIR", str(published[0].root))
    monkeypatch.setenv("DAGSTER_HOME", "")


def lost(folder: DataFolder) -> None:
    folder.current_release.unlink()


def dangling(folder: DataFolder) -> None:
    lost(folder)
    folder.current_release.symlink_to("../releases/2022-03-31.77")


def foreign(folder: DataFolder) -> None:
    lost(folder)
    elsewhere = folder.root.parent / "elsewhere" / "2022-03-31.2"
    shutil.copytree(folder.releases / "2022-03-31.1", elsewhere)
    folder.current_release.symlink_to(elsewhere)


def moved_by_hand(folder: DataFolder) -> None:
    lost(folder)
    folder.current_release.symlink_to("../releases/2022-03-31.1")


def a_folder(folder: DataFolder) -> None:
    lost(folder)
    folder.current_release.mkdir()
    (folder.current_release / "kept.txt").write_text("somebody's")


def a_file(folder: DataFolder) -> None:
    lost(folder)
    folder.current_release.write_text("2022-03-31.2")


BROKEN = [lost, dangling, foreign, moved_by_hand, a_folder, a_file]


@pytest.mark.parametrize("command", ["releases", "rollback 2022-03-31.2", "doctor"])
@pytest.mark.parametrize("spoil", BROKEN)
def test_a_broken_link_is_restored_and_told(
    published: Published, spoil: Callable[[DataFolder], None], command: str
) -> None:
    folder, _, second = published
    history = releases.read_history(folder)
    spoil(folder)
    if command == "doctor":
        said = doctor.current_release(folder)
    else:
        ended = CliRunner().invoke(app, command.split())
        assert ended.exit_code == 0, ended.output
        said = ended.output
    assert f"readers see {second.release_id} again" in said
    assert releases.require_current(folder) == second
    assert releases.read_history(folder) == history
    if spoil is a_folder:
        assert (folder.published / "current-set-aside-1" / "kept.txt").read_text() == "somebody's"
    assert releases.mend(folder) == []


def test_a_rollback_stays_in_force_when_its_link_is_lost(published: Published) -> None:
    folder, first, _ = published
    releases.rollback(folder, first.release_id, reason="wrong population")
    lost(folder)
    assert releases.mend(folder)
    assert releases.require_current(folder) == first
    assert "wrong population" in str(releases.rollback_in_force(folder))


def test_where_the_current_release_is_gone_readers_have_the_one_before(published: Published) -> None:
    folder, first, second = published
    shutil.rmtree(second.path, ignore_errors=True)
    second.path.rename(folder.root / "gone") if second.path.exists() else None
    assert releases.mend(folder) == [
        f"{folder.current_release} led to ../releases/2022-03-31.2, which is not the release that was published last "
        "or rolled back to: readers see 2022-03-31.1 again"
    ]
    assert releases.require_current(folder) == first
    assert "2022-03-31.2 is gone" in releases.read_history(folder)[-1]["reason"]
    assert [one.release_id for one in releases.releases_not_to_repeat(folder)] == [first.release_id]


def test_no_release_that_someone_rolled_back_from_comes_back_by_itself(published: Published) -> None:
    folder, first, second = published
    releases.rollback(folder, first.release_id, reason="x")
    first.path.rename(folder.root / "gone")
    assert releases.mend(folder) == []
    assert releases.current_id(folder) is None
    with pytest.raises(releases.NothingPublishedError, match="readers see nothing: `csp doctor`"):
        releases.require_current(folder)
    ended = CliRunner().invoke(app, ["rollback", second.release_id, "--reason", "better than none"])
    assert (ended.exit_code, releases.current_id(folder)) == (0, second.release_id)


def test_a_rollback_killed_anywhere_is_completed_with_its_reason(published: Published, tmp_path: Path) -> None:
    folder, first, _ = published
    for change in count():
        spoiled = DataFolder(shutil.copytree(folder.root, tmp_path / f"killed {change}", symlinks=True))
        go_back = partial(releases.rollback, spoiled, first.release_id, "wrong figures")
        if not died(go_back, change, spoiled.published):
            break
        before = releases.current_id(spoiled)
        assert before in ("2022-03-31.1", "2022-03-31.2")
        releases.mend(spoiled)
        moves = [(line["action"], line["to"], line["reason"]) for line in releases.read_history(spoiled)[2:]]
        assert moves == ([("rolled_back", "2022-03-31.1", "wrong figures")] if before == "2022-03-31.1" else [])
        releases.rollback(spoiled, first.release_id, "wrong figures")
        assert _state(spoiled) == [*_state(folder), ("rolled_back", "2022-03-31.2", "2022-03-31.1", "wrong figures")]
        assert sorted(path.name for path in spoiled.published.iterdir()) == ["current", "history.jsonl"]
    assert change > 8


def test_a_publication_killed_anywhere_is_taken_up_and_not_doubled(published: Published, tmp_path: Path) -> None:
    folder, _, _ = published
    change_warehouse(folder, "delete from marts.indicator_values where area_code = 'E07000130'")
    third = "2022-03-31.3"

    def night(of: DataFolder) -> None:
        """Do what the release step does."""
        releases.mend(of)
        if releases.equal_releases(of.warehouse, TABLES, releases.releases_not_to_repeat(of)):
            return
        left = releases.unfinished_release(of, of.warehouse, TABLES, facts())
        releases.publish(of, (left or build(of)).release_id, reason="a night")

    undisturbed = DataFolder(shutil.copytree(folder.root, tmp_path / "undisturbed", symlinks=True))
    night(undisturbed)
    deaths = 0
    for change in count():
        spoiled = DataFolder(shutil.copytree(folder.root, tmp_path / f"killed {change}", symlinks=True))
        if not died(partial(night, spoiled), change, spoiled.root):
            break
        deaths += 1
        if change % 3 and not (spoiled.releases / third).exists():
            continue  # deaths while it is built: every third will do
        night(spoiled)
        assert _state(spoiled) == _state(undisturbed)
        assert [one.release_id for one in releases.list_releases(spoiled)] == ["2022-03-31.1", "2022-03-31.2", third]
        assert releases.verify(spoiled, third) == []
        assert releases.current_id(spoiled) == third
    assert deaths > 20


def _state(folder: DataFolder) -> list[tuple[str, ...]]:
    lines = releases.read_history(folder)
    return [tuple(line[key] for key in ("action", "from", "to", "reason")) for line in lines]


def test_what_differs_is_not_taken_up(published: Published) -> None:
    folder, _, _ = published
    third = build(folder)
    assert releases.unfinished_release(folder, folder.warehouse, TABLES, facts()) == third
    assert releases.unfinished_release(folder, folder.warehouse, TABLES, facts("2022-04-30")) is None
    overwrite(third.path / "csv" / "deliveries.csv.gz", b"")
    assert releases.unfinished_release(folder, folder.warehouse, TABLES, facts()) is None


@pytest.mark.parametrize("line", [b"{", b"\xff\xfe", b"[]", b'{"action": "published"}', b""])
def test_a_damaged_line_of_the_history_is_named_and_the_others_count(published: Published, line: bytes) -> None:
    folder, first, second = published
    lines = folder.publication_history.read_bytes().splitlines(keepends=True)
    folder.publication_history.write_bytes(lines[0] + line + b"\n" + lines[1])
    ended = CliRunner().invoke(app, ["releases"])
    assert ended.exit_code == 0
    assert f"{folder.publication_history}, line 2: cannot be read" in ended.stderr
    assert [first.release_id in ended.stdout, f"* {second.release_id}" in ended.stdout] == [True, True]
    with pytest.raises(doctor.BrokenError, match="line 2: cannot be read"):
        doctor.current_release(folder)
    assert releases.current_id(folder) == second.release_id


def test_where_the_last_line_is_damaged_readers_keep_what_they_see(published: Published) -> None:
    folder, _, second = published
    lines = folder.publication_history.read_bytes().splitlines(keepends=True)
    folder.publication_history.write_bytes(lines[0] + b"{\n")
    assert releases.mend(folder) == [f"readers see 2022-03-31.2, which is recorded now in {folder.publication_history}"]
    assert releases.current_id(folder) == second.release_id
    assert json.loads(folder.publication_history.read_bytes().splitlines()[-1])["to"] == second.release_id


def test_a_damaged_old_manifest_hides_no_other_release(published: Published) -> None:
    folder, first, second = published
    overwrite(first.path / "manifest.json", b"not json")
    ended = CliRunner().invoke(app, ["releases"])
    assert ended.exit_code == 0
    assert f"* {second.release_id}" in ended.stdout
    assert f"damaged: the manifest of release {first.release_id}" in ended.stderr
    with pytest.raises(doctor.BrokenError, match=r"2022-03-31\.2 is as its manifest says, but the manifest of .*31\.1"):
        doctor.current_release(folder)
    assert [one.release_id for one in releases.releases_not_to_repeat(folder)] == [second.release_id]


@pytest.mark.parametrize("name", ["manifest.json", "indicators.duckdb"])
def test_a_release_that_readers_cannot_use_may_be_published_anew(published: Published, name: str) -> None:
    folder, _, second = published
    overwrite(second.path / name, b"")
    assert releases.why_unreadable(folder, second.release_id)
    assert releases.releases_not_to_repeat(folder) == []
    assert releases.latest_published_release(folder) != second


def test_nothing_new_is_no_good_end_where_readers_see_nothing(published: Published) -> None:
    folder, first, second = published
    require_readers_see(folder)
    releases.rollback(folder, first.release_id, reason="x")
    overwrite(first.path / "indicators.duckdb", b"")
    with pytest.raises(Failure, match=rf"has 0 bytes.*`csp rollback {second.release_id} --reason TEXT` leads"):
        require_readers_see(folder)
    lost(folder)
    with pytest.raises(Failure, match="leads to no release"):
        require_readers_see(folder)


def test_before_the_first_release_nobody_misses_one(built: DataFolder) -> None:
    require_readers_see(built)
