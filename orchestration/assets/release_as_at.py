"""Releases of past dates: the last step of the job `backfill`, which keeps each beside the current release."""

from collections.abc import Iterator

from dagster import (
    AssetExecutionContext,
    AssetsDefinition,
    MaterializeResult,
    MonthlyPartitionsDefinition,
    asset,
)

from orchestration.assets import ENGINEERS, WRITER_POOL, writing
from orchestration.assets.months import RELEASE_AS_AT_KEY
from orchestration.assets.release_facts import Passed, Wanted, held, held_where_changed, passed_gate
from orchestration.assets.release_metadata import release_metadata
from orchestration.outcome import KEPT, NOTHING_NEW, PUBLISHED, say_outcome
from orchestration.progress import report
from orchestration.releases import (
    Release,
    build_release,
    current_id,
    equal_releases,
    list_releases,
    mend,
    publish,
    why_unreadable,
    with_equal_twins,
)
from orchestration.resources import DataFolderResource
from sources.folder.data_folder import DataFolder


def build_release_as_at_asset(wanted: Wanted, partitions: MonthlyPartitionsDefinition) -> AssetsDefinition:
    """Return the asset of the releases as at the ends of months; the same checks hold them as hold the release."""

    @asset(
        key=RELEASE_AS_AT_KEY,
        group_name="release",
        partitions_def=partitions,
        deps=wanted.asset_keys,
        description=(
            "Releases as at the end of each month, from what is delivered by now, made by the job `backfill` one after "
            "the other. They are kept beside the current release: published/current does not move unless the ledger's "
            "`make_current` asks for it. A month is green where its release was made."
        ),
        owners=ENGINEERS,
        kinds={"duckdb", "parquet", "csv"},
        tags={"domain": "release"},
        output_required=False,
        pool=WRITER_POOL,
    )
    def release_as_at(
        context: AssetExecutionContext, data_folder: DataFolderResource
    ) -> Iterator[MaterializeResult[None]]:
        folder = data_folder.open()
        with writing(folder), held_where_changed(context):
            passed = passed_gate(context, folder, wanted)
            if passed.build.run_id != context.run.run_id:
                raise held(context, ["the warehouse is of another run: launch the job `backfill`, all of it"])
            for done in mend(folder):
                report(done)
            equal = _equal(folder, wanted, passed)
            built = equal or build_release(folder, folder.warehouse, wanted.tables, passed.facts, passed.exact)
            if passed.build.beside_current:
                sees = f"readers go on seeing {current_id(folder) or 'no release'}"
                outcome, told = KEPT, f"{built.release_id}, as at {built.as_at}; {sees}"
            else:
                publish(folder, built.release_id, reason=f"run {context.run.run_id}")
                outcome, told = PUBLISHED, f"{built.release_id}, as at {built.as_at}"
            if equal and passed.build.beside_current:
                outcome, told = NOTHING_NEW, f"every table equals release {equal.release_id}"
            say_outcome(context, outcome, told)
            yield MaterializeResult(metadata=release_metadata(folder, built))

    return release_as_at


def _equal(folder: DataFolder, wanted: Wanted, passed: Passed) -> Release | None:
    """Return the release of the same date, published or kept, that holds exactly these tables."""
    made = [
        one
        for one in list_releases(folder)
        if one.as_at == passed.build.as_at and not why_unreadable(folder, one.release_id)
    ]
    equal = equal_releases(folder.warehouse, wanted.tables, made, built_as=passed.build.content_hashes)
    if passed.exact:
        equal = with_equal_twins(folder, wanted.tables, equal, passed.exact, passed.build.input_fingerprint)
    return equal[-1] if equal else None
