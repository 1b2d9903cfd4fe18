"""The files of a release: their names and their fingerprints."""

import hashlib
import os
from pathlib import Path
from typing import Any

DATABASE = "indicators.duckdb"
REPORT = "report"
MANIFEST = "manifest.json"
MANIFEST_DIGEST = "manifest.sha256"  # as `sha256sum --check` reads it
BUILDING = ".building-"  # what a name starts with until the file or folder is whole


def fingerprint(path: Path) -> dict[str, Any]:
    """Return the size of a file in `bytes` and its `sha256`."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return {"bytes": os.fstat(file.fileno()).st_size, "sha256": digest}


def files_in(directory: Path) -> list[str]:
    """Return what a folder holds at any depth, except folders, relative to it."""
    paths = (path for path in directory.rglob("*") if path.is_symlink() or not path.is_dir())
    return sorted(path.relative_to(directory).as_posix() for path in paths)
