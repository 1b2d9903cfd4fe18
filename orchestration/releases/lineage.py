"""What explains a release: the rows behind its figures and how these are put together, for the owner alone."""

import gzip
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from orchestration.releases.content_hash import columns_of
from orchestration.releases.files import BUILDING, FILE_FOR_OWNER, files_in, fingerprint
from orchestration.releases.model import ReleaseError
from orchestration.releases.reuse import Earlier, link_unchanged
from sources.folder.data_folder import DataFolder
from sources.folder.durable import sync_file, sync_folder, write_whole
from sources.folder.rights import OWNER_ALONE, make_folder
from sources.folder.sql_text import identifier, literal

COUNTED_ROWS, INDICATOR_COMPONENTS, AGE_GROUP_WEIGHTS = "counted_rows", "indicator_components", "age_group_weights"
LINEAGE_TABLES = (COUNTED_ROWS, INDICATOR_COMPONENTS, AGE_GROUP_WEIGHTS)

RULES = "rules.json.gz"
MONTHS = "counted_rows.json"


class LineageError(ReleaseError):
    """A release lacks what explains its figures; the message says why and what to do."""


def write_lineage(
    connection: duckdb.DuckDBPyConnection,
    folder: DataFolder,
    release_id: str,
    rules: Mapping[str, Any] | None = None,
    earlier: Earlier | None = None,
) -> dict[str, Any]:
    """Write `lineage/<release id>/`, a Parquet file a table, and return what a manifest says of each file.

    The counted rows are a file a month; months in which the `earlier` release counts the same rows are linked. `rules`
    are those of `orchestration.rules_in_use`, kept beside them.
    """
    building, lineage = folder.lineage / f"{BUILDING}{release_id}", folder.lineage / release_id
    make_folder(folder.lineage, OWNER_ALONE)
    building.mkdir(mode=0o700)
    for table in (INDICATOR_COMPONENTS, AGE_GROUP_WEIGHTS):
        _write_rows(connection, f"from restricted.{identifier(table)}", _file(building, table))
    _write_months(connection, building, folder.lineage, earlier or Earlier())
    if rules:
        # Without a time, so that the same rules give the same bytes.
        write_whole(building / RULES, gzip.compress(json.dumps(rules).encode(), mtime=0))
    sync_folder(building)
    if lineage.exists():  # of a build that died after this step
        shutil.rmtree(lineage)
    building.rename(lineage)
    sync_folder(folder.lineage)
    # Neither rows nor bytes: from one release to the next they would tell how many people a delivery held. Nor a hash
    # of each month, by which its few rows could be guessed: that of the list of months stands for all.
    files = [
        *(_file(lineage, table) for table in (INDICATOR_COMPONENTS, AGE_GROUP_WEIGHTS)),
        *(lineage / name for name in (MONTHS, *([RULES] if rules else []))),
    ]
    return {file.relative_to(folder.root).as_posix(): {"sha256": fingerprint(file)["sha256"]} for file in files}


def _write_months(connection: duckdb.DuckDBPyConnection, building: Path, stored: Path, earlier: Earlier) -> None:
    """Write the counted rows of each month, and the list of the files, with a fingerprint of the rows of each."""
    (building / COUNTED_ROWS).mkdir(mode=0o700)
    before = stored / earlier.path.name
    known = _listed(before, earlier.lineage)
    months = {
        f"{COUNTED_ROWS}/{month or 'undated'}.parquet": (month, rows) for month, rows in _fingerprints(connection)
    }
    changed = {
        name: month
        for name, (month, rows) in months.items()
        if known.get(name, {}).get("rows") != rows
        or not link_unchanged(before / name, building / name, known[name]["sha256"], FILE_FOR_OWNER)
    }
    with _parted(connection, building, [month for month in changed.values() if month]) as parts:
        for name, month in changed.items():
            _write_rows(connection, parts[month], building / name)
    sync_folder(building / COUNTED_ROWS)
    listed = {
        name: {"rows": rows, "sha256": fingerprint(building / name)["sha256"]} for name, (_, rows) in months.items()
    }
    write_whole(building / MONTHS, json.dumps(listed, indent=2))


@contextmanager
def _parted(
    connection: duckdb.DuckDBPyConnection, building: Path, months: Sequence[str]
) -> Iterator[dict[str | None, str]]:
    """Yield the SQL of each month's counted rows, which are worked out once for all months and not for each."""
    rows = f"from restricted.{COUNTED_ROWS}"
    columns = ", ".join(identifier(name) for name, _ in columns_of(connection, f"restricted.{COUNTED_ROWS}"))
    of_month: dict[str | None, str] = {None: f"{rows} where month is null"}
    with TemporaryDirectory(dir=building) as parted:
        if months:
            connection.execute(
                f"copy ({rows} where month in ({', '.join(f'date {literal(month)}' for month in months)})) "
                f"to {literal(parted)} (format parquet, partition_by (month), write_partition_columns true)"
            )
        for month in months:
            files = literal(f"{parted}/month={month}/*.parquet")
            of_month[month] = f"select {columns} from read_parquet({files}, hive_partitioning = false)"
        yield of_month


def _fingerprints(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str | None, str]]:
    """Yield each month and what tells its counted rows from any others; one without date where there is no row."""
    columns = columns_of(connection, f"restricted.{COUNTED_ROWS}")
    # Hashed twice: DuckDB joins the hashes of columns by XOR, whose sum might not tell that two values changed places.
    row = f"hash(hash({', '.join(identifier(name) for name, _ in columns)}))"
    sums = connection.execute(
        f"select month::varchar, count(*), sum({row}) from restricted.{COUNTED_ROWS} group by all order by all"
    ).fetchall()
    for month, rows, total in sums or [(None, 0, 0)]:
        yield month, hashlib.sha256(f"{columns}|{month}|{rows}|{total}".encode()).hexdigest()


def _write_rows(connection: duckdb.DuckDBPyConnection, rows: str, file: Path) -> None:
    os.close(os.open(file, os.O_CREAT | os.O_EXCL, FILE_FOR_OWNER))  # before a row is in it
    connection.execute(
        f"copy ({rows} order by all) to {literal(str(file))} (format parquet, compression zstd, use_tmp_file false)"
    )
    sync_file(file)


def _listed(lineage: Path, recorded: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """Return the list of months of a release's lineage; empty where it has none, or not the one that was `recorded`."""
    try:
        text = (lineage / MONTHS).read_bytes()
    except OSError:
        return {}
    sha256 = recorded.get(f"{lineage.parent.name}/{lineage.name}/{MONTHS}", {}).get("sha256")
    listed: dict[str, dict[str, str]] = json.loads(text) if hashlib.sha256(text).hexdigest() == sha256 else {}
    return listed


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


def months_of(folder: DataFolder, manifest: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return what the lineage of a release says of the files of its counted rows, by their path in the data folder."""
    lineage = folder.lineage / manifest["release_id"]
    listed = _listed(lineage, lineage_in(manifest))
    return {f"{folder.lineage.name}/{lineage.name}/{name}": {"sha256": one["sha256"]} for name, one in listed.items()}


def lineage_of(folder: DataFolder, manifest: Mapping[str, Any]) -> dict[str, list[Path]]:
    """Return the files of a release's lineage by table; the counted rows are in several, one a month.

    Raises:
        LineageError: one is missing, what lists them is damaged, or an older version built the release.
    """
    release_id = manifest["release_id"]
    if "path" in manifest["lineage"]:
        raise LineageError(
            f"release {release_id} was built before releases carried what explains their figures: trace it with the "
            f"version that built it, git commit {manifest['git_commit'] or 'unknown'}"
        )
    lineage = folder.lineage / release_id
    files = {table: [_file(lineage, table)] for table in LINEAGE_TABLES}
    lost = f"the rows behind release {release_id} cannot be shown"
    if _is_parted(folder, manifest):
        files[COUNTED_ROWS] = [folder.root / name for name in months_of(folder, manifest)]
        if not files[COUNTED_ROWS]:
            raise LineageError(f"{lineage / MONTHS} is damaged or missing: {lost}")
    for file in chain.from_iterable(files.values()):
        if not file.exists():
            raise LineageError(f"{file} is missing: {lost}")
    return files


def not_in_lineage(folder: DataFolder, manifest: Mapping[str, Any]) -> list[str]:
    """Return the files in a release's lineage, by their path in the data folder, that nothing lists."""
    lineage, months = folder.lineage / manifest["release_id"], months_of(folder, manifest)
    if _is_parted(folder, manifest) and not months:  # damaged, which is told as such
        return []
    try:
        found = [f"{folder.lineage.name}/{lineage.name}/{name}" for name in files_in(lineage)]
    except OSError:  # not for whoever asks to read
        return []
    return sorted({*found} - {*lineage_in(manifest), *months})


def _is_parted(folder: DataFolder, manifest: Mapping[str, Any]) -> bool:
    """Return whether the counted rows are a file a month, as since 2026-11."""
    return f"{folder.lineage.name}/{manifest['release_id']}/{MONTHS}" in lineage_in(manifest)


def _file(lineage: Path, table: str) -> Path:
    return lineage / f"{table}.parquet"
