"""Which release is current: the link that readers follow, and the history of its switches."""

import getpass
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sources.folder.data_folder import DataFolder
from sources.folder.durable import sync_folder

PUBLISHED = "published"
ROLLED_BACK = "rolled_back"


def current_id(folder: DataFolder) -> str | None:
    """Return the id of the release that `published/current` points to; None before the first publication."""
    link = folder.current_release
    return link.readlink().name if link.is_symlink() else None


def read_history(folder: DataFolder) -> list[dict[str, Any]]:
    """Return the publications and rollbacks, oldest first: action, at, from, to, reason, user."""
    file = folder.publication_history
    if not file.exists():
        return []
    whole_lines = file.read_text(encoding="utf-8").split("\n")[:-1]  # what follows the last line end is torn
    return [json.loads(line) for line in whole_lines]


def was_published(folder: DataFolder, release_id: str) -> bool:
    """Return whether a release is or ever was the current one; one whose run died before publishing it never was."""
    return release_id == current_id(folder) or any(line["to"] == release_id for line in read_history(folder))


def switch(folder: DataFolder, release_id: str, action: str, reason: str) -> None:
    """Point `published/current` to a release, and record it; nothing happens where it points there already."""
    folder.published.mkdir(parents=True, exist_ok=True)
    before = current_id(folder)
    _complete_history(folder, before)
    if before == release_id:
        return
    link = folder.published / ".current"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("..", folder.releases.name, release_id))
    link.replace(folder.current_release)
    sync_folder(folder.published)
    _record(folder, action, before, release_id, reason)


def _complete_history(folder: DataFolder, current: str | None) -> None:
    """Record a switch whose process died before it could."""
    history = read_history(folder)
    recorded = history[-1]["to"] if history else None
    if current is None or current == recorded:
        return
    known = any(line["to"] == current for line in history)
    reason = "recorded late: the process that switched ended before it recorded why"
    _record(folder, ROLLED_BACK if known else PUBLISHED, recorded, current, reason)


def _record(folder: DataFolder, action: str, before: str | None, after: str, reason: str) -> None:
    line = {
        "action": action,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "from": before,
        "to": after,
        "reason": reason,
        "user": _user(),
    }
    with folder.publication_history.open("a+b") as file:
        file.seek(0)
        file.truncate(file.read().rfind(b"\n") + 1)  # a torn line was never recorded
        file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    sync_folder(folder.published)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user need not have a name
        return f"user {os.getuid()}"
