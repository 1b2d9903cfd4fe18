"""Files still being written wait; what was seen is not read again; links are not followed."""

import os
import threading
from pathlib import Path

import pytest

from sources.data_folder import DataFolder
from sources.landing import outside_every_feed

from .conftest import NAME, Drop, file_of, sound_rows

SOUND = file_of(sound_rows())
LANDED = Path("police/street_crime") / NAME


@pytest.mark.parametrize(
    "name",
    [f"{NAME}.part", f"{NAME}.tmp", f"{NAME}.filepart", f"{NAME}.crdownload", f".{NAME}", f"~{NAME}", f"{NAME}~"],
)
def test_names_of_unfinished_files(drop: Drop, name: str) -> None:
    drop.put(SOUND, name)
    result = drop.take_in()
    assert (result.receipts, result.waiting) == ((), (LANDED.with_name(name),))
    assert drop.receipts() == []
    (drop.landing / name).rename(drop.landing / NAME)
    assert [receipt.outcome for receipt in drop.take_in().receipts] == ["accepted"]


def test_a_file_that_grows_waits(drop: Drop) -> None:
    file = drop.put(SOUND, age_seconds=0)

    done = threading.Event()

    def grow() -> None:
        while not done.wait(0.02):
            with file.open("ab") as stream:
                stream.write(b"more")

    writer = threading.Thread(target=grow)
    writer.start()
    result = drop.take_in()
    done.set()
    writer.join()
    assert (result.receipts, result.waiting) == ((), (LANDED,))
    assert "still being written" in drop.said[-1]


def test_a_fresh_file_that_rests_is_taken_in(drop: Drop) -> None:
    drop.put(SOUND, age_seconds=0)
    assert len(drop.take_in().receipts) == 1


def test_a_file_that_someone_holds_open_for_writing_waits(drop: Drop) -> None:
    file = drop.put(SOUND)
    with file.open("ab"):
        assert drop.take_in().waiting == (LANDED,)
    assert len(drop.take_in().receipts) == 1


def test_a_file_that_someone_reads_does_not_wait(drop: Drop) -> None:
    with drop.put(SOUND).open("rb"):
        assert len(drop.take_in().receipts) == 1


def test_a_file_changed_while_it_is_copied_waits(drop: Drop, monkeypatch: pytest.MonkeyPatch) -> None:
    from sources import intake

    file = drop.put(SOUND)
    copied = intake._Intake._copied

    def slow_copy(self: object, *arguments: object, **options: object) -> object:
        copy = copied(self, *arguments, **options)  # type: ignore[arg-type]
        file.write_bytes(SOUND + b"more")
        return copy

    monkeypatch.setattr(intake._Intake, "_copied", slow_copy)
    result = drop.take_in()
    assert (result.receipts, result.waiting) == ((), (LANDED,))


def test_what_was_seen_is_not_read_again(drop: Drop, monkeypatch: pytest.MonkeyPatch) -> None:
    drop.take(SOUND)
    monkeypatch.setattr("sources.intake._Intake._take_landing_file", lambda *_: pytest.fail("read again"))
    assert drop.take_in().receipts == ()


def test_subfolders_in_the_order_of_paths(drop: Drop) -> None:
    for name in ("b/2021-04-kent-street.csv", "a/z/2021-04-essex-street.csv", "2021-04-surrey-street.csv"):
        drop.put(SOUND, name)
    assert [receipt.landing_path for receipt in drop.take_in().receipts] == [
        "police/street_crime/2021-04-surrey-street.csv",
        "police/street_crime/a/z/2021-04-essex-street.csv",
        "police/street_crime/b/2021-04-kent-street.csv",
    ]


def test_links_are_not_followed(drop: Drop, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / NAME).write_bytes(SOUND)
    drop.landing.mkdir(parents=True)
    (drop.landing / NAME).symlink_to(outside / NAME)
    (drop.landing / "folder").symlink_to(outside)
    os.mkfifo(drop.landing / "2021-05-leicestershire-street.csv")
    assert drop.take_in().receipts == ()


def test_landing_files_stay_as_they_are(drop: Drop) -> None:
    file = drop.put(SOUND)
    before = file.stat()
    drop.take_in()
    after = file.stat()
    assert (before.st_ino, before.st_mtime_ns, before.st_size) == (after.st_ino, after.st_mtime_ns, after.st_size)


def test_an_empty_folder_is_prepared(drop: Drop) -> None:
    assert drop.take_in().receipts == ()
    assert drop.raw() == []
    assert drop.rejected() == []
    assert "police/street_crime" in drop.folder.feeds.read_text()
    assert drop.landing.is_dir()


def test_files_outside_every_feed_are_named(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    for name in ("stray.csv", "police/stret_crime/2021-04.csv", "police/street_crime/deep/2021-04.csv", "x.part"):
        file = folder.landing / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    assert outside_every_feed(folder, ["police/street_crime"]) == ["police/stret_crime/2021-04.csv", "stray.csv"]
