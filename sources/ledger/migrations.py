"""What brings a data folder from each form to the next, and the command that does it.

A migration only looks at a folder and lists its changes: moves and removals, each of which may be done twice. So it can
be shown before it is done, and whoever dies half-way does it again. A test tries each on folders that earlier versions
made.
"""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sources.folder.data_folder import DataFolder
from sources.folder.durable import sync_folder
from sources.folder.format import CURRENT, format_of, note_format, require_known_format
from sources.folder.rights import OWNER_ALONE, make_folder
from sources.ledger import unfinished

COMMAND = "upgrade --yes"


@dataclass(frozen=True)
class Change:
    """A file or folder that is moved to `place`, or removed where there is none, and why."""

    path: Path
    why: str
    place: Path | None = None

    def told(self, folder: DataFolder) -> str:
        """Return what is done, in a sentence."""
        name = self.path.relative_to(folder.root)
        done = f"move {name} to {self.place.relative_to(folder.root)}" if self.place else f"remove {name}"
        return f"{done}: {self.why}"


@dataclass(frozen=True)
class Migration:
    """What leads to a form, with the version since which it is written."""

    to: int
    since: str
    changes: Callable[[DataFolder], list[Change]]


def to_form_2(folder: DataFolder) -> list[Change]:
    """Return what versions 0.1.0 and 0.2.0 left that no command of today reads, keeps or erases.

    Receipts, releases and lineage stay: every later version reads the forms that they have had.
    """
    superseded, exact = folder.ledger / "feeds.jsonl", folder.root / "partner"
    changes = []
    if superseded.exists():
        changes.append(Change(superseded, "what models read of contracts stands in ledger/for_models"))
    if exact.is_dir():
        why = "exact figures of earlier releases, for the owner alone; delete them when no partner needs them"
        changes.append(Change(exact, why, folder.partners / "before-0.3.0"))
    return changes


MIGRATIONS = (Migration(2, "0.3.0", to_form_2),)


def due(folder: DataFolder) -> list[Migration]:
    """Return the migrations that a data folder has not had, in their order.

    Raises:
        FolderFormatError: a newer version has written to it.
    """
    require_known_format(folder)
    number = format_of(folder)
    return [migration for migration in MIGRATIONS if migration.to > number]


def upgrade(folder: DataFolder, say: Callable[[str], None]) -> int:
    """Bring a data folder to the current form, and return its number; the caller holds the writer lock.

    A run that dies leaves a note with which nothing is built, and is simply repeated.

    Raises:
        FolderFormatError: a newer version has written to it.
        UnfinishedError: another command was interrupted half-way.
    """
    if not unfinished.is_of(folder, COMMAND):
        unfinished.require_finished(folder)
    for migration in due(folder):
        changes = migration.changes(folder)
        unfinished.begin(folder, COMMAND)
        unfinished.change(folder, COMMAND)
        for change in changes:
            _make(change)
            say(change.told(folder))
        note_format(folder, migration.to)
        unfinished.end(folder)
    if unfinished.is_of(folder, COMMAND):
        unfinished.end(folder)  # died between the number and the end
    return format_of(folder)


def settle_format(folder: DataFolder) -> str | None:
    """Note the form of a folder that is new or needs no change, and say what is left to do; the caller holds the lock.

    None says that nothing is.
    """
    if not _is_behind(folder, due(folder)):
        note_format(folder, CURRENT)
        return None
    return told_of_format(folder)


def told_of_format(folder: DataFolder) -> str | None:
    """Return what is to be done about a folder of an earlier form, in a sentence; None of any other.

    Raises:
        FolderFormatError: a newer version has written to it.
    """
    if not _is_behind(folder, due(folder)):
        return None
    return (
        f"the data folder is of form {format_of(folder)}, as an earlier version wrote it; nights go on, and "
        f"`csp upgrade` says what brings it to form {CURRENT}"
    )


def _is_behind(folder: DataFolder, migrations: Sequence[Migration]) -> bool:
    return any(migration.changes(folder) for migration in migrations)


def _make(change: Change) -> None:
    if change.place is None:
        if change.path.is_dir():
            shutil.rmtree(change.path)
        else:
            change.path.unlink()
    else:
        make_folder(change.place.parent, OWNER_ALONE)
        change.path.rename(change.place)
        sync_folder(change.place.parent)
    sync_folder(change.path.parent)
