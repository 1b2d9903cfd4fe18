"""Deliveries: what agencies drop into landing/, as external assets whose partitions are the reporting periods.

A partition is green when something was accepted for that period, so a month that nobody sent is seen.
"""

from datetime import date

from dagster import AssetKey, AssetMaterialization, AssetSpec, TimeWindowPartitionsDefinition

from sources.contract.load import Contract
from sources.ledger.delivery_name import delivery_name, supplier_told
from sources.ledger.receipts import Receipt


def delivery_key(contract: Contract) -> AssetKey:
    """Return the key of a feed's deliveries."""
    return AssetKey(["deliveries", contract.agency, contract.feed])


def raw_key(contract: Contract) -> AssetKey:
    """Return the key of a feed's accepted rows."""
    return AssetKey(["raw", contract.agency, contract.feed])


def delivery_spec(contract: Contract) -> AssetSpec:
    """Return the external asset of a feed's deliveries, described by its contract."""
    return AssetSpec(
        key=delivery_key(contract),
        group_name=contract.agency,
        description=(
            f"{contract.description} A period is green when any supplier's file for it was accepted, though it "
            "may have been withdrawn since: the raw asset lists those under `withdrawn`; "
            "overdue files of each supplier are a check of the raw asset."
        ),
        owners=[f"team:{contract.agency}"],
        kinds={"file", contract.file_format},
        tags=feed_tags(contract.agency),
        partitions_def=delivery_partitions(contract),
        metadata={
            "supplied by": contract.owner,
            "licence": contract.licence,
            "cadence": contract.cadence,
            "due": f"{contract.due_days} days after the period ends, {contract.slack_days} days of slack",
            **{
                f"contract {document.document_id}": f"sources/contracts/{document.document_id}.odcs.yaml, "
                f"version {document.version}; files such as {document.file_name_example}"
                for document in contract.documents
            },
        },
    )


def feed_tags(agency: str) -> dict[str, str]:
    """Return the tags of what a feed of an agency is, from its files to its staging model."""
    return {"domain": "deliveries", "agency": agency}


def delivery_partitions(contract: Contract) -> TimeWindowPartitionsDefinition:
    """Return the feed's regular reporting periods, each named by its first day."""
    months = ",".join(map(str, contract.starting_months()))
    return TimeWindowPartitionsDefinition(
        start=contract.feed_first_period, fmt="%Y-%m-%d", cron_schedule=f"0 0 1 {months} *"
    )


def delivery_partition(contract: Contract, receipt: Receipt) -> str | None:
    """Return the partition in which the delivery's period starts: a variant's years may start in another month."""
    if receipt.period_start is None:
        return None
    return contract.period_start(date.fromisoformat(receipt.period_start)).isoformat()


def delivery_materialization(contract: Contract, receipt: Receipt) -> AssetMaterialization:
    """Return the event that turns the partition of an accepted delivery's period green; it tells what is published."""
    digest = {} if contract.is_of_people else {"sha256": receipt.file_sha256}
    return AssetMaterialization(
        asset_key=delivery_key(contract),
        partition=delivery_partition(contract, receipt),
        description=f"{delivery_name(receipt, contract)}: {receipt.outcome}",
        metadata={
            "delivery": delivery_name(receipt, contract),
            "supplier": supplier_told(receipt, contract) or "",
            "synthetic": receipt.is_synthetic,
            **digest,
            "rows delivered": receipt.rows_delivered,
            "rows accepted": receipt.rows_accepted,
            "rows rejected": receipt.rows_rejected,
            "receipt": receipt.receipt_number,
        },
    )
