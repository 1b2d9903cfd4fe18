"""Withdrawing deliveries: the next night ignores them, and if asked for they are erased.

The line in the ledger is the commit. What an erasure removes is removed after it, by `finish_erasures`, which every
intake calls too: a run that dies on the way leaves files that the next one removes.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sources.folder.data_folder import DataFolder
from sources.folder.durable import sync_folder
from sources.ledger.erasures import keep_erasures
from sources.ledger.find_delivery import DeliveryError, delivery_named, described
from sources.ledger.forgetting import forget_what_was_sent
from sources.ledger.landed_bytes import landed_bytes
from sources.ledger.receipts import Ledger, Receipt, Withdrawal, erased_bytes, standing


class CannotBeErased(Exception):
    """A file of an erased delivery cannot be removed; the message says why, and only `file` tells its name."""

    def __init__(self, file: Path, why: str) -> None:
        super().__init__(f"a file of an erased delivery cannot be removed ({why}): `csp withdraw` again names it")
        self.file = file


@dataclass(frozen=True)
class Withdrawn:
    """What a call of `withdraw` did; `withdrawal` is None where there was nothing left to do."""

    receipt: Receipt
    withdrawal: Withdrawal | None
    stands_now: Receipt | None
    """The delivery of the same supplier and period that counts from now on."""
    removed: tuple[Path, ...] = ()


def withdraw(folder: DataFolder, given: str, reason: str, erase: bool = False) -> Withdrawn:
    """Withdraw the delivery that `given` names: a file name, a receipt number, or the start of a sha256.

    The caller holds the data folder's writer lock. With `erase` its bytes go from archive, raw, rejected, quarantine
    and landing, wherever else the same bytes were received too; what its sender wrote goes from the
    ledger; the numbers and the hash stay.

    Raises:
        DeliveryError: no delivery, or more than one, is named so; or nothing of it ever counted.
        ErasureRecordError: it is erased here, and the record outside the data folder cannot be written.
    """
    ledger = Ledger(folder)
    receipts = ledger.receipts()
    receipt = delivery_named(receipts, given, lambda _: True)
    # Bytes are the same data in whichever feed they lie; a withdrawal that erases nothing is of one feed's delivery.
    of_bytes = [
        one
        for one in receipts
        if one.file_sha256 == receipt.file_sha256
        and (
            one.erasure is None or one.is_taken_back
            if erase
            else one.source_feed == receipt.source_feed and (one.is_taken_in or one.is_taken_back)
        )
    ]
    withdrawal = None
    if of_bytes:
        withdrawal = ledger.append_withdrawal(
            receipt_numbers=[one.receipt_number for one in of_bytes],
            file_sha256=receipt.file_sha256,
            withdrawn_at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            reason=reason,
            is_erasure=erase,
        )
    elif receipt.outcome == "refused" and receipt.withdrawal is None:
        raise DeliveryError(
            f"{described(receipt)}: it was refused, so nothing of it counts; --erase removes its bytes."
        )
    removed: tuple[Path, ...] = ()
    if erase:
        # What an intake that died left there may be a copy.
        shutil.rmtree(folder.intake_work, ignore_errors=True)
        removed = tuple(finish_erasures(folder, pending_too=True))
        keep_erasures(folder)
    receipts = ledger.receipts()
    (now,) = (one for one in receipts if one.receipt_number == receipt.receipt_number)
    stands_now = None
    if now.was_accepted:
        stands_now = next((one for one in standing(receipts) if one.delivery_key == now.delivery_key), None)
    return Withdrawn(now, withdrawal, stands_now, removed)


def finish_erasures(
    folder: DataFolder, say: Callable[[str], None] = lambda _: None, pending_too: bool = False
) -> list[Path]:
    """Remove what is left of erased deliveries and return it; what was taken back since stays.

    Of landing files those that intake is done with; with `pending_too` those as well that it would remove itself.
    """
    ledger = Ledger(folder)
    receipts = ledger.receipts()
    erased = [receipt for receipt in receipts if receipt.erasure]
    if not erased:
        return []
    shutil.rmtree(folder.rehash_work, ignore_errors=True)  # of a rehash that died, which is repeated from the start
    barred = erased_bytes(receipts)
    brought = {receipt.container_sha256 or receipt.file_sha256 for receipt in receipts if receipt.file_sha256 in barred}
    kept = {path for receipt in receipts if not receipt.erasure for path in _files_of(folder, receipt)}
    left = {path for receipt in erased for path in _files_of(folder, receipt)} - kept
    landed = {one.file: one for one in landed_bytes(ledger, receipts, brought, pending_too)}
    in_quarantine = (folder.quarantined, folder.quarantine_note)
    quarantined = {place(sha256) for sha256 in brought for place in in_quarantine}
    places = sorted(path for path in {*left, *landed, *quarantined} if path.exists())
    if places:
        # Built from them, and made again by the next night. It goes first: without them nothing would ask for it.
        # A message of dbt can hold a value.
        of_dbt = [folder.dbt_target / "run_results.json", *folder.dbt_logs.glob("*")]
        places = [path for path in (folder.warehouse, folder.warehouse_log, *of_dbt) if path.exists()] + places
    for path in places:
        try:
            if path in landed:
                landed[path].delete()  # through no link that was put on the way meanwhile
            else:
                path.unlink()
                sync_folder(path.parent)
        except OSError as error:
            raise CannotBeErased(path, str(error.strerror)) from None  # its cause would tell a log the name
        say(f"{path.relative_to(folder.root).parts[0]}: a file removed, because the delivery was erased")
    forget_what_was_sent(folder)
    return places


def place_of_bytes(folder: DataFolder, file_sha256: str) -> str:
    """Return where the archive keeps a file, or what became of it."""
    place = folder.archived(file_sha256)
    if place.exists():
        return str(place)
    for receipt in Ledger(folder).receipts():
        if receipt.file_sha256 == file_sha256 and receipt.erasure:
            return f"erased on {receipt.erasure.withdrawn_at[:10]}: {receipt.erasure.reason}"
    return f"{place} (missing)"


def _files_of(folder: DataFolder, receipt: Receipt) -> Iterator[Path]:
    """Yield where intake put what it kept of a delivery."""
    if receipt.outcome == "duplicate" or receipt.carries_personal_data:
        return
    yield folder.archived(receipt.file_sha256)
    if receipt.raw_file:
        yield folder.raw / receipt.raw_file
        yield from folder.cells_of(receipt.raw_file)
    if receipt.rejected_file:
        yield folder.rejected / receipt.rejected_file
