"""A file is written whole or not at all, and with its rights from the first byte."""

import os
import stat
from pathlib import Path

import pytest

from sources.folder import durable
from sources.folder.durable import write_whole

from .test_crashes import Died, dying_at


@pytest.mark.parametrize("content", ["né\n", b"\xff\x00"])
def test_what_was_there_is_replaced_and_folders_are_made(tmp_path: Path, content: str | bytes) -> None:
    place = tmp_path / "new" / "record.json"
    write_whole(place, "longer than what follows")
    write_whole(place, content)
    assert place.read_bytes() == (content.encode() if isinstance(content, str) else content)
    assert list(place.parent.iterdir()) == [place]


@pytest.mark.parametrize(("owner", "step"), [(os, "fdopen"), (durable, "sync_file"), (Path, "replace")])
def test_dying_on_the_way_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: object, step: str
) -> None:
    place = tmp_path / "record.json"
    write_whole(place, "old")
    with monkeypatch.context() as patched:
        patched.setattr(owner, step, dying_at(getattr(owner, step), 0, after=False))
        with pytest.raises(Died):
            write_whole(place, "new")
    assert place.read_text() == "old"
    write_whole(place, "new")
    assert (place.read_text(), list(tmp_path.iterdir())) == ("new", [place])


def test_a_secret_is_its_owners_whatever_a_dead_process_left(tmp_path: Path) -> None:
    place = tmp_path / "link.key"
    left = tmp_path / ".link.key.new"
    left.touch()
    left.chmod(0o644)
    write_whole(place, "secret", mode=0o600)
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
