"""The release step: asks the gate, builds the release beside the others, and switches `published/current`."""

from collections.abc import Iterator

from dagster import AssetExecutionContext, AssetsDefinition, MaterializeResult, asset

from orchestration.assets import ENGINEERS, WRITER_POOL, require_readers_see, writing
from orchestration.assets.release_facts import (
    Passed,
    Wanted,
    changed_rules,
    have_twin,
    held,
    held_where_changed,
    passed_gate,
    require_as_built,
    settle,
)
from orchestration.assets.release_metadata import release_metadata
from orchestration.outcome import NOTHING_NEW, PUBLISHED, RELEASE_KEY, say_outcome
from orchestration.progress import report
from orchestration.releases import (
    build_release,
    equal_releases,
    mend,
    publish,
    releases_not_to_repeat,
    rollback_in_force,
    unfinished_release,
    with_equal_twins,
)
from orchestration.resources import DataFolderResource
from sources.folder.data_folder import DataFolder


def build_release_asset(wanted: Wanted) -> AssetsDefinition:
    """Return the release asset, downstream of the published marts and held by every expected check.

    Where tables and views are exact for partners, it makes the twin for partners too.
    """

    @asset(
        key=RELEASE_KEY,
        group_name="release",
        deps=wanted.asset_keys,
        description=(
            "The published release: an immutable folder with indicators.duckdb, XLSX, Parquet, CSV and a manifest, to "
            "which published/current points. Held when any check of the tables in the warehouse is not a pass."
        ),
        owners=ENGINEERS,
        kinds={"duckdb", "parquet", "csv"},
        tags={"domain": "release"},
        output_required=False,
        pool=WRITER_POOL,
    )
    def release(context: AssetExecutionContext, data_folder: DataFolderResource) -> Iterator[MaterializeResult[None]]:
        folder = data_folder.open()
        with writing(folder), held_where_changed(context):
            passed = passed_gate(context, folder, wanted)
            if passed.build.beside_current:
                raise held(
                    context, [f"the warehouse holds a backfill as at {passed.build.as_at}: run `csp nightly --rebuild`"]
                )
            yield from _publish_if_new(context, folder, wanted, passed)
            passed.drawings.forget_others()

    return release


def _publish_if_new(
    context: AssetExecutionContext, folder: DataFolder, wanted: Wanted, passed: Passed
) -> Iterator[MaterializeResult[None]]:
    tables, build, facts, exact = wanted.tables, passed.build, passed.facts, passed.exact
    for done in mend(folder):
        report(done)
    rollback = rollback_in_force(folder)
    latest = releases_not_to_repeat(folder)
    equal = equal_releases(folder.warehouse, tables, latest, built_as=build.content_hashes)
    if exact:
        equal = with_equal_twins(folder, tables, equal, exact, build.input_fingerprint)
    if equal:
        require_as_built(folder, build, tables, facts, exact)
        have_twin(folder, equal[-1].release_id, tables, facts, exact)
        settle(folder, build, equal[-1].release_id)
        require_readers_see(folder)
        why = f"every table equals release {equal[-1].release_id}"
        say_outcome(context, NOTHING_NEW, why, rollback)
        return
    left = unfinished_release(folder, folder.warehouse, tables, facts, exact)
    if left:
        require_as_built(folder, build, tables, facts, exact)
        report(f"release {left.release_id} was built before and never published: taken up")
        have_twin(folder, left.release_id, tables, facts, exact)
    built = left or build_release(folder, folder.warehouse, tables, facts, exact)
    changed = changed_rules(folder, built, facts.rules)
    publish(folder, built.release_id, reason=f"run {context.run.run_id}")
    settle(folder, build, built.release_id)
    report(f"release {built.release_id}: {sum(built.row_counts.values()):,} rows in {len(tables)} tables")
    told = f"{built.release_id}, as at {build.as_at}"
    say_outcome(context, PUBLISHED, told, rollback.ended if rollback else None)
    yield MaterializeResult(metadata={**release_metadata(folder, built), "changed rules": changed or "none known"})
