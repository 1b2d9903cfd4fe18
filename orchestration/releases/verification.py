"""Verifying a release: whether its files, tables, copies and lineage, and its twin, still are as manifests say."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from orchestration.releases.content_hash import UnhashableColumnError, content_hash
from orchestration.releases.database import csv_rows, parquet_rows, reading, row_count
from orchestration.releases.files import (
    DATABASE,
    MANIFEST,
    MANIFEST_DIGEST,
    csv_copy,
    files_in,
    fingerprint,
    parquet_copies,
    plain_csv_copy,
)
from orchestration.releases.find import path_of, read_manifest
from orchestration.releases.lineage import lineage_in, months_of, not_in_lineage
from orchestration.releases.model import DamagedReleaseError, Problem
from orchestration.releases.partners import has_twin
from sources.folder.data_folder import DataFolder, PartnersFolder
from sources.folder.sql_text import identifier


def verify(folder: DataFolder, release_id: str) -> list[Problem]:
    """Return every way in which a release differs from its manifest: files, tables, copies and lineage.

    Of a twin for partners that whoever asks may read, its differences are among them.

    Raises:
        UnknownReleaseError: there is no such release.
    """
    problems = _problems(folder, release_id)
    if not has_twin(folder, release_id):
        return problems
    return problems + [
        replace(problem, where=f"twin for partners: {problem.where}")
        for problem in _problems(PartnersFolder(folder.root), release_id)
    ]


def _problems(folder: DataFolder, release_id: str) -> list[Problem]:
    release = path_of(folder, release_id)
    try:
        recorded = (release / MANIFEST_DIGEST).read_text().split()[:1]
        manifest = read_manifest(folder, release_id)
        if recorded != [fingerprint(release / MANIFEST)["sha256"]]:
            return [Problem("altered", MANIFEST, f"its sha256 is not the one in {MANIFEST_DIGEST}")]
    except (OSError, DamagedReleaseError) as error:
        return [Problem("unreadable", MANIFEST, str(error))]
    return [
        *_file_problems(release, manifest["files"]),
        *_altered(folder.root, {**lineage_in(manifest), **months_of(folder, manifest)}),
        *(Problem("extra", name, "nothing lists it") for name in not_in_lineage(folder, manifest)),
        *_table_problems(folder, release, manifest["tables"]),
    ]


def _file_problems(release: Path, files: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    yield from _altered(release, files)
    for name in sorted(set(files_in(release)) - {*files, MANIFEST, MANIFEST_DIGEST}):
        yield Problem("extra", name, "the manifest does not list it")


def _altered(root: Path, files: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    for name, recorded in files.items():
        try:
            found = fingerprint(root / name)
        except FileNotFoundError:
            yield Problem("missing", name, "the manifest lists it")
            continue
        except OSError as error:
            yield Problem("unreadable", name, str(error))
            continue
        if any(found[key] != recorded[key] for key in recorded if key in found):
            yield Problem("altered", name, f"{found['bytes']} bytes, sha256 {found['sha256']}; built as {recorded}")


def _table_problems(folder: DataFolder, release: Path, tables: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    if not (release / DATABASE).exists():
        return
    try:
        with reading(folder, release / DATABASE, "release") as connection:
            for table, recorded in tables.items():
                yield from _problems_of_table(connection, release, table, recorded)
    except duckdb.Error as error:
        yield Problem("unreadable", DATABASE, str(error))


def _problems_of_table(
    connection: duckdb.DuckDBPyConnection, release: Path, table: str, recorded: Mapping[str, Any]
) -> Iterator[Problem]:
    relation = f"release.main.{identifier(table)}"
    parquet = release / parquet_copies(table, recorded.get("partitioned_by"))
    names = [column["name"] for column in recorded["columns"]]
    try:
        found = content_hash(
            connection, relation, recorded["left_out_of_content_sha256"], recorded.get("partitioned_by")
        )
        if found != recorded["content_sha256"]:
            yield Problem("altered", f"{DATABASE}: {table}", f"content sha256 is {found}")
    except (duckdb.Error, UnhashableColumnError) as error:
        yield Problem("unreadable", f"{DATABASE}: {table}", str(error))
    csvs = [release / copy(table) for copy in (csv_copy, plain_csv_copy)]
    for where, rows in ((parquet, parquet_rows(parquet)), *((csv, csv_rows(csv, names)) for csv in csvs)):
        if not any(release.glob(where.relative_to(release).as_posix())):
            continue  # where the manifest lists it, that was said already
        name = where.relative_to(release).as_posix()
        try:
            count = row_count(connection, rows)
        except duckdb.Error as error:
            yield Problem("unreadable", name, str(error))
            continue
        if count != recorded["rows"]:
            yield Problem("altered", name, f"{count:,} rows; built with {recorded['rows']:,}")
