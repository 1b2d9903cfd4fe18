"""Ctrl-C and SIGTERM end a command that runs nights in the same way: by a KeyboardInterrupt, and a last line."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import typer

from orchestration.cli.console import FAILED, raise_if_debugging, say

INTERRUPTED = 130
"""What a shell sees of a command that was interrupted."""


@contextmanager
def ending(told: Callable[[], list[str]], cause: Callable[[Exception], str]) -> Iterator[None]:
    """Heed signals, and end a command whose work is interrupted or fails with a last line that says so.

    Before it stands what `told` has to say by then; `cause` puts an error into words.
    """
    heed_signals()
    try:
        yield
    except KeyboardInterrupt as interruption:
        say(*told(), "interrupted; nothing is lost, run again")
        raise typer.Exit(INTERRUPTED) from interruption
    except Exception as error:
        raise_if_debugging()
        say(*told(), f"failed: {cause(error)}")
        raise typer.Exit(FAILED) from error


def heed_signals() -> None:
    """Have SIGINT and SIGTERM interrupt this process; a shell starts a job in the background with SIGINT ignored."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        return  # which alone may; signals are for whoever runs this in a thread
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupt)
