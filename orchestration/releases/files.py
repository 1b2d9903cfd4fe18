"""The files of a release: their names and their fingerprints."""

import hashlib
import os
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

DATABASE = "indicators.duckdb"
REPORT = "report"
WORKBOOK = "indicators.xlsx"
DATA_PACKAGE = "datapackage.json"
CSVW = "csv/csv-metadata.json"  # the name under which a CSVW tool looks for it beside a CSV file
MANIFEST = "manifest.json"
MANIFEST_DIGEST = "manifest.sha256"  # as `sha256sum --check` reads it
FILE_FOR_READERS, FILE_FOR_OWNER = 0o444, 0o600  # the rights of a file of a release, and of a twin or lineage
BUILDING = ".building-"  # what a name starts with until the file or folder is whole
REMOVING = ".removing-"  # and what it starts with while it is removed


def parquet_copy(table: str) -> str:
    """Return the path inside a release of a table's Parquet file."""
    return f"parquet/{table}.parquet"


def parquet_partition(table: str, financial_year: str) -> str:
    """Return the path inside a release of the rows of a large table that are of a financial year (`2020-21`)."""
    return f"parquet/{table}/{financial_year}.parquet"


def parquet_copies(table: str, partitioned_by: str | None) -> str:
    """Return the path, perhaps with a wildcard, of a table's Parquet file or files."""
    return parquet_partition(table, "*") if partitioned_by else parquet_copy(table)


def csv_copy(table: str) -> str:
    """Return the path inside a release of a table's CSV file.

    Every table is compressed, small ones too: a name that changed when its table grew would break whoever reads it.
    """
    return f"csv/{table}.csv.gz"


def plain_csv_copy(table: str) -> str:
    """Return where releases built before version 0.3.0 have it."""
    return f"csv/{table}.csv"


def fingerprint(path: Path) -> dict[str, Any]:
    """Return the size of a file in `bytes` and its `sha256`."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return {"bytes": os.fstat(file.fileno()).st_size, "sha256": digest}


def files_in(directory: Path) -> list[str]:
    """Return what a folder holds at any depth, except folders, relative to it."""
    paths = (path for path in directory.rglob("*") if path.is_symlink() or not path.is_dir())
    return sorted(path.relative_to(directory).as_posix() for path in paths)


def bytes_freed_with(*folders: Path) -> int:
    """Return the bytes that are free once these folders are gone: those of files that are nowhere else."""
    inside = (file for folder in folders for file in folder.rglob("*") if file.is_symlink() or not file.is_dir())
    states = [file.lstat() for file in inside]
    links = Counter((state.st_dev, state.st_ino) for state in states)
    alone = {(state.st_dev, state.st_ino): state for state in states}
    return sum(state.st_size for inode, state in alone.items() if state.st_nlink == links[inode])


def remove_tree(directory: Path) -> None:
    """Remove a folder, though it and what is in it are read-only."""
    for inside in [directory, *(path for path in directory.rglob("*") if path.is_dir() and not path.is_symlink())]:
        inside.chmod(0o700)
    shutil.rmtree(directory)
