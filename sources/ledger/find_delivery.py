"""Which delivery someone means who gives a file name, a receipt number or the start of a sha256."""

import re
from collections.abc import Callable, Sequence

from sources.ledger.receipts import Receipt

_SHA256 = re.compile(r"[0-9a-f]{6,64}")


class DeliveryError(Exception):
    """What was asked cannot be done with the delivery named; the message says what to do instead."""


def delivery_named(receipts: Sequence[Receipt], given: str, is_meant: Callable[[Receipt], object]) -> Receipt:
    """Return the latest receipt of the one delivery that `given` names; of several, of the one that `is_meant`.

    Raises:
        DeliveryError: no delivery, or more than one, is named so.
    """
    by_number = [receipt for receipt in receipts if given == str(receipt.receipt_number)]
    by_name = [receipt for receipt in receipts if given == receipt.file_name]
    by_sha256 = [receipt for receipt in receipts if _SHA256.fullmatch(given) and receipt.file_sha256.startswith(given)]
    found = by_number or by_name or by_sha256
    # A duplicate is the delivery whose bytes it repeats.
    deliveries = {
        (receipt.source_feed, receipt.file_sha256): receipt
        for receipt in receipts
        if receipt.outcome != "duplicate"
        and (receipt.source_feed, receipt.file_sha256) in {(one.source_feed, one.file_sha256) for one in found}
    }
    if not deliveries:
        raise DeliveryError(
            f"no delivery {given!r} in the ledger: give a file name, a receipt number or the first digits of a sha256, "
            "as in `receipts.jsonl` or the table `deliveries`"
        )
    named = [receipt for receipt in deliveries.values() if is_meant(receipt)] or list(deliveries.values())
    if len(named) > 1:
        listed = "\n".join(f"  {described(receipt)}" for receipt in named)
        raise DeliveryError(f"{len(named)} deliveries are named {given!r}; give the receipt number:\n{listed}")
    return named[0]


def described(receipt: Receipt) -> str:
    """Return a delivery and its state in one line."""
    state = receipt.outcome.replace("_", " ")
    if receipt.withdrawal:
        state += f", withdrawn {receipt.withdrawal.withdrawn_at[:10]}"
    return (
        f"receipt {receipt.receipt_number}: {receipt.source_feed}, {receipt.file_name}, received "
        f"{receipt.received_at}, {state}, sha256 {receipt.file_sha256[:12]}"
    )
