"""The views of a release: what it works out from its own tables when it is asked, and no file holds."""

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from orchestration.releases.content_hash import columns_of
from orchestration.releases.files import DATABASE
from orchestration.releases.model import Described, ReleaseBuildError
from orchestration.releases.tables import EXACT_SCHEMA, SCHEMA
from sources.folder.sql_text import identifier, literal

_SCHEMAS = re.compile(rf"\b(?:{EXACT_SCHEMA}|{SCHEMA})\.")


def write_views(
    connection: duckdb.DuckDBPyConnection,
    building: Path,
    views: Sequence[str],
    dictionary: Mapping[str, Described],
    exact: Collection[str] = (),
) -> dict[str, Any]:
    """Copy views of the warehouse in use into the database of a release, where they read its tables instead.

    Returns what the manifest says of each. With `exact` they are those that partners see.

    Raises:
        ReleaseBuildError: a view is missing.
    """
    definitions = {view: _definition(connection, view, exact) for view in views}
    (database,) = connection.execute("select current_database()").fetchone() or ("",)
    connection.execute(f"attach {literal(str(building / DATABASE))} as release")
    connection.execute("use release")
    described = {}
    for view, select in sorted(definitions.items()):
        relation = f"main.{identifier(view)}"
        connection.execute(f"create view {relation} as {select}")
        words = dictionary.get(view, Described())
        connection.execute(f"comment on view {relation} is {literal(words.description or None)}")
        for column, text in words.columns.items():
            connection.execute(f"comment on column {relation}.{identifier(column)} is {literal(text)}")
        described[view] = {
            "columns": [{"name": name, "type": type_} for name, type_ in columns_of(connection, relation)],
        }
    connection.execute(f"use {identifier(database)}")
    connection.execute("detach release")
    return described


def _definition(connection: duckdb.DuckDBPyConnection, view: str, exact: Collection[str]) -> str:
    """Return the SELECT of a view, with the names that its tables have in a release."""
    found = connection.execute(
        "select sql from duckdb_views() where database_name = current_database() and schema_name = ? and view_name = ?",
        [EXACT_SCHEMA if view in exact else SCHEMA, view],
    ).fetchone()
    if found is None:
        raise ReleaseBuildError(f"the warehouse has no view {view}: run `csp nightly` to rebuild it")
    return _SCHEMAS.sub("main.", found[0].partition(" AS ")[2].rstrip("; \n"))
