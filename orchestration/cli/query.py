"""`csp query`: SQL on the current release, and its rows in three forms."""

import csv
import json
import sys
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

import duckdb
import typer

from orchestration import releases as store
from orchestration.cli.console import WRONG_USAGE, ForPartners, data_folder, fail, failing_on, say
from sources.folder.data_folder import DataFolder, PartnersFolder


class OutputFormat(StrEnum):
    """How `csp query` prints."""

    table = "table"
    csv = "csv"
    json = "json"


def query(
    sql: Annotated[str, typer.Argument(help="A query on the current release, or on that of `--release`.")],
    output: Annotated[OutputFormat, typer.Option("--format", help="How to print the rows.")] = OutputFormat.table,
    partners: ForPartners = False,
    release: Annotated[
        str | None, typer.Option("--release", help="Another release, as `csp releases` lists it.")
    ] = None,
) -> None:
    """Run one query on the current release or another one, which is all that it can read.

    It never waits for the nightly, nor the nightly for it.
    """
    with failing_on(store.ReleaseError):
        folder = data_folder()
        asked = _asked(folder, release, partners)
    if not sql.strip():
        raise typer.BadParameter('give a query, such as "select * from deliveries"', param_hint="SQL")
    try:
        with store.answered(asked.path / store.DATABASE, sql) as rows:
            if output is OutputFormat.csv:
                _print_csv(rows)
            else:
                say(_as_json(rows) if output is OutputFormat.json else _as_table(rows))
    except store.NotAQueryError as error:
        raise fail(str(error), WRONG_USAGE) from error
    except duckdb.Error as error:
        raise fail(f"the query failed: {error}") from error


def _asked(folder: DataFolder, release_id: str | None, partners: bool) -> store.Release:
    if release_id is None:
        return store.require_twin(folder) if partners else store.require_current(folder)
    release = store.get_release(folder, release_id)
    return store.get_release(PartnersFolder(folder.root), release_id) if partners else release


def _names(rows: duckdb.DuckDBPyConnection) -> list[str]:
    return [column[0] for column in rows.description or []]


def _as_table(rows: duckdb.DuckDBPyConnection) -> str:
    """Return the rows of a query, aligned; what has no value is blank, and a whole number stays one."""
    import pandas as pd

    names = _names(rows)
    table = [["" if cell is None else cell for cell in row] for row in rows.fetchall()]
    if not table:
        return f"no rows; the columns: {', '.join(names)}"
    return pd.DataFrame(table, columns=names, dtype=object).to_string(index=False)


def _as_json(rows: duckdb.DuckDBPyConnection) -> str:
    """Return the rows of a query as a list of objects; what has no value is null."""
    names = _names(rows)
    records = [dict(zip(names, row, strict=True)) for row in rows.fetchall()]
    return json.dumps(records, ensure_ascii=False, default=_json_value)


def _json_value(value: object) -> float | str:
    return float(value) if isinstance(value, Decimal) else str(value)


def _print_csv(rows: duckdb.DuckDBPyConnection) -> None:
    """Print the rows of a query a few thousand at a time: they may be more than memory holds."""
    writer = csv.writer(sys.stdout)
    writer.writerow(_names(rows))
    while batch := rows.fetchmany(10_000):
        writer.writerows(batch)
