"""Rows between DuckDB and PostgreSQL, as CSV through a pipe: no row becomes a Python object, none waits in memory.

Both write what is missing as nothing and an empty text as `""`, and numbers so that every bit comes back.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import duckdb
from psycopg.sql import SQL, Identifier

from orchestration.serve.server import Connection
from orchestration.serve.tables import Column
from sources.folder.sql_text import identifier, literal

_BYTES_AT_A_TIME = 1 << 18


def copy_in(rows: duckdb.DuckDBPyConnection, relation: str, connection: Connection, schema: str, table: str) -> None:
    """Copy the rows of a relation of DuckDB (quoted for SQL) into an empty table that this transaction made.

    `freeze` shows the rows to transactions that began before this one too: they never find a table empty.

    Raises:
        psycopg.Error: PostgreSQL does not take them, or the connection is lost.
        duckdb.Error: they cannot be read.
    """
    target = SQL("copy {} from stdin (format csv, freeze)").format(Identifier(schema, table))
    read_end, write_end = os.pipe()
    with (
        ThreadPoolExecutor(1) as writer,
        open(read_end, "rb", buffering=0) as lines,  # noqa: PTH123 - a pipe has no path
        connection.cursor() as cursor,
    ):
        written = writer.submit(_write, rows.cursor(), relation, write_end)
        try:
            with cursor.copy(target) as copy:
                while chunk := lines.read(_BYTES_AT_A_TIME):
                    copy.write(chunk)
                written.result()  # before the copy counts as whole
        finally:
            lines.close()  # so that a writer whose rows nobody takes any more ends


def _write(rows: duckdb.DuckDBPyConnection, relation: str, write_end: int) -> None:
    try:
        rows.execute(f"copy {relation} to '/dev/fd/{write_end}' (format csv, header false, use_tmp_file false)")
    finally:
        os.close(write_end)


def copy_out(
    connection: Connection,
    schema: str,
    table: str,
    columns: Sequence[Column],
    rows: duckdb.DuckDBPyConnection,
    relation: str,
) -> None:
    """Copy the rows of a table of PostgreSQL into a new table of DuckDB, with its columns as DuckDB has them.

    Raises:
        psycopg.Error: PostgreSQL does not give them: a table or column is missing, or the connection is lost.
        duckdb.Error: a value is none of its column's type.
    """
    source = SQL("copy (select {} from {}) to stdout (format csv)").format(
        SQL(", ").join(Identifier(column.name) for column in columns), Identifier(schema, table)
    )
    read_end, write_end = os.pipe()
    with (
        ThreadPoolExecutor(1) as reader,
        open(write_end, "wb", buffering=0) as lines,  # noqa: PTH123 - a pipe has no path
        connection.cursor() as cursor,
    ):
        read = reader.submit(_read, rows.cursor(), relation, columns, read_end)
        try:
            with suppress(BrokenPipeError), cursor.copy(source) as copy:  # whoever stopped reading says why
                for chunk in copy:
                    lines.write(chunk)
        finally:
            lines.close()
        read.result()


def _read(rows: duckdb.DuckDBPyConnection, relation: str, columns: Sequence[Column], read_end: int) -> None:
    types = ", ".join(f"{literal(column.name)}: {literal(column.duckdb_type)}" for column in columns)
    try:
        rows.execute(
            f"create table {relation} as from read_csv('/dev/fd/{read_end}', columns = {{{types}}}, header = false, "
            "auto_detect = false, delim = ',', quote = '\"', escape = '\"', nullstr = '', allow_quoted_nulls = false, "
            "parallel = false)"
        )
    finally:
        os.close(read_end)


def has_nulls(rows: duckdb.DuckDBPyConnection, relation: str, columns: Sequence[str]) -> bool:
    """Return whether any of these columns lacks a value in a row."""
    missing = " or ".join(f"{identifier(column)} is null" for column in columns)
    return bool(rows.execute(f"select 1 from {relation} where {missing} limit 1").fetchall())
