"""The copies of a table beside the database: Parquet, and CSV unless it is large."""

import gzip
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from orchestration.releases.content_hash import columns_of
from orchestration.releases.files import csv_copy, parquet_copy, parquet_partition
from orchestration.releases.reuse import Earlier, months_by_year
from sources.folder.sql_text import identifier, literal, spreadsheet_safe

GZIP_LEVEL = 5  # level 6 takes half as long again for 5% fewer bytes


def write_copies(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    building: Path,
    table: str,
    described: Mapping[str, Any],
    earlier: Earlier,
) -> None:
    """Write the rows of `relation` in its order; files of the `earlier` release that hold the same are linked.

    `described` says of the table what the manifest does. A large one is a Parquet file a financial year.
    """
    if day := described.get("partitioned_by"):
        (building / "parquet" / table).mkdir()
        for year in months_by_year(described["months_sha256"]):
            copy = parquet_partition(table, f"{year}-{(year + 1) % 100:02}")
            if not (earlier.has_year(table, described, year) and earlier.link(copy, building)):
                between = f"{identifier(day)} between date '{year}-04-01' and date '{year + 1}-03-31'"
                _write_parquet(connection, f"from {relation} where {between}", building / copy)
        return
    is_same = earlier.has_rows(table, described)
    if not (is_same and earlier.link(parquet_copy(table), building)):
        _write_parquet(connection, f"from {relation}", building / parquet_copy(table))
    if not (is_same and earlier.link(csv_copy(table), building)):
        _write_csv(connection, _for_spreadsheets(connection, relation), building / csv_copy(table))


def _write_parquet(connection: duckdb.DuckDBPyConnection, rows: str, target: Path) -> None:
    connection.execute(f"copy ({rows}) to {literal(str(target))} (format parquet, compression zstd)")


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
