"""Ctrl-C and SIGTERM end a command in the same way: by a KeyboardInterrupt."""

import signal
import threading
from types import FrameType


def heed_signals() -> None:
    """Have SIGINT and SIGTERM interrupt this process; a shell starts a job in the background with SIGINT ignored."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        return  # which alone may; signals are for whoever runs this in a thread
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupt)
