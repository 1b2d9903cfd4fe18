"""Deliveries: what agencies drop into landing/, as external assets whose partitions are the reporting periods.

A partition is green when something was accepted for that period, so a month that nobody sent is seen.
"""

from dagster import AssetKey, AssetMaterialization, AssetSpec, MonthlyPartitionsDefinition

from sources.contract import Contract
from sources.ledger import Receipt


def delivery_key(contract: Contract) -> AssetKey:
    """Return the key of a feed's deliveries."""
    return AssetKey(["deliveries", contract.agency, contract.feed])


def delivery_spec(contract: Contract) -> AssetSpec:
    """Return the external asset of a feed's deliveries, described by its contract."""
    return AssetSpec(
        key=delivery_key(contract),
        group_name="deliveries",
        description=(
            f"{contract.description} A period is green when any supplier's file for it was accepted; "
            "overdue files of each supplier are a check of the raw asset."
        ),
        owners=[f"team:{contract.agency}"],
        kinds={"file", contract.file_format},
        partitions_def=MonthlyPartitionsDefinition(start_date=contract.first_period, end_offset=0),
        metadata={
            "supplied by": contract.owner,
            "licence": contract.licence,
            "cadence": contract.cadence,
            "due": f"{contract.due_days} days after the period ends, {contract.slack_days} days of slack",
            "contract": f"sources/contracts/{contract.key}.odcs.yaml, version {contract.version}",
        },
    )


def delivery_materialization(contract: Contract, receipt: Receipt) -> AssetMaterialization:
    """Return the event that turns the partition of an accepted delivery's period green."""
    return AssetMaterialization(
        asset_key=delivery_key(contract),
        partition=receipt.period_start,
        description=f"{receipt.file_name}: {receipt.outcome}",
        metadata={
            "file": receipt.file_name,
            "supplier": receipt.supplier or "",
            "sha256": receipt.file_sha256,
            "rows delivered": receipt.rows_delivered,
            "rows accepted": receipt.rows_accepted,
            "rows rejected": receipt.rows_rejected,
            "receipt": receipt.receipt_number,
        },
    )
