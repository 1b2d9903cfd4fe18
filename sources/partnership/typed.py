"""Rows of the folder as a typed relation of DuckDB."""

import json
from collections.abc import Sequence
from tempfile import NamedTemporaryFile

import duckdb

from sources.folder.sql_text import identifier, literal
from sources.partnership.read import Row
from sources.partnership.tables import Table

NUMBER = "number_in_folder"
"""The column that says which of the rows it is, from 0."""


def create_typed(connection: duckdb.DuckDBPyConnection, name: str, table: Table, rows: Sequence[Row]) -> None:
    """Make the table `name` of a connection hold rows in the types of their table, numbered."""
    types = {NUMBER: "bigint", **{column.name: column.data_type for column in table.columns}}
    columns = ", ".join(f"{literal(column)}: {literal(kind)}" for column, kind in types.items())
    with NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as text:
        for number, row in enumerate(rows):
            text.write(json.dumps({NUMBER: number, **row.values}, ensure_ascii=False, default=str) + "\n")
        text.flush()
        connection.execute(
            f"CREATE TABLE {identifier(name)} AS SELECT * FROM read_json({literal(text.name)}, "
            f"format = 'newline_delimited', columns = {{{columns}}})"
        )
