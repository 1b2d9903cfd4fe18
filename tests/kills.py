"""Kills at every step: a process that ends, without a word, before the nth change that it would make to files.

The steps are those that Python makes: renames, removals, links, files opened to be written, writes and syncs. What is
written in between, DuckDB's files too, lies between two of them.
"""

import os
import sys
import traceback
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

KILLED = 87
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_PLACE_OF_PATH = {"os.rename": 1, "os.remove": 0, "os.symlink": 1, "os.mkdir": 0, "open": 0}


def die_before(step: int, below: Path) -> Callable[[], int]:
    """Have this process end before change number `step`, from 1, of a file below a folder.

    Return what tells how many changes there were so far.
    """
    changes = count(1)
    made = 0

    def change() -> None:
        nonlocal made
        made = next(changes)
        if made == step:
            os._exit(KILLED)

    def see(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _PLACE_OF_PATH and not (event == "open" and not (arguments[2] or 0) & _WRITING):
            path = arguments[_PLACE_OF_PATH[event]]
            if isinstance(path, str | os.PathLike) and Path(path).is_relative_to(below):
                change()

    def changing(original: Callable[..., Any]) -> Callable[..., Any]:
        def changed(*arguments: Any) -> Any:
            change()
            return original(*arguments)

        return changed

    sys.addaudithook(see)
    os.fsync, os.write = changing(os.fsync), changing(os.write)
    return lambda: made


def lives_through(step: int, operation: Callable[[], object], below: Path) -> bool:
    """Run an operation in a process of its own, killed before its change number `step`; return whether it ended."""
    child = os.fork()
    if child == 0:
        try:
            die_before(step, below)
            operation()
        except BaseException:  # noqa: BLE001 - the parent has no other way to learn of it
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, KILLED), f"the operation failed at step {step}"
    return code == 0
