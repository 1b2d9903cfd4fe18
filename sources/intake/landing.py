"""What lies in a feed's landing folder, and which of it is still being written."""

import errno
import fcntl
import time
from collections.abc import Iterable

from sources.folder.data_folder import DataFolder
from sources.folder.landed import Candidate, look_below

# Names under which transfer programs and editors keep a file until it is whole.
UNFINISHED_SUFFIXES = (".part", ".partial", ".tmp", ".filepart", ".crdownload", ".download", "~")
# A writer that pauses longer than this between two writes and holds no open file cannot be told from one that is done.
SETTLE_SECONDS = 2.0


class CannotBeRemoved(Exception):
    """A landing file of which nothing may be kept cannot be deleted; the message says what to do."""


def outside_every_feed(folder: DataFolder, feed_keys: Iterable[str]) -> list[str]:
    """Return what lies in landing/ (relative to it) but in no feed's folder, so that no intake will see it.

    What lies in landing/incoming/ is told with what it is found to be.
    """
    feeds = (*(f"{key}/" for key in feed_keys), f"{folder.incoming.name}/")
    landed = look_below(folder.landing, folder.landing)
    files = [one.path for one in landed.files if not is_unfinished(one.file.name)]
    # What cannot be read within a feed's folder is told with the feed.
    return sorted(path for path in [*files, *(one.path for one in landed.unread)] if not f"{path}/".startswith(feeds))


def settled(candidates: list[Candidate], settle_seconds: float) -> tuple[list[Candidate], list[Candidate]]:
    """Return the candidates that are whole, and those that are still being written.

    Waits once, for all together, when one was changed within the last `settle_seconds`.
    """
    named = [candidate for candidate in candidates if not is_unfinished(candidate.file.name)]
    newest = max((candidate.mtime_ns for candidate in named), default=0) / 1e9
    age = time.time() - newest
    if age < settle_seconds:
        # A time of change in the future, from another clock, tells nothing: wait once for that too.
        time.sleep(min(settle_seconds, settle_seconds - age))
    whole = [candidate for candidate in named if candidate.is_unchanged() and not is_open_for_writing(candidate)]
    rest = set(candidates).difference(whole)
    return whole, [candidate for candidate in candidates if candidate in rest]


def delete_from_landing(candidate: Candidate, because: str) -> bool:
    """Delete a landing file of which nothing may be kept; return False where another one has taken its place.

    Raises:
        CannotBeRemoved: it cannot be deleted.
    """
    if not candidate.is_unchanged():
        return False
    try:
        candidate.delete()
    except OSError as error:
        raise CannotBeRemoved(f"{because}, and cannot be deleted ({error.strerror}): delete it") from error
    return True


def is_unfinished(name: str) -> bool:
    """Return whether a file of this name is not whole yet, as transfer programs and editors say."""
    return name.startswith((".", "~")) or name.casefold().endswith(UNFINISHED_SUFFIXES)


def is_open_for_writing(candidate: Candidate) -> bool:
    """Return whether a process holds the file open for writing, where the system tells (Linux, own files)."""
    if not hasattr(fcntl, "F_SETLEASE"):
        return False
    try:
        stream = candidate.open()
    except OSError:
        return False
    try:
        with stream:
            # The kernel grants a read lease only while nobody has the file open for writing.
            fcntl.fcntl(stream, fcntl.F_SETLEASE, fcntl.F_RDLCK)
            fcntl.fcntl(stream, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        return error.errno == errno.EAGAIN
    return False
