"""The dbt models: one step that starts dbt once and turns what it reports into assets and checks."""

import contextlib
import json
import os
import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from dagster import AssetExecutionContext, AssetsDefinition, Failure
from dagster_dbt import DbtCliResource, DbtProject, dbt_assets
from dagster_dbt.core.dbt_event_iterator import DbtDagsterEventType

from expectations.run import import_early
from orchestration.assets import WRITER_POOL, writing
from orchestration.assets.cells import cells_at_hand
from orchestration.dbt.cells import keep_cells, rules_of_cells
from orchestration.dbt.events import ended_at_last, without_stack, written_events
from orchestration.dbt.fork import forked_models, manifest_for_partners, partners_selection, partners_vars
from orchestration.dbt.progress import built_line, report_progress
from orchestration.dbt.project import released_relations
from orchestration.dbt.results import enriched, failed_nodes, went_well
from orchestration.dbt.translator import LayerTranslator, PartnersTranslator
from orchestration.outcome import HELD, blocking_failure, say_outcome, tag_held_by
from orchestration.progress import report
from orchestration.provenance import LOADED_RULES, git_commit, rules_are_as_loaded, versions
from orchestration.records.build_record import BuildRecord, read_build_record, write_build_record
from orchestration.records.run_inputs import INTAKE_RUN_TAG, RunInputs, input_fingerprint, read_run_inputs
from orchestration.releases import MonthHashes, content_hashes
from orchestration.resources import DataFolderResource
from orchestration.writer_lock import DamagedWarehouseError, require_free_warehouse
from sources.folder.data_folder import DataFolder
from sources.ledger.receipts import Ledger


def build_models(
    manifest: Mapping[str, Any], project: DbtProject, released: Mapping[str, str | None]
) -> AssetsDefinition:
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
            yield from _build(context, folder, dbt, manifest, released)

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


def build_partners_models(manifest: Mapping[str, Any], project: DbtProject) -> AssetsDefinition:
    """Return the assets and checks of what is made a second time, exact, for partners, after the first build."""
    forked = forked_models(manifest)
    exact = manifest_for_partners(manifest, forked)
    released = {one: day for one, day in released_relations(exact).items() if one not in released_relations(manifest)}

    @dbt_assets(
        manifest=exact,
        project=project,
        dagster_dbt_translator=PartnersTranslator(forked),
        select=partners_selection(manifest, forked),
        exclude="resource_type:unit_test",
        name="dbt_build_for_partners",
        pool=WRITER_POOL,
    )
    def dbt_build_for_partners(
        context: AssetExecutionContext, data_folder: DataFolderResource, dbt: DbtCliResource
    ) -> Iterator[DbtDagsterEventType]:
        folder = data_folder.open()
        with writing(folder):
            require_free_warehouse(folder.warehouse)
            yield from _build_for_partners(context, folder, dbt, partners_vars(manifest, forked), released)

    return dbt_build_for_partners


def _build(
    context: AssetExecutionContext,
    folder: DataFolder,
    dbt: DbtCliResource,
    manifest: Mapping[str, Any],
    released: Mapping[str, str | None],
) -> Iterator[DbtDagsterEventType]:
    commit = git_commit()  # as it is when the build starts
    _require_rules_as_loaded(context)
    # A run of a month settles its inputs itself, and nobody else may have since.
    itself = {INTAKE_RUN_TAG: context.run.run_id} if context.has_partition_key else {}
    inputs = settled_inputs(folder, {**context.run.tags, **itself}, LOADED_RULES)
    earlier = read_build_record(folder.build_record)
    folder.build_record.unlink(missing_ok=True)
    rules = rules_of_cells(manifest)
    with cells_at_hand(folder, rules) as unread:
        threading.Thread(target=import_early, daemon=True).start()  # after Spark, which it hides for a while
        built = _run_dbt(context, folder, dbt, folder.dbt_target)
    if went_well(built.run_results, rules.nodes):
        keep_cells(folder, unread)
    record = BuildRecord(
        run_id=context.run.run_id,
        as_at=inputs.as_at,
        input_fingerprint=inputs.fingerprint,
        rules_digest=LOADED_RULES,
        git_commit=commit,
        versions=versions(),
        complete=built.is_complete,
        beside_current=inputs.beside_current,
        month=context.partition_key if context.has_partition_key else None,
        **built.left_in(folder, released, earlier.month_hashes if earlier else {}),
    )
    write_build_record(folder.build_record, record)
    yield from built.events(context, folder)


def _build_for_partners(
    context: AssetExecutionContext,
    folder: DataFolder,
    dbt: DbtCliResource,
    dbt_vars: str,
    released: Mapping[str, str | None],
) -> Iterator[DbtDagsterEventType]:
    record = read_build_record(folder.build_record)
    if record is None or record.run_id != context.run.run_id or not record.still_describes(folder):
        raise Failure(
            "the partners' tables are built from what the same run has built: launch the job publish",
            allow_retries=False,
        )
    _require_rules_as_loaded(context)
    folder.build_record.unlink()
    built = _run_dbt(context, folder, dbt, folder.dbt_partners_target, "--vars", dbt_vars)
    left = built.left_in(folder, released, record.month_hashes)
    left["content_hashes"] = {**record.content_hashes, **left["content_hashes"]}
    record = replace(record, complete=record.complete and built.is_complete, **left)
    write_build_record(folder.build_record, record)
    yield from built.events(context, folder)


@dataclass(frozen=True)
class _Built:
    """What dbt reported of a build that has ended, as Dagster's events, and as dbt's own results."""

    reported: Sequence[DbtDagsterEventType]
    run_results: Mapping[str, Any]
    manifest: Mapping[str, Any]
    is_complete: bool

    def left_in(
        self, folder: DataFolder, released: Mapping[str, str | None], month_hashes: Mapping[str, MonthHashes]
    ) -> dict[str, Any]:
        """Return what a record says of the warehouse and of what leaves it; `month_hashes` were known before."""
        state = folder.warehouse.stat()
        is_whole = self.is_complete and not failed_nodes(self.run_results)
        known = {relation: {**months} for relation, months in month_hashes.items()}
        return {
            "warehouse_size": state.st_size,
            "warehouse_modified_ns": state.st_mtime_ns,
            "content_hashes": content_hashes(folder.warehouse, released, known) if is_whole else {},
            "month_hashes": known,
        }

    def events(self, context: AssetExecutionContext, folder: DataFolder) -> Iterator[DbtDagsterEventType]:
        """Yield the events, fail where dbt could not build a model, and say which checks hold the run."""
        yield from enriched(self.reported, folder.warehouse, self.run_results, self.manifest)
        if broken := failed_nodes(self.run_results):
            details = "\n".join(f"{result['unique_id']}: {result['message']}" for result in broken)
            raise Failure(f"dbt could not build {len(broken)} model(s):\n{details}", allow_retries=False)
        failures = [key for event in self.reported if (key := blocking_failure(event))]
        tag_held_by(context.instance, context.run.run_id, failures)


def _run_dbt(
    context: AssetExecutionContext, folder: DataFolder, dbt: DbtCliResource, target: Path, *arguments: str
) -> _Built:
    """Build with dbt, whose artifacts go to `target`, to its end."""
    results_file = target / "run_results.json"
    results_file.unlink(missing_ok=True)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    target.parent.chmod(0o700)
    with _for_the_owner_alone():  # the warehouse holds what the marts withhold, from its first byte on
        invocation = dbt.cli(
            ["build", "--full-refresh", "--exclude-resource-type", "unit_test", *arguments],
            context=context,
            target_path=target,
            raise_on_error=False,
        )
    events: list[DbtDagsterEventType] = []
    said: list[str] = []
    with ended_at_last(invocation.process):
        for message in written_events(invocation.process, said):
            report_progress(message.raw_event)
            events.extend(
                message.to_default_asset_events(
                    manifest=invocation.manifest,
                    dagster_dbt_translator=invocation.dagster_dbt_translator,
                    context=context,
                    target_path=invocation.target_path,
                    project=invocation.project,
                )
            )
    run_results = _read_results(results_file, invocation.process.returncode, "\n".join(said))
    folder.warehouse.chmod(0o600)  # it holds what the marts withhold
    _require_rules_as_loaded(context)  # dbt reads its project by itself, at some time since
    report(built_line(run_results))
    is_complete = context.selected_asset_keys == context.assets_def.keys
    return _Built(events, run_results, invocation.manifest, is_complete)


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
    if inputs.beside_current and INTAKE_RUN_TAG not in run_tags:
        raise Failure(
            "the last inputs are those of a backfill, of which no release is to be published: launch the job intake",
            allow_retries=False,
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
        raise Failure(f"dbt could not start the build, or broke off:\n{without_stack(output)}", allow_retries=False)
    results: dict[str, Any] = json.loads(file.read_text())
    return results
