"""The tables of a release, copied out of the warehouse."""

import gzip
import shutil
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from orchestration.releases.content_hash import CLOCK_COLUMNS, UnhashableColumnError, columns_of, content_hash, quoted
from orchestration.releases.database import row_count
from orchestration.releases.files import DATABASE, csv_copy, parquet_copy
from orchestration.releases.model import ChangedTablesError, Described, Release, ReleaseBuildError
from sources.folder.sql_text import identifier, literal, spreadsheet_safe

SCHEMA, EXACT_SCHEMA = "marts", "partners_marts"
STORAGE_VERSION = "v1.2.0"  # the oldest DuckDB whose clients open the database
GZIP_LEVEL = 5  # level 6 takes half as long again for 5% fewer bytes


def equal_releases(
    warehouse: Path,
    tables: Sequence[str],
    releases: Sequence[Release],
    exact: Collection[str] = (),
    built_as: Mapping[str, str] | None = None,
) -> list[Release]:
    """Return those of `releases` that hold exactly these tables of a warehouse, row for row; `exact` as partners see.

    Small tables come first, and the first one that differs from every release ends the search. A relation whose content
    hash is in `built_as` is not read: whoever gives it reads all before anything is settled by it.

    Raises:
        ReleaseBuildError: a table is missing, or the warehouse cannot be read.
    """
    try:
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            equal = [release for release in releases if release.content_hashes.keys() == set(tables)]
            relations = {table: quoted(relation_of(table, exact)) for table in tables}
            counts = {table: row_count(connection, relation) for table, relation in relations.items()}
            for table in sorted(tables, key=lambda table: counts[table]):
                if not equal:
                    break
                left_out = CLOCK_COLUMNS.get(table, ())
                known = None if left_out else (built_as or {}).get(relation_of(table, exact))
                found = known or content_hash(connection, relations[table], left_out)
                equal = [release for release in equal if release.content_hashes[table] == found]
            return equal
    except (duckdb.Error, UnhashableColumnError) as error:
        raise ReleaseBuildError(f"{warehouse} cannot be read: {error}. Run `csp nightly` to rebuild it.") from error


def relation_of(table: str, exact: Collection[str] = ()) -> str:
    """Return where a warehouse has a published table (`marts.areas`); those that are `exact` have a schema apart."""
    return f"{EXACT_SCHEMA if table in exact else SCHEMA}.{table}"


def write_tables(
    connection: duckdb.DuckDBPyConnection,
    building: Path,
    tables: Sequence[str],
    dictionary: Mapping[str, Described],
    built_as: Mapping[str, str] | None = None,
    exact: Collection[str] = (),
) -> dict[str, Any]:
    """Write each table as database table, Parquet and CSV, sorted by its columns, and describe each.

    Raises:
        ChangedTablesError: what was written is not what was built: its content hash is not the one in `built_as`.
    """
    (building / "parquet").mkdir()
    (building / "csv").mkdir()
    database = literal(str(building / DATABASE))
    connection.execute(f"attach {database} as release (storage_version {literal(STORAGE_VERSION)})")
    described = {}
    changed = []
    for table in sorted(tables):
        relation = f"release.main.{identifier(table)}"
        connection.execute(f"create table {relation} as from {quoted(relation_of(table, exact))} order by all")
        words = dictionary.get(table, Described())
        connection.execute(f"comment on table {relation} is {literal(words.description or None)}")
        for column, text in words.columns.items():
            connection.execute(f"comment on column {relation}.{identifier(column)} is {literal(text)}")
        parquet = literal(str(building / parquet_copy(table)))
        connection.execute(f"copy {relation} to {parquet} (format parquet, compression zstd)")
        _write_csv(connection, _for_spreadsheets(connection, relation), building / csv_copy(table))
        left_out = CLOCK_COLUMNS.get(table, ())
        described[table] = {
            "rows": row_count(connection, relation),
            "columns": [{"name": name, "type": type_} for name, type_ in columns_of(connection, relation)],
            "content_sha256": content_hash(connection, relation, left_out),
            "left_out_of_content_sha256": list(left_out),
        }
        whole = content_hash(connection, relation) if left_out else described[table]["content_sha256"]
        if built_as is not None and built_as.get(relation_of(table, exact)) != whole:
            changed.append(table)
    connection.execute("detach release")
    if changed:
        raise ChangedTablesError(f"{', '.join(changed)}: not as built and checked")
    return described


def _write_csv(connection: duckdb.DuckDBPyConnection, select: str, target: Path) -> None:
    """Write the rows of a SELECT as compressed CSV, whose bytes say nothing of when or where that was."""
    plain = target.with_suffix("")
    connection.execute(f"copy ({select}) to {literal(str(plain))} (format csv, header)")
    with (
        plain.open("rb") as rows,
        target.open("wb") as file,
        gzip.GzipFile("", "wb", GZIP_LEVEL, file, mtime=0) as compressed,
    ):
        shutil.copyfileobj(rows, compressed, 1 << 20)
    plain.unlink()


def _for_spreadsheets(connection: duckdb.DuckDBPyConnection, relation: str) -> str:
    """Return the SELECT of a table as its CSV has it.

    No spreadsheet takes a text for a formula, and a time is written as every standard has it; numbers stay as they are.
    """
    columns = []
    for name, kind in columns_of(connection, relation):
        column = identifier(name)
        if kind == "VARCHAR":
            columns.append(f"{spreadsheet_safe(column)} as {column}")
        elif kind.startswith("TIMESTAMP"):
            columns.append(f"strftime({column}, '%Y-%m-%dT%H:%M:%SZ') as {column}")
        else:
            columns.append(column)
    return f"select {', '.join(columns)} from {relation}"
