"""What a finished dbt build adds to Dagster's events: row counts of tables, failing rows of failed tests."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
from dagster import AssetCheckResult, MetadataValue, Output
from dagster_dbt.core.dbt_event_iterator import DbtDagsterEventType

from orchestration.checks.wording import broken

Rows = list[dict[str, str]]

FAILING_ROWS = 5
WITHHELD = "(text withheld)"
_PUBLISHED_SCHEMAS = {"marts", "reference"}


def failed_nodes(run_results: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the results of the nodes that dbt could not run, as opposed to tests that found something."""
    return [
        result
        for result in run_results["results"]
        if result["status"] == "error" and not result["unique_id"].startswith("test.")
    ]


def went_well(run_results: Mapping[str, Any], nodes: Iterable[str]) -> bool:
    """Return whether dbt has built, or tested and not faulted, each of the nodes, whatever became of others."""
    well = {result["unique_id"] for result in run_results["results"] if result["status"] in ("success", "pass")}
    return well.issuperset(nodes)


def enriched(
    events: Iterable[DbtDagsterEventType],
    warehouse: Path,
    run_results: Mapping[str, Any],
    manifest: Mapping[str, Any],
) -> Iterator[DbtDagsterEventType]:
    """Yield `events` with what only the finished warehouse can tell; it is opened read-only."""
    compiled = {result["unique_id"]: result.get("compiled_code") for result in run_results["results"]}
    failures = {result["unique_id"]: result.get("failures") for result in run_results["results"]}
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        row_counts = _row_counts(connection)
        for event in events:
            if isinstance(event, Output):
                node = manifest["nodes"][event.metadata["unique_id"].value]
                count = row_counts.get((node["schema"], node["alias"]))
                counted = {} if count is None else {"dagster/row_count": MetadataValue.int(count)}
                yield Output(None, output_name=event.output_name, metadata={**event.metadata, **counted})
            elif isinstance(event, AssetCheckResult) and not event.passed:
                test = str(event.metadata["unique_id"].value)
                sql = compiled.get(test)
                rows = _failing_rows(connection, sql, shows_texts=_reads_what_is_published(manifest, test))
                shown = MetadataValue.text(rows) if isinstance(rows, str) else MetadataValue.json(rows)
                found = {"failing rows": shown, "sql": MetadataValue.md(f"```sql\n{sql}\n```")}
                rule = str(manifest["nodes"][test].get("description") or event.check_name)
                said = broken(rule, failures.get(test) or 0, rows) if isinstance(rows, list) else rule
                yield event._replace(metadata={**event.metadata, **found}, description=said)
            else:
                yield event


def _row_counts(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], int]:
    """Return the rows of every table, by schema and name; to count a view's would be to compute it once more."""
    tables = "select schema_name, table_name, estimated_size from duckdb_tables()"
    return {(schema, name): count for schema, name, count in connection.execute(tables).fetchall()}


def _reads_what_is_published(manifest: Mapping[str, Any], test: str) -> bool:
    """Return whether a test reads published tables and seeds alone; what is before them may hold a sender's text."""
    read = manifest["nodes"][test]["depends_on"]["nodes"]
    nodes = {**manifest["nodes"], **manifest.get("sources", {})}
    return all(nodes[name]["schema"] in _PUBLISHED_SCHEMAS for name in read)


def _failing_rows(connection: duckdb.DuckDBPyConnection, sql: str | None, shows_texts: bool) -> Rows | str:
    """Return up to five rows that a failed test found, perhaps without their texts, or why they cannot be shown."""
    if not sql:
        return "dbt did not compile this test"
    try:
        found = connection.execute(f"select * from ({sql}) limit {FAILING_ROWS}")
        names = [column[0] for column in found.description or []]
        rows = found.fetchall()
    except duckdb.Error as error:
        return f"the test's SQL could not be run: {type(error).__name__}"
    return [
        {name: str(value) if shows_texts or not isinstance(value, str) else WITHHELD for name, value in pairs}
        for pairs in (zip(names, row, strict=True) for row in rows)
    ]
