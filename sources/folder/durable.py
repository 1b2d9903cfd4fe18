"""Files that survive a crash whole or not at all."""

import os
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
