"""The ledger: one receipt a delivery, one line a withdrawal or acceptance; only an erasure changes one."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from sources.folder.data_folder import DataFolder
from sources.ledger.delivery_key import DeliveryKey
from sources.ledger.json_lines import DamagedLedgerError, LockedLines, complete_lines, numbered, readable
from sources.reasons.reason import Reason

FAR_FEWER_ROWS = "far_fewer_rows"
"""Rule to which the sound rows of a correction that does not count are attributed."""
ERASED = "(erased)"
"""Stands in a receipt for what the sender of an erased delivery wrote."""
_SAID_LATER = {"withdrawal", "erasure", "acceptance"}


@dataclass(frozen=True)
class Withdrawal:
    """Deliveries that an agency, or who answers for the data, took back. `withdrawn_at` is UTC to the second."""

    withdrawal_number: int
    receipt_numbers: list[int]
    """Every receipt of the bytes until then: a delivery that was tried again has more than one."""
    after_receipt_number: int
    """The last receipt of the ledger then, so that receipts and withdrawals have one order."""
    file_sha256: str
    withdrawn_at: str
    reason: str
    is_erasure: bool
    """Whether the bytes and every row of them are removed too."""


@dataclass(frozen=True)
class Acceptance:
    """That a delivery counts which was refused for its few rows or withdrawn. `accepted_at` is UTC to the second."""

    acceptance_number: int
    receipt_number: int
    file_sha256: str
    accepted_at: str
    reason: str
    after_withdrawal_number: int = 0
    """The last withdrawal of the ledger then: a later one of the delivery ends the acceptance."""


@dataclass(frozen=True)
class Receipt:
    """What became of one delivery. Dates are ISO texts; `received_at` is UTC to the second."""

    receipt_number: int
    file_sha256: str
    agency: str
    feed: str
    file_name: str
    landing_path: str
    container_sha256: str | None
    supplier: str | None
    period_start: str | None
    period_end: str | None
    received_at: str
    byte_count: int
    rows_delivered: int
    rows_accepted: int
    rows_rejected: int
    outcome: str
    reasons: list[Reason]
    warnings: list[Reason]
    rejected_by_rule: dict[str, int]
    contract_version: str
    is_synthetic: bool
    raw_file: str | None
    rejected_file: str | None
    carries_personal_data: bool = False
    """Whether it was refused for personal data that is not agreed: its landing file is in quarantine until purged."""
    part: str | None = None
    """Which part of the supplier's area it is of, where file names of the feed tell that."""
    withdrawal: Withdrawal | None = None
    """The first withdrawal of it; written in a file of its own, because a receipt never changes."""
    erasure: Withdrawal | None = None
    """The withdrawal that removed its bytes and rows."""
    acceptance: Acceptance | None = None
    """The acceptance of it, unless it was withdrawn after that; the next intake reads its bytes again."""

    @property
    def source_feed(self) -> str:
        """Return `<agency>/<feed>`."""
        return f"{self.agency}/{self.feed}"

    @property
    def delivery_key(self) -> DeliveryKey:
        """Return what it shares with the deliveries that it restates, or that restate it."""
        return DeliveryKey(self.source_feed, self.supplier, self.period_start, self.is_synthetic, self.part)

    @property
    def was_accepted(self) -> bool:
        """Return whether rows of the delivery were accepted when it was read."""
        return self.outcome in {"accepted", "partly_accepted"}

    @property
    def is_taken_in(self) -> bool:
        """Return whether rows of the delivery were accepted, and nobody has withdrawn it since."""
        return self.was_accepted and self.withdrawal is None

    @property
    def fell_short(self) -> bool:
        """Return whether it was refused, whole or in part."""
        return self.outcome in {"refused", "partly_accepted"}

    @property
    def is_held(self) -> bool:
        """Return whether it was refused because it would take too many rows away, and someone may confirm it."""
        return self.outcome == "refused" and FAR_FEWER_ROWS in self.rejected_by_rule

    @property
    def is_taken_back(self) -> bool:
        """Return whether someone said, after it was withdrawn, that its bytes may come again."""
        return self.withdrawal is not None and self.acceptance is not None


@dataclass(frozen=True)
class LandingFile:
    """A landing file that is done with, all its members included."""

    path: str
    size: int
    mtime_ns: int
    sha256: str
    contract_version: str


_Kind = TypeVar("_Kind", Receipt, Withdrawal, Acceptance)


class Ledger:
    """The ledger of one data folder; every call reads what is on disk now."""

    def __init__(self, folder: DataFolder) -> None:
        self.folder = folder

    def receipts(self) -> list[Receipt]:
        """Return every receipt, in the order of their numbers, with what was withdrawn and accepted since.

        Raises:
            DamagedLedgerError: a line is missing, or not as it was written.
        """
        files = (self.folder.receipts, self.folder.withdrawals, self.folder.acceptances)
        return list(_receipts_of(*((file, complete_lines(file)) for file in files)))

    def standing(self) -> list[Receipt]:
        """Return the receipts of standing deliveries: the latest taken in of each delivery key."""
        return standing(self.receipts())

    def landing_files(self) -> list[LandingFile]:
        """Return the landing files that are done with, in the order in which they were.

        A file whose line cannot be read is looked at once more, which changes nothing.
        """
        names = {field.name for field in fields(LandingFile)}
        lines = readable(complete_lines(self.folder.landing_files))
        return [LandingFile(**line) for line in lines if line.keys() == names]

    def append_receipt(self, **facts: Any) -> Receipt:
        """Append a receipt of `facts` (all but its number) durably, and return it with the next number.

        This is the commit point of a delivery: whatever else was written for it is complete and in place by now.
        """
        with LockedLines(self.folder.receipts) as lines:
            receipt = Receipt(receipt_number=lines.last_number("receipt_number") + 1, **facts)
            lines.append({name: value for name, value in asdict(receipt).items() if name not in _SAID_LATER})
        return receipt

    def append_acceptance(self, **facts: Any) -> Acceptance:
        """Append an acceptance of `facts` (all but the two numbers that the ledger gives) durably, and return it."""
        with LockedLines(self.folder.withdrawals) as withdrawals, LockedLines(self.folder.acceptances) as lines:
            acceptance = Acceptance(
                acceptance_number=lines.last_number("acceptance_number") + 1,
                after_withdrawal_number=withdrawals.last_number("withdrawal_number"),
                **facts,
            )
            lines.append(asdict(acceptance))
        return acceptance

    def append_withdrawal(self, **facts: Any) -> Withdrawal:
        """Append a withdrawal of `facts` (all but the two numbers that the ledger gives) durably, and return it.

        This is its commit point: no figure counts what it withdraws from now on. Files are removed afterwards.
        """
        with LockedLines(self.folder.receipts) as receipts, LockedLines(self.folder.withdrawals) as lines:
            withdrawal = Withdrawal(
                withdrawal_number=lines.last_number("withdrawal_number") + 1,
                after_receipt_number=receipts.last_number("receipt_number"),
                **facts,
            )
            lines.append(asdict(withdrawal))
        return withdrawal

    def append_landing_file(self, landing_file: LandingFile) -> None:
        """Append durably that a landing file is done with."""
        with LockedLines(self.folder.landing_files) as lines:
            lines.append(asdict(landing_file))


def standing(receipts: Iterable[Receipt]) -> list[Receipt]:
    """Return the standing ones of `receipts`, which are in the order of their numbers.

    That is the latest taken in, and not withdrawn, of each delivery key.
    """
    latest: dict[DeliveryKey, Receipt] = {}
    for receipt in receipts:
        if receipt.is_taken_in:
            latest[receipt.delivery_key] = receipt
    return sorted(latest.values(), key=lambda receipt: receipt.receipt_number)


def erased_bytes(receipts: Iterable[Receipt]) -> dict[str, Receipt]:
    """Return by sha256 the latest receipts of bytes that were erased and that nobody accepted since, in any feed."""
    deliveries = [receipt for receipt in receipts if receipt.outcome != "duplicate"]
    welcome = {one.file_sha256 for one in deliveries if one.erasure is None or one.acceptance}
    return {one.file_sha256: one for one in deliveries if one.file_sha256 not in welcome}


def latest_period_end(receipts: Iterable[Receipt]) -> date | None:
    """Return the last day of the latest period of `receipts`; None where no period is known."""
    ends = [date.fromisoformat(receipt.period_end) for receipt in receipts if receipt.period_end]
    return max(ends, default=None)


@lru_cache(maxsize=1)  # by content: the steps of a night read the same ledger once a feed
def _receipts_of(
    lines: tuple[Path, bytes], withdrawal_lines: tuple[Path, bytes], acceptance_lines: tuple[Path, bytes]
) -> tuple[Receipt, ...]:
    accepted = {one.receipt_number: one for one in _all(Acceptance, *acceptance_lines, "acceptance_number")}
    withdrawn: dict[int, Withdrawal] = {}
    erased: dict[int, Withdrawal] = {}
    for withdrawal in _all(Withdrawal, *withdrawal_lines, "withdrawal_number"):
        for number in withdrawal.receipt_numbers:
            withdrawn.setdefault(number, withdrawal)
            if withdrawal.is_erasure:
                erased.setdefault(number, withdrawal)
            if number in accepted and accepted[number].after_withdrawal_number < withdrawal.withdrawal_number:
                del accepted[number]
    return tuple(
        replace(receipt, withdrawal=withdrawn.get(number), erasure=erased.get(number), acceptance=accepted.get(number))
        if (number := receipt.receipt_number) in withdrawn or number in accepted
        else receipt
        for receipt in _all(Receipt, *lines, "receipt_number")
    )


def _all(kind: type[_Kind], file: Path, content: bytes, key: str) -> Iterator[_Kind]:
    """Yield what the lines of a file say; names that an older version wrote and this one does not know are passed over.

    Raises:
        DamagedLedgerError: a line is missing, or not as it was written.
    """
    names = {field.name for field in fields(kind)} - _SAID_LATER
    for number, line in numbered(file, content, key):
        try:
            yield kind(**{name: _read(name, value) for name, value in line.items() if name in names})
        except TypeError as error:
            raise DamagedLedgerError(file, number, f"is not whole ({error})") from error


def _read(name: str, value: Any) -> Any:
    return [Reason.from_ledger(one) for one in value] if name in {"reasons", "warnings"} else value
