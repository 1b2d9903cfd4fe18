"""Quarantine: landing files with personal data that nobody agreed to send, for the owner alone, until they are purged.

A refusal never deletes what may be the only copy. The bytes are in quarantine before they go from landing, so that a
run that dies anywhere in between ends, when it is repeated, in the same place.
"""

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sources.folder.data_folder import DataFolder
from sources.folder.durable import copy_in_place, move_in_place, sync_folder, write_whole
from sources.folder.landed import Candidate
from sources.intake import clock
from sources.intake.feed_intake import FeedIntake
from sources.intake.incoming_bytes import IncomingBytes
from sources.intake.landing import delete_from_landing
from sources.ledger.find_delivery import DeliveryError
from sources.ledger.receipts import Ledger, Receipt
from sources.partnership import in_force
from sources.partnership.folder import FolderError

DAYS_VARIABLE = "CSP_QUARANTINE_DAYS"
DAYS = 30
LONGEST = 5  # digits of a number of days; a few more and its end is no date
RELEASED = "released from quarantine"


class QuarantineError(Exception):
    """What was asked cannot be done with the quarantine; the message says what to do instead."""


@dataclass(frozen=True)
class Quarantined:
    """A landing file in quarantine. `since` is UTC to the second."""

    sha256: str
    source_feed: str
    landing_path: str
    """Relative to landing/, as sent: for the owner alone."""
    since: str
    byte_count: int

    def ends(self, days: int) -> datetime:
        """Return when it is purged."""
        return datetime.fromisoformat(self.since) + timedelta(days=days)


def days_kept() -> int:
    """Return for how many days a file stays, as CSP_QUARANTINE_DAYS or partnership.yaml says.

    Raises:
        QuarantineError: that is no number of days, or partnership.yaml cannot be used.
    """
    try:
        said = in_force.environment().get(DAYS_VARIABLE, "").strip()
    except FolderError as error:
        raise QuarantineError(str(error)) from error
    if not said:
        return DAYS
    if not (said.isascii() and said.isdigit() and len(said) <= LONGEST):
        raise QuarantineError(f"{DAYS_VARIABLE} is {said!r}. Give a number of days, such as {DAYS}.")
    return int(said)


def quarantine(intake: FeedIntake, candidate: Candidate, incoming: IncomingBytes, copy: Path) -> None:
    """Move a landing file to quarantine: first `copy`, which intake made of it, and then the file from landing.

    Raises:
        OSError: it cannot be deleted from landing.
    """
    since = clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    one = Quarantined(incoming.sha256, intake.contract.key, candidate.path, since, incoming.size)
    _put(intake.folder, copy, one)
    if delete_from_landing(candidate, "it carries personal data that is not agreed and is in quarantine"):
        receipts = intake.ledger.receipts()
        intake.progress(f"{named(one, receipts)}: moved to quarantine, because of personal data that is not agreed")


def _put(folder: DataFolder, copy: Path, quarantined: Quarantined) -> None:
    folder.quarantine.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.quarantine.chmod(0o700)
    note, place = folder.quarantine_note(quarantined.sha256), folder.quarantined(quarantined.sha256)
    if not (place.exists() and place.stat().st_size == quarantined.byte_count):
        move_in_place(copy, place, mode=0o600)
    if not note.exists():
        write_whole(note, json.dumps(asdict(quarantined), ensure_ascii=False) + "\n", mode=0o600)


def in_quarantine(folder: DataFolder, receipt_numbers: Collection[int] = ()) -> list[Quarantined]:
    """Return what is in quarantine, oldest first; of some receipts, what they are about, in their order.

    Raises:
        QuarantineError: nothing in quarantine belongs to a receipt.
    """
    found = [_noted(folder, place) for place in folder.quarantine.glob("*") if _is_sha256(place.name)]
    found.sort(key=lambda one: (one.since, one.sha256))
    return _of_numbers(folder, found, receipt_numbers) if receipt_numbers else found


def receipts_of(quarantined: Quarantined, receipts: Sequence[Receipt]) -> list[Receipt]:
    """Return the receipts, of all feeds, for which a landing file was moved to quarantine, duplicates left out."""
    return [
        receipt
        for receipt in receipts
        if receipt.carries_personal_data
        and receipt.outcome != "duplicate"
        and quarantined.sha256 in {receipt.container_sha256, receipt.file_sha256}
    ]


def purge(folder: DataFolder, receipt_numbers: Collection[int] = ()) -> list[Quarantined]:
    """Remove from quarantine what these receipts are about, or everything; return it.

    Raises:
        QuarantineError: nothing in quarantine belongs to a receipt.
    """
    chosen = in_quarantine(folder, receipt_numbers)
    for one in chosen:
        _remove(folder, one)
    return chosen


def purge_expired(folder: DataFolder, say: Callable[[str], None]) -> None:
    """Remove what has been in quarantine for longer than the setting says, and tell it by receipt."""
    found = in_quarantine(folder)
    if not found:
        return
    days = days_kept()
    receipts = Ledger(folder).receipts()
    for one in found:
        if one.ends(days) <= clock.now():
            _remove(folder, one)
            say(f"{named(one, receipts)}: removed from quarantine after {days} days")


def release(folder: DataFolder, receipt_number: int) -> tuple[Quarantined, Path]:
    """Put a file back into landing, where the next intake looks at it under the contract of now; return both.

    The caller holds the data folder's writer lock.

    Raises:
        QuarantineError: nothing in quarantine belongs to the receipt, or another file has taken its place in landing.
        DeliveryError: the receipt's bytes were erased.
    """
    (one,) = in_quarantine(folder, [receipt_number])
    place = folder.landing / one.landing_path
    above = [parent for parent in place.parents if parent != folder.landing and parent.is_relative_to(folder.landing)]
    if link := next((parent for parent in above if parent.is_symlink()), None):
        raise QuarantineError(f"{link} is a link, and may lead to where others read. Put a folder in its place.")
    if place.exists():
        raise QuarantineError(f"{place} is there again. Move it away first, or purge the file in quarantine.")
    ledger = Ledger(folder)
    for receipt in receipts_of(one, ledger.receipts()):
        if receipt.erasure:
            raise DeliveryError(f"receipt {receipt.receipt_number} was erased; `csp accept` lets its bytes come again")
        # So that the same bytes are no duplicate.
        ledger.append_acceptance(
            receipt_number=receipt.receipt_number,
            file_sha256=receipt.file_sha256,
            accepted_at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            reason=RELEASED,
        )
    copy_in_place(folder.quarantined(one.sha256), place, mode=0o600)
    _remove(folder, one)
    return one, place


def named(one: Quarantined, receipts: Sequence[Receipt]) -> str:
    """Return a file in quarantine by feed and receipts, with nothing that its sender wrote."""
    numbers = [str(receipt.receipt_number) for receipt in receipts_of(one, receipts)]
    receipt = f"receipt{'s' if len(numbers) > 1 else ''} {', '.join(numbers)}" if numbers else "no receipt yet"
    return f"{one.source_feed}, {receipt}"


def _of_numbers(
    folder: DataFolder, found: Sequence[Quarantined], receipt_numbers: Collection[int]
) -> list[Quarantined]:
    receipts = Ledger(folder).receipts()
    chosen: dict[str, Quarantined] = {}
    for number in receipt_numbers:
        # A duplicate is the delivery whose bytes it repeats.
        hashes = {
            sha for one in receipts if one.receipt_number == number for sha in (one.container_sha256, one.file_sha256)
        }
        of_number = [one for one in found if one.sha256 in hashes]
        if not of_number:
            raise QuarantineError(
                f"Nothing in quarantine belongs to receipt {number}; `csp quarantine` lists what is there."
            )
        chosen |= {one.sha256: one for one in of_number}
    return list(chosen.values())


def _noted(folder: DataFolder, place: Path) -> Quarantined:
    """Return what the note beside a file says; what the file itself does, where a dying run left it without."""
    with suppress(FileNotFoundError, ValueError, TypeError):
        return Quarantined(**json.loads(folder.quarantine_note(place.name).read_text(encoding="utf-8")))
    state = place.stat()
    since = datetime.fromtimestamp(state.st_mtime, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    feed, path = next(_brought(folder, place.name), ("feed unknown", place.name))
    return Quarantined(place.name, feed, path, since, state.st_size)


def _brought(folder: DataFolder, sha256: str) -> Iterator[tuple[str, str]]:
    for receipt in Ledger(folder).receipts():
        if sha256 in {receipt.container_sha256, receipt.file_sha256}:
            yield receipt.source_feed, receipt.landing_path


def _remove(folder: DataFolder, one: Quarantined) -> None:
    # The note last: what it says is needed as long as the file is there.
    for place in (folder.quarantined(one.sha256), folder.quarantine_note(one.sha256)):
        place.unlink(missing_ok=True)
    sync_folder(folder.quarantine)


def _is_sha256(name: str) -> bool:
    return len(name) == 64 and set(name) <= set("0123456789abcdef")
