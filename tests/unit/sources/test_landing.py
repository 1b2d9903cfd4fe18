"""Files still being written wait; what was seen is not read again; links are not followed."""

import os
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sources.folder.data_folder import DataFolder
from sources.folder.landed import Candidate, look_below
from sources.intake import incoming_bytes, take_in
from sources.intake.landing import delete_from_landing, outside_every_feed
from sources.intake.left_out import left_out, unreadable_in_feeds
from sources.ledger import landed_bytes, withdrawals
from sources.reasons.reason import for_owner

from .conftest import HEADER, NAME, Drop, file_of, sound_rows
from .test_zips import zip_of

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


def test_files_of_other_feeds_that_lie_loose_are_passed_over_with_one_remark(drop: Drop) -> None:
    drop.put(SOUND)
    drop.put(b"x", "2021-04-leicestershire-outcomes.csv")
    drop.put(b"x", "2021-04/2021-04-leicestershire-stop-and-search.csv")
    assert [receipt.file_name for receipt in drop.take_in().receipts] == [NAME]
    assert drop.take_in().receipts == ()
    remark = (
        "police/street_crime: 2 files of other feeds in its landing folder passed over: put them into landing/incoming"
    )
    assert drop.said.count(remark) == 2


def test_what_is_no_file_is_named_and_neither_followed_nor_opened(drop: Drop, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / NAME).write_bytes(SOUND)
    drop.landing.mkdir(parents=True)
    (drop.landing / NAME).symlink_to(outside / NAME)
    (drop.landing / "folder").symlink_to(outside)
    os.mkfifo(drop.landing / "2021-05-leicestershire-street.csv")
    with socket.socket(socket.AF_UNIX) as listening:
        here = os.open(drop.landing, os.O_RDONLY)
        listening.bind(f"/proc/self/fd/{here}/2021-06-leicestershire-street.csv")
        os.close(here)
        for _ in range(2):
            result = drop.take_in()
            assert result.receipts == ()
            assert [(one.path.rpartition("/")[2], one.why.partition(" and")[0]) for one in result.unread] == [
                (NAME, "is a link"),
                ("2021-05-leicestershire-street.csv", "is a pipe"),
                ("2021-06-leicestershire-street.csv", "is a socket"),
                ("folder", "is a link"),
            ]
    assert sum("not read; it is a pipe and no file" in said for said in drop.said) == 2
    assert not [said for said in drop.said if "leicestershire" in said], "Dagster keeps what is said"
    assert f"not read: landing/police/street_crime/{NAME} is a link and no file" in next(
        left_out(drop.folder, [drop.contract])
    )


@pytest.mark.parametrize("above", ["police/street_crime", "police"])
def test_a_feeds_folder_that_is_a_link_is_named(drop: Drop, tmp_path: Path, above: str) -> None:
    outside = tmp_path / "outside/street_crime"
    outside.mkdir(parents=True)
    (outside / NAME).write_bytes(SOUND)
    place = drop.folder.landing / above
    place.parent.mkdir(parents=True)
    place.symlink_to(outside if above.endswith("crime") else outside.parent)
    result = drop.take_in()
    assert result.receipts == ()
    assert [one.path for one in result.unread] == [above]


def test_a_file_in_place_of_a_feeds_folder_is_named(drop: Drop) -> None:
    drop.folder.landing.mkdir(parents=True)
    (drop.folder.landing / "police").write_bytes(b"x")
    assert [one.why.partition(".")[0] for one in drop.take_in().unread] == ["cannot be read (Not a directory)"]


@pytest.fixture
def without_privilege(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Yield a folder, and take from the process the right by which root reads what nobody may."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        monkeypatch.setattr(tempfile, "tempdir", name)
        folder = Path(name) / "data"
        folder.mkdir()
        was_root = os.geteuid() == 0
        if was_root:
            for place in (folder.parent, folder):
                os.chown(place, 65534, 65534)
            os.seteuid(65534)
        try:
            yield folder
        finally:
            if was_root:
                os.seteuid(0)
            for place, _, _ in os.walk(folder):
                Path(place).chmod(0o700)


def test_what_there_is_no_right_to_read_is_named_every_night_and_stops_nothing(
    drop: Drop, without_privilege: Path
) -> None:
    drop.folder = DataFolder(without_privilege)
    drop.put(SOUND)
    closed = drop.put(SOUND, "2021-05-leicestershire-street.csv")
    closed.chmod(0)
    inside = drop.put(SOUND, "closed/2021-06-leicestershire-street.csv").parent
    inside.chmod(0)
    first, second = drop.take_in(), drop.take_in()
    assert [receipt.outcome for receipt in first.receipts] == ["accepted"]
    assert second.receipts == ()
    for result in (first, second):
        assert {(Path(one.path).name, one.why.partition(".")[0]) for one in result.unread} == {
            ("closed", "cannot be read (Permission denied)"),
            ("2021-05-leicestershire-street.csv", "cannot be read (Permission denied)"),
        }
    assert {one.path for one in unreadable_in_feeds(drop.folder, [drop.contract.key])} == {
        "police/street_crime/closed",
        "police/street_crime/2021-05-leicestershire-street.csv",
    }
    closed.chmod(0o600)
    assert len(drop.take_in().receipts) == 1


def test_a_feeds_folder_that_nobody_may_read_is_named(drop: Drop, without_privilege: Path) -> None:
    drop.folder = DataFolder(without_privilege)
    agency = drop.put(SOUND).parents[1]
    drop.take_in()
    agency.chmod(0)
    assert [one.path for one in drop.take_in().unread] == ["police/street_crime"]
    assert outside_every_feed(drop.folder, [drop.contract.key]) == ["police"]


def test_a_file_that_is_gone_since_the_scan_is_named(drop: Drop, monkeypatch: pytest.MonkeyPatch) -> None:
    drop.put(SOUND, "2021-04-kent-street.csv")
    gone = drop.put(SOUND)
    original = take_in.settled

    def slow(*arguments: object) -> object:
        found = original(*arguments)  # type: ignore[arg-type]
        gone.unlink()
        return found

    monkeypatch.setattr(take_in, "settled", slow)
    result = drop.take_in()
    assert [receipt.file_name for receipt in result.receipts] == ["2021-04-kent-street.csv"]
    assert [one.why.partition(".")[0] for one in result.unread] == ["is gone since it was seen"]


def test_a_pipe_that_takes_the_place_of_a_file_does_not_block(drop: Drop, monkeypatch: pytest.MonkeyPatch) -> None:
    file = drop.put(SOUND)
    original = take_in.settled

    def slow(*arguments: object) -> object:
        found = original(*arguments)  # type: ignore[arg-type]
        file.unlink()
        os.mkfifo(file)
        return found

    monkeypatch.setattr(take_in, "settled", slow)
    assert "it is no file any more" in drop.take_in().unread[0].why


def test_folders_may_be_as_deep_as_the_system_allows(drop: Drop) -> None:
    drop.landing.mkdir(parents=True)
    start = Path.cwd()
    try:
        os.chdir(drop.landing)
        for _ in range(1_200):
            Path("a").mkdir()
            os.chdir("a")
        Path(NAME).write_bytes(SOUND)
        os.utime(NAME, (1, 1))
        os.chdir(start)
        assert [receipt.outcome for receipt in drop.take_in().receipts] == ["accepted"]
    finally:
        os.chdir(start)
        # Python's own removal of folders, by which pytest clears up, ends at such a depth.
        subprocess.run(["rm", "-rf", drop.folder.landing], check=True)


def test_names_are_spelled_out_where_a_terminal_would_obey_them(drop: Drop) -> None:
    drop.put(SOUND, "2021-04\x1b[2J\nkent\u202e.csv")
    (receipt,) = drop.take_in().receipts
    assert receipt.file_name == "2021-04\\x1b[2J\\nkent\\u202e.csv"
    drop.put(zip_of({"2021\x1b[2J.csv": SOUND}), "all.zip")
    drop.take_in()
    for text in (*drop.said, *(text for one in drop.receipts() for text in (one.file_name, *for_owner(one.reasons)))):
        assert text.isprintable(), text


def swapped(file: Path, outside: Path) -> None:
    """Put a link in place of the folder of a file, to a folder with another file of the same state."""
    shutil.copytree(file.parent, outside)
    file.unlink()
    file.parent.rmdir()
    file.parent.symlink_to(outside)


def test_a_link_put_in_place_of_a_folder_after_the_scan_leads_nowhere(
    drop: Drop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What lies behind it would be read, and deleted where it is refused for personal data."""
    file = drop.put(file_of(sound_rows(), header=f"{HEADER},Surname"), f"deep/{NAME}")

    def slow(candidates: list[Candidate], _: float) -> tuple[list[Candidate], list[Candidate]]:
        swapped(file, tmp_path / "outside")
        return candidates, []

    monkeypatch.setattr(take_in, "settled", slow)
    result = drop.take_in()
    assert (result.receipts, len(result.unread)) == ((), 1)
    assert (tmp_path / "outside" / NAME).exists()


def test_a_link_put_in_place_of_a_folder_before_the_deletion_leads_nowhere(drop: Drop, tmp_path: Path) -> None:
    file = drop.put(SOUND, f"deep/{NAME}")
    (candidate,) = look_below(drop.landing, drop.folder.landing).files
    swapped(file, tmp_path / "outside")
    assert not delete_from_landing(candidate, "x")
    with pytest.raises(OSError, match="directory"):
        candidate.delete()
    assert (tmp_path / "outside" / NAME).exists()


def test_an_erasure_deletes_nothing_through_a_link(drop: Drop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = drop.put(SOUND, f"deep/{NAME}")
    drop.take_in()
    found = landed_bytes.landed_bytes

    def slow(*arguments: object) -> object:
        landed = found(*arguments)  # type: ignore[arg-type]
        swapped(file, tmp_path / "outside")
        return landed

    monkeypatch.setattr(withdrawals, "landed_bytes", slow)
    with pytest.raises(withdrawals.CannotBeErased, match="Not a directory"):
        withdrawals.withdraw(drop.folder, NAME, "x", erase=True)
    assert (tmp_path / "outside" / NAME).exists()


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
