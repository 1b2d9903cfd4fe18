"""What explains a release: the rows behind its figures and how these are put together, for the owner alone."""

import gzip
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from orchestration.releases.files import BUILDING, fingerprint
from orchestration.releases.model import ReleaseError
from sources.folder.data_folder import DataFolder
from sources.folder.durable import sync_file, sync_folder, write_whole
from sources.folder.rights import OWNER_ALONE, make_folder
from sources.folder.sql_text import identifier, literal

COUNTED_ROWS, INDICATOR_COMPONENTS, AGE_GROUP_WEIGHTS = "counted_rows", "indicator_components", "age_group_weights"
LINEAGE_TABLES = (COUNTED_ROWS, INDICATOR_COMPONENTS, AGE_GROUP_WEIGHTS)

RULES = "rules.json.gz"


class LineageError(ReleaseError):
    """A release lacks what explains its figures; the message says why and what to do."""


def write_lineage(
    connection: duckdb.DuckDBPyConnection, folder: DataFolder, release_id: str, rules: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Write `lineage/<release id>/`, a Parquet file a table, and return what a manifest says of each file.

    `rules` are those of `orchestration.rules_in_use`, kept beside them.
    """
    building, lineage = folder.lineage / f"{BUILDING}{release_id}", folder.lineage / release_id
    make_folder(folder.lineage, OWNER_ALONE)
    building.mkdir(mode=0o700)
    for table in LINEAGE_TABLES:
        file = _file(building, table)
        os.close(os.open(file, os.O_CREAT | os.O_EXCL, 0o600))  # before a row is in it
        connection.execute(
            f"copy (from restricted.{identifier(table)} order by all) to {literal(str(file))} "
            "(format parquet, compression zstd, use_tmp_file false)"
        )
        sync_file(file)
    if rules:
        # Without a time, so that the same rules give the same bytes.
        write_whole(building / RULES, gzip.compress(json.dumps(rules).encode(), mtime=0))
    sync_folder(building)
    if lineage.exists():  # of a build that died after this step
        shutil.rmtree(lineage)
    building.rename(lineage)
    sync_folder(folder.lineage)
    # Neither rows nor bytes: from one release to the next they would tell how many people a delivery held.
    files = [*(_file(lineage, table) for table in LINEAGE_TABLES), *([lineage / RULES] if rules else [])]
    return {file.relative_to(folder.root).as_posix(): {"sha256": fingerprint(file)["sha256"]} for file in files}


def read_rules(folder: DataFolder, release_id: str) -> dict[str, Any] | None:
    """Return the rules that a release was computed by; None where it has none, as before 0.3.0, or they are damaged."""
    try:
        rules: dict[str, Any] = json.loads(gzip.decompress((folder.lineage / release_id / RULES).read_bytes()))
    except (OSError, EOFError, ValueError):
        return None
    return rules


def lineage_in(manifest: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return what a manifest says of each file of the lineage, by its path in the data folder."""
    lineage = manifest["lineage"]
    return {lineage["path"]: lineage} if "path" in lineage else lineage  # until 2026-11 it was one file


def lineage_of(folder: DataFolder, manifest: Mapping[str, Any]) -> dict[str, Path]:
    """Return the files of a release's lineage by table.

    Raises:
        LineageError: one is missing, or an older version built the release.
    """
    release_id = manifest["release_id"]
    if "path" in manifest["lineage"]:
        raise LineageError(
            f"release {release_id} was built before releases carried what explains their figures: trace it with the "
            f"version that built it, git commit {manifest['git_commit'] or 'unknown'}"
        )
    files = {table: _file(folder.lineage / release_id, table) for table in LINEAGE_TABLES}
    for file in files.values():
        if not file.exists():
            raise LineageError(f"{file} is missing: the rows behind release {release_id} cannot be shown")
    return files


def _file(lineage: Path, table: str) -> Path:
    return lineage / f"{table}.parquet"
