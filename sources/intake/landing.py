"""What lies in a feed's landing folder, and which of it is still being written."""

import errno
import fcntl
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from sources.folder.data_folder import DataFolder
from sources.folder.durable import sync_folder

# Names under which transfer programs and editors keep a file until it is whole.
UNFINISHED_SUFFIXES = (".part", ".partial", ".tmp", ".filepart", ".crdownload", ".download", "~")
# A writer that pauses longer than this between two writes and holds no open file cannot be told from one that is done.
SETTLE_SECONDS = 2.0


@dataclass(frozen=True)
class Candidate:
    """A file in landing, as it was when it was looked at."""

    file: Path
    path: str
    """Relative to landing/, as text: bytes of a name that are no UTF-8 are spelled out, as in `caf\\xe9.csv`."""
    size: int
    mtime_ns: int

    @property
    def name(self) -> str:
        """Return the base name, as text."""
        return PurePosixPath(self.path).name

    def is_unchanged(self) -> bool:
        """Return whether the file is still as it was."""
        try:
            state = self.file.lstat()
        except FileNotFoundError:
            return False
        return (state.st_size, state.st_mtime_ns) == (self.size, self.mtime_ns)


def files_in(folder: Path, landing: Path) -> Iterator[Candidate]:
    """Yield every regular file below `folder` in the order of their paths; links are not followed."""
    for parent, folders, names in os.walk(folder, followlinks=False):
        folders.sort()
        for name in names:
            file = Path(parent, name)
            try:
                state = file.lstat()
            except FileNotFoundError:
                continue
            if file.is_file() and not file.is_symlink():
                path = os.fsencode(file.relative_to(landing)).decode("utf-8", "backslashreplace")
                yield Candidate(file, path, state.st_size, state.st_mtime_ns)


def outside_every_feed(folder: DataFolder, feed_keys: Iterable[str]) -> list[str]:
    """Return the files in landing/ (relative to it) that lie in no feed's folder, so that no intake will see them."""
    feeds = tuple(f"{key}/" for key in feed_keys)
    return sorted(
        candidate.path
        for candidate in files_in(folder.landing, folder.landing)
        if not candidate.path.startswith(feeds) and not _is_unfinished(candidate.file.name)
    )


def settled(candidates: list[Candidate], settle_seconds: float) -> tuple[list[Candidate], list[Candidate]]:
    """Return the candidates that are whole, and those that are still being written.

    Waits once, for all together, when one was changed within the last `settle_seconds`.
    """
    named = [candidate for candidate in candidates if not _is_unfinished(candidate.file.name)]
    newest = max((candidate.mtime_ns for candidate in named), default=0) / 1e9
    age = time.time() - newest
    if age < settle_seconds:
        # A time of change in the future, from another clock, tells nothing: wait once for that too.
        time.sleep(min(settle_seconds, settle_seconds - age))
    whole = [candidate for candidate in named if candidate.is_unchanged() and not _is_open_for_writing(candidate.file)]
    rest = set(candidates).difference(whole)
    return whole, [candidate for candidate in candidates if candidate in rest]


def delete_from_landing(candidate: Candidate, because: str) -> bool:
    """Delete a landing file of which nothing may be kept; return False where another one has taken its place.

    Raises:
        OSError: it cannot be deleted.
    """
    if not candidate.is_unchanged():
        return False
    try:
        candidate.file.unlink()
    except OSError as error:
        raise OSError(f"{because}, and cannot be deleted ({error.strerror}): delete it") from error
    sync_folder(candidate.file.parent)
    return True


def _is_unfinished(name: str) -> bool:
    return name.startswith((".", "~")) or name.casefold().endswith(UNFINISHED_SUFFIXES)


def _is_open_for_writing(file: Path) -> bool:
    """Return whether a process holds the file open for writing, where the system tells (Linux, own files)."""
    if not hasattr(fcntl, "F_SETLEASE"):
        return False
    try:
        descriptor = os.open(file, os.O_RDONLY)
    except OSError:
        return False
    try:
        # The kernel grants a read lease only while nobody has the file open for writing.
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        return error.errno == errno.EAGAIN
    finally:
        os.close(descriptor)
    return False
