"""What lies in landing: files by a walk that neither follows a link nor opens anything, and what no walk can read."""

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from sources.folder.no_links import delete_below, folder_of, open_below
from sources.folder.printable import path_text

_CHUNK = 1 << 20
_KINDS = {
    stat.S_IFLNK: "a link",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}
_MOVE = "Put the file itself in its place."


@dataclass(frozen=True)
class Candidate:
    """A file in landing, as it was when it was looked at."""

    file: Path
    path: str
    """Relative to landing/, as text: bytes that are no UTF-8 or nothing to print are spelled out, as in `caf\\xe9`."""
    size: int
    mtime_ns: int

    @property
    def landing(self) -> Path:
        """Return landing/, from which on no link may lead to the file."""
        return self.file.parents[len(PurePosixPath(self.path).parts) - 1]

    @property
    def name(self) -> str:
        """Return the base name, as text."""
        return PurePosixPath(self.path).name

    def is_unchanged(self) -> bool:
        """Return whether the file is still as it was."""
        try:
            with folder_of(self.landing, self.file) as folder:
                state = os.stat(self.file.name, dir_fd=folder, follow_symlinks=False)
        except OSError:
            return False
        return (state.st_size, state.st_mtime_ns) == (self.size, self.mtime_ns)

    def open(self) -> BinaryIO:
        """Open the file for reading.

        Raises:
            OSError: it cannot be read, or something else than a file, or a link, has taken the place of it or of a
                folder above it.
        """
        return os.fdopen(open_below(self.landing, self.file), "rb")

    def delete(self) -> None:
        """Delete the file, durably.

        Raises:
            OSError: it cannot be deleted, or a link leads to it.
        """
        delete_below(self.landing, self.file)


@dataclass(frozen=True)
class Unread:
    """What lies in landing and is not read."""

    path: str
    """Relative to landing/, as text."""
    why: str
    """As the rest of a sentence: why not, and what to do."""


@dataclass(frozen=True)
class Landed:
    """What a walk found, in the order of the paths."""

    files: list[Candidate]
    unread: list[Unread]


def look_below(folder: Path, landing: Path) -> Landed:
    """Return what lies below `folder`, which is landing/ or lies in it."""
    landed = Landed([], [])
    above = [parent for parent in [folder, *folder.parents] if parent != landing and parent.is_relative_to(landing)]
    links = [parent for parent in above if os.path.islink(parent)]  # noqa: PTH114 no error where there is no right
    if links:
        landed.unread.append(
            Unread(
                path_text(links[-1].relative_to(landing)),
                f"is {_KINDS[stat.S_IFLNK]} and no folder. Put the folder itself in its place.",
            )
        )
        return landed
    # With a list of its own: Python's walk of folders within folders ends at a depth of a thousand.
    waiting = [folder]
    while waiting:
        place = waiting.pop()
        try:
            with os.scandir(place) as entries:
                inside = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            if place != folder or not isinstance(error, FileNotFoundError):
                landed.unread.append(Unread(path_text(place.relative_to(landing)), _cannot_be_read(error)))
            continue
        waiting += [Path(entry.path) for entry in reversed(inside) if entry.is_dir(follow_symlinks=False)]
        for entry in inside:
            if not entry.is_dir(follow_symlinks=False):
                _add(landed, Path(entry.path), landing)
    return landed


def sha256_of(candidate: Candidate) -> str | None:
    """Return the hash of a file; None where it cannot be read."""
    digest = hashlib.sha256()
    try:
        with candidate.open() as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    except OSError:
        return None
    return digest.hexdigest()


def cannot_be_read(error: OSError) -> str:
    """Return in words why a file cannot be read, and what to do."""
    if isinstance(error, FileNotFoundError):
        return "is gone since it was seen. If it was meant to stay, send it again."
    return _cannot_be_read(error)


def _cannot_be_read(error: OSError) -> str:
    return f"cannot be read ({error.strerror or error}). Give whoever runs the warehouse the right to read it."


def _add(landed: Landed, file: Path, landing: Path) -> None:
    path = path_text(file.relative_to(landing))
    try:
        state = file.lstat()
    except FileNotFoundError:
        return
    except OSError as error:
        landed.unread.append(Unread(path, _cannot_be_read(error)))
        return
    if stat.S_ISREG(state.st_mode):
        landed.files.append(Candidate(file, path, state.st_size, state.st_mtime_ns))
    else:
        kind = _KINDS.get(stat.S_IFMT(state.st_mode), "no file")
        landed.unread.append(Unread(path, f"is {kind} and no file. {_MOVE}"))
