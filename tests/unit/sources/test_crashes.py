"""A run that dies between any two steps leaves a state from which the next run reaches the same end."""

import dataclasses
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

import duckdb
import pytest

from sources.contract.load import load_contracts
from sources.folder import durable
from sources.folder.data_folder import DataFolder
from sources.intake import commit, take_delivery
from sources.intake.left_out import left_out
from sources.intake.prepare import NO_ROWS, prepare
from sources.intake.take_in import take_in
from sources.ledger import receipts as ledger
from sources.reading import header as csv_header
from sources.reading import rows as row_reading
from sources.reading.row_numbering import number_rows

from .conftest import NAME, Drop, file_of, row, sound_rows
from .test_zips import zip_of


class Died(BaseException):
    """Stands for the end of the process: no handler for errors catches it."""


def dying_at(original: Callable[..., object], call: int, after: bool) -> Callable[..., object]:
    """Return a stand-in that dies at its call of this number, counted from 0, before or after doing what is asked."""
    calls = count()

    def dying(*arguments: object, **options: object) -> object:
        is_last = next(calls) == call
        if is_last and not after:
            raise Died
        result = original(*arguments, **options)
        if is_last:
            raise Died
        return result

    return dying


def fill(drop: Drop) -> None:
    drop.put(file_of([*sound_rows(), row(99, crime_type="Mischief")]))
    members = {
        f"2021-0{month}-leicestershire-street.csv": file_of([row(2, month=f"2021-0{month}")]) for month in (5, 6)
    }
    drop.put(zip_of(members | {"readme.txt": b"x"}), "download.zip")
    drop.put(b"", "2021-07-leicestershire-street.csv")


STEPS: list[tuple[object, str]] = [
    (commit, "put_in_place"),
    (Path, "replace"),
    (durable, "sync_folder"),
    (ledger.Ledger, "append_receipt"),
    (ledger.Ledger, "append_landing_file"),
    (take_delivery, "read_rows"),
]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("owner", "step"), STEPS, ids=[step for _, step in STEPS])
def test_dying_at_each_step(
    drops: Callable[[], Drop], monkeypatch: pytest.MonkeyPatch, owner: object, step: str, after: bool
) -> None:
    undisturbed = drops()
    fill(undisturbed)
    undisturbed.take_in()
    drop = drops()
    fill(drop)
    original = getattr(owner, step)
    deaths = 0
    while True:
        monkeypatch.setattr(owner, step, dying_at(original, deaths, after))
        try:
            drop.take_in()
            break
        except Died:
            deaths += 1
        finally:
            monkeypatch.setattr(owner, step, original)
    assert deaths >= 2
    drop.take_in()
    assert drop.state() == undisturbed.state()


def test_killed_for_real(drops: Callable[[], Drop]) -> None:
    undisturbed, drop = drops(), drops()
    for one in (undisturbed, drop):
        for month in range(1, 7):
            rows = [row(number, month=f"2021-0{month}") for number in range(2, 3000)]
            one.put(file_of(rows), f"2021-0{month}-leicestershire-street.csv")
    # As the processes below do: with what every other feed has too.
    take_in(undisturbed.contract, undisturbed.folder, undisturbed.said.append)
    assert all((undisturbed.folder.raw_of(feed) / NO_ROWS).exists() for feed in load_contracts())
    code = (
        "from pathlib import Path; from sources.contract.load import load_contracts; "
        "from sources.intake.take_in import take_in; "
        "from sources.folder.data_folder import DataFolder; import sys; "
        "take_in(load_contracts()['police/street_crime'], DataFolder(Path(sys.argv[1])), lambda _: None)"
    )
    root = Path(__file__).parents[3]
    killed = 0
    for wait in (0.1, 0.3, 0.15, 0.2):
        process = subprocess.Popen([sys.executable, "-c", code, str(drop.folder.root)], cwd=root)
        deadline = time.monotonic() + 20
        while not drop.folder.receipts.exists() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(wait)
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
            killed += 1
        process.wait()
    assert killed
    drop.take_in()
    assert drop.state() == undisturbed.state()


def failing_once(monkeypatch: pytest.MonkeyPatch, failure: Exception) -> None:
    """Have the next delivery fail as it is read."""
    original = csv_header.read_header

    def failing(*arguments: object) -> object:
        monkeypatch.setattr(take_delivery, "read_header", original)
        raise failure

    monkeypatch.setattr(take_delivery, "read_header", failing)


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (OSError("disk on fire"), "OSError"),
        (MemoryError(), "MemoryError"),
        (RecursionError("too deep\nand deeper"), "RecursionError"),
        (duckdb.OutOfMemoryException("all gone"), "OutOfMemoryException"),
    ],
)
def test_an_unexpected_error_leaves_its_file_pending_and_stops_no_other(
    drop: Drop, monkeypatch: pytest.MonkeyPatch, failure: Exception, told: str
) -> None:
    drop.put(file_of(sound_rows()), "2021-04-kent-street.csv")
    drop.put(file_of(sound_rows()))
    failing_once(monkeypatch, failure)
    result = drop.take_in()
    [unread] = result.unread
    assert unread.path == "police/street_crime/2021-04-kent-street.csv"
    assert re.fullmatch(
        rf"failed while it was read \({told} in test_crashes\.py, line \d+\)\. "
        r"It stays pending and is tried again by the next night\.",
        unread.why,
    )
    assert f"a file in its landing folder: not read; it {unread.why}" in drop.said[-1]
    assert [receipt.file_name for receipt in result.receipts] == [NAME]
    assert list(result.receipts) == drop.receipts()
    assert list(left_out(drop.folder, [drop.contract])) == [
        "not taken in so far: landing/police/street_crime/2021-04-kent-street.csv"
    ]
    again = drop.take_in()
    assert (len(again.receipts), again.unread) == (1, ())
    assert list(left_out(drop.folder, [drop.contract])) == []


def test_an_error_tells_nothing_of_the_values_of_a_file(drop: Drop, monkeypatch: pytest.MonkeyPatch) -> None:
    drop.put(file_of(sound_rows()))
    failing_once(monkeypatch, ValueError("Jane Doe is no number"))
    drop.take_in()
    assert not [said for said in drop.said if "Jane" in said]


def test_a_database_that_is_of_no_use_any_more_fails_one_file_alone(
    drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop.put(file_of(sound_rows()), "2021-04-kent-street.csv")
    drop.put(file_of(sound_rows()))
    original = take_delivery.read_rows

    def closing(database: duckdb.DuckDBPyConnection, *arguments: object) -> object:
        monkeypatch.setattr(take_delivery, "read_rows", original)
        database.close()
        return original(database, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(take_delivery, "read_rows", closing)
    result = drop.take_in()
    assert len(result.unread) == 1
    assert [receipt.file_name for receipt in result.receipts] == [NAME]


def test_rows_that_do_not_add_up_are_never_taken_in(drop: Drop, monkeypatch: pytest.MonkeyPatch) -> None:
    def miscounted(*arguments: object) -> object:
        numbered = number_rows(*arguments)  # type: ignore[arg-type]
        return dataclasses.replace(numbered, records=numbered.records + 1)

    monkeypatch.setattr(row_reading, "number_rows", miscounted)
    drop.put(file_of(sound_rows()))
    (unread,) = drop.take_in().unread
    assert "(RowsLost in rows.py" in unread.why
    assert drop.receipts() == []
    assert (drop.landing / NAME).exists()


def test_every_feed_has_its_empty_files_again_after_the_data_folder_was_removed(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    feeds = load_contracts()
    for _ in range(2):
        folder.receipts.parent.mkdir(parents=True)
        prepare(folder, feeds["police/street_crime"])
        assert all((folder.raw_of(feed) / NO_ROWS).exists() for feed in feeds)
        shutil.rmtree(folder.root)
