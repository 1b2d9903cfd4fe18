"""Reading databases, Parquet and CSV files with DuckDB, which never changes them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb

from orchestration.memory import limit_memory
from orchestration.releases.content_hash import columns_of
from sources.folder.data_folder import DataFolder
from sources.folder.rights import OWNER_ALONE, make_folder
from sources.folder.sql_text import identifier, literal


@contextmanager
def reading(folder: DataFolder, database: Path, name: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a scratch connection from which `database` is read as `name`; it spills inside the data folder."""
    with suppress(OSError):  # whoever may only read has none, and needs none
        make_folder(folder.spill, OWNER_ALONE)
    settings: dict[str, str | bool | int | float | list[str]] = {
        "temp_directory": str(folder.spill),
        "autoinstall_known_extensions": "false",
    }
    with duckdb.connect(":memory:", config=settings) as connection:
        limit_memory(connection)
        connection.execute("set timezone = 'UTC'")
        attach(connection, database, name)
        connection.execute(f"use {identifier(name)}")
        yield connection


def attach(connection: duckdb.DuckDBPyConnection, database: Path, name: str) -> None:
    """Have a connection read another database, as `name`."""
    connection.execute(f"attach {literal(str(database))} as {identifier(name)} (read_only)")


def parquet_rows(path: Path) -> str:
    """Return the SQL that reads a Parquet file."""
    return f"read_parquet({literal(str(path))})"


def csv_rows(path: Path, names: Iterable[str]) -> str:
    """Return the SQL that reads a CSV file with these columns, as text."""
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
    return f"read_csv({literal(str(path))}, header = true, auto_detect = false, columns = {{{columns}}})"


def row_count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    """Return the number of rows of `relation` (quoted for SQL)."""
    row = connection.execute(f"select count(*) from {relation}").fetchone()
    return int(row[0]) if row else 0


def rows_of(connection: duckdb.DuckDBPyConnection, relation: str) -> list[dict[str, Any]]:
    """Return the rows of a small table as dictionaries, in the order of their columns."""
    names = [name for name, _ in columns_of(connection, relation)]
    rows = connection.execute(f"from {relation} order by all").fetchall()
    return [dict(zip(names, row, strict=True)) for row in rows]
