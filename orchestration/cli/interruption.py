"""Ctrl-C and SIGTERM end a command in the same way: by a KeyboardInterrupt."""

import signal
from types import FrameType


def heed_signals() -> None:
    """Have SIGINT and SIGTERM interrupt this process; a shell starts a job in the background with SIGINT ignored."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupt)
