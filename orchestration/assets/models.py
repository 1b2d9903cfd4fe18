"""The dbt models: one step that starts dbt once and turns what it reports into assets and checks."""

import contextlib
import io
import json
import os
import signal
import threading
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from dagster import AssetExecutionContext, AssetsDefinition, Failure
from dagster_dbt import DbtCliResource, DbtProject, dbt_assets
from dagster_dbt.core.dbt_event_iterator import DbtDagsterEventType

from orchestration.assets import WRITER_POOL, writing
from orchestration.dbt.results import enriched, failed_nodes
from orchestration.dbt.translator import LayerTranslator
from orchestration.outcome import HELD, blocking_failure, say_outcome, tag_held_by
from orchestration.progress import report
from orchestration.provenance import LOADED_RULES, git_commit, rules_are_as_loaded, versions
from orchestration.records.build_record import BuildRecord, write_build_record
from orchestration.records.run_inputs import INTAKE_RUN_TAG, RunInputs, input_fingerprint, read_run_inputs
from orchestration.releases import content_hashes
from orchestration.resources import DataFolderResource
from orchestration.writer_lock import DamagedWarehouseError, require_free_warehouse
from sources.folder.data_folder import DataFolder
from sources.ledger.receipts import Ledger


def build_models(manifest: Mapping[str, Any], project: DbtProject, released: Collection[str]) -> AssetsDefinition:
    """Return the assets and checks of every model, seed and test of the dbt project.

    Of the `released` relations (`marts.areas`) the step records what they hold.
    """

    @dbt_assets(
        manifest=manifest,
        project=project,
        dagster_dbt_translator=LayerTranslator(),
        exclude="resource_type:unit_test",
        name="dbt_build",
        pool=WRITER_POOL,
    )
    def dbt_build(
        context: AssetExecutionContext, data_folder: DataFolderResource, dbt: DbtCliResource
    ) -> Iterator[DbtDagsterEventType]:
        folder = data_folder.open()
        with writing(folder):
            _have_sound_warehouse(folder)
            yield from _build(context, folder, dbt, released)

    return dbt_build


def _have_sound_warehouse(folder: DataFolder) -> None:
    """See that nobody else has the warehouse open; one that is damaged is deleted, as dbt makes all of it anew.

    Raises:
        WarehouseBusyError: somebody has.
    """
    try:
        require_free_warehouse(folder.warehouse)
    except DamagedWarehouseError as error:
        for file in (folder.warehouse, folder.warehouse_log):
            file.unlink(missing_ok=True)
        report(f"{error}: deleted, and made anew")


def _build(
    context: AssetExecutionContext, folder: DataFolder, dbt: DbtCliResource, released: Collection[str]
) -> Iterator[DbtDagsterEventType]:
    commit = git_commit()  # as it is when the build starts
    _require_rules_as_loaded(context)
    inputs = settled_inputs(folder, context.run.tags, LOADED_RULES)
    results_file = folder.dbt_target / "run_results.json"
    for outdated in (folder.build_record, results_file):
        outdated.unlink(missing_ok=True)
    folder.dbt_target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.dbt_target.parent.chmod(0o700)
    with _for_the_owner_alone():  # the warehouse holds what the marts withhold, from its first byte on
        invocation = dbt.cli(
            ["build", "--full-refresh", "--exclude-resource-type", "unit_test"],
            context=context,
            target_path=folder.dbt_target,
            raise_on_error=False,
        )
    threading.Thread(target=_import_great_expectations, daemon=True).start()
    events: list[DbtDagsterEventType] = []
    with contextlib.redirect_stdout(io.StringIO()) as output:
        for message in invocation.stream_raw_events():
            _report_progress(message.raw_event)
            events.extend(
                message.to_default_asset_events(
                    manifest=invocation.manifest,
                    dagster_dbt_translator=invocation.dagster_dbt_translator,
                    context=context,
                    target_path=invocation.target_path,
                    project=invocation.project,
                )
            )
    run_results = _read_results(results_file, invocation.process.returncode, output.getvalue())
    folder.warehouse.chmod(0o600)  # it holds what the marts withhold
    _require_rules_as_loaded(context)  # dbt reads its project by itself, at some time since
    state = folder.warehouse.stat()
    broken = failed_nodes(run_results)
    is_complete = context.selected_asset_keys == context.assets_def.keys
    record = BuildRecord(
        run_id=context.run.run_id,
        as_at=inputs.as_at,
        input_fingerprint=inputs.fingerprint,
        rules_digest=LOADED_RULES,
        git_commit=commit,
        versions=versions(),
        complete=is_complete,
        warehouse_size=state.st_size,
        warehouse_modified_ns=state.st_mtime_ns,
        content_hashes=content_hashes(folder.warehouse, released) if is_complete and not broken else {},
    )
    write_build_record(folder.build_record, record)
    yield from enriched(events, folder.warehouse, run_results, invocation.manifest)
    if broken:
        details = "\n".join(f"{result['unique_id']}: {result['message']}" for result in broken)
        raise Failure(f"dbt could not build {len(broken)} model(s):\n{details}", allow_retries=False)
    tag_held_by(context.instance, context.run.run_id, [key for event in events if (key := blocking_failure(event))])


def _require_rules_as_loaded(context: AssetExecutionContext) -> None:
    """See that models, contracts and suites are those that this process has loaded, or hold the release."""
    if not rules_are_as_loaded():
        why = "models, contracts or suites were written to while this run used them: run `csp nightly` again"
        say_outcome(context, HELD, why)
        raise Failure(why, allow_retries=False)


def settled_inputs(folder: DataFolder, run_tags: Mapping[str, str], rules: str) -> RunInputs:
    """Return the inputs to build from: the last that an intake settled, which must be the one that this run follows.

    Between the two runs nobody holds the data folder: a delivery may be withdrawn, or a new version installed.

    Raises:
        Failure: there are no such inputs, or deliveries or rules (a digest of them) have changed since.
    """
    inputs = read_run_inputs(folder.run_inputs)
    if inputs is None:
        raise Failure(
            "no intake has settled an as-at date in this data folder: launch the job intake", allow_retries=False
        )
    followed = run_tags.get(INTAKE_RUN_TAG, inputs.run_id)
    if followed != inputs.run_id:
        raise Failure(
            f"intake {inputs.run_id} has settled other inputs since intake {followed}: a publish of its own follows it",
            allow_retries=False,
        )
    as_at = date.fromisoformat(inputs.as_at)
    if input_fingerprint(Ledger(folder).receipts(), as_at, rules) != inputs.fingerprint:
        raise Failure(
            "deliveries or rules have changed since the last intake: launch the job intake", allow_retries=False
        )
    return inputs


@contextlib.contextmanager
def _for_the_owner_alone() -> Iterator[None]:
    """Have a process that is started meanwhile make its files for their owner alone."""
    mask = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(mask)


def _read_results(file: Path, exit_code: int, output: str) -> dict[str, Any]:
    """Return what dbt says it did; it ends with 0 when all went well and 1 when a node or test failed."""
    if exit_code < 0:
        name = signal.Signals(-exit_code).name
        raise Failure(f"dbt was ended by {name}: was it killed, or out of memory? Run again.", allow_retries=False)
    if exit_code not in (0, 1) or not file.exists():
        raise Failure(f"dbt could not start the build:\n{output[-4000:]}", allow_retries=False)
    results: dict[str, Any] = json.loads(file.read_text())
    return results


def _import_great_expectations() -> None:
    """Pay for the slowest import of the night while dbt, another process, does the work."""
    import great_expectations  # noqa: F401, PLC0415


def _report_progress(raw_event: Mapping[str, Any]) -> None:
    name, data = raw_event["info"]["name"], raw_event["data"]
    if name == "LogModelResult":
        report(f"model {data['node_info']['node_name']}: {data['status']}")
    elif name == "LogTestResult" and data["status"] != "pass":
        report(f"check {data['node_info']['node_name']}: {data['status']}")
