"""Which release is current: the link that readers follow, that of the partners behind it, and how both are switched.

The history says which release is current and the link follows it. A switch is written down before it is made, so that
one whose process died is completed by whoever comes next, with its reason.
"""

import json
from itertools import count
from pathlib import Path
from typing import Any

from orchestration.releases.history import (
    PUBLISHED,
    ROLLED_BACK,
    ends_damaged,
    history_line,
    read_history,
    record,
)
from sources.folder.data_folder import DataFolder, PartnersFolder
from sources.folder.durable import sync_folder, write_whole
from sources.folder.rights import READERS, make_folder


def current_id(folder: DataFolder) -> str | None:
    """Return the id of the release of the store to which `published/current` leads readers; None where to none."""
    link = folder.current_release
    if not link.is_symlink():
        return None
    target = link.readlink()
    release = folder.releases / target.name
    try:
        return target.name if release.samefile(folder.published / target) and release.is_dir() else None
    except OSError:
        return None


def was_published(folder: DataFolder, release_id: str) -> bool:
    """Return whether a release is or ever was the current one; one whose run died before publishing it never was."""
    return release_id == current_id(folder) or any(line["to"] == release_id for line in read_history(folder))


def switch(folder: DataFolder, release_id: str, action: str, reason: str) -> None:
    """Point `published/current` to a release, and record it; nothing happens where it points there already."""
    make_folder(folder.published, READERS)
    mend(folder)
    before = current_id(folder)
    if before == release_id:
        return
    write_whole(folder.intended_switch, json.dumps(history_line(action, before, release_id, reason)), mode=0o644)
    _point_to(folder, release_id)
    follow_current(folder)
    _complete(folder)


def mend(folder: DataFolder) -> list[str]:
    """Complete a switch whose process died, and have the link follow the history; return what was done, in sentences.

    The caller holds the data folder's writer lock.
    """
    if not folder.published.is_dir():
        return []
    return [*_complete(folder), *_follow_history(folder), *follow_current(folder)]


def follow_current(folder: DataFolder) -> list[str]:
    """Point `partners/current` to the twin of the current release, and return what was done, in sentences.

    Where that has none there is no such link.
    """
    if not folder.partners.is_dir():
        return []
    release_id = current_id(folder)
    link = PartnersFolder(folder.root).current_release
    if release_id and (folder.partners / release_id).is_dir():
        target = Path(release_id)
        if link.is_symlink() and link.readlink() == target:
            return []
        _link(link, target)
        return [f"{link} leads to {release_id}, as {folder.current_release} does"]
    if not link.is_symlink():
        return []
    link.unlink()
    sync_folder(folder.partners)
    return [f"{link} is removed: {release_id} has no twin for partners"]


def _complete(folder: DataFolder) -> list[str]:
    """Record a switch that was made, as it was intended; one that was not made is forgotten."""
    if not folder.intended_switch.exists():
        return []
    intended = _intended(folder)
    is_late = intended is not None and current_id(folder) == intended["to"] and record(folder, intended)
    folder.intended_switch.unlink()
    sync_folder(folder.published)
    if not (intended and is_late):
        return []
    return [
        f"recorded late, because its process ended before it could: {intended['action'].replace('_', ' ')} "
        f"{intended['to']} at {intended['at']} by {intended['user']}, reason: {intended['reason']}"
    ]


def _intended(folder: DataFolder) -> dict[str, Any] | None:
    try:
        line = json.loads(folder.intended_switch.read_bytes())
    except ValueError:
        return None
    return line if isinstance(line, dict) and "to" in line else None


def _follow_history(folder: DataFolder) -> list[str]:
    """Point the link to the release that the history says is current, or else to the last that is left of it."""
    history = read_history(folder)
    recorded = history[-1]["to"] if history else None
    current = current_id(folder)
    if current == recorded:
        return []
    if current and (recorded is None or ends_damaged(folder) or not (folder.releases / recorded).is_dir()):
        # The history does not say otherwise, so what readers see stays.
        action = ROLLED_BACK if any(line["to"] == current for line in history) else PUBLISHED
        reason = "recorded late: the history did not say why readers see it"
        record(folder, history_line(action, recorded, current, reason))
        return [f"readers see {current}, which is recorded now in {folder.publication_history}"]
    left = _last_left(folder, [line["to"] for line in history])
    if left is None:
        return []
    found = _found(folder)
    _point_to(folder, left)
    if left != recorded:
        record(folder, history_line(ROLLED_BACK, recorded, left, f"{recorded} is gone from {folder.releases}"))
    return [f"{folder.current_release} {found}: readers see {left} again"]


def _last_left(folder: DataFolder, switched_to: list[str]) -> str | None:
    """Return the release that was switched to last, or else the last before it that still exists."""
    if not switched_to:
        return None
    before = switched_to[: switched_to.index(switched_to[-1])]  # and none that a rollback has gone away from
    return next((one for one in (switched_to[-1], *reversed(before)) if (folder.releases / one).is_dir()), None)


def _found(folder: DataFolder) -> str:
    """Say what is in the place of the link."""
    place = folder.current_release
    if place.is_symlink():
        return f"led to {place.readlink()}, which is not the release that was published last or rolled back to"
    return "was no link, and is set aside beside it" if place.exists() else "was missing"


def _point_to(folder: DataFolder, release_id: str) -> None:
    _link(folder.current_release, Path("..", folder.releases.name, release_id))


def _link(place: Path, target: Path) -> None:
    link = place.with_name(f".{place.name}")
    link.unlink(missing_ok=True)
    link.symlink_to(target)
    if place.exists() and not place.is_symlink():  # somebody's copy: not ours to delete
        place.rename(_free_name(place))
    link.replace(place)
    sync_folder(place.parent)


def _free_name(place: Path) -> Path:
    """Return a name beside `place` that nothing has yet."""
    names = (place.with_name(f"{place.name}-set-aside-{number}") for number in count(1))
    return next(name for name in names if not name.exists() and not name.is_symlink())
