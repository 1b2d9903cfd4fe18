"""The dbt models: one step that starts dbt once and turns what it reports into assets and checks."""

import contextlib
import io
import threading
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb
from dagster import (
    AssetCheckResult,
    AssetExecutionContext,
    AssetsDefinition,
    Failure,
    MetadataValue,
    Output,
    RetryRequested,
)
from dagster_dbt import DbtCliInvocation, DbtProject, dbt_assets
from dagster_dbt.asset_utils import get_subset_selection_for_context
from dagster_dbt.core.dbt_event_iterator import DbtDagsterEventType
from packaging.version import Version

from orchestration.assets import WRITER_POOL
from orchestration.build_record import BuildRecord, write_build_record
from orchestration.dbt import (
    NIGHTLY_EXCLUSIONS,
    LayerTranslator,
    dbt_command,
    dbt_environment,
    failed_nodes,
)
from orchestration.progress import report
from orchestration.resources import DataFolderResource
from orchestration.run_inputs import read_run_inputs
from orchestration.writer_lock import WarehouseBusyError, require_free_warehouse, writer_lock
from sources.data_folder import DataFolder

FAILING_ROWS = 5
LOCK_RETRIES = 2


def build_models(manifest: Mapping[str, Any], project: DbtProject) -> AssetsDefinition:
    """Return the assets and checks of every model, seed and test of the dbt project."""
    translator = LayerTranslator()

    @dbt_assets(
        manifest=manifest,
        project=project,
        dagster_dbt_translator=translator,
        exclude="resource_type:unit_test",
        name="dbt_build",
        pool=WRITER_POOL,
    )
    def dbt_build(context: AssetExecutionContext, data_folder: DataFolderResource) -> Iterator[DbtDagsterEventType]:
        folder = data_folder.open()
        try:
            with writer_lock(folder):
                require_free_warehouse(folder.warehouse)
                yield from _build(context, folder, manifest, project, translator)
        except WarehouseBusyError as error:
            raise RetryRequested(max_retries=LOCK_RETRIES, seconds_to_wait=5) from error

    return dbt_build


def _build(
    context: AssetExecutionContext,
    folder: DataFolder,
    manifest: Mapping[str, Any],
    project: DbtProject,
    translator: LayerTranslator,
) -> Iterator[DbtDagsterEventType]:
    inputs = read_run_inputs(folder.run_inputs)
    folder.build_record.unlink(missing_ok=True)
    # For a part of the models, launched in the UI, dagster-dbt says what to select; for all of them nothing.
    selection, indirect_selection = get_subset_selection_for_context(
        context=context,
        manifest=manifest,
        select=None,
        exclude=None,
        selector=None,
        dagster_dbt_translator=translator,
        current_dbt_indirect_selection_env=None,
    )
    environment = dbt_environment(folder)
    if indirect_selection:
        environment["DBT_INDIRECT_SELECTION"] = indirect_selection
    invocation = DbtCliInvocation.run(
        args=dbt_command("build", "--log-format", "json", *NIGHTLY_EXCLUSIONS, *selection),
        env=environment,
        manifest=manifest,
        dagster_dbt_translator=translator,
        project_dir=Path(project.project_dir),
        target_path=folder.dbt_target,
        raise_on_error=False,
        context=context,
        adapter=None,
        cli_version=Version(version("dbt-core")),
        dbt_project=project,
    )
    threading.Thread(target=_import_great_expectations, daemon=True).start()
    events: list[DbtDagsterEventType] = []
    with contextlib.redirect_stdout(io.StringIO()) as output:
        for message in invocation.stream_raw_events():
            _report_progress(message.raw_event)
            events.extend(
                message.to_default_asset_events(
                    manifest=manifest,
                    dagster_dbt_translator=translator,
                    context=context,
                    target_path=folder.dbt_target,
                    project=project,
                )
            )
    run_results = invocation.get_artifact("run_results.json") if invocation.process.returncode < 2 else None
    if run_results is None:
        raise Failure(f"dbt could not start the build:\n{output.getvalue()[-4000:]}", allow_retries=False)
    _record_build(context, folder, run_results, inputs.as_at, inputs.fingerprint, complete=not selection)
    yield from _enriched(events, folder.warehouse, run_results, manifest)
    broken = failed_nodes(run_results)
    if broken:
        details = "\n".join(f"{result['unique_id']}: {result['message']}" for result in broken)
        raise Failure(f"dbt could not build {len(broken)} model(s):\n{details}", allow_retries=False)


def _import_great_expectations() -> None:
    """Pay for the slowest import of the night while dbt, another process, does the work."""
    import great_expectations  # noqa: F401, PLC0415


def _report_progress(raw_event: Mapping[str, Any]) -> None:
    if raw_event["info"]["name"] not in {"LogModelResult", "LogSeedResult", "LogTestResult", "NodeFinished"}:
        return
    node = raw_event["data"].get("node_info", {})
    if raw_event["info"]["name"] == "LogModelResult":
        report(f"model {node['node_name']}: {raw_event['data']['status']}")
    elif raw_event["info"]["name"] == "LogTestResult" and raw_event["data"]["status"] != "pass":
        report(f"check {node['node_name']}: {raw_event['data']['status']}")


def _record_build(
    context: AssetExecutionContext,
    folder: DataFolder,
    run_results: Mapping[str, Any],
    as_at: str,
    fingerprint: str,
    complete: bool,
) -> None:
    state = folder.warehouse.stat()
    write_build_record(
        folder.build_record,
        BuildRecord(
            run_id=context.run_id,
            invocation_id=run_results["metadata"]["invocation_id"],
            as_at=as_at,
            input_fingerprint=fingerprint,
            complete=complete,
            warehouse_size=state.st_size,
            warehouse_modified_ns=state.st_mtime_ns,
        ),
    )


def _enriched(
    events: list[DbtDagsterEventType],
    warehouse: Path,
    run_results: Mapping[str, Any],
    manifest: Mapping[str, Any],
) -> Iterator[DbtDagsterEventType]:
    """Yield the events with row counts (one query for all tables) and, for failed tests, the rows they found."""
    compiled = {result["unique_id"]: result.get("compiled_code") for result in run_results["results"]}
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        row_counts = {
            (schema, table): count
            for schema, table, count in connection.execute(
                "select schema_name, table_name, estimated_size from duckdb_tables()"
            ).fetchall()
        }
        for event in events:
            if isinstance(event, Output):
                node = manifest["nodes"][event.metadata["unique_id"].value]
                count = row_counts.get((node["schema"], node["alias"]))
                metadata = {**event.metadata, **({} if count is None else {"dagster/row_count": count})}
                yield Output(None, output_name=event.output_name, metadata=metadata)
            elif isinstance(event, AssetCheckResult) and not event.passed:
                unique_id = event.metadata["unique_id"].value
                yield event._replace(
                    metadata={
                        **event.metadata,
                        "failing rows": _failing_rows(connection, compiled.get(unique_id)),
                        "sql": MetadataValue.md(f"```sql\n{compiled.get(unique_id)}\n```"),
                    }
                )
            else:
                yield event


def _failing_rows(connection: duckdb.DuckDBPyConnection, sql: str | None) -> MetadataValue:
    """Return up to five rows that a failed test found, or why they cannot be shown."""
    if not sql:
        return MetadataValue.text("dbt did not compile this test")
    try:
        found = connection.execute(f"select * from ({sql}) limit {FAILING_ROWS}")
        names = [column[0] for column in found.description or []]
        rows = found.fetchmany(FAILING_ROWS)
    except duckdb.Error as error:
        return MetadataValue.text(f"the test's SQL could not be run: {error}")
    return MetadataValue.json([dict(zip(names, map(str, row), strict=True)) for row in rows])
