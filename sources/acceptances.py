"""Accepting a correction that was refused for its few rows: someone who knows confirms that they are meant."""

from datetime import UTC, datetime

from sources.data_folder import DataFolder
from sources.ledger import Acceptance, Ledger, Receipt, standing


class AcceptanceError(Exception):
    """Nothing can be accepted under the name given; the message says why."""


def accept(folder: DataFolder, given: str, reason: str) -> tuple[Receipt, Acceptance]:
    """Confirm the refused delivery that `given` names: a file name, a receipt number, or the start of a sha256.

    The caller holds the data folder's writer lock. The next intake takes the delivery in, and says the reason.

    Raises:
        AcceptanceError: no such delivery, or not refused for its few rows, or something later stands.
    """
    ledger = Ledger(folder)
    receipts = ledger.receipts()
    named = [
        receipt
        for receipt in receipts
        if given in {receipt.file_name, str(receipt.receipt_number)}
        or (len(given) >= 6 and receipt.file_sha256.startswith(given))
    ]
    if not named:
        raise AcceptanceError(
            f"no delivery {given!r} in the ledger: give a file name, a receipt number or the first digits of a sha256, "
            "as in the table `deliveries`"
        )
    # A duplicate is the delivery whose bytes it repeats.
    same = {(receipt.source_feed, receipt.file_sha256) for receipt in named}
    receipt = [one for one in receipts if (one.source_feed, one.file_sha256) in same and one.outcome != "duplicate"][-1]
    told = f"receipt {receipt.receipt_number}, {receipt.file_name} ({receipt.outcome.replace('_', ' ')})"
    if not receipt.is_held:
        raise AcceptanceError(
            f"{told}: was not refused because of few rows. What a contract refuses is accepted by correcting the file, "
            "or the contract with a higher version"
        )
    stands = next((one for one in standing(receipts) if _period(one) == _period(receipt)), None)
    if stands and stands.receipt_number > receipt.receipt_number:
        raise AcceptanceError(
            f"{told}: receipt {stands.receipt_number}, {stands.file_name}, came since and stands; have the file that "
            "is to count sent again, with any change to its bytes"
        )
    acceptance = ledger.append_acceptance(
        receipt_number=receipt.receipt_number,
        file_sha256=receipt.file_sha256,
        accepted_at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        reason=reason,
    )
    return receipt, acceptance


def _period(receipt: Receipt) -> tuple[str, str | None, str | None, bool]:
    return receipt.source_feed, receipt.supplier, receipt.period_start, receipt.is_synthetic
