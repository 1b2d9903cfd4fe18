"""The partners' release: the exact twin of a release, apart, for its owner alone, and current with it."""

import os
import signal
import stat
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import duckdb
import pytest

from orchestration import releases
from orchestration.releases import PartnersSettingError, wants_partners_release
from sources.folder.data_folder import DataFolder, PartnersFolder
from tests.unit.orchestration.releases.warehouse import (
    EXACT,
    TABLES,
    build,
    build_and_publish,
    build_pair,
    change_warehouse,
    facts,
)


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def rows(database: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def current_pair(folder: DataFolder) -> tuple[str, str]:
    """Return the ids to which the two links point."""
    return folder.current_release.readlink().name, PartnersFolder(folder.root).current_release.readlink().name


def is_whole(folder: DataFolder, release_id: str) -> bool:
    """Return whether release and twin are as their manifests say."""
    return releases.has_twin(folder, release_id) and not releases.verify(folder, release_id)


def test_it_is_made_where_the_setting_says_on_and_nothing_else_passes_for_it() -> None:
    assert wants_partners_release({"CSP_PARTNERS_RELEASE": " On "})
    assert not wants_partners_release({})
    assert not wants_partners_release({"CSP_PARTNERS_RELEASE": "off"})
    with pytest.raises(PartnersSettingError, match="CSP_PARTNERS_RELEASE is 'yes': set it to `on` or `off`"):
        wants_partners_release({"CSP_PARTNERS_RELEASE": "yes"})
    with pytest.raises(PartnersSettingError, match="CSP_PARTNER_FILE is called CSP_PARTNERS_RELEASE now"):
        wants_partners_release({"CSP_PARTNER_FILE": "on"})


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_only_its_owner_can_enter_it_whatever_the_umask(folder: DataFolder, mask: int) -> None:
    with umask(mask):
        release = build_pair(folder)
        releases.publish(folder, release.release_id, reason="test")
    twin = folder.partners / release.release_id
    inside = list(twin.rglob("*"))
    assert {path.name for path in inside} == {path.name for path in release.path.rglob("*")}
    assert {rights(path) for path in [folder.partners, twin, *inside] if path.is_dir()} == {0o700}
    assert {rights(path) for path in inside if path.is_file()} == {0o600}


def test_it_holds_the_exact_tables_and_its_release_says_nothing_of_them(folder: DataFolder) -> None:
    release = build_pair(folder)
    twin = releases.get_release(PartnersFolder(folder.root), release.release_id)
    assert twin.path == folder.partners / release.release_id
    assert twin.row_counts == release.row_counts
    assert rows(twin.path / releases.DATABASE, "select count(*) from indicator_values where note = 'exact'") == [(34,)]
    assert rows(release.path / releases.DATABASE, "select count(*) from indicator_values where note = 'exact'") == [
        (0,)
    ]
    same = [table for table in TABLES if twin.content_hashes[table] == release.content_hashes[table]]
    assert same == ["deliveries"]
    assert is_whole(folder, release.release_id)
    public = releases.read_manifest(folder, release.release_id)
    for_partners = releases.read_manifest(PartnersFolder(folder.root), release.release_id)
    assert (public["audience"], for_partners["audience"]) == ("public", "partners")
    assert public["lineage"] == for_partners["lineage"]
    assert len(for_partners["checks"]) == len(public["checks"]) + 1
    said = [path for path in release.path.rglob("*") if path.is_file() and b"partners" in path.read_bytes()]
    assert not said


def test_a_release_made_without_it_has_none(folder: DataFolder) -> None:
    releases.publish(folder, build(folder).release_id, reason="test")
    assert not folder.partners.exists()
    with pytest.raises(releases.NothingPublishedError, match="CSP_PARTNERS_RELEASE=on csp nightly"):
        releases.require_twin(folder)


def test_its_link_follows_every_publication_and_rollback(folder: DataFolder) -> None:
    first, second = build_pair(folder).release_id, build_pair(folder).release_id
    for release_id in (first, second):
        releases.publish(folder, release_id, reason="test")
        assert current_pair(folder) == (release_id, release_id)
        assert releases.require_twin(folder).release_id == release_id
    releases.rollback(folder, first, reason="test")
    assert current_pair(folder) == (first, first)
    releases.publish(folder, build(folder).release_id, reason="the setting is off again")
    assert not PartnersFolder(folder.root).current_release.is_symlink()
    assert [path.name for path in sorted(folder.partners.iterdir())] == [first, second]


def test_a_twin_is_made_later_from_the_same_inputs_only(folder: DataFolder) -> None:
    release = build(folder)
    assert releases.with_equal_twins(folder, TABLES, [release], EXACT, "f1") == [release]
    assert releases.with_equal_twins(folder, TABLES, [release], EXACT, "other inputs") == []
    releases.build_twin(folder, folder.warehouse, release.release_id, TABLES, facts(), EXACT)
    assert is_whole(folder, release.release_id)
    assert releases.with_equal_twins(folder, TABLES, [release], EXACT, "other inputs") == [release]


def test_a_change_that_only_partners_can_see_makes_it_another_release(folder: DataFolder) -> None:
    release = build_pair(folder)
    change_warehouse(folder, "update partners_marts.indicator_values set note = 'corrected' where note = 'exact'")
    assert releases.equal_releases(folder.warehouse, TABLES, [release]) == [release]
    assert releases.with_equal_twins(folder, TABLES, [release], EXACT, "f1") == []


@pytest.mark.parametrize("damaged", ["manifest.json", "indicators.duckdb"])
def test_a_damaged_twin_that_partners_see_is_made_anew_with_its_release(folder: DataFolder, damaged: str) -> None:
    first, second = build_pair(folder), build_pair(folder)
    releases.publish(folder, second.release_id, "test")
    for release in (first, second):
        (folder.partners / release.release_id / damaged).write_bytes(b"x")
    assert releases.with_equal_twins(folder, TABLES, [first, second], EXACT, "f1") == [first]
    assert [releases.needs_twin(folder, one.release_id) for one in (first, second)] == [False, True]
    build_and_publish(folder)
    assert releases.with_equal_twins(folder, TABLES, [second], EXACT, "f1") == [second]


def test_a_twin_that_was_changed_is_found(folder: DataFolder) -> None:
    release_id = build_pair(folder).release_id
    (folder.partners / release_id / "csv" / "indicator_values.csv.gz").write_text("a\n")
    told = "altered: twin for partners: csv/indicator_values.csv.gz: 2 bytes"
    assert str(releases.verify(folder, release_id)[0]).startswith(told)


KILLED = 9


def publish_and_die(folder: DataFolder, step: str, calls: int) -> int:
    """Publish in a process of its own, which ends before call number `calls` of a step; return its exit code."""
    child = os.fork()
    if child:
        return ended(child)
    try:
        owner, _, name = step.rpartition(".")
        function, left = getattr(resolve_name(owner), name), count(1)

        def killed(*arguments: Any, **named: Any) -> Any:
            return os._exit(KILLED) if next(left) == calls else function(*arguments, **named)

        setattr(resolve_name(owner), name, killed)
        releases.publish(folder, build_pair(folder).release_id, "x")
    except BaseException:  # noqa: BLE001 - whatever it is, the test that waits shows it
        traceback.print_exc()
    finally:
        os._exit(1)


def ended(child: int) -> int:
    """Wait for a process and return its exit code; one that hangs, as a fork may on a lock, is killed."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.parametrize(
    ("step", "calls", "is_switched"),
    [
        ("orchestration.releases.build._put_twin_in_place", 1, False),
        ("orchestration.releases.build._write_content", 2, False),
        ("orchestration.releases.build._seal", 2, False),
        ("orchestration.releases.build.sync_folder", 4, False),
        ("orchestration.releases.build._write_manifest", 1, False),
        ("orchestration.releases.build._write_manifest", 2, False),
        ("pathlib.Path.rename", 2, False),
        ("pathlib.Path.rename", 3, False),
        ("orchestration.releases.build.get_release", 1, False),
        ("orchestration.releases.current._link", 1, False),
        ("orchestration.releases.current.follow_current", 2, True),
        ("orchestration.releases.current._link", 2, True),
        ("orchestration.releases.current.record", 1, True),
    ],
)
def test_a_killed_publication_ends_in_a_pair(folder: DataFolder, step: str, calls: int, is_switched: bool) -> None:
    """At no moment is a release current whose twin is not whole, and the next run has both links agree."""
    standing = releases.publish(folder, build_pair(folder).release_id, reason="test").release_id
    assert publish_and_die(folder, step, calls) == KILLED
    current = releases.require_current(folder).release_id
    assert (current != standing) == is_switched
    assert is_whole(folder, current)
    assert releases.require_twin(folder).release_id == current
    releases.mend(folder)
    assert current_pair(folder) == (current, current)
    new = build_pair(folder).release_id
    assert {path.name for path in folder.releases.iterdir()} == {
        path.name for path in folder.partners.iterdir() if not path.is_symlink()
    }
    releases.publish(folder, new, reason="test")
    assert current_pair(folder) == (new, new)
    assert is_whole(folder, new)
