"""Files that survive a crash whole or not at all."""

import errno
import os
import shutil
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_file(file: Path) -> None:
    """Make the bytes of `file` durable."""
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def put_in_place(finished: Path, place: Path) -> None:
    """Move a finished file to `place` on the same file system, durably, in one step; what was there is replaced."""
    place.parent.mkdir(parents=True, exist_ok=True)
    sync_file(finished)
    finished.replace(place)
    sync_folder(place.parent)


def move_in_place(finished: Path, place: Path, mode: int) -> None:
    """Move a finished file to `place` durably, with these rights, from another file system too."""
    finished.chmod(mode)
    try:
        put_in_place(finished, place)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        copy_in_place(finished, place, mode)
        finished.unlink()


def copy_in_place(source: Path, place: Path, mode: int) -> None:
    """Copy a file to `place` durably, whole or not at all, with these rights from the first byte on."""
    place.parent.mkdir(parents=True, exist_ok=True)
    unfinished = place.with_name(f".{place.name}.part")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as copy, source.open("rb") as stream:
        shutil.copyfileobj(stream, copy)
    put_in_place(unfinished, place)


def write_whole(place: Path, content: str | bytes, mode: int = 0o600) -> None:
    """Write the file `place` durably, whole or not at all; what was there is replaced.

    `mode` are its rights, less what the process may not give; nobody else can read a byte of it before.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    unfinished = place.with_name(f".{place.name}.new")
    # Left by a process that died, and perhaps with other rights.
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content.encode() if isinstance(content, str) else content)
    put_in_place(unfinished, place)
