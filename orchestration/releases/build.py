"""Building a release: in a hidden folder, made durable and read-only, and renamed into place."""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from orchestration.releases.content_hash import UnhashableColumnError
from orchestration.releases.database import reading, rows_of
from orchestration.releases.files import BUILDING, MANIFEST, MANIFEST_DIGEST, files_in, fingerprint
from orchestration.releases.find import get_release, release_ids
from orchestration.releases.lineage import write_lineage
from orchestration.releases.model import ChangedTablesError, Release, ReleaseBuildError, ReleaseFacts
from orchestration.releases.tables import STORAGE_VERSION, write_tables
from sources.folder.data_folder import DataFolder
from sources.folder.durable import sync_file, sync_folder


def build_release(folder: DataFolder, warehouse: Path, tables: Sequence[str], facts: ReleaseFacts) -> Release:
    """Build the next release of `facts.as_at` from the `marts` of a warehouse, which is only read.

    It is not published yet. What explains its figures goes to `lineage/<release id>/`, which only the owner can read.

    Raises:
        ChangedTablesError: a table is not as it was built and checked; nothing of the release is left.
        ReleaseBuildError: the as-at date is not a date, a table is missing, or the warehouse cannot be read.
    """
    _remove_leftovers(folder)
    release_id = _next_release_id(folder, facts.as_at)
    building = folder.releases / f"{BUILDING}{release_id}"
    building.mkdir(parents=True)
    try:
        with reading(folder, warehouse, "warehouse") as connection:
            described = write_tables(connection, building, tables, facts.descriptions, facts.built_as)
            sources = rows_of(connection, "marts.deliveries") if "deliveries" in tables else []
            lineage = write_lineage(connection, folder, release_id)
    except ChangedTablesError:
        _remove_leftovers(folder)
        raise
    except (duckdb.Error, UnhashableColumnError) as error:
        raise ReleaseBuildError(
            f"release {release_id} cannot be built from {warehouse}: {error}. The last release stands; "
            "run `csp nightly` to rebuild the warehouse."
        ) from error
    manifest = {
        "release_id": release_id,
        "as_at": facts.as_at,
        "created_at": facts.created_at.isoformat(timespec="seconds"),
        "run_id": facts.run_id,
        "git_commit": facts.git_commit,
        "input_fingerprint": facts.input_fingerprint,
        "versions": dict(facts.versions),
        "duckdb_storage_version": STORAGE_VERSION,
        "sources": sources,
        "checks": [asdict(check) for check in facts.checks],
        "warnings": facts.warnings,
        "tables": described,
        "lineage": lineage,
        "files": {name: fingerprint(building / name) for name in files_in(building)},
    }
    _write_manifest(building, manifest)
    _seal(building)
    release = folder.releases / release_id
    building.rename(release)
    sync_folder(folder.releases)
    release.chmod(0o555)
    return get_release(folder, release_id)


def _write_manifest(building: Path, manifest: Mapping[str, Any]) -> None:
    text = json.dumps(manifest, indent=2, ensure_ascii=False, default=_as_text) + "\n"
    (building / MANIFEST).write_text(text, encoding="utf-8")
    digest = fingerprint(building / MANIFEST)["sha256"]
    (building / MANIFEST_DIGEST).write_text(f"{digest}  {MANIFEST}\n")


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _seal(building: Path) -> None:
    """Make every file durable and read-only; the folder itself stays writable, so that it can be renamed."""
    for path in sorted(building.rglob("*"), reverse=True):
        if path.is_dir():
            path.chmod(0o555)
            sync_folder(path)
        else:
            path.chmod(0o444)
            sync_file(path)
    sync_folder(building)


def _next_release_id(folder: DataFolder, as_at: str) -> str:
    try:
        date.fromisoformat(as_at)
    except ValueError as error:
        raise ReleaseBuildError(f"as-at date {as_at!r}: give an ISO date such as 2022-03-31") from error
    numbers = [number for day, number in release_ids(folder) if day == as_at]
    return f"{as_at}.{max(numbers, default=0) + 1}"


def _remove_leftovers(folder: DataFolder) -> None:
    """Remove what builds that died have left."""
    for leftover in folder.lineage.glob(f"{BUILDING}*"):
        shutil.rmtree(leftover)
    for leftover in folder.releases.glob(f"{BUILDING}*"):
        for directory in [leftover, *(path for path in leftover.rglob("*") if path.is_dir())]:
            directory.chmod(0o755)
        shutil.rmtree(leftover)
