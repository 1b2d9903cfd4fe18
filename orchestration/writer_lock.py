"""One writer at a time: the lock that every step that writes takes, and the names of those who hold it."""

import fcntl
import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from sources.folder.data_folder import DataFolder
from sources.folder.format import require_known_format
from sources.folder.rights import make_data_folder


class DamagedWarehouseError(Exception):
    """The warehouse cannot be opened, and nobody holds it."""


_held: dict[Path, int] = {}  # how deep this process holds each lock file


class WarehouseBusyError(Exception):
    """Another process writes to the data folder or holds the warehouse open."""


def _holder(lock_file: Path) -> str:
    try:
        holder = json.loads(lock_file.read_text())
    except (OSError, ValueError):
        return "another process"
    named = holder if isinstance(holder, dict) else {}
    return f"process {named.get('pid')} ({named.get('command')}), since {named.get('since')}"


@contextmanager
def writer_lock(folder: DataFolder) -> Iterator[None]:
    """Hold the data folder for writing; the operating system frees it when the process dies.

    Re-entrant within a process, so that a nightly run holds it from its first step to its last.

    Raises:
        WarehouseBusyError: another process holds it; the message names it.
        FolderFormatError: a newer version has written to it.
    """
    lock_file = folder.writer_lock
    if lock_file in _held:
        _held[lock_file] += 1
        try:
            yield
        finally:
            _held[lock_file] -= 1
        return
    require_known_format(folder)
    make_data_folder(folder)
    descriptor = os.open(lock_file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise WarehouseBusyError(
                f"{folder.root} is being written by {_holder(lock_file)}. "
                "Wait for it to end, or end that process; then run again."
            ) from error
        command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:]])
        holder = {
            "pid": os.getpid(),
            "command": command,
            "since": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        os.ftruncate(descriptor, 0)
        os.write(descriptor, json.dumps(holder).encode())
        _held[lock_file] = 1
        try:
            yield
        finally:
            del _held[lock_file]
    finally:
        os.close(descriptor)


def is_written(folder: DataFolder) -> bool:
    """Return whether another process holds the data folder for writing."""
    try:
        with writer_lock(folder):
            return False
    except WarehouseBusyError:
        return True


def require_free_warehouse(warehouse: Path) -> None:
    """See that nobody else has the warehouse file open before dbt starts.

    Raises:
        WarehouseBusyError: naming the process that DuckDB says holds the file.
        DamagedWarehouseError: nobody holds it, and DuckDB cannot open it.
    """
    if not warehouse.exists():
        return
    try:
        duckdb.connect(str(warehouse)).close()
    except duckdb.Error as error:
        if not re.search(r"\block\b", str(error)):  # and not a block
            raise DamagedWarehouseError(f"{warehouse} cannot be opened ({str(error).splitlines()[0]})") from error
        held_by = re.search(r"Conflicting lock is held in (.+?\(PID \d+\))", str(error))
        raise WarehouseBusyError(
            f"{warehouse} is held open by {held_by.group(1) if held_by else 'another process'}. "
            "Close it there: readers open published/current/indicators.duckdb, never the warehouse."
        ) from error
