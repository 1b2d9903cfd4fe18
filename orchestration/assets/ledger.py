"""The ledger step: settles the as-at date and decides whether anything is new enough to rebuild for."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    Config,
    Failure,
    MaterializeResult,
    asset,
)
from pydantic import Field

from orchestration.assets import ENGINEERS, WRITER_POOL, require_readers_see, writing
from orchestration.assets.deliveries import raw_key
from orchestration.assets.months import end_of_month, is_made, kept_release
from orchestration.outcome import NOTHING_NEW, PUBLISH_DUE, say_outcome
from orchestration.progress import report
from orchestration.provenance import LOADED_RULES
from orchestration.records.build_record import read_build_record
from orchestration.records.run_inputs import AsAtError, RunInputs, input_fingerprint, settled_as_at, write_run_inputs
from orchestration.releases import (
    mend,
    needs_twin,
    releases_not_to_repeat,
    rollback_in_force,
    wants_partners_release,
)
from orchestration.resources import DataFolderResource
from sources.contract.catalogue_check import catalogue_problems
from sources.contract.load import Contract
from sources.folder.data_folder import DataFolder
from sources.intake.incoming import by_reason, staying
from sources.intake.landing import outside_every_feed
from sources.ledger.counting import REMEDY, is_of_unknown_supplier
from sources.ledger.for_models import write_for_models
from sources.ledger.receipts import Ledger, Receipt
from sources.partnership.folder import FolderError, partnership_folder
from sources.partnership.for_models import FolderMistakesError, OtherPartnershipError, write_partnership

LEDGER_KEY = AssetKey("ledger")
PLACED_CHECK = "landing_files_have_a_feed"
KNOWN_CHECK = "suppliers_are_known"
LEFT_EXPLAINED = 3  # a warning that explains more is not read to its end


class LedgerConfig(Config):
    """Inputs of a run that a person may set."""

    as_at: str | None = Field(
        default=None,
        description="ISO date the figures are computed as at; by default the end of the latest delivered period.",
    )
    make_current: bool = Field(
        default=False, description="Of the job `backfill` alone: have published/current point to what it makes."
    )
    rebuild: bool = Field(default=False, description="Build the models even when no delivery and no rule has changed.")


def build_ledger(contracts: Sequence[Contract]) -> AssetsDefinition:
    """Return the ledger asset, downstream of the intake of every feed."""
    feed_keys = [contract.key for contract in contracts]

    @asset(
        key=LEDGER_KEY,
        group_name="ledger",
        deps=[raw_key(contract) for contract in contracts],
        description="Receipts of every delivery and the as-at date of the run. One row per delivery received.",
        owners=ENGINEERS,
        kinds={"json"},
        tags={"domain": "deliveries"},
        output_required=False,
        check_specs=[
            AssetCheckSpec(
                PLACED_CHECK,
                asset=LEDGER_KEY,
                description=(
                    "Every file in landing/ lies in the folder of a feed, where intake looks, and what lay in "
                    "landing/incoming/ was found to be of one (a warning)."
                ),
            ),
            AssetCheckSpec(
                KNOWN_CHECK,
                asset=LEDGER_KEY,
                description="Every supplier's home area is known, without which no row counts (a warning).",
            ),
        ],
        pool=WRITER_POOL,
    )
    def ledger(
        context: AssetExecutionContext, config: LedgerConfig, data_folder: DataFolderResource
    ) -> Iterator[MaterializeResult[None] | AssetCheckResult]:
        folder = data_folder.open()
        left = {why: len(paths) for why, paths in by_reason(staying(folder, contracts)).items()}
        yield _placed_check(outside_every_feed(folder, feed_keys), left, feed_keys)
        with writing(folder):
            mended = mend(folder)
            for done in mended:
                report(done)
            entries = Ledger(folder)
            standing = entries.standing()
            yield _known_check([one for one in standing if is_of_unknown_supplier(one)])
            try:
                month = context.partition_key if context.has_partition_key else None
                asked = end_of_month(month) if month else config.as_at
                as_at = settled_as_at(asked, standing, datetime.now(UTC).date())
            except AsAtError as error:
                raise Failure(str(error), allow_retries=False) from error
            if as_at is None:
                require_readers_see(folder)
                say_outcome(context, NOTHING_NEW, "no delivery has been accepted so far")
                return
            receipts = entries.receipts()
            fingerprint = input_fingerprint(receipts, as_at, LOADED_RULES)
            is_beside = month is not None and not config.make_current
            inputs = RunInputs(as_at.isoformat(), fingerprint, context.run.run_id, beside_current=is_beside)
            folder.run_inputs.unlink(missing_ok=True)  # from here on they would not be those of for_models/
            by_feed = {contract.key: contract for contract in contracts}
            write_for_models(folder, by_feed, as_at)
            try:
                write_partnership(folder, partnership_folder(), lambda rows: catalogue_problems(rows, by_feed))
            except (FolderError, FolderMistakesError, OtherPartnershipError) as error:
                raise Failure(str(error), allow_retries=False) from error
            write_run_inputs(folder.run_inputs, inputs)
            if month and is_beside and (made := kept_release(folder, inputs)) and not config.rebuild:
                context.log_event(is_made(month, made))
                say_outcome(context, NOTHING_NEW, f"release {made.release_id} holds all of it")
                return
            holding = _release_of(folder, inputs) if month is None else None
            if holding and not config.rebuild:
                require_readers_see(folder)
                why = "; ".join([f"release {holding} holds all of it", *mended])
                say_outcome(context, NOTHING_NEW, why, rollback_in_force(folder))
                return
            say_outcome(context, PUBLISH_DUE, f"as at {as_at:%d %B %Y}: {len(standing):,} standing deliveries")
            yield MaterializeResult(
                metadata={
                    "as at": inputs.as_at,
                    "input fingerprint": inputs.fingerprint,
                    "standing deliveries": len(standing),
                    "dagster/row_count": len(receipts),
                }
            )

    return ledger


def _placed_check(strays: Sequence[str], left: Mapping[str, int], feed_keys: Sequence[str]) -> AssetCheckResult:
    """Tell of files in no feed's folder, and how many are `left` in landing/incoming/, by the reason."""
    folders = ", ".join(f"landing/{key}/" for key in feed_keys)
    # Of what feed they are is unknown, so their names may name a person.
    told = []
    if strays:
        told.append(
            f"{len(strays):,} file(s) lie in no feed's folder of landing/ and were not read; `csp doctor` names them. "
            f"The folders are {folders}"
        )
    if left:
        reasons = "; ".join(f"{number} {why.rstrip('.')}" for why, number in [*left.items()][:LEFT_EXPLAINED])
        told.append(f"{sum(left.values())} file(s) stay in landing/incoming/; `csp doctor` names them: {reasons}")
    return AssetCheckResult(
        asset_key=LEDGER_KEY,
        check_name=PLACED_CHECK,
        passed=not told,
        severity=AssetCheckSeverity.WARN,
        description=". ".join(told) or "nothing lies elsewhere",
        metadata={"files": len(strays), "files in landing/incoming": sum(left.values())},
    )


def _known_check(unknown: Sequence[Receipt]) -> AssetCheckResult:
    # What a file name says of its supplier may name a person, and Dagster keeps it after an erasure.
    feeds = Counter(receipt.source_feed for receipt in unknown)
    told = ", ".join(f"{feed} ({deliveries})" for feed, deliveries in sorted(feeds.items()))
    count = "1 delivery counts" if len(unknown) == 1 else f"{len(unknown):,} deliveries count"
    return AssetCheckResult(
        asset_key=LEDGER_KEY,
        check_name=KNOWN_CHECK,
        passed=not unknown,
        severity=AssetCheckSeverity.WARN,
        description=(
            f"{count} for nothing, because nobody has said which area the supplier answers for: "
            f"{told}; `csp doctor` names the suppliers. What to do: {REMEDY}"
            if unknown
            else "every supplier's home area is known"
        ),
        metadata={"deliveries": dict(feeds)},
    )


def _release_of(folder: DataFolder, inputs: RunInputs) -> str | None:
    """Return the release, of those not to be repeated, that was built from these inputs or holds the same tables.

    Where its twin for partners is asked for and missing or damaged, it does not hold all that is due.
    """
    build = read_build_record(folder.build_record)
    settled_by = build.settled_by if build and build.input_fingerprint == inputs.fingerprint else None
    for release in reversed(releases_not_to_repeat(folder)):
        if release.input_fingerprint == inputs.fingerprint or release.release_id == settled_by:
            lacks = wants_partners_release() and needs_twin(folder, release.release_id)
            return None if lacks else release.release_id
    return None
