"""Readers open releases, agencies' group landing, and everything else its owner alone, whatever the umask."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration.writer_lock import writer_lock
from sources.folder.data_folder import DataFolder
from sources.folder.durable import write_whole
from sources.folder.rights import closed_to_readers, make_data_folder, too_open

from .conftest import Drop, file_of, row, sound_rows


@pytest.fixture(params=[0o000, 0o022, 0o077], ids=["0000", "0022", "0077"])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def rights_in(root: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in (root, *root.iterdir())}


def test_a_data_folder_is_made_with_its_rights(tmp_path: Path, umask: int) -> None:
    folder = DataFolder(tmp_path / "data")
    with writer_lock(folder):
        pass
    assert rights_in(folder.root) == {"data": 0o755, "landing": 0o750, "writer.lock": 0o600}


def test_what_intake_writes_is_for_the_owner_alone(drop: Drop, umask: int) -> None:
    with writer_lock(drop.folder):
        drop.take(file_of([*sound_rows(), row(99, crime_type="Mischief")]))
    for name, mode in rights_in(drop.folder.root).items():
        assert mode & 0o077 == {"data": 0o055, "landing": 0o050}.get(name, 0), name
    assert list(too_open(drop.folder)) == []


def test_what_others_may_not_have_is_taken_from_them_and_no_more(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    made = {folder.landing: 0o2777, folder.archive: 0o755, folder.published: 0o775, folder.ledger: 0o700}
    for path, mode in made.items():
        path.mkdir()
        path.chmod(mode)
    folder.warehouse.touch()
    folder.warehouse.chmod(0o666)
    other = tmp_path / "somebody's"
    other.mkdir()
    other.chmod(0o777)
    tmp_path.chmod(0o777)
    assert {path for path, _ in too_open(folder)} == {
        *(tmp_path, folder.landing, folder.archive, folder.published, folder.warehouse)
    }
    make_data_folder(folder)
    assert list(too_open(folder)) == []
    found = rights_in(tmp_path)
    assert (found["landing"], found["published"], found["ledger"], found["somebody's"]) == (0o2750, 0o755, 0o700, 0o777)


def test_every_place_in_the_data_folder_has_its_rights(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    places = [getattr(folder, name) for name, what in vars(DataFolder).items() if isinstance(what, property)]
    for place in {tmp_path / place.relative_to(tmp_path).parts[0] for place in places}:
        place.mkdir()
        place.chmod(0o777)
    make_data_folder(folder)
    readable = {name for name, mode in rights_in(tmp_path).items() if mode & 0o077}
    assert readable == {"landing", "published", "releases"}


def test_a_group_of_readers_stays_one_and_a_closed_way_is_seen(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    make_data_folder(folder)
    folder.published.mkdir(mode=0o750)
    folder.releases.mkdir(mode=0o700)
    make_data_folder(folder)
    assert stat.S_IMODE(folder.published.stat().st_mode) == 0o750
    assert closed_to_readers(folder) == [folder.releases]


def test_a_file_written_whole_is_for_its_owner_unless_said_otherwise(tmp_path: Path, umask: int) -> None:
    write_whole(tmp_path / "file", b"x")
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o600
