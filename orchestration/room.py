"""Room on the disk: what a night needs, and what is said where it ran out."""

import shutil
from pathlib import Path

SPACE_NEEDED = 2_000_000_000  # of a night: the warehouse anew, a release and what DuckDB spills


def lack_of_room(folder: Path) -> str | None:
    """Say that the file system of a folder has less room than a night may need; None where it has enough."""
    free = free_in(folder)
    if free >= SPACE_NEEDED:
        return None
    return f"{free / 1e9:.1f} GB free in {folder}, a night may need {SPACE_NEEDED / 1e9:.0f}: make room"


def free_in(folder: Path) -> int:
    """Return the bytes that are free in the file system of a folder, which need not be there yet."""
    return shutil.disk_usage(next(parent for parent in (folder, *folder.parents) if parent.is_dir())).free
