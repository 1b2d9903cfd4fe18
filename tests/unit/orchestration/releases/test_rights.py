"""Whatever the umask, readers can read what is published and nobody can change it."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration import releases
from sources.folder.data_folder import DataFolder
from tests.unit.orchestration.releases.warehouse import build_and_publish


@pytest.fixture(params=[0o000, 0o022, 0o077], ids=["0000", "0022", "0077"])
def _umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


@pytest.mark.usefixtures("_umask")
def test_published_and_releases_are_read_by_all_and_written_by_none(folder: DataFolder) -> None:
    first = build_and_publish(folder)
    build_and_publish(folder)
    releases.rollback(folder, first.release_id, "x")
    found = {
        path.relative_to(folder.root).as_posix(): stat.S_IMODE(path.lstat().st_mode)
        for top in (folder.published, folder.releases)
        for path in (top, *top.rglob("*"))
        if not path.is_symlink()
    }
    assert (found["published"], found["releases"], found["published/history.jsonl"]) == (0o755, 0o755, 0o644)
    for name, mode in found.items():
        assert mode & 0o022 == 0, name
        assert mode & 0o044 == 0o044, name
        assert (folder.root / name).is_file() or mode & 0o011 == 0o011, name


@pytest.mark.usefixtures("_umask")
def test_a_release_is_nobodys_else_while_it_is_built(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def look(building: Path, **_: int) -> None:
        seen.append(stat.S_IMODE(building.stat().st_mode))

    monkeypatch.setattr("orchestration.releases.build._seal", look)
    build_and_publish(folder)
    assert seen == [0o700]
    assert stat.S_IMODE(folder.lineage.stat().st_mode) & 0o077 == 0
    assert not folder.spill.exists() or stat.S_IMODE(folder.spill.stat().st_mode) == 0o700
