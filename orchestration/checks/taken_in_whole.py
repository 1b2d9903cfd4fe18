"""Whether all that came in of a feed was taken in, and which deliveries need a look: a warning, which holds nothing."""

from collections.abc import Sequence
from pathlib import Path

from dagster import AssetCheckResult, AssetCheckSeverity, AssetCheckSpec, MetadataValue

from orchestration.assets.deliveries import raw_key
from orchestration.night_warning import REFUSED
from sources.contract.load import Contract
from sources.folder.landed import Unread
from sources.intake.rejections import rejected_sample
from sources.ledger.delivery_name import delivery_name
from sources.ledger.receipts import Receipt
from sources.reasons.reason import published

WHOLE_CHECK = "deliveries_taken_in_whole"
DELIVERIES_NAMED = 3  # a warning that names more is not read to its end


def whole_spec(contract: Contract) -> AssetCheckSpec:
    """Return the check on a feed that asks whether all of what came in was taken in."""
    return AssetCheckSpec(
        WHOLE_CHECK,
        asset=raw_key(contract),
        description=(
            "Nothing that came in since the last release was refused, whole or in part, and nothing in the "
            "feed's folder was left unread (a warning)."
        ),
    )


def whole_check(
    contract: Contract, rejected: Path, receipts: Sequence[Receipt], unread: Sequence[Unread]
) -> AssetCheckResult:
    """Return the result for what came in since the last release; `rejected` is the folder of rejected rows."""
    short = [receipt for receipt in receipts if receipt.fell_short]
    refused = [receipt for receipt in short if receipt.outcome == "refused"]
    noted = [receipt for receipt in receipts if receipt.warnings and receipt not in short]
    return AssetCheckResult(
        asset_key=raw_key(contract),
        check_name=WHOLE_CHECK,
        passed=not short and not noted and not unread,
        severity=AssetCheckSeverity.WARN,
        description=" ".join(
            filter(
                None,
                [
                    _short_sentence(contract, short, noted),
                    _quarantine_sentence(contract, short),
                    _unread_sentence(contract, unread),
                ],
            )
        )
        or f"{len(receipts):,} deliveries, none refused, no row rejected",
        metadata={
            "rows rejected": sum(receipt.rows_rejected for receipt in short),
            "refused": len(refused),
            "partly accepted": len(short) - len(refused),
            "noted": len(noted),
            "in quarantine": sum(receipt.carries_personal_data for receipt in short),
            "not read": len(unread),
            REFUSED: MetadataValue.json(_refused_sentences(contract, refused)),
            "first rejected rows": MetadataValue.json(rejected_sample(rejected, short, contract, limit=5)),
        },
    )


def _refused_sentences(contract: Contract, refused: Sequence[Receipt]) -> list[str]:
    named = [
        f"{delivery_name(one, contract)}: {' '.join(reasons_of(contract, one))}" for one in refused[:DELIVERIES_NAMED]
    ]
    more = len(refused) - len(named)
    return [*named, f"{contract.key}: and {more} more"] if more else named


def _short_sentence(contract: Contract, short: Sequence[Receipt], noted: Sequence[Receipt]) -> str:
    """Say which deliveries need a look, the refused ones first; '' when none does."""
    by_weight = sorted([*short, *noted], key=lambda receipt: receipt.outcome != "refused")
    named = [
        f"{delivery_name(one, contract)} {one.outcome.replace('_', ' ')}: {' '.join(reasons_of(contract, one))}"
        for one in by_weight[:DELIVERIES_NAMED]
    ]
    more = len(by_weight) - len(named)
    if more:
        named.append(f"and {more} more (`csp rejected --feed {contract.key}` lists the rows)")
    return f"{contract.key}: {'; '.join(named)}" if named else ""


def _quarantine_sentence(contract: Contract, short: Sequence[Receipt]) -> str:
    """Say of which receipts the files are in quarantine, all of them; '' when none is."""
    numbers = [str(receipt.receipt_number) for receipt in short if receipt.carries_personal_data]
    receipts = f"receipt{'s' if len(numbers) > 1 else ''} {', '.join(numbers)}"
    return f"{contract.key}: in quarantine: {receipts}; `csp quarantine` says until when." if numbers else ""


def _unread_sentence(contract: Contract, unread: Sequence[Unread]) -> str:
    """Say what lies in the feed's folder and was not read; '' when nothing does."""
    # A name that a sender gave may name a person, and Dagster keeps it after an erasure.
    return f"{contract.key}: {len(unread):,} in its landing folder not read; `csp doctor` names them." if unread else ""


def reasons_of(contract: Contract, receipt: Receipt) -> list[str]:
    """Return what is published of why a delivery was refused or noted."""
    return published([*receipt.reasons, *receipt.warnings], contract.is_of_people)
