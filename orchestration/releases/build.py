"""Building a release: in a hidden folder, made durable and read-only, and renamed into place."""

import json
import stat
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from orchestration.releases.content_hash import UnhashableColumnError, quoted
from orchestration.releases.database import reading, rows_of
from orchestration.releases.files import (
    BUILDING,
    DATABASE,
    FILE_FOR_OWNER,
    FILE_FOR_READERS,
    MANIFEST,
    MANIFEST_DIGEST,
    REPORT,
    WORKBOOK,
    files_in,
    fingerprint,
    remove_tree,
)
from orchestration.releases.find import get_release, read_manifest, release_ids
from orchestration.releases.history import read_history
from orchestration.releases.lineage import write_lineage
from orchestration.releases.metadata import write_metadata
from orchestration.releases.model import ChangedTablesError, Exact, Release, ReleaseBuildError, ReleaseFacts
from orchestration.releases.previous import reading_with_previous
from orchestration.releases.removal import finish_removals, removed_ids
from orchestration.releases.reuse import earlier_release, written_as
from orchestration.releases.tables import STORAGE_VERSION, relation_of, write_tables
from orchestration.releases.views import write_views
from sources.folder.data_folder import DataFolder, PartnersFolder
from sources.folder.durable import sync_file, sync_folder
from sources.folder.rights import READERS, make_folder


def build_release(
    folder: DataFolder, warehouse: Path, tables: Sequence[str], facts: ReleaseFacts, exact: Exact | None = None
) -> Release:
    """Build the next release of `facts.as_at` from the `marts` of a warehouse, which is only read.

    It is not published yet. What explains its figures goes to `lineage/<release id>/`, which only the owner can read.
    With `exact`, its twin for partners is in place before it is.

    Raises:
        ChangedTablesError: a table is not as it was built and checked; nothing of the release is left.
        ReleaseBuildError: the as-at date is not a date, a table is missing, or the warehouse cannot be read.
    """
    _remove_leftovers(folder)
    release_id = _next_release_id(folder, facts.as_at)
    with _building_from(folder, warehouse, release_id) as connection:
        content = _write_content(folder, connection, release_id, tables, facts)
        twin = _write_content(_partners(folder), connection, release_id, tables, facts, exact.tables) if exact else {}
        earlier = earlier_release(folder, release_id, facts.beside_current)
        lineage = write_lineage(connection, folder, release_id, facts.rules, earlier)
    if exact:
        _put_twin_in_place(folder, release_id, facts, exact, twin, lineage)
    building = folder.releases / f"{BUILDING}{release_id}"
    _write_manifest(building, _manifest(building, release_id, facts, content, lineage))
    _seal(building, directories=0o555, files=FILE_FOR_READERS)
    release = folder.releases / release_id
    building.rename(release)
    sync_folder(folder.releases)
    release.chmod(0o555)
    return get_release(folder, release_id)


def build_twin(
    folder: DataFolder, warehouse: Path, release_id: str, tables: Sequence[str], facts: ReleaseFacts, exact: Exact
) -> None:
    """Build the twin for partners of a release that was made without one, and from the same inputs.

    Raises:
        ChangedTablesError: a table is not as it was built and checked; nothing of the twin is left.
        ReleaseBuildError: a table is missing, or the warehouse cannot be read.
    """
    _remove_leftovers(folder)
    with _building_from(folder, warehouse, release_id) as connection:
        twin = _write_content(_partners(folder), connection, release_id, tables, facts, exact.tables)
    lineage = read_manifest(folder, release_id)["lineage"]
    _put_twin_in_place(folder, release_id, facts, exact, twin, lineage)


@contextmanager
def _building_from(folder: DataFolder, warehouse: Path, release_id: str) -> Iterator[duckdb.DuckDBPyConnection]:
    try:
        with reading(folder, warehouse, "warehouse") as connection:
            yield connection
    except ChangedTablesError:
        _remove_leftovers(folder)
        raise
    except (duckdb.Error, UnhashableColumnError) as error:
        raise ReleaseBuildError(
            f"release {release_id} cannot be built from {warehouse}: {error}. The last release stands; "
            "run `csp nightly` to rebuild the warehouse."
        ) from error


def _partners(folder: DataFolder) -> DataFolder:
    """Return the data folder as partners see it, whose twins their owner alone can enter, whatever the umask."""
    folder.partners.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.partners.chmod(0o700)
    return PartnersFolder(folder.root)


def _write_content(
    folder: DataFolder,
    connection: duckdb.DuckDBPyConnection,
    release_id: str,
    tables: Sequence[str],
    facts: ReleaseFacts,
    exact: Collection[str] = (),
) -> dict[str, Any]:
    """Write the tables of a release or a twin into a hidden folder, and return what the manifest says of them."""
    building = folder.releases / f"{BUILDING}{release_id}"
    make_folder(folder.releases, READERS)
    building.mkdir(mode=0o700)  # nobody else looks into it, or writes to it, before it is whole
    earlier = earlier_release(folder, release_id, facts.beside_current)
    described = write_tables(
        connection, building, tables, facts.dictionary, facts.built_as, exact, facts.month_hashes, earlier
    )
    views = write_views(connection, building, facts.views, facts.dictionary, exact)
    write_metadata(building, facts.as_at, described, facts.dictionary)
    database, beside = building / DATABASE, facts.beside_current
    with reading_with_previous(folder, database, release_id, beside_current=beside) as (written, previous):
        if facts.write_workbook:
            with _blamed_on("workbook", release_id):
                facts.write_workbook(written, bool(exact), building / WORKBOOK)
        if facts.write_pages:
            with _blamed_on("report", release_id):
                facts.write_pages(written, previous, building / REPORT)
    deliveries = quoted(relation_of("deliveries", exact))
    sources = rows_of(connection, deliveries) if "deliveries" in tables else []
    return {"sources": sources, "tables": described, "views": views}


@contextmanager
def _blamed_on(what: str, release_id: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        raise ReleaseBuildError(
            f"the {what} of release {release_id} cannot be made: {type(error).__name__}: {error}. The tables passed "
            f"their checks and the last release stands; this is a fault of the {what}, not of the data"
        ) from error


def _manifest(
    building: Path, release_id: str, facts: ReleaseFacts, content: Mapping[str, Any], lineage: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "release_id": release_id,
        "audience": "public",
        "as_at": facts.as_at,
        **({"beside_current": True} if facts.beside_current else {}),
        "created_at": facts.created_at.isoformat(timespec="seconds"),
        "run_id": facts.run_id,
        "git_commit": facts.git_commit,
        "input_fingerprint": facts.input_fingerprint,
        "versions": dict(facts.versions),
        "duckdb_storage_version": STORAGE_VERSION,
        "written_as": written_as(),
        "checks": [asdict(check) for check in facts.checks],
        "warnings": facts.warnings,
        **content,
        "lineage": lineage,
        "files": {name: fingerprint(building / name) for name in files_in(building)},
    }


def _put_twin_in_place(
    folder: DataFolder,
    release_id: str,
    facts: ReleaseFacts,
    exact: Exact,
    content: Mapping[str, Any],
    lineage: Mapping[str, Any],
) -> None:
    building = folder.partners / f"{BUILDING}{release_id}"
    told = _manifest(building, release_id, replace(facts, checks=exact.checks), content, lineage)
    _write_manifest(building, {**told, "audience": "partners"})
    _seal(building, directories=0o700, files=FILE_FOR_OWNER)
    building.chmod(0o700)
    building.rename(folder.partners / release_id)
    sync_folder(folder.partners)


def _write_manifest(building: Path, manifest: Mapping[str, Any]) -> None:
    text = json.dumps(manifest, indent=2, ensure_ascii=False, default=_as_text) + "\n"
    (building / MANIFEST).write_text(text, encoding="utf-8")
    digest = fingerprint(building / MANIFEST)["sha256"]
    (building / MANIFEST_DIGEST).write_text(f"{digest}  {MANIFEST}\n")


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _seal(building: Path, directories: int, files: int) -> None:
    """Make every file durable and set their rights; the folder itself stays writable, so that it can be renamed."""
    for path in sorted(building.rglob("*"), reverse=True):
        if path.is_dir():
            path.chmod(directories)
            sync_folder(path)
        else:
            if stat.S_IMODE(path.stat().st_mode) != files:  # those of a linked file, which others have too, are right
                path.chmod(files)
            sync_file(path)
    sync_folder(building)


def _next_release_id(folder: DataFolder, as_at: str) -> str:
    """Return an id that no release has or ever had: the history and `removed.jsonl` tell of those that are gone."""
    try:
        date.fromisoformat(as_at)
    except ValueError as error:
        raise ReleaseBuildError(f"as-at date {as_at!r}: give an ISO date such as 2022-03-31") from error
    used = [f"{day}.{number}" for day, number in release_ids(folder)] + [line["to"] for line in read_history(folder)]
    used += removed_ids(folder)
    numbers = [one.removeprefix(f"{as_at}.") for one in used]
    return f"{as_at}.{max((int(number) for number in numbers if number.isdecimal()), default=0) + 1}"


def _remove_leftovers(folder: DataFolder) -> None:
    """Remove what builds and removals that died have left: half a folder, or a twin without its release."""
    finish_removals(folder)
    for leftover in folder.lineage.glob(f"{BUILDING}*"):
        remove_tree(leftover)
    unpaired = (folder.partners / f"{day}.{number}" for day, number in release_ids(PartnersFolder(folder.root)))
    for leftover in [
        *folder.releases.glob(f"{BUILDING}*"),
        *folder.partners.glob(f"{BUILDING}*"),
        *(twin for twin in unpaired if not (folder.releases / twin.name).is_dir()),
    ]:
        remove_tree(leftover)
