"""Intake: takes in what lies pending in a feed's landing folder, each delivery under the feed's contract.

A delivery is archived, read, its results are moved into place, and then its receipt is appended: that is the commit. A
run that dies before it leaves nothing that counts, and the next run does the same again with the same result.
"""

import shutil
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from sources.contract.load import Contract
from sources.folder.data_folder import DataFolder
from sources.folder.landed import Candidate, Unread, look_below
from sources.folder.place_in_code import place_in_code
from sources.intake.feed_intake import FeedIntake
from sources.intake.incoming_bytes import CannotBeRead, ChangedWhileRead, copied_file
from sources.intake.landing import SETTLE_SECONDS, CannotBeRemoved, delete_from_landing, settled
from sources.intake.prepare import prepare
from sources.intake.quarantine import purge_expired, quarantine
from sources.intake.take_delivery import take_delivery
from sources.intake.take_periods import take_periods
from sources.intake.take_zip import take_zip
from sources.intake.wording import passed_over
from sources.ledger.erasures import keep_erasures
from sources.ledger.forgetting import forget_what_was_sent
from sources.ledger.receipts import LandingFile, Receipt
from sources.ledger.withdrawals import finish_erasures
from sources.personal.link_key import LinkKeyError
from sources.reading.zip_members import LIMITS, ZipLimits

_A_FILE = "a file in its landing folder"
_OF_OTHERS = "files of other feeds in its landing folder"


@dataclass(frozen=True)
class IntakeResult:
    """What one intake of a feed did: its receipts, and the files (relative to landing/) still being written."""

    receipts: tuple[Receipt, ...]
    waiting: tuple[Path, ...]
    unread: tuple[Unread, ...] = ()
    """What was not read and stays pending: no file, or one that cannot be opened, or failed while it was read."""


class IntakeFailed(Exception):
    """Personal data that cannot be removed, or the link key, stop the night; all other files were taken in.

    The message tells the reason of each, and that `csp doctor` names the files; the cause is an ExceptionGroup of the
    failures. `result` is what was taken in nevertheless.
    """

    def __init__(self, failures: Sequence[Exception], result: IntakeResult) -> None:
        reasons = "; ".join(dict.fromkeys(str(failure) or repr(failure) for failure in failures))
        super().__init__(f"{len(failures)} landing files failed and stay pending; `csp doctor` names them: {reasons}")
        self.result = result


def take_in(
    contract: Contract,
    folder: DataFolder,
    progress: Callable[[str], None],
    settle_seconds: float = SETTLE_SECONDS,
    zip_limits: ZipLimits = LIMITS,
) -> IntakeResult:
    """Take in every pending landing file of the contract's feed, in the order of arrival.

    A delivery that is wrong gets its receipt and does not stop the others. Nor does a file that cannot be opened, or
    fails for a reason that is not its own: it stays pending and is named. The caller holds the data folder's writer
    lock. Where bytes change between the scan and the copy, the file waits for the next run.

    Raises:
        IntakeFailed: personal data could not be removed, or the link key cannot be used; all others were taken in.
        ErasureRecordError: the record of erasures cannot be used; nothing was taken in.
    """
    shutil.rmtree(folder.intake_work, ignore_errors=True)
    # Rows of people are for who runs the warehouse; readers open releases.
    for private in (folder.intake_work, folder.raw, folder.rejected, folder.ledger):
        private.mkdir(parents=True, exist_ok=True)
        private.chmod(0o700)
    keep_erasures(folder)
    finish_erasures(folder, progress)
    purge_expired(folder, progress)
    try:
        with ExitStack() as engines:
            prepare(folder, contract)
            intake = FeedIntake.of(contract, folder, progress, engines)
            result = _take_pending(intake, settle_seconds, zip_limits)
            if result.receipts and keep_erasures(folder):  # a ledger put back from a backup did not know these bytes
                finish_erasures(folder, progress)
            if intake.erased:
                # Of bytes that came again after they were erased no name is kept either.
                forget_what_was_sent(folder)
            return result
    finally:
        shutil.rmtree(folder.intake_work, ignore_errors=True)


def _take_pending(intake: FeedIntake, settle_seconds: float, zip_limits: ZipLimits) -> IntakeResult:
    contract, folder = intake.contract, intake.folder
    landed = look_below(folder.landing_of(contract.key), folder.landing)
    unread = landed.unread
    # A zip that is unpacked in landing gives several files one time, so the path decides last.
    of_feed = [candidate for candidate in landed.files if not contract.passes_over(candidate.name)]
    names = [candidate.name for candidate in landed.files]
    for told in passed_over(contract, names, _OF_OTHERS, ": put them into landing/incoming"):
        intake.say(told)
    arrived = sorted(of_feed, key=lambda candidate: (candidate.mtime_ns, candidate.path))
    pending = [candidate for candidate in arrived if intake.history.is_pending(candidate)]
    whole, waiting = settled(pending, settle_seconds)
    failures: list[Exception] = []
    for candidate in whole:
        try:
            _take_landing_file(intake, candidate, zip_limits)
        except ChangedWhileRead:
            waiting.append(candidate)
        except CannotBeRead as failure:
            unread.append(Unread(candidate.path, str(failure)))
        except (CannotBeRemoved, LinkKeyError) as failure:
            failures.append(failure)
            intake.say(f"{_A_FILE}: failed ({failure})")
        except Exception as failure:  # noqa: BLE001 named below; one file never stops the others
            unread.append(Unread(candidate.path, _failed(failure)))
            # DuckDB may be of no use any more after an error of its own.
            intake.forget_database()
    for _ in waiting:
        intake.say(f"{_A_FILE}: still being written, left for the next run")
    for one in unread:
        intake.say(f"{_A_FILE}: not read; it {one.why}")
    waiting_paths = tuple(Path(candidate.path) for candidate in waiting)
    result = IntakeResult(tuple(intake.new), waiting_paths, tuple(unread))
    if failures:
        causes = ExceptionGroup(f"intake of {contract.key}", failures)
        raise IntakeFailed(failures, result) from causes
    return result


def _failed(failure: Exception) -> str:
    """Return why a file was not read, as the rest of a sentence: for a reason of ours, which may be gone next time.

    What an error says may hold values of the file, so the place in our code is told instead.
    """
    return (
        f"failed while it was read ({place_in_code(failure)}). It stays pending and is tried again by the next night."
    )


def _take_landing_file(intake: FeedIntake, candidate: Candidate, zip_limits: ZipLimits) -> None:
    """Take in one landing file and note that it is done with, after moving it away where it may not stay."""
    incoming = copied_file(candidate, intake.work)
    copy = incoming.file
    document = intake.contract.document_of_periods(candidate.name)
    if candidate.file.suffix.casefold() == ".zip":
        copy = take_zip(intake, incoming, zip_limits)
    elif document:
        copy = take_periods(intake, incoming, document)
    else:
        take_delivery(intake, incoming)
    brought = intake.history.brought_by(candidate.path, incoming.sha256)
    if any(receipt.file_sha256 in intake.erased for receipt in brought):
        because = "it holds what was erased"
        if delete_from_landing(candidate, because):
            intake.say(f"{_A_FILE}: deleted from landing, because {because}")
    elif any(intake.history.is_of_personal_data(receipt) for receipt in brought):
        quarantine(intake, candidate, incoming, copy)
    version = intake.contract.version_for(candidate.name)
    landing_file = LandingFile(candidate.path, candidate.size, candidate.mtime_ns, incoming.sha256, version)
    intake.ledger.append_landing_file(landing_file)
    intake.history.add_landing_file(landing_file)
