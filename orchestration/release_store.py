"""The release store: immutable release folders, the one that is current, and the history of publications.

A release is built in a hidden folder, made durable, and renamed into place; `published/current` is a symbolic
link switched by one rename. So a reader sees a whole release at any moment, and a process that dies leaves
the last one standing. Whether a release may be published is for the gate to say, not for the store.
"""

import getpass
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration.content_hash import (
    CLOCK_COLUMNS,
    UnhashableColumnError,
    columns_of,
    content_hash,
    identifier,
)
from sources.data_folder import DataFolder
from sources.durable import put_in_place, sync_file, sync_folder

DATABASE = "indicators.duckdb"
MANIFEST = "manifest.json"
MANIFEST_DIGEST = "manifest.sha256"  # as `sha256sum --check` reads it
STORAGE_VERSION = "v1.2.0"  # the oldest DuckDB whose clients open the database
LINEAGE_TABLE = "intermediate.int_measures__counted_rows"
PUBLISHED = "published"
ROLLED_BACK = "rolled_back"

_BUILDING = ".building-"
_RELEASE_ID = re.compile(r"(\d{4}-\d{2}-\d{2})\.([1-9]\d*)")


class ReleaseError(Exception):
    """A release cannot be built, found, trusted or published; the message says what, where and what to do."""


class NothingPublishedError(ReleaseError):
    """There is no current release."""


class UnknownReleaseError(ReleaseError):
    """There is no release of that id."""


class DamagedReleaseError(ReleaseError):
    """A release is not as it was when it was built."""


class ReleaseBuildError(ReleaseError):
    """The warehouse does not hold what a release needs."""


@dataclass(frozen=True)
class ReleaseFacts:
    """What the store cannot know of a release and the manifest must say.

    `descriptions` are of the published columns, by table and column; a table's own stands under the name ''.
    """

    as_at: str
    run_id: str
    input_fingerprint: str
    git_commit: str | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    checks_passed: Sequence[str] = ()
    warnings: Sequence[str] = ()
    descriptions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass(frozen=True)
class Release:
    """A release as its manifest describes it; `content_hashes` and `row_counts` are by table."""

    release_id: str
    path: Path
    as_at: str
    created_at: str
    input_fingerprint: str
    row_counts: Mapping[str, int]
    content_hashes: Mapping[str, str]


@dataclass(frozen=True)
class Problem:
    """One way in which a release differs from its manifest."""

    kind: str
    where: str
    detail: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.where}: {self.detail}"


# --- Building -------------------------------------------------------------------------------------


def build_release(folder: DataFolder, warehouse: Path, tables: Sequence[str], facts: ReleaseFacts) -> Release:
    """Build the next release of `facts.as_at` from the `marts` of a warehouse, which is only read.

    It is not published yet. The rows behind its figures go to `lineage/<release id>.parquet`, which only the
    owner can read.

    Raises:
        ReleaseBuildError: the as-at date is not a date, a table is missing, or the warehouse cannot be read.
    """
    _remove_leftovers(folder)
    release_id = _next_release_id(folder, facts.as_at)
    building = folder.releases / f"{_BUILDING}{release_id}"
    building.mkdir(parents=True)
    try:
        with _reading(folder, warehouse, "warehouse") as connection:
            described = _write_tables(connection, building, tables, facts.descriptions)
            sources = _rows(connection, "marts.deliveries") if "deliveries" in tables else []
            lineage = _write_lineage(connection, folder, release_id)
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
        "checks_passed": list(facts.checks_passed),
        "warnings": list(facts.warnings),
        "tables": described,
        "lineage": lineage,
        "files": {name: _fingerprint(building / name) for name in _files_in(building)},
    }
    _write_manifest(building, manifest)
    _seal(building)
    release = folder.releases / release_id
    building.rename(release)
    sync_folder(folder.releases)
    release.chmod(0o555)
    return get_release(folder, release_id)


def table_content_hashes(warehouse: Path, tables: Sequence[str]) -> dict[str, str]:
    """Return the content hash that each table of a warehouse's `marts` would have in a release.

    Raises:
        ReleaseBuildError: a table is missing, or the warehouse cannot be read.
    """
    try:
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            return {
                table: content_hash(connection, f"marts.{identifier(table)}", CLOCK_COLUMNS.get(table, ()))
                for table in tables
            }
    except (duckdb.Error, UnhashableColumnError) as error:
        raise ReleaseBuildError(f"{warehouse} cannot be read: {error}. Run `csp nightly` to rebuild it.") from error


@contextmanager
def _reading(folder: DataFolder, database: Path, name: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a scratch connection from which `database` is read as `name`; it spills inside the data folder."""
    settings: dict[str, str | bool | int | float | list[str]] = {
        "temp_directory": str(folder.root / ".spill"),
        "autoinstall_known_extensions": "false",
    }
    with duckdb.connect(":memory:", config=settings) as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(f"attach {_literal(str(database))} as {identifier(name)} (read_only)")
        connection.execute(f"use {identifier(name)}")
        yield connection


def _write_tables(
    connection: duckdb.DuckDBPyConnection,
    building: Path,
    tables: Sequence[str],
    descriptions: Mapping[str, Mapping[str, str]],
) -> dict[str, Any]:
    """Write each table as database table, Parquet and CSV, sorted by its columns, and describe each."""
    (building / "parquet").mkdir()
    (building / "csv").mkdir()
    database = _literal(str(building / DATABASE))
    connection.execute(f"attach {database} as release (storage_version {_literal(STORAGE_VERSION)})")
    described = {}
    for table in sorted(tables):
        relation = f"release.main.{identifier(table)}"
        connection.execute(f"create table {relation} as from marts.{identifier(table)} order by all")
        for column, text in descriptions.get(table, {}).items():
            subject = f"column {relation}.{identifier(column)}" if column else f"table {relation}"
            connection.execute(f"comment on {subject} is {_literal(text)}")
        for copy, options in (("parquet", "compression zstd"), ("csv", "header")):
            target = _literal(str(building / copy / f"{table}.{copy}"))
            connection.execute(f"copy {relation} to {target} (format {copy}, {options})")
        left_out = CLOCK_COLUMNS.get(table, ())
        described[table] = {
            "rows": _count(connection, relation),
            "columns": [{"name": name, "type": type_} for name, type_ in columns_of(connection, relation)],
            "content_sha256": content_hash(connection, relation, left_out),
            "left_out_of_content_sha256": list(left_out),
        }
    connection.execute("detach release")
    return described


def _write_lineage(connection: duckdb.DuckDBPyConnection, folder: DataFolder, release_id: str) -> dict[str, Any]:
    folder.lineage.mkdir(parents=True, exist_ok=True)
    lineage = folder.lineage / f"{release_id}.parquet"
    building = folder.lineage / f"{_BUILDING}{release_id}.parquet"
    os.close(os.open(building, os.O_CREAT | os.O_EXCL, 0o600))  # before a row is in it
    connection.execute(
        f"copy (from {LINEAGE_TABLE} order by feed, file_sha256, row_number) to {_literal(str(building))} "
        "(format parquet, compression zstd, use_tmp_file false)"
    )
    put_in_place(building, lineage)
    return {
        "path": f"{folder.lineage.name}/{lineage.name}",
        "rows": _count(connection, _parquet(lineage)),
        **_fingerprint(lineage),
    }


def _write_manifest(building: Path, manifest: Mapping[str, Any]) -> None:
    text = json.dumps(manifest, indent=2, ensure_ascii=False, default=_as_text) + "\n"
    (building / MANIFEST).write_text(text, encoding="utf-8")
    digest = _fingerprint(building / MANIFEST)["sha256"]
    (building / MANIFEST_DIGEST).write_text(f"{digest}  {MANIFEST}\n")


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
    numbers = [number for day, number in _release_ids(folder) if day == as_at]
    return f"{as_at}.{max(numbers, default=0) + 1}"


def _remove_leftovers(folder: DataFolder) -> None:
    """Remove what builds that died have left."""
    for leftover in folder.lineage.glob(f"{_BUILDING}*"):
        leftover.unlink()
    for leftover in folder.releases.glob(f"{_BUILDING}*"):
        for directory in [leftover, *(path for path in leftover.rglob("*") if path.is_dir())]:
            directory.chmod(0o755)
        shutil.rmtree(leftover)


# --- Finding --------------------------------------------------------------------------------------


def get_release(folder: DataFolder, release_id: str) -> Release:
    """Return a release by its id.

    Raises:
        UnknownReleaseError: there is none.
        DamagedReleaseError: its manifest cannot be read.
    """
    manifest = read_manifest(folder, release_id)
    try:
        return Release(
            release_id=release_id,
            path=folder.releases / release_id,
            as_at=manifest["as_at"],
            created_at=manifest["created_at"],
            input_fingerprint=manifest["input_fingerprint"],
            row_counts={name: table["rows"] for name, table in manifest["tables"].items()},
            content_hashes={name: table["content_sha256"] for name, table in manifest["tables"].items()},
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise _damaged_manifest(folder, release_id, error) from error


def read_manifest(folder: DataFolder, release_id: str) -> dict[str, Any]:
    """Return the manifest of a release.

    Raises:
        UnknownReleaseError: there is no such release.
        DamagedReleaseError: its manifest cannot be read.
    """
    release = _path_of(folder, release_id)
    try:
        manifest: dict[str, Any] = json.loads((release / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _damaged_manifest(folder, release_id, error) from error
    return manifest


def list_releases(folder: DataFolder) -> list[Release]:
    """Return every release, by as-at date and number.

    Raises:
        DamagedReleaseError: a manifest cannot be read.
    """
    return [get_release(folder, f"{as_at}.{number}") for as_at, number in _release_ids(folder)]


def current_release(folder: DataFolder) -> Release | None:
    """Return the release that `published/current` points to; None before the first publication.

    Raises:
        UnknownReleaseError: it points to a release that is gone.
        DamagedReleaseError: its manifest cannot be read.
    """
    release_id = _current_id(folder)
    return get_release(folder, release_id) if release_id else None


def require_current(folder: DataFolder) -> Release:
    """Return the current release.

    Raises:
        NothingPublishedError: nothing has been published yet.
    """
    release = current_release(folder)
    if release is None:
        raise NothingPublishedError(f"{folder.published} holds no release yet: run `csp nightly` to publish the first")
    return release


def latest_published_release(folder: DataFolder) -> Release | None:
    """Return the release published last that still exists, even where it was rolled back from since."""
    published = [line["to"] for line in read_history(folder) if line["action"] == PUBLISHED]
    current = _current_id(folder)
    if current and current not in published:  # the process died between the switch and its line
        published.append(current)
    existing = [release_id for release_id in published if (folder.releases / release_id).is_dir()]
    return get_release(folder, existing[-1]) if existing else None


def _release_ids(folder: DataFolder) -> list[tuple[str, int]]:
    if not folder.releases.is_dir():
        return []
    matches = (_RELEASE_ID.fullmatch(path.name) for path in folder.releases.iterdir())
    return sorted((match[1], int(match[2])) for match in matches if match)


def _path_of(folder: DataFolder, release_id: str) -> Path:
    path = folder.releases / release_id
    if not _RELEASE_ID.fullmatch(release_id) or not path.is_dir():
        known = ", ".join(f"{as_at}.{number}" for as_at, number in _release_ids(folder)[-5:]) or "none yet"
        raise UnknownReleaseError(f"there is no release {release_id!r} in {folder.releases}; the last are: {known}")
    return path


def _current_id(folder: DataFolder) -> str | None:
    link = folder.current_release
    return link.readlink().name if link.is_symlink() else None


def _damaged_manifest(folder: DataFolder, release_id: str, error: Exception) -> DamagedReleaseError:
    return DamagedReleaseError(
        f"the manifest of release {release_id} in {folder.releases} cannot be read ({error}): "
        "restore that folder from a copy, or move it out of the data folder"
    )


# --- Publishing -----------------------------------------------------------------------------------


def publish(folder: DataFolder, release_id: str, reason: str) -> Release:
    """Make a release the current one, and say so in the history; nothing happens where it is already.

    Raises:
        UnknownReleaseError: there is no such release.
    """
    release = get_release(folder, release_id)
    _switch(folder, release_id, PUBLISHED, reason)
    return release


def rollback(folder: DataFolder, release_id: str, reason: str) -> str:
    """Make an earlier release the current one again, and return a sentence on what was done.

    Raises:
        UnknownReleaseError: there is no such release.
        DamagedReleaseError: it is no longer as it was built; the current one stays.
    """
    _path_of(folder, release_id)
    before = _current_id(folder)
    if before == release_id:
        return f"{release_id} is the current release already: nothing changed"
    problems = verify(folder, release_id)
    if problems:
        raise DamagedReleaseError(
            f"release {release_id} has {len(problems)} problem(s), the first {problems[0]}. "
            f"{before or 'No release'} stays current; choose another release (see `csp releases`)."
        )
    _switch(folder, release_id, ROLLED_BACK, reason)
    return f"{release_id} is the current release now, in place of {before or 'none'}"


def read_history(folder: DataFolder) -> list[dict[str, Any]]:
    """Return the publications and rollbacks, oldest first: action, at, from, to, reason, user."""
    file = folder.publication_history
    if not file.exists():
        return []
    whole_lines = file.read_text(encoding="utf-8").split("\n")[:-1]  # what follows the last line end is torn
    return [json.loads(line) for line in whole_lines]


def _switch(folder: DataFolder, release_id: str, action: str, reason: str) -> None:
    folder.published.mkdir(parents=True, exist_ok=True)
    before = _current_id(folder)
    _complete_history(folder, before)
    if before == release_id:
        return
    link = folder.published / ".current"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("..", folder.releases.name, release_id))
    link.replace(folder.current_release)
    sync_folder(folder.published)
    _record(folder, action, before, release_id, reason)


def _complete_history(folder: DataFolder, current: str | None) -> None:
    """Record a switch whose process died before it could."""
    history = read_history(folder)
    recorded = history[-1]["to"] if history else None
    if current is None or current == recorded:
        return
    known = any(line["to"] == current for line in history)
    reason = "recorded late: the process that switched ended before it recorded why"
    _record(folder, ROLLED_BACK if known else PUBLISHED, recorded, current, reason)


def _record(folder: DataFolder, action: str, before: str | None, after: str, reason: str) -> None:
    line = {
        "action": action,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "from": before,
        "to": after,
        "reason": reason,
        "user": _user(),
    }
    with folder.publication_history.open("a+b") as file:
        file.seek(0)
        file.truncate(file.read().rfind(b"\n") + 1)  # a torn line was never recorded
        file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    sync_folder(folder.published)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user need not have a name
        return f"user {os.getuid()}"


# --- Verifying ------------------------------------------------------------------------------------


def verify(folder: DataFolder, release_id: str) -> list[Problem]:
    """Return every way in which a release differs from its manifest: files, tables, copies and lineage.

    Raises:
        UnknownReleaseError: there is no such release.
    """
    release = _path_of(folder, release_id)
    try:
        recorded = (release / MANIFEST_DIGEST).read_text().split()[:1]
        manifest = read_manifest(folder, release_id)
        if recorded != [_fingerprint(release / MANIFEST)["sha256"]]:
            return [Problem("altered", MANIFEST, f"its sha256 is not the one in {MANIFEST_DIGEST}")]
    except (OSError, DamagedReleaseError) as error:
        return [Problem("unreadable", MANIFEST, str(error))]
    lineage = manifest["lineage"]
    return [
        *_file_problems(release, manifest["files"]),
        *_altered(folder.root, {lineage["path"]: lineage}),
        *_table_problems(folder, release, manifest["tables"]),
    ]


def _file_problems(release: Path, files: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    yield from _altered(release, files)
    for name in sorted(set(_files_in(release)) - {*files, MANIFEST, MANIFEST_DIGEST}):
        yield Problem("extra", name, "the manifest does not list it")


def _altered(root: Path, files: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    for name, recorded in files.items():
        try:
            found = _fingerprint(root / name)
        except FileNotFoundError:
            yield Problem("missing", name, "the manifest lists it")
            continue
        except OSError as error:
            yield Problem("unreadable", name, str(error))
            continue
        if found != {key: recorded[key] for key in found}:
            yield Problem("altered", name, f"{found['bytes']} bytes, sha256 {found['sha256']}; built as {recorded}")


def _table_problems(folder: DataFolder, release: Path, tables: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    if not (release / DATABASE).exists():
        return
    try:
        with _reading(folder, release / DATABASE, "release") as connection:
            for table, recorded in tables.items():
                yield from _problems_of_table(connection, release, table, recorded)
    except duckdb.Error as error:
        yield Problem("unreadable", DATABASE, str(error))


def _problems_of_table(
    connection: duckdb.DuckDBPyConnection, release: Path, table: str, recorded: Mapping[str, Any]
) -> Iterator[Problem]:
    relation = f"release.main.{identifier(table)}"
    parquet = release / "parquet" / f"{table}.parquet"
    csv = release / "csv" / f"{table}.csv"
    names = [column["name"] for column in recorded["columns"]]
    try:
        found = content_hash(connection, relation, recorded["left_out_of_content_sha256"])
        if found != recorded["content_sha256"]:
            yield Problem("altered", f"{DATABASE}: {table}", f"content sha256 is {found}")
    except (duckdb.Error, UnhashableColumnError) as error:
        yield Problem("unreadable", f"{DATABASE}: {table}", str(error))
    for where, rows in ((parquet, _parquet(parquet)), (csv, _csv(csv, names))):
        if not where.exists():
            continue  # said already: the manifest lists it
        name = where.relative_to(release).as_posix()
        try:
            count = _count(connection, rows)
        except duckdb.Error as error:
            yield Problem("unreadable", name, str(error))
            continue
        if count != recorded["rows"]:
            yield Problem("altered", name, f"{count} rows; built with {recorded['rows']}")


# --- Files and SQL --------------------------------------------------------------------------------


def _fingerprint(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return {"bytes": os.fstat(file.fileno()).st_size, "sha256": digest}


def _files_in(directory: Path) -> list[str]:
    """Return what a folder holds at any depth, except folders, relative to it."""
    paths = (path for path in directory.rglob("*") if path.is_symlink() or not path.is_dir())
    return sorted(path.relative_to(directory).as_posix() for path in paths)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _parquet(path: Path) -> str:
    return f"read_parquet({_literal(str(path))})"


def _csv(path: Path, names: Iterable[str]) -> str:
    columns = ", ".join(f"{_literal(name)}: 'VARCHAR'" for name in names)
    return f"read_csv({_literal(str(path))}, header = true, auto_detect = false, columns = {{{columns}}})"


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    row = connection.execute(f"select count(*) from {relation}").fetchone()
    return int(row[0]) if row else 0


def _rows(connection: duckdb.DuckDBPyConnection, relation: str) -> list[dict[str, Any]]:
    """Return the rows of a small table as dictionaries, in the order of their columns."""
    names = [name for name, _ in columns_of(connection, relation)]
    rows = connection.execute(f"from {relation} order by all").fetchall()
    return [dict(zip(names, row, strict=True)) for row in rows]


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
