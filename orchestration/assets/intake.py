"""Intake: an asset a feed, made from its contract, and one step that takes in whatever is pending of all of them."""

import traceback
from collections import Counter
from collections.abc import Iterator, Sequence

from dagster import (
    AssetCheckResult,
    AssetExecutionContext,
    AssetsDefinition,
    AssetSpec,
    Failure,
    MaterializeResult,
    MetadataValue,
    TableColumn,
    TableRecord,
    TableSchema,
    multi_asset,
)

from orchestration.assets import ENGINEERS, WRITER_POOL, writing
from orchestration.assets.deliveries import delivery_key, delivery_materialization, feed_tags, raw_key
from orchestration.checks.freshness import LOOKED_AT_EACH_NIGHT, on_time, on_time_spec
from orchestration.checks.taken_in_whole import reasons_of, whole_check, whole_spec
from orchestration.outcome import to_tell
from orchestration.progress import advance, detail, report
from orchestration.releases import last_receipt_published
from orchestration.resources import DataFolderResource
from sources.contract.load import Contract, load_contracts
from sources.folder.data_folder import DataFolder
from sources.intake.incoming import place_incoming
from sources.intake.take_in import IntakeFailed, IntakeResult, take_in
from sources.ledger.delivery_name import delivery_name
from sources.ledger.lateness import local_today
from sources.ledger.receipts import Ledger, Receipt, standing

TAKEN_BACK = {"same_bytes_withdrawn": "withdrawn (`csp accept`)", "same_bytes_erased": "erased (`csp accept`)"}


def build_intake(contracts: Sequence[Contract]) -> AssetsDefinition:
    """Return the assets of the feeds' accepted rows, each with two warnings: refused or rejected rows, and lateness.

    One step takes in all that are selected: a night with nothing new costs little more than its steps and their events.
    """
    by_asset = {raw_key(contract): contract for contract in contracts}

    @multi_asset(
        name="take_in",
        specs=[_spec(contract) for contract in contracts],
        check_specs=[spec for contract in contracts for spec in (whole_spec(contract), on_time_spec(contract))],
        can_subset=True,
        pool=WRITER_POOL,
    )
    def take_in_feeds(
        context: AssetExecutionContext, data_folder: DataFolderResource
    ) -> Iterator[MaterializeResult[None] | AssetCheckResult]:
        folder = data_folder.open()
        selected = context.selected_asset_keys | {check.asset_key for check in context.selected_asset_check_keys}
        chosen = [contract for key, contract in by_asset.items() if key in selected]
        failures: dict[str, list[str]] = {}  # the feeds, by what they died of
        with writing(folder):  # once: a step that had to try again in the middle would tell of the first feeds twice
            place_incoming(folder, load_contracts().values(), report)
            for done, contract in enumerate(chosen, 1):
                try:
                    yield from _take_in_feed(context, folder, contract)
                except Exception as error:  # noqa: BLE001 one feed never stops the others
                    words = to_tell(error)
                    report(f"{contract.key}: failed: {words}")
                    way = "".join(traceback.format_tb(error.__traceback__))
                    context.log.error(f"{contract.key}: {words}\n{way}")  # noqa: TRY400 its message may hold a sender's words
                    failures.setdefault(words, []).append(contract.key)
                advance("intake", done, len(chosen))
        if failures:
            told = (f"{', '.join(feeds)}: {words}" for words, feeds in failures.items())
            raise Failure("; ".join(told), allow_retries=False)

    return take_in_feeds


def _spec(contract: Contract) -> AssetSpec:
    return AssetSpec(
        key=raw_key(contract),
        group_name=contract.agency,
        deps=[delivery_key(contract)],
        description=(
            f"Accepted rows of {contract.key}, typed as its contract says, with the file and row each came from. "
            "One row per row of an accepted delivery."
        ),
        owners=ENGINEERS,
        kinds={"duckdb", "parquet"},
        tags=feed_tags(contract.agency),
        metadata={"dagster/column_schema": _column_schema(contract)},
        freshness_policy=LOOKED_AT_EACH_NIGHT,
    )


def _take_in_feed(
    context: AssetExecutionContext, folder: DataFolder, contract: Contract
) -> Iterator[MaterializeResult[None] | AssetCheckResult]:
    """Take in what is pending of a feed and yield what Dagster shows of it.

    Raises:
        IntakeFailed: as `take_in`, after all that was taken in nevertheless is shown.
    """
    failure: IntakeFailed | None = None
    try:
        result = take_in(contract, folder, detail)
    except IntakeFailed as error:
        result, failure = error.result, error
    if told := feed_line(contract, result):
        report(told)
    receipts = [receipt for receipt in Ledger(folder).receipts() if receipt.source_feed == contract.key]
    stand = standing(receipts)
    released = last_receipt_published(folder)
    new = [receipt for receipt in receipts if receipt.receipt_number > released]
    for receipt in new:
        if receipt.is_taken_in:
            context.log_event(delivery_materialization(contract, receipt))
    if raw_key(contract) in context.selected_asset_keys:
        yield MaterializeResult(
            asset_key=raw_key(contract),
            metadata={
                "dagster/row_count": sum(receipt.rows_accepted for receipt in stand),
                "standing deliveries": len(stand),
                "taken in": _receipt_table(contract, new),
                "withdrawn": [_withdrawn_sentence(contract, receipt) for receipt in receipts if receipt.withdrawal],
                "files still being written": len(result.waiting),
                "folder": MetadataValue.path(str(folder.raw_of(contract.key))),
            },
        )
    wanted = {check.name for check in context.selected_asset_check_keys if check.asset_key == raw_key(contract)}
    judged = [whole_check(contract, folder.rejected, new, result.unread), on_time(contract, stand, local_today())]
    yield from (check for check in judged if check.check_name in wanted)
    if failure:
        raise failure


def feed_line(contract: Contract, result: IntakeResult) -> str:
    """Return what was taken in of a feed, in one line; '' where nothing was pending."""
    outcomes = Counter(receipt.outcome for receipt in result.receipts)
    # A duplicate's receipt tells the rows of the delivery that it repeats.
    read = [receipt for receipt in result.receipts if receipt.outcome != "duplicate"]
    taken_back = [one for receipt in result.receipts for one in receipt.reasons if one.code in TAKEN_BACK]
    deliveries = len(result.receipts)
    told = [
        f"{deliveries:,} {'delivery' if deliveries == 1 else 'deliveries'}" if deliveries else "",
        f"{sum(receipt.rows_accepted for receipt in read):,} rows accepted" if deliveries else "",
        _counted(sum(receipt.rows_rejected for receipt in read), "rejected"),
        _counted(outcomes["refused"], "refused"),
        _counted(outcomes["duplicate"] - len(taken_back), "known already"),
        *(f"1 not taken: the bytes of receipt {one.told['receipt']}, {TAKEN_BACK[one.code]}" for one in taken_back),
        _counted(len(result.waiting), "still being written, left for the next run"),
        _counted(len(result.unread), "not read"),
    ]
    return f"{contract.key}: {', '.join(filter(None, told))}" if any(told) else ""


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}" if number else ""


def _column_schema(contract: Contract) -> TableSchema:
    return TableSchema(
        columns=[
            TableColumn(column.name, column.logical_type, description=column.description)
            for column in contract.feed_columns
        ]
        + [
            TableColumn("file_sha256", "string", description="sha256 of the delivery's bytes"),
            TableColumn("row_number", "integer", description="row of the file as a spreadsheet numbers it"),
        ]
    )


def _withdrawn_sentence(contract: Contract, receipt: Receipt) -> str:
    """Say of a withdrawn delivery when and why: its partition stays green, because it was accepted once."""
    told = delivery_name(receipt, contract)
    for withdrawal, done in ((receipt.withdrawal, "withdrawn"), (receipt.erasure, "erased")):
        if withdrawal:
            told += f", {done} on {withdrawal.withdrawn_at[:10]}: {withdrawal.reason}"
    return told


def _receipt_table(contract: Contract, receipts: Sequence[Receipt]) -> MetadataValue:
    return MetadataValue.table(
        [
            TableRecord(
                {
                    "delivery": delivery_name(receipt, contract),
                    "outcome": receipt.outcome,
                    "delivered": receipt.rows_delivered,
                    "accepted": receipt.rows_accepted,
                    "rejected": receipt.rows_rejected,
                    "reason": "; ".join(reasons_of(contract, receipt)),
                }
            )
            for receipt in receipts
        ],
        schema=TableSchema.from_name_type_dict(
            {
                "delivery": "string",
                "outcome": "string",
                "delivered": "int",
                "accepted": "int",
                "rejected": "int",
                "reason": "string",
            }
        ),
    )
