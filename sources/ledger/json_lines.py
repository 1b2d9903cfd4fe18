"""Files of JSON lines that are appended to and never changed.

A line counts once its line feed is written; what follows the last line feed is the rest of an append that a crash cut
short, is not read, and is cut off by the next append.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sources.folder.durable import sync_folder

_TAIL = 1 << 14


class DamagedLedgerError(Exception):
    """A line of the ledger is not as it was written; the message names file and line and says what to do."""

    def __init__(self, file: Path, line: int, found: str) -> None:
        super().__init__(
            f"{file}, line {line}: {found}. Lines are only ever appended: put the file back from a copy, or see "
            "`The ledger is damaged` in docs/failures.md"
        )


def complete_lines(file: Path) -> bytes:
    """Return the lines of a file, which may not be there, less an append that a crash cut short."""
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        return b""
    return content[: content.rfind(b"\n") + 1]


def numbered(file: Path, content: bytes, key: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the lines of `content`, which is that of `file`, with their numbers: each has its own under `key`.

    Raises:
        DamagedLedgerError: a line cannot be read, or lines before it are missing.
    """
    for number, text in enumerate(content.split(b"\n")[:-1], 1):
        line = _object_in(text)
        if line is None:
            raise DamagedLedgerError(file, number, "cannot be read")
        if line.get(key) != number:
            raise DamagedLedgerError(file, number, f"has {key} {line.get(key)!r} where {number} is due")
        yield number, line


def readable(content: bytes) -> Iterator[dict[str, Any]]:
    """Yield the lines of `content` that can be read."""
    return (line for text in content.split(b"\n")[:-1] if (line := _object_in(text)) is not None)


def _object_in(text: bytes) -> dict[str, Any] | None:
    try:
        line = json.loads(text)
    except ValueError:
        return None
    return line if isinstance(line, dict) else None


class LockedLines:
    """An append-only file, locked against other appenders for as long as the `with` lasts."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self.is_new = not file.exists()
        self.file = file
        self.descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)

    def __enter__(self) -> "LockedLines":
        fcntl.flock(self.descriptor, fcntl.LOCK_EX)
        tail, start = self._tail()
        complete = tail.rfind(b"\n") + 1
        if complete < len(tail):
            os.ftruncate(self.descriptor, start + complete)
        self.last_line = tail[:complete].rstrip(b"\n").rpartition(b"\n")[2]
        return self

    def _tail(self) -> tuple[bytes, int]:
        """Return the end of the file, its last complete line included, and where that end starts."""
        size = os.fstat(self.descriptor).st_size
        length = _TAIL
        while True:
            start = max(0, size - length)
            tail = os.pread(self.descriptor, size - start, start)
            # Two line feeds enclose a whole line.
            if start == 0 or tail.count(b"\n") > 1:
                return tail, start
            length *= 2

    def __exit__(self, *_: object) -> None:
        os.close(self.descriptor)

    def last_number(self, key: str) -> int:
        """Return the number that the last line has under `key`; 0 where there is no line."""
        return int(json.loads(self.last_line)[key]) if self.last_line else 0

    def append(self, line: Mapping[str, Any]) -> None:
        """Append a line durably."""
        content = json.dumps(line, ensure_ascii=False).encode() + b"\n"
        while content:
            content = content[os.write(self.descriptor, content) :]
        os.fsync(self.descriptor)
        if self.is_new:
            sync_folder(self.file.parent)
