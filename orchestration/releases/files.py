"""The files of a release: their names and their fingerprints."""

import hashlib
import os
from pathlib import Path
from typing import Any

DATABASE = "indicators.duckdb"
REPORT = "report"
WORKBOOK = "indicators.xlsx"
DATA_PACKAGE = "datapackage.json"
CSVW = "csv/csv-metadata.json"  # the name under which a CSVW tool looks for it beside a CSV file
MANIFEST = "manifest.json"
MANIFEST_DIGEST = "manifest.sha256"  # as `sha256sum --check` reads it
BUILDING = ".building-"  # what a name starts with until the file or folder is whole


def parquet_copy(table: str) -> str:
    """Return the path inside a release of a table's Parquet file."""
    return f"parquet/{table}.parquet"


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
