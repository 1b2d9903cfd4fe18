"""Accepting a delivery that no figure counts: a correction refused for its few rows, or one that was withdrawn."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sources.folder.data_folder import DataFolder
from sources.ledger.find_delivery import DeliveryError, delivery_named, described
from sources.ledger.landed_bytes import landed_bytes
from sources.ledger.receipts import Acceptance, Ledger, Receipt, standing


@dataclass(frozen=True)
class Accepted:
    """What a call of `accept` did."""

    receipt: Receipt
    acceptance: Acceptance
    is_in_landing: bool
    """Whether the file lies where the next intake finds its bytes; otherwise it has to be sent again."""


def accept(folder: DataFolder, given: str, reason: str) -> Accepted:
    """Accept the delivery that `given` names: a file name, a receipt number, or the start of a sha256.

    The caller holds the data folder's writer lock. The next intake takes the delivery in, and says the reason.

    Raises:
        DeliveryError: no delivery, or more than one, is named so; it is neither withdrawn nor refused for its few
            rows; or something later stands.
    """
    ledger = Ledger(folder)
    receipts = ledger.receipts()
    receipt = delivery_named(receipts, given, lambda one: one.is_held or one.withdrawal)
    if not (receipt.is_held or receipt.withdrawal):
        raise DeliveryError(
            f"{described(receipt)}: was neither withdrawn nor refused because of few rows. What a contract refuses is "
            "accepted by correcting the file, or the contract with a higher version"
        )
    stands = next((one for one in standing(receipts) if one.delivery_key == receipt.delivery_key), None)
    if stands and stands.receipt_number > receipt.receipt_number:
        raise DeliveryError(
            f"{described(receipt)}: receipt {stands.receipt_number}, {stands.file_name}, came since and stands; have "
            "the file that is to count sent again, with any change to its bytes"
        )
    acceptance = ledger.append_acceptance(
        receipt_number=receipt.receipt_number,
        file_sha256=receipt.file_sha256,
        accepted_at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        reason=reason,
    )
    same = (receipt.source_feed, receipt.file_sha256)
    brought = {
        one.container_sha256 or one.file_sha256 for one in receipts if (one.source_feed, one.file_sha256) == same
    }
    return Accepted(receipt, acceptance, bool(landed_bytes(ledger, receipts, brought, pending_too=False)))
