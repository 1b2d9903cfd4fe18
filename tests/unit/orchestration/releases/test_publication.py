"""Which release readers see, and what the history says of it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from orchestration import releases
from orchestration.cli.main import app
from orchestration.instance import open_instance
from orchestration.outcome import RELEASE_KEY, REPORT_KEY
from sources.folder.data_folder import DataFolder
from tests.unit.orchestration.releases.warehouse import Published, build, build_and_publish, overwrite


def test_current_points_to_the_release_and_the_history_says_so(built: DataFolder) -> None:
    assert releases.current_release(built) is None
    assert releases.latest_published_release(built) is None
    with pytest.raises(releases.NothingPublishedError, match="csp nightly"):
        releases.require_current(built)
    first, second = releases.list_releases(built)
    for release in (first, second):
        assert releases.publish(built, release.release_id, reason="test") == release
    assert (built.published / "current").readlink() == Path("../releases/2022-03-31.2")
    assert releases.current_release(built) == second
    lines = releases.read_history(built)
    assert [(line["action"], line["from"], line["to"]) for line in lines] == [
        ("published", None, first.release_id),
        ("published", first.release_id, second.release_id),
    ]
    assert set(lines[0]) == {"action", "at", "from", "to", "reason", "user"}


def test_publishing_the_current_release_again_changes_nothing(published: Published) -> None:
    folder, _, second = published
    releases.publish(folder, second.release_id, reason="again")
    assert len(releases.read_history(folder)) == 2


def test_rollback_is_recorded_and_keeps_the_latest_publication(published: Published) -> None:
    folder, first, second = published
    said = releases.rollback(folder, first.release_id, reason="wrong population")
    assert said == "2022-03-31.1 is the current release now, in place of 2022-03-31.2"
    assert releases.current_release(folder) == first
    assert releases.latest_published_release(folder) == second
    last = releases.read_history(folder)[-1]
    assert (last["action"], last["reason"]) == ("rolled_back", "wrong population")


def test_rollback_to_the_current_release_says_so(published: Published) -> None:
    folder, _, second = published
    assert "already" in releases.rollback(folder, second.release_id, reason="x")
    assert len(releases.read_history(folder)) == 2


@pytest.mark.parametrize("release_id", ["2022-03-31.9", "../warehouse", "", ".building-2022-03-31.1"])
def test_unknown_release_is_named_with_those_there_are(shared: DataFolder, release_id: str) -> None:
    for act in (
        lambda: releases.rollback(shared, release_id, reason="x"),
        lambda: releases.publish(shared, release_id, reason="x"),
        lambda: releases.verify(shared, release_id),
    ):
        with pytest.raises(releases.UnknownReleaseError, match=r"2022-03-31\.1"):
            act()


def test_what_a_backfill_made_is_never_the_latest_until_somebody_publishes_it(published: Published) -> None:
    folder, _, second = published
    kept = [build(folder, as_at=day, beside_current=True) for day in ("2021-11-30", "2021-12-31")]
    assert all(release.beside_current for release in releases.list_releases(folder)[:2])
    assert releases.current_release(folder) == second
    assert releases.latest_published_release(folder) == second
    assert releases.releases_not_to_repeat(folder) == [second]
    with pytest.raises(releases.UnpublishedReleaseError, match="csp nightly --as-at 2021-12-31` publishes it"):
        releases.rollback(folder, kept[1].release_id, reason="x")
    for release, before in zip(kept, (None, kept[0].release_id), strict=True):
        database = release.path / releases.DATABASE
        with releases.reading_with_previous(folder, database, release.release_id, beside_current=True) as (_, found):
            assert found == before, "it is compared with the one of an earlier date, not with what readers see"
    releases.publish(folder, kept[1].release_id, reason="asked for")
    assert releases.latest_published_release(folder) == kept[1]


def test_rollback_to_a_damaged_release_is_refused(published: Published) -> None:
    folder, first, second = published
    overwrite(first.path / "csv/deliveries.csv.gz", b"")
    with pytest.raises(releases.DamagedReleaseError, match=r"2022-03-31\.2 stays current"):
        releases.rollback(folder, first.release_id, reason="x")
    assert releases.current_release(folder) == second


def test_rollback_away_from_a_damaged_release_works(published: Published) -> None:
    folder, first, second = published
    overwrite(second.path / "manifest.json", b"not json")
    releases.rollback(folder, first.release_id, reason="the current one is damaged")
    assert releases.current_release(folder) == first


def test_release_that_never_was_published_is_told_and_no_rollback_goes_to_it(published: Published) -> None:
    folder, first, second = published
    third = build(folder)
    releases.rollback(folder, first.release_id, reason="x")
    told = {r.release_id: releases.was_published(folder, r.release_id) for r in releases.list_releases(folder)}
    assert told == {first.release_id: True, second.release_id: True, third.release_id: False}
    with pytest.raises(releases.UnpublishedReleaseError, match=r"31\.3 never was current.*31\.1 stays current"):
        releases.rollback(folder, third.release_id, reason="x")
    assert releases.current_release(folder) == first
    releases.rollback(folder, second.release_id, reason="it was published once")
    assert releases.current_release(folder) == second


def test_switch_that_died_before_its_line_is_recorded_by_the_next(published: Published) -> None:
    folder, first, second = published
    history = folder.published / "history.jsonl"
    lines = history.read_text().splitlines(keepends=True)
    history.write_text(lines[0] + lines[1][:20])
    assert releases.latest_published_release(folder) == second
    assert releases.was_published(folder, second.release_id)
    third = build_and_publish(folder)
    moves = [(line["action"], line["from"], line["to"]) for line in releases.read_history(folder)]
    assert moves == [
        ("published", None, first.release_id),
        ("published", first.release_id, second.release_id),
        ("published", second.release_id, third.release_id),
    ]


def test_link_of_a_switch_that_died_is_no_obstacle(published: Published) -> None:
    folder, first, _ = published
    (folder.published / ".current").symlink_to("nowhere")
    releases.rollback(folder, first.release_id, reason="x")
    assert releases.current_release(folder) == first
    assert sorted(path.name for path in folder.published.iterdir()) == ["current", "history.jsonl"]


def test_after_a_rollback_nothing_published_before_is_to_be_repeated(published: Published) -> None:
    folder, first, second = published
    assert [one.release_id for one in releases.releases_not_to_repeat(folder)] == [second.release_id]
    releases.rollback(folder, first.release_id, reason="test")
    ids = [one.release_id for one in releases.releases_not_to_repeat(folder)]
    assert ids == [first.release_id, second.release_id]
    third = build_and_publish(folder)
    assert [one.release_id for one in releases.releases_not_to_repeat(folder)] == [third.release_id]


def test_a_rollback_in_force_says_what_readers_see_and_how_it_ends(published: Published) -> None:
    folder, first, second = published
    assert releases.rollback_in_force(folder) is None
    releases.rollback(folder, first.release_id, reason="wrong population")
    said = str(releases.rollback_in_force(folder))
    assert f"readers see the older {first.release_id}: rolled back at 20" in said
    assert "reason: wrong population" in said
    assert f"`csp rollback {second.release_id} --reason TEXT`" in said
    releases.rollback(folder, second.release_id, reason="it was right")
    assert releases.rollback_in_force(folder) is None
    releases.rollback(folder, first.release_id, reason="wrong after all")
    build_and_publish(folder)
    assert releases.rollback_in_force(folder) is None


def test_a_rollback_is_seen_in_the_list_and_in_dagster(published: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, first, _ = published
    monkeypatch.setenv("CSP_DATA_DIR", str(folder.root))
    monkeypatch.setenv("DAGSTER_HOME", "")
    ended = CliRunner().invoke(app, ["rollback", first.release_id, "--reason", "wrong population"])
    assert (ended.exit_code, ended.stderr) == (0, "")
    assert "reason: wrong population" in CliRunner().invoke(app, ["releases"]).stdout
    with open_instance(folder) as instance:
        (record,) = instance.fetch_observations(RELEASE_KEY, limit=10).records
        shown = instance.get_latest_materialization_event(RELEASE_KEY)
        assert instance.get_latest_materialization_event(REPORT_KEY) is None  # these tables are no report's
    noted = record.event_log_entry.asset_observation
    assert noted is not None
    assert noted.metadata["reason"].value == "wrong population"
    assert "readers see the older" in str(noted.description)
    assert shown is not None
    assert shown.asset_materialization is not None
    metadata = shown.asset_materialization.metadata
    assert metadata["release"].value == first.release_id
    assert metadata["checks passed"].value == 2
    assert "readers see the older" in str(shown.asset_materialization.description)
