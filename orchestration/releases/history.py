"""The history of publications: a line for each switch of the current release, the oldest first."""

import getpass
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sources.folder.data_folder import DataFolder
from sources.folder.durable import sync_folder

PUBLISHED = "published"
ROLLED_BACK = "rolled_back"
_KEYS = {"action", "at", "from", "to", "reason", "user"}


def read_history(folder: DataFolder) -> list[dict[str, Any]]:
    """Return the publications and rollbacks, oldest first: action, at, from, to, reason, user.

    Lines that cannot be read are left out; `damaged_history` names them.
    """
    return [line for _, line in _lines(folder) if line is not None]


def damaged_history(folder: DataFolder) -> list[str]:
    """Return a sentence for each line of the history that cannot be read."""
    return [
        f"{folder.publication_history}, line {number}: cannot be read, so that one publication or rollback is not "
        "known: put the line back from a copy, or remove it"
        for number, line in _lines(folder)
        if line is None
    ]


def ends_damaged(folder: DataFolder) -> bool:
    """Return whether the last line cannot be read or is torn, so that the history does not say what is current."""
    file = folder.publication_history
    if not file.exists():
        return False
    lines = list(_lines(folder))
    return not file.read_bytes().endswith(b"\n") or (bool(lines) and lines[-1][1] is None)


def history_line(action: str, before: str | None, after: str, reason: str) -> dict[str, Any]:
    """Return the line of a switch that is made now, by this user."""
    return {
        "action": action,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "from": before,
        "to": after,
        "reason": reason,
        "user": this_user(),
    }


def record(folder: DataFolder, line: dict[str, Any]) -> bool:
    """Append a line to the history, durably, and return True; one that is its last line already is not doubled."""
    lines = list(_lines(folder))
    if lines and lines[-1][1] == line and not ends_damaged(folder):
        return False
    with folder.publication_history.open("a+b") as file:
        os.fchmod(file.fileno(), 0o644)  # readers may see it, whatever the umask
        file.seek(0)
        file.truncate(file.read().rfind(b"\n") + 1)  # a torn line was never recorded
        file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    sync_folder(folder.published)
    return True


def _lines(folder: DataFolder) -> Iterator[tuple[int, dict[str, Any] | None]]:
    """Yield number and content of each whole line; None where it cannot be read."""
    file = folder.publication_history
    if not file.exists():
        return
    for number, text in enumerate(file.read_bytes().split(b"\n")[:-1], 1):  # what follows the last line end is torn
        try:
            line = json.loads(text)
        except ValueError:
            line = None
        yield number, line if isinstance(line, dict) and line.keys() >= _KEYS else None


def this_user() -> str:
    """Return the name of whoever runs this."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user need not have a name
        return f"user {os.getuid()}"
