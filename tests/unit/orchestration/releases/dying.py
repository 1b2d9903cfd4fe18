"""A process that dies just before one of the changes that it makes to the file system, whichever is asked for."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

CHANGES = {"open", "os.rename", "os.remove", "os.symlink", "os.mkdir", "os.chmod", "os.rmdir", "os.truncate"}


class Died(BaseException):
    """Stands for the end of the process: no handler for errors catches it."""


class _Death:
    """Python cannot take an audit hook away, so one hook serves every test, and is asleep between them."""

    root = ""
    calls_left = -1

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        if self.calls_left < 0 or event not in CHANGES:
            return
        place = arguments[0]
        if isinstance(place, (str, bytes, os.PathLike)) and os.fsdecode(place).startswith(self.root):
            self.calls_left -= 1
            if self.calls_left < 0:
                raise Died


_death = _Death()
_is_listening: list[bool] = []


@contextmanager
def dying_before(change: int, root: Path) -> Iterator[None]:
    """Die before the change of this number, from 0, to what lies below `root`; opening a file counts as one."""
    if not _is_listening:
        sys.addaudithook(_death)
        _is_listening.append(True)
    _death.root, _death.calls_left = str(root), change
    try:
        yield
    finally:
        _death.calls_left = -1


def died(act: Callable[[], object], change: int, root: Path) -> bool:
    """Return whether `act` died before its change of this number; False where it made fewer."""
    try:
        with dying_before(change, root):
            act()
    except Died:
        return True
    return False
