"""Progress of a run: lines of one logger, printed by the command line and kept in Dagster's event log, and how far."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sources.folder.printable import printable

progress_logger = logging.getLogger("csp")
progress_logger.setLevel(logging.INFO)
_watching: list[Callable[[str, int, int], None]] = []


def report(message: str) -> None:
    """Say in one line what the run has just done."""
    progress_logger.info("%s", printable(message))


def detail(message: str) -> None:
    """Say what only who asks for all of it wants to see on the terminal."""
    progress_logger.info("%s", printable(message), extra={"is_detail": True})


def is_detail(record: logging.LogRecord) -> bool:
    """Return whether a progress line is one that is said by `detail`."""
    return getattr(record, "is_detail", False)


def advance(stage: str, done: int, total: int) -> None:
    """Say how far a stage of the run has come: `done` of `total` of whatever it works through."""
    for watch in _watching:
        watch(stage, done, total)


@contextmanager
def watched(watch: Callable[[str, int, int], None]) -> Iterator[None]:
    """Have a function called with stage, done and total whenever a stage advances."""
    _watching.append(watch)
    try:
        yield
    finally:
        _watching.remove(watch)
