"""The tables of a release, copied out of the warehouse."""

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from orchestration.memory import limit_memory
from orchestration.releases.content_hash import (
    CLOCK_COLUMNS,
    MonthHashes,
    UnhashableColumnError,
    columns_of,
    content_hash,
    hash_of_months,
    month_hashes,
    quoted,
)
from orchestration.releases.copies import write_copies
from orchestration.releases.database import row_count
from orchestration.releases.files import DATABASE
from orchestration.releases.model import ChangedTablesError, Described, Release, ReleaseBuildError
from orchestration.releases.reuse import Earlier
from sources.folder.sql_text import identifier, literal

SCHEMA, EXACT_SCHEMA = "marts", "partners_marts"
STORAGE_VERSION = "v1.2.0"  # the oldest DuckDB whose clients open the database
BLOCK_SIZE = 32768  # a column takes whole blocks: with 256 KB, DuckDB's own, small tables are mostly padding


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
            limit_memory(connection)
            equal = [release for release in releases if release.content_hashes.keys() == set(tables)]
            relations = {table: quoted(relation_of(table, exact)) for table in tables}
            counts = {table: row_count(connection, relation) for table, relation in relations.items()}
            for table in sorted(tables, key=lambda table: counts[table]):
                if not equal:
                    break
                left_out = CLOCK_COLUMNS.get(table, ())
                known = None if left_out else (built_as or {}).get(relation_of(table, exact))
                found = {
                    months_of: known or content_hash(connection, relations[table], left_out, months_of)
                    for months_of in {release.partitioned_by.get(table) for release in equal}
                }
                equal = [
                    release
                    for release in equal
                    if release.content_hashes[table] == found[release.partitioned_by.get(table)]
                ]
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
    known_hashes: Mapping[str, MonthHashes] | None = None,
    earlier: Earlier | None = None,
) -> dict[str, Any]:
    """Write each table as database table, Parquet and CSV, sorted by its columns, and describe each.

    A table that the dictionary has parted by dates is large: its Parquet is a file a financial year, and it has no CSV.
    In the database its rows with equal numbers lie together, which halves it. `known_hashes` are by relation.

    Raises:
        ChangedTablesError: what was written is not what was built: its content hash is not the one in `built_as`.
        ReleaseBuildError: a row of a large table has no date.
    """
    (building / "parquet").mkdir()
    (building / "csv").mkdir()
    database = literal(str(building / DATABASE))
    options = f"storage_version {literal(STORAGE_VERSION)}, block_size {BLOCK_SIZE}"
    connection.execute(f"attach {database} as release ({options})")
    described = {}
    changed = []
    for table in sorted(tables):
        relation = f"release.main.{identifier(table)}"
        words = dictionary.get(table, Described())
        source = quoted(relation_of(table, exact))
        order = _equal_numbers_together(connection, source) if words.partitioned_by else "all"
        connection.execute(f"create table {relation} as from {source} order by {order}")
        connection.execute(f"comment on table {relation} is {literal(words.description or None)}")
        for column, text in words.columns.items():
            connection.execute(f"comment on column {relation}.{identifier(column)} is {literal(text)}")
        left_out = CLOCK_COLUMNS.get(table, ())
        parted: dict[str, Any] = {}
        known = {**(known_hashes or {}).get(relation_of(table, exact), {})}
        if words.partitioned_by:
            months = month_hashes(connection, relation, words.partitioned_by, left_out, known)
            if not all(re.fullmatch(r"\d{4}-\d{2}", month) for month in months):
                raise ReleaseBuildError(
                    f"{table} has rows without a date in {words.partitioned_by}, which says in which year's file a row "
                    "goes. The last release stands; this is a fault of the table's model, not of the data"
                )
            parted = {"partitioned_by": words.partitioned_by, "months_sha256": months}
            found = hash_of_months(connection, relation, months, left_out)
        else:
            found = content_hash(connection, relation, left_out, known=None if left_out else known)
        described[table] = {
            "rows": row_count(connection, relation),
            "columns": [{"name": name, "type": type_} for name, type_ in columns_of(connection, relation)],
            "content_sha256": found,
            "left_out_of_content_sha256": list(left_out),
            **parted,
        }
        write_copies(connection, relation, building, table, described[table], earlier or Earlier())
        whole = content_hash(connection, relation, months_of=words.partitioned_by) if left_out else found
        if built_as is not None and built_as.get(relation_of(table, exact)) != whole:
            changed.append(table)
    connection.execute("detach release")
    if changed:
        raise ChangedTablesError(f"{', '.join(changed)}: not as built and checked")
    return described


def _equal_numbers_together(connection: duckdb.DuckDBPyConnection, relation: str) -> str:
    """Return the order of a large table: by its first column, then by its numbers, then by the others."""
    columns = columns_of(connection, relation)
    numbers = [name for name, kind in columns if kind == "DOUBLE"]
    (first, _), *others = columns
    return ", ".join(map(identifier, dict.fromkeys([first, *numbers, *(name for name, _ in others)])))
