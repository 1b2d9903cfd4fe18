"""A command that rewrites many files notes that it is under way: until it ends, nothing is built or published."""

import json
from datetime import UTC, datetime

from sources.folder.data_folder import DataFolder
from sources.folder.durable import sync_folder, write_whole


class UnfinishedError(Exception):
    """A command was interrupted half-way; the message says which, and that it has to be run again."""


def begin(folder: DataFolder, command: str) -> bool:
    """Note that `csp <command>` has begun; return whether an earlier one may have changed files and did not end."""
    is_half_done = folder.unfinished.exists() and _noted(folder).get("has_changed_files") is not False
    _note(folder, command, has_changed_files=is_half_done)
    return is_half_done


def change(folder: DataFolder, command: str) -> None:
    """Note that it changes files from now on, and cannot be given up any more."""
    _note(folder, command, has_changed_files=True)


def end(folder: DataFolder) -> None:
    """Note that all is done, or nothing was."""
    folder.unfinished.unlink()
    sync_folder(folder.unfinished.parent)


def is_of(folder: DataFolder, command: str) -> bool:
    """Return whether the command that was interrupted, if one was, is `csp <command>`."""
    return folder.unfinished.exists() and _noted(folder).get("command") == command


def require_finished(folder: DataFolder) -> None:
    """See that no command was interrupted half-way; the caller holds the data folder's writer lock.

    Raises:
        UnfinishedError: one was.
    """
    if folder.unfinished.exists():
        noted = _noted(folder)
        command = f"csp {noted.get('command', 'rehash')}"
        raise UnfinishedError(
            f"`{command}`, begun {noted.get('since', 'earlier')}, was interrupted, and files may be half old and half "
            f"new: run `{command}` again to finish it"
        )


def _note(folder: DataFolder, command: str, has_changed_files: bool) -> None:
    since = datetime.now(UTC).isoformat(timespec="seconds")
    noted = {"command": command, "since": since, "has_changed_files": has_changed_files}
    write_whole(folder.unfinished, json.dumps(noted) + "\n")


def _noted(folder: DataFolder) -> dict[str, object]:
    try:
        noted = json.loads(folder.unfinished.read_text())
    except ValueError:
        noted = None
    return noted if isinstance(noted, dict) else {}
