"""Dagster's SQLite stores: a damaged one is set aside, and Dagster makes it anew."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from orchestration.dagster_server import server_address
from sources.folder.data_folder import DataFolder

_WITHOUT = {
    "history/runs.db": "the list of runs begins anew",
    "history/runs/index.db": "what the checks said is forgotten, so that a release needs a new build",
    "schedules/schedules.db": "switch the nightly schedule on again in the UI",
}


class DamagedStoreError(Exception):
    """A store of Dagster's cannot be read; the message names the file and what mends it."""


def require_sound_stores(folder: DataFolder) -> None:
    """See that Dagster can open its stores.

    Raises:
        DamagedStoreError: one is no database.
    """
    for store in _damaged(folder, is_whole_file_read=False):
        raise DamagedStoreError(f"{store} is damaged: the next `csp nightly` sets it aside, and Dagster makes it anew")


def set_damaged_aside(folder: DataFolder, is_whole_file_read: bool = False) -> list[str]:
    """Rename each damaged store to `<name>.damaged`, and say of each what that means.

    Dagster must have none of them open. Without `is_whole_file_read` only what shows at once is found.
    """
    told = []
    for store in list(_damaged(folder, is_whole_file_read)):
        aside = store.with_name(f"{store.name}.damaged")
        store.replace(aside)
        for companion in ("-wal", "-shm", "-journal"):
            store.with_name(f"{store.name}{companion}").unlink(missing_ok=True)
        without = _WITHOUT[store.relative_to(folder.dagster_home).as_posix()]
        told.append(f"{store} was damaged and is set aside as {aside.name}: {without}. Restart a UI that runs")
    return told


def _damaged(folder: DataFolder, is_whole_file_read: bool) -> Iterator[Path]:
    if server_address():
        return  # files that were left are not read
    for name in _WITHOUT:
        store = folder.dagster_home / name
        if store.exists() and _is_damaged(store, is_whole_file_read):
            yield store


def _is_damaged(store: Path, is_whole_file_read: bool) -> bool:
    asked = "pragma quick_check(1)" if is_whole_file_read else "select 'ok' from (select count(*) from sqlite_master)"
    try:
        with closing(sqlite3.connect(f"{store.as_uri()}?mode=rw", uri=True)) as connection:
            return bool(connection.execute(asked).fetchall() != [("ok",)])
    except sqlite3.OperationalError:
        return False  # locked, or out of room, or without rights: not what a new file would mend
    except sqlite3.DatabaseError:
        return True
