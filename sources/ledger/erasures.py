"""A record of erasures that lies outside the data folder, so that a backup put back brings no erased file back.

A backup from before an erasure has the bytes, and a ledger that knows nothing of the erasure. The record does: each
intake compares the two, writes down what the record lacks, and withdraws and erases again what the ledger lacks.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from sources.folder.data_folder import DataFolder
from sources.ledger.json_lines import LockedLines, complete_lines
from sources.ledger.receipts import Ledger, Receipt

RECORD_VARIABLE = "CSP_ERASURES"


class ErasureRecordError(Exception):
    """The record of erasures cannot be read or written; the message says why."""


@dataclass(frozen=True)
class Erasure:
    """That bytes were erased: their sha256, when (UTC to the second), and why."""

    file_sha256: str
    withdrawn_at: str
    reason: str


def record_file(environment: Mapping[str, str] = os.environ) -> Path | None:
    """Return the file that CSP_ERASURES names; None where it names none."""
    name = environment.get(RECORD_VARIABLE, "").strip()
    return Path(name).absolute() if name else None


def erasures_of(receipts: list[Receipt]) -> set[Erasure]:
    """Return the erasures that a ledger knows."""
    return {Erasure(one.file_sha256, one.erasure.withdrawn_at, one.erasure.reason) for one in receipts if one.erasure}


def undone(folder: DataFolder) -> dict[Erasure, list[Receipt]]:
    """Return the erasures that the record has and the ledger does not, with the receipts of the bytes that are back.

    Raises:
        ErasureRecordError: the record cannot be read.
    """
    file = record_file()
    if file is None:
        return {}
    receipts = Ledger(folder).receipts()
    missing = sorted(_recorded(file) - erasures_of(receipts), key=lambda one: (one.withdrawn_at, one.file_sha256))
    return {one: back for one in missing if (back := [of for of in receipts if of.file_sha256 == one.file_sha256])}


def unrecorded(receipts: list[Receipt]) -> str:
    """Return what to say of erasures that no record has, as the end of a sentence; nothing where there is nothing."""
    erased = erasures_of(receipts) if record_file() is None else set()
    return f"; {len(erased)} erasure(s) that a backup put back would undo: set {RECORD_VARIABLE}" if erased else ""


def keep_erasures(folder: DataFolder) -> int:
    """Make record and ledger agree, and return how many erasures the ledger had lost; the caller holds the writer lock.

    The files of those are there still: `finish_erasures` removes them.

    Raises:
        ErasureRecordError: the record cannot be read or written.
    """
    file = record_file()
    if file is None:
        return 0
    ledger = Ledger(folder)
    lost = undone(folder)
    for one, receipts in lost.items():
        ledger.append_withdrawal(
            receipt_numbers=[receipt.receipt_number for receipt in receipts], **asdict(one), is_erasure=True
        )
    unwritten = erasures_of(ledger.receipts()) - _recorded(file)
    if unwritten:
        try:
            with LockedLines(file) as lines:
                for one in sorted(unwritten, key=lambda one: (one.withdrawn_at, one.file_sha256)):
                    lines.append(asdict(one))
        except OSError as error:
            raise _unusable(file, str(error.strerror)) from error
    return len(lost)


def _recorded(file: Path) -> set[Erasure]:
    """Return what the record says; one that was never written says nothing, but its folder must be there."""
    if not file.parent.is_dir():
        raise _unusable(file, "its folder is not there")
    try:
        return {Erasure(**json.loads(line)) for line in complete_lines(file).splitlines()}
    except OSError as error:
        raise _unusable(file, str(error.strerror)) from error
    except (ValueError, TypeError) as error:
        raise _unusable(file, "a line of it is not as it was written") from error


def _unusable(file: Path, why: str) -> ErasureRecordError:
    return ErasureRecordError(
        f"{RECORD_VARIABLE} names {file}, and {why}. Nothing is taken in before the record is whole: a backup "
        "may have brought an erased file back"
    )
