"""Files still being written wait; what was seen is not read again; links are not followed."""

import os
import threading
from pathlib import Path

import pytest

from sources.folder.data_folder import DataFolder
from sources.intake import incoming_bytes
from sources.intake.landing import outside_every_feed

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
    file = drop.put(SOUND)
    copied = incoming_bytes.copied

    def slow_copy(*arguments: object) -> object:
        copy = copied(*arguments)  # type: ignore[arg-type]
        file.write_bytes(SOUND + b"more")
        return copy

    monkeypatch.setattr(incoming_bytes, "copied", slow_copy)
    result = drop.take_in()
    assert (result.receipts, result.waiting) == ((), (LANDED,))


def test_what_was_seen_is_not_read_again(drop: Drop, monkeypatch: pytest.MonkeyPatch) -> None:
    drop.take(SOUND)
    monkeypatch.setattr("sources.intake.take_in.copied_file", lambda *_: pytest.fail("read again"))
    assert drop.take_in().receipts == ()


def test_files_are_taken_in_as_they_arrived_and_else_by_path(drop: Drop) -> None:
    times = {"b/2021-04-kent-street.csv": 1, "2021-04-surrey-street.csv": 2, "a/z/2021-04-essex-street.csv": 2}
    for name, changed in times.items():
        os.utime(drop.put(SOUND, name), (changed, changed))
    assert [receipt.landing_path for receipt in drop.take_in().receipts] == [
        f"police/street_crime/{name}" for name in times
    ]


def test_a_name_that_is_no_utf_8_is_spelled_out(drop: Drop) -> None:
    folder = os.fsdecode(b"for\xeat")
    drop.put(SOUND, f"{folder}/{os.fsdecode(b'caf' + bytes([0xE9]))}.csv", age_seconds=90)
    drop.put(SOUND, f"{folder}/{NAME}", age_seconds=80)
    drop.put(SOUND, f"{folder}/{NAME}.part", age_seconds=70)
    result = drop.take_in()
    assert [(receipt.landing_path, receipt.file_name, receipt.outcome) for receipt in result.receipts] == [
        ("police/street_crime/for\\xeat/caf\\xe9.csv", "caf\\xe9.csv", "refused"),
        (f"police/street_crime/for\\xeat/{NAME}", NAME, "accepted"),
    ]
    assert result.waiting == (Path(f"police/street_crime/for\\xeat/{NAME}.part"),)
    assert list(result.receipts) == drop.receipts()
    assert drop.take_in().receipts == ()
    for text in (drop.folder.receipts.read_text("utf-8"), drop.folder.landing_files.read_text("utf-8"), *drop.said):
        assert "\\ud" not in text
        assert text.encode().decode() == text
    assert outside_every_feed(drop.folder, ["police/other"])[0].encode()


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
    assert drop.landing.is_dir()


def test_files_outside_every_feed_are_named(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    for name in ("stray.csv", "police/stret_crime/2021-04.csv", "police/street_crime/deep/2021-04.csv", "x.part"):
        file = folder.landing / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    assert outside_every_feed(folder, ["police/street_crime"]) == ["police/stret_crime/2021-04.csv", "stray.csv"]
