"""Freshness: every period that is due is there, and readers see what came in. Warnings, which hold no release.

When a period is due, and from when it is late, `sources/ledger/lateness.py` alone decides.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from dagster import (
    AssetCheckKey,
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    FreshnessPolicy,
    MetadataValue,
    TableRecord,
    TableSchema,
    asset_check,
)

from orchestration.assets.deliveries import raw_key
from orchestration.outcome import RELEASE_KEY
from orchestration.releases import last_receipt_published, rollback_in_force
from orchestration.resources import DataFolderResource
from sources.contract.load import Contract
from sources.folder.data_folder import DataFolder
from sources.ledger.lateness import MissingReturn, overdue
from sources.ledger.receipts import Ledger, Receipt

ON_TIME_CHECK = "delivered_on_time"
SHOWN_CHECK = AssetCheckKey(RELEASE_KEY, "shows_what_came_in")
LONGEST_WITHOUT_A_NIGHT = timedelta(hours=26)
# Each intake looks into every feed's folder; a week without one is no slip any more.
LOOKED_AT_EACH_NIGHT = FreshnessPolicy.time_window(timedelta(days=7), warn_window=LONGEST_WITHOUT_A_NIGHT)
_LATE_COLUMNS = {"period": "string", "supplier": "string", "due on": "string", "days late": "int"}


def on_time_spec(contract: Contract) -> AssetCheckSpec:
    """Return the check on a feed that asks whether every period due by today is there."""
    return AssetCheckSpec(
        ON_TIME_CHECK,
        asset=raw_key(contract),
        description=(
            f"Every period due by today is there: {contract.due_days} days after its end "
            f"plus {contract.slack_days} days of slack (a warning)."
        ),
    )


def on_time(contract: Contract, standing: Sequence[Receipt], today: date) -> AssetCheckResult:
    """Judge a feed by what stands of it; late periods are told as the partitions of its deliveries are named."""
    late = overdue({contract.key: contract}, standing, today)
    rows = [
        TableRecord(
            {
                "period": one.period_start.isoformat(),
                "supplier": one.supplier,
                "due on": one.due_on.isoformat(),
                "days late": (today - one.due_on).days,
            }
        )
        for one in late
    ]
    return AssetCheckResult(
        asset_key=raw_key(contract),
        check_name=ON_TIME_CHECK,
        passed=not late,
        severity=AssetCheckSeverity.WARN,
        description=_late_sentence(contract, late) if late else "nothing is overdue",
        metadata={
            "overdue periods": len(late),
            **(
                {"overdue": MetadataValue.table(rows, schema=TableSchema.from_name_type_dict(_LATE_COLUMNS))}
                if late
                else {}
            ),
        },
    )


def _late_sentence(contract: Contract, late: Sequence[MissingReturn]) -> str:
    first = late[0]
    others = f" and {len(late) - 1} later ones" if len(late) > 1 else ""
    span = "" if contract.months_per_period == 1 else f"the {contract.months_per_period} months from "
    return f"{contract.key}: {span}{first.period_start:%B %Y} of {first.supplier}{others} overdue"


@asset_check(
    asset=RELEASE_KEY,
    name=SHOWN_CHECK.name,
    description="What was taken in more than 26 hours ago is in the release that was published last (a warning).",
)
def shows_what_came_in(data_folder: DataFolderResource) -> AssetCheckResult:
    """Judge the release by the ledger."""
    return release_is_fresh(data_folder.open(), datetime.now(UTC))


def release_is_fresh(folder: DataFolder, now: datetime) -> AssetCheckResult:
    """Judge the release that was published last by what the ledger holds at `now`."""
    missing = not_shown(Ledger(folder).receipts(), last_receipt_published(folder), now)
    rollback = rollback_in_force(folder)
    told = [
        f"{len(missing):,} deliveries, the first taken in on {missing[0].received_at[:10]}, are in no release yet: "
        "why was the last night held, or did none run?"
        if missing
        else "all that came in is published",
        str(rollback) if rollback else "",
    ]
    return AssetCheckResult(
        asset_key=SHOWN_CHECK.asset_key,
        check_name=SHOWN_CHECK.name,
        passed=not missing,
        severity=AssetCheckSeverity.WARN,
        description="; ".join(filter(None, told)),
        metadata={"deliveries in no release": len(missing)},
    )


def not_shown(receipts: Sequence[Receipt], last_shown: int, now: datetime) -> list[Receipt]:
    """Return what was taken in longer ago than any night takes, and after the last receipt that a release shows."""
    return [
        one
        for one in receipts
        if one.is_taken_in
        and one.receipt_number > last_shown
        and now - datetime.fromisoformat(one.received_at) > LONGEST_WITHOUT_A_NIGHT
    ]
