"""Intake: takes in what lies pending in a feed's landing folder, each delivery under the feed's contract.

A delivery is archived, read, its results are moved into place, and then its receipt is appended: that is the commit. A
run that dies before it leaves nothing that counts, and the next run does the same again with the same result.
"""

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb

from sources.contract.expected_size import Before, Noted, noted
from sources.contract.load import Contract, load_contracts
from sources.folder.data_folder import DataFolder
from sources.folder.durable import put_in_place, sync_folder
from sources.folder.sql_text import literal
from sources.intake.history import History, came_early
from sources.intake.landing import SETTLE_SECONDS, Candidate, files_in, settled
from sources.ledger.receipts import Acceptance, LandingFile, Ledger, Receipt, Withdrawal, erased_bytes
from sources.ledger.withdrawals import finish_erasures
from sources.personal.detection import check_unread
from sources.personal.link_key import link_key
from sources.reading.header import read_header
from sources.reading.outcomes import PersonalData, Refused, Rows
from sources.reading.row_sql import Judging, empty_raw
from sources.reading.rows import EMPTY_REJECTED, PARQUET, engine, read_rows
from sources.reading.zip_members import LIMITS, Member, ZipLimits, ZipReader, open_zip

NO_ROWS = "_no_rows.parquet"
_CHUNK = 1 << 20


@dataclass(frozen=True)
class IntakeResult:
    """What one intake of a feed did: its receipts, and the files (relative to landing/) still being written."""

    receipts: tuple[Receipt, ...]
    waiting: tuple[Path, ...]


class IntakeFailed(Exception):
    """Landing files failed for a reason that is not theirs; they stay pending, and all others were taken in.

    The message names the path (relative to landing/) and the reason of each; the cause is an ExceptionGroup of the
    failures. `result` is what was taken in nevertheless.
    """

    def __init__(self, failures: Sequence[tuple[str, Exception]], result: IntakeResult) -> None:
        reasons = "; ".join(f"{path}: {str(failure) or repr(failure)}" for path, failure in failures)
        super().__init__(f"landing files failed and stay pending: {reasons}")
        self.result = result


@dataclass(frozen=True)
class _Bytes:
    """The bytes of one delivery, copied into the work folder, and where they came from."""

    file: Path
    sha256: str
    size: int
    name: str
    candidate: Candidate
    container_sha256: str | None = None


@dataclass(frozen=True)
class _Named:
    """What the file name tells, under the document that it fits."""

    document: Contract | None = None
    is_synthetic: bool = False
    supplier: str | None = None
    period_start: date | None = None
    period_end: date | None = None


class _ChangedWhileRead(Exception):
    """A landing file was written to while it was copied."""


def _prepare(folder: DataFolder, taking_in: Contract, database: duckdb.DuckDBPyConnection) -> None:
    """Make the landing folders, the empty Parquet files that type the globs, and feeds.jsonl, for every feed."""
    contracts = {**load_contracts(), taking_in.key: taking_in}.values()
    work = folder.intake_work
    finished = work / NO_ROWS
    for contract in contracts:
        folder.landing_of(contract.key).mkdir(parents=True, exist_ok=True)
        raw = folder.raw_of(contract.key) / NO_ROWS
        # Those of other feeds are written anew by their own intake, should their contract have changed.
        if contract.key == taking_in.key or not raw.exists():
            database.execute(f"COPY ({empty_raw(contract)}) TO {literal(str(finished))} ({PARQUET})")
            put_in_place(finished, raw)
    no_rejected = work / "no_rejected.parquet"
    database.execute(f"COPY ({EMPTY_REJECTED}) TO {literal(str(no_rejected))} ({PARQUET})")
    for contract in contracts:
        rejected = folder.rejected_of(contract.key) / NO_ROWS
        if contract.key == taking_in.key or not rejected.exists():
            shutil.copyfile(no_rejected, finished)
            put_in_place(finished, rejected)
    facts = "".join(json.dumps(_feed_facts(contract)) + "\n" for contract in contracts)
    if not (folder.feeds.exists() and folder.feeds.read_text() == facts):
        feeds = work / "feeds.jsonl"
        feeds.write_text(facts)
        put_in_place(feeds, folder.feeds)
    for file in (folder.receipts, folder.withdrawals, folder.landing_files):
        file.touch()


def take_in(
    contract: Contract,
    folder: DataFolder,
    progress: Callable[[str], None],
    settle_seconds: float = SETTLE_SECONDS,
    zip_limits: ZipLimits = LIMITS,
) -> IntakeResult:
    """Take in every pending landing file of the contract's feed, in the order of arrival.

    A delivery that is wrong gets its receipt and does not stop the others. The caller holds the data folder's writer
    lock. Where bytes change between the scan and the copy, the file waits for the next run.

    Raises:
        IntakeFailed: some files failed for a reason that is not theirs, after all others were taken in.
    """
    shutil.rmtree(folder.intake_work, ignore_errors=True)
    # Rows of people are for who runs the warehouse; readers open releases.
    for private in (folder.intake_work, folder.raw, folder.rejected, folder.ledger):
        private.mkdir(parents=True, exist_ok=True)
        private.chmod(0o700)
    finish_erasures(folder, progress)
    try:
        with engine(folder.intake_work) as database:
            _prepare(folder, contract, database)
            return _Intake(contract, folder, progress, zip_limits, database).run(settle_seconds)
    finally:
        shutil.rmtree(folder.intake_work, ignore_errors=True)


class _Intake:
    def __init__(
        self,
        contract: Contract,
        folder: DataFolder,
        progress: Callable[[str], None],
        zip_limits: ZipLimits,
        database: duckdb.DuckDBPyConnection,
    ) -> None:
        self.contract = contract
        self.folder = folder
        self.progress = progress
        self.zip_limits = zip_limits
        self.database = database
        self.ledger = Ledger(folder)
        receipts = self.ledger.receipts()
        self.erased = erased_bytes(receipts)
        of_feed = [receipt for receipt in receipts if receipt.source_feed == contract.key]
        self.history = History(of_feed, self.ledger.landing_files(), contract.version_for)
        self.new: list[Receipt] = []
        self.work = folder.intake_work

    def run(self, settle_seconds: float) -> IntakeResult:
        found = files_in(self.folder.landing_of(self.contract.key), self.folder.landing)
        # A zip that is unpacked in landing gives several files one time, so the path decides last.
        arrived = sorted(found, key=lambda candidate: (candidate.mtime_ns, candidate.path))
        pending = [candidate for candidate in arrived if self.history.is_pending(candidate)]
        whole, waiting = settled(pending, settle_seconds)
        failures: list[tuple[str, Exception]] = []
        for candidate in whole:
            try:
                self._take_landing_file(candidate)
            except _ChangedWhileRead:
                waiting.append(candidate)
            except Exception as failure:  # noqa: BLE001 raised below, after the others had their turn
                failure.add_note(f"while taking in {candidate.path}")
                failures.append((candidate.path, failure))
                self._say(f"{candidate.path}: failed ({failure})")
        for candidate in waiting:
            self._say(f"{candidate.path}: still being written, left for the next run")
        result = IntakeResult(tuple(self.new), tuple(Path(candidate.path) for candidate in waiting))
        if failures:
            causes = ExceptionGroup(f"intake of {self.contract.key}", [failure for _, failure in failures])
            raise IntakeFailed(failures, result) from causes
        return result

    def _take_landing_file(self, candidate: Candidate) -> None:
        with candidate.file.open("rb") as stream:
            bytes_ = self._copied(iter(lambda: stream.read(_CHUNK), b""), candidate.name, candidate)
        if not candidate.is_unchanged():
            raise _ChangedWhileRead
        if candidate.file.suffix.casefold() == ".zip":
            self._take_zip(bytes_)
        else:
            self._take_delivery(bytes_)
        landing_file = LandingFile(
            candidate.path,
            candidate.size,
            candidate.mtime_ns,
            bytes_.sha256,
            self.contract.version_for(candidate.name),
        )
        brought = self.history.brought_by(candidate.path, bytes_.sha256)
        if any(receipt.carries_personal_data for receipt in brought):
            self._delete(candidate, "it carries personal data that is not agreed")
        elif any(receipt.file_sha256 in self.erased for receipt in brought):
            self._delete(candidate, "it holds what was erased")
        self.ledger.append_landing_file(landing_file)
        self.history.add_landing_file(landing_file)

    def _delete(self, candidate: Candidate, because: str) -> None:
        """Delete a landing file of which nothing may be kept, unless another one has taken its place."""
        if not candidate.is_unchanged():
            return
        try:
            candidate.file.unlink()
        except OSError as error:
            raise OSError(f"{because}, and cannot be deleted ({error.strerror}): delete it") from error
        sync_folder(candidate.file.parent)
        self._say(f"{candidate.path}: deleted from landing, because {because}")

    def _take_zip(self, container: _Bytes) -> None:
        kept = replace(container, file=container.file.rename(self.work / "container"))
        try:
            reader = open_zip(kept.file, self.zip_limits)
            with reader.archive:
                taken, ignored = self._take_members(reader, kept)
        except Refused as refused:
            self._refuse_unread(kept, refused)
            return
        if ignored:
            self._say(f"{container.name}: {ignored} members of other feeds passed over")
        if not taken:
            self._refuse_unread(kept, Refused([f"The zip holds no file of {self.contract.title}."]))

    def _take_members(self, reader: ZipReader, container: _Bytes) -> tuple[int, int]:
        """Return how many members were deliveries of this feed, and how many are of others."""
        ignored = [document.ignored_members_pattern for document in self.contract.documents]
        members = reader.members()
        deliveries = [
            member for member in members if not any(pattern and pattern.fullmatch(member.name) for pattern in ignored)
        ]
        for member in deliveries:
            self._take_member(reader, member, container)
        return len(deliveries), len(members) - len(deliveries)

    def _take_member(self, reader: ZipReader, member: Member, container: _Bytes) -> None:
        try:
            bytes_ = self._copied(
                reader.chunks(member), member.name, container.candidate, container_sha256=container.sha256
            )
        except Refused as refused:
            # Its bytes are unknown, so the receipt carries the hash of what did arrive: the zip.
            unread = replace(container, name=member.name, container_sha256=container.sha256)
            self._refuse_unread(unread, refused)
        else:
            self._take_delivery(bytes_)

    def _copied(
        self, chunks: Iterator[bytes], name: str, candidate: Candidate, container_sha256: str | None = None
    ) -> _Bytes:
        file = self.work / "incoming"
        digest = hashlib.sha256()
        size = 0
        with file.open("wb") as copy:
            for chunk in chunks:
                digest.update(chunk)
                copy.write(chunk)
                size += len(chunk)
        return _Bytes(file, digest.hexdigest(), size, name, candidate, container_sha256)

    def _take_delivery(self, bytes_: _Bytes) -> None:
        named, problem = self._named(bytes_.name)
        if self._is_resumed(bytes_) or self._is_duplicate(bytes_, named):
            return
        earlier = self.history.latest(bytes_.sha256, bytes_.container_sha256, bytes_.name)
        reasons = []
        if earlier and earlier.withdrawal and earlier.acceptance:
            reasons.append(_taken_back(earlier.withdrawal, earlier.acceptance))
        warnings: list[str] = []
        try:
            rows = self._read(bytes_, named, problem, warnings)
            size = self._noted_size(bytes_, named, rows)
        except PersonalData as refused:
            self._commit(bytes_, named, "refused", Rows(), refused.reasons, [], carries_personal_data=True)
        except Refused as refused:
            self._archive(bytes_)
            self._commit(bytes_, named, "refused", refused.rows, [*reasons, *refused.reasons], warnings)
        else:
            self._archive(bytes_)
            if rows.rejected:
                reasons.append(f"{rows.rejected:,} of {rows.delivered:,} rows break the contract.")
            outcome = "partly_accepted" if rows.rejected else "accepted"
            if size:
                reasons.append(size.note)
                warnings.append(size.advice)
            self._commit(bytes_, named, outcome, rows, reasons, [*warnings, *self._replaced(named)])

    def _read(self, bytes_: _Bytes, named: _Named, problem: str, warnings: list[str]) -> Rows:
        """Return the account of the delivery's rows, adding to `warnings` on the way."""
        document = named.document
        if problem or document is None or named.period_start is None or named.period_end is None:
            check_unread([document] if document else self.contract.documents, bytes_.file)
            raise Refused([problem])
        header = read_header(document, bytes_.file, bytes_.name, self.work)
        warnings += header.warnings
        judging = Judging(document, header, named.period_start, named.period_end, named.supplier)
        key = link_key(self.folder) if document.hashed_columns else None
        return read_rows(self.database, judging, bytes_.sha256, self.work, key)

    def _noted_size(self, bytes_: _Bytes, named: _Named, rows: Rows) -> Noted | None:
        """Return what is to be said of the number of accepted rows.

        Raises:
            Refused: it is a correction that would take too many away.
        """
        document, start = named.document, _iso(named.period_start)
        standing = self.history.standing(named.supplier, start, named.is_synthetic)
        if document is None or start is None or (standing and standing.file_sha256 == bytes_.sha256):
            # The same bytes under another version of the contract correct nothing.
            return None
        earlier = self.history.standing_before(named.supplier, start, named.is_synthetic)
        acceptance = self.history.acceptance(bytes_.sha256)
        return noted(
            document.expected_size,
            rows,
            Before(f"{standing.file_name} (receipt {standing.receipt_number})", standing.rows_accepted)
            if standing
            else None,
            # Another form has other rows.
            [one.rows_accepted for one in earlier if self.contract.document_for(one.file_name) == document],
            is_of_people=document.refuses_unknown_columns,
            meant=acceptance.reason if acceptance else None,
        )

    def _replaced(self, named: _Named) -> Iterator[str]:
        """Yield a warning where a delivery of this very run is superseded: nobody has looked at it yet."""
        replaced = self.history.standing(named.supplier, _iso(named.period_start), named.is_synthetic)
        if replaced and self.new and replaced.receipt_number >= self.new[0].receipt_number:
            yield (
                f"Replaces receipt {replaced.receipt_number}, {replaced.file_name} in {replaced.landing_path}, "
                "taken in by the same run: the later one stands."
            )

    def _refuse_unread(self, bytes_: _Bytes, refused: Refused) -> None:
        """Refuse a zip, or a member of one that cannot be read."""
        if self._is_resumed(bytes_) or self._is_duplicate(bytes_, _Named()):
            return
        if bytes_.container_sha256 is None:
            try:
                check_unread(self.contract.documents, bytes_.file)
            except PersonalData as found:
                self._commit(bytes_, _Named(), "refused", Rows(), found.reasons, [], carries_personal_data=True)
                return
            self._archive(bytes_)
        self._commit(bytes_, _Named(), "refused", refused.rows, refused.reasons, [])

    def _named(self, name: str) -> tuple[_Named, str]:
        """Return what a file name tells, and what is wrong with it ('' if nothing)."""
        document = self.contract.document_for(name)
        match = document.file_name_pattern.fullmatch(name) if document else None
        if document is None or match is None:
            examples = " or ".join(_example(one) for one in self.contract.documents)
            return _Named(), f"The file name {name!r} does not tell whose period it is; it must look like {examples}."
        groups = match.groupdict()
        supplier = groups["supplier"].casefold() if groups.get("supplier") else document.supplier
        named = _Named(document, bool(groups.get("synthetic")), supplier)
        told = f"The file name tells the period {groups['period']!r}"
        try:
            start, end = document.period(groups["period"])
        except ValueError:
            return named, f"{told}, which does not exist; it must look like {_example(document)}."
        problem = ""
        if not f"{end:%Y}".endswith(groups.get("end_year") or ""):
            problem = f"{told} to {groups['end_year']!r}, but the period that starts so ends in {end:%Y}; "
            problem += f"it must look like {_example(document)}."
        elif start > _today():
            problem = f"{told}, which lies in the future."
        elif end >= _today():
            problem = f"{told}, which is not over before {end + timedelta(days=1)}; send it when the period has ended."
        elif start.isoformat() < document.first_period:
            problem = f"{told}, before {document.first_period}, when {_series(document)} begins."
        elif document.last_day and end.isoformat() > document.last_day:
            problem = f"{told}, after {document.last_day}, when {_series(document)} ended."
        return replace(named, period_start=start, period_end=end), problem

    def _is_resumed(self, bytes_: _Bytes) -> bool:
        landed = bytes_.container_sha256 or bytes_.sha256
        return self.history.is_resumed(bytes_.candidate.path, landed, bytes_.sha256, bytes_.name)

    def _is_duplicate(self, bytes_: _Bytes, named: _Named) -> bool:
        """Return whether the bytes were received before and nothing speaks for another try; then write the receipt."""
        # Erased bytes may not come in any feed.
        barred = self.erased.get(bytes_.sha256)
        earlier = barred or self.history.latest(bytes_.sha256, bytes_.container_sha256, bytes_.name)
        if earlier is None or self.history.is_worth_another_try(earlier):
            return False
        is_over = named.period_end is not None and named.period_end < _today()
        if (
            earlier.outcome == "refused"
            and not barred
            and (self._is_renamed(bytes_, earlier) or (came_early(earlier) and is_over))
        ):
            # Refused under a wrong name or too early, and sent again as the reason asked.
            return False
        state = "withdrawn" if earlier.withdrawal else earlier.outcome.replace("_", " ")
        reason = f"The same bytes as receipt {earlier.receipt_number}, {earlier.file_name} ({state})."
        if earlier.withdrawal:
            reason = _counts_for_nothing(earlier, earlier.erasure or earlier.withdrawal)
        elif earlier.is_taken_in and earlier != self.history.standing(
            earlier.supplier, earlier.period_start, earlier.is_synthetic
        ):
            reason += (
                " That delivery was superseded since, and stays so: to make it count again, send it with any "
                "change to its bytes, such as an empty line at the end."
            )
        account = Rows(earlier.rows_delivered, earlier.rows_accepted, earlier.rejected_by_rule)
        carries = earlier.carries_personal_data
        self._commit(bytes_, named, "duplicate", account, [reason], [], carries_personal_data=carries)
        return True

    def _is_renamed(self, bytes_: _Bytes, earlier: Receipt) -> bool:
        """Return whether refused bytes come under a name that is read in another way, for the first time."""
        if self.history.was_read_as(bytes_.sha256, bytes_.container_sha256, bytes_.name):
            return False
        (named, problem), (before, problem_before) = self._named(bytes_.name), self._named(earlier.file_name)
        return (named, not problem) != (before, not problem_before)

    def _archive(self, bytes_: _Bytes) -> None:
        place = self.folder.archived(bytes_.sha256)
        if not (place.exists() and place.stat().st_size == bytes_.size):
            # As sent: what is hashed elsewhere is readable here, and refused files may hold anything.
            bytes_.file.chmod(0o400)
            self.folder.archive.mkdir(parents=True, exist_ok=True)
            self.folder.archive.chmod(0o700)
            put_in_place(bytes_.file, place)

    def _commit(
        self,
        bytes_: _Bytes,
        named: _Named,
        outcome: str,
        rows: Rows,
        reasons: Sequence[str],
        warnings: Sequence[str],
        carries_personal_data: bool = False,
    ) -> None:
        """Move the results into place, and then append the receipt."""
        raw_file = rejected_file = None
        if outcome != "duplicate":
            # By name too: the same bytes may be refused under one name and accepted under another.
            name_digest = hashlib.sha256(bytes_.name.encode()).hexdigest()
            rejected_file = f"{self.contract.key}/{bytes_.sha256[:16]}_{name_digest[:8]}.parquet"
            _settle(rows.rejected_file, self.folder.rejected / rejected_file)
            if rows.rejected_file is None:
                rejected_file = None
        if rows.accepted_file is not None:
            supplier = re.sub(r"[^\w-]", "-", named.supplier or "all")
            raw_file = f"{self.contract.key}/{named.period_start:%Y-%m}_{supplier}_{bytes_.sha256[:16]}.parquet"
            put_in_place(rows.accepted_file, self.folder.raw / raw_file)
            for other in self.folder.raw_of(self.contract.key).glob(f"*_{bytes_.sha256[:16]}.parquet"):
                # Taken in before under the name of another period, and withdrawn: its rows would count twice.
                if other != self.folder.raw / raw_file:
                    other.unlink()
        receipt = self.ledger.append_receipt(
            file_sha256=bytes_.sha256,
            agency=self.contract.agency,
            feed=self.contract.feed,
            file_name=bytes_.name,
            landing_path=bytes_.candidate.path,
            container_sha256=bytes_.container_sha256,
            supplier=named.supplier,
            period_start=_iso(named.period_start),
            period_end=_iso(named.period_end),
            received_at=_now().strftime("%Y-%m-%dT%H:%M:%SZ"),
            byte_count=bytes_.size,
            rows_delivered=rows.delivered,
            rows_accepted=rows.accepted,
            rows_rejected=rows.rejected,
            outcome=outcome,
            reasons=list(reasons),
            warnings=list(warnings),
            rejected_by_rule=dict(rows.rejected_by_rule),
            contract_version=self.contract.version_for(bytes_.name),
            is_synthetic=named.is_synthetic,
            raw_file=raw_file,
            rejected_file=rejected_file,
            carries_personal_data=carries_personal_data,
        )
        self.history.add(receipt)
        self.new.append(receipt)
        self._say(_sentence(receipt))

    def _say(self, text: str) -> None:
        self.progress(f"{self.contract.key}: {text}")


def _sentence(receipt: Receipt) -> str:
    name = receipt.file_name
    if receipt.outcome in {"refused", "duplicate"}:
        return f"{name}: {receipt.outcome}. {' '.join(receipt.reasons)}"
    rejected = f", {receipt.rows_rejected:,} rejected" if receipt.rows_rejected else ""
    return " ".join([f"{name}: {receipt.rows_accepted:,} rows accepted{rejected}.", *receipt.warnings])


def _counts_for_nothing(receipt: Receipt, withdrawal: Withdrawal) -> str:
    done, undone = "withdrawn", "takes them back"
    if withdrawal.is_erasure:
        done, undone = "erased", "lets them come again; until then nothing of them is kept"
    return (
        f"The same bytes as receipt {receipt.receipt_number}, {receipt.file_name}, {done} on "
        f"{withdrawal.withdrawn_at[:10]} because: {withdrawal.reason.rstrip('.')}. "
        f"`csp accept {receipt.receipt_number} --reason …` {undone}."
    )


def _taken_back(withdrawal: Withdrawal, acceptance: Acceptance) -> str:
    return (
        f"Withdrawn on {withdrawal.withdrawn_at[:10]} ({withdrawal.reason}), and taken back on "
        f"{acceptance.accepted_at[:10]}: {acceptance.reason}"
    )


def _settle(finished: Path | None, place: Path) -> None:
    """Put the rejected rows into place, or take away those of an earlier try of the same bytes under this name."""
    if finished is not None:
        put_in_place(finished, place)
    elif place.exists():
        place.unlink()
        sync_folder(place.parent)


def _example(document: Contract) -> str:
    """Return a file name that fits and its period: `2008-09` is a year to one feed and a month to another."""
    name = document.file_name_example
    match = document.file_name_pattern.fullmatch(name)
    if match is None:
        return repr(name)
    start, end = document.period(match["period"])
    return f"{name!r}, which is {start} to {end}"


def _series(document: Contract) -> str:
    return f"its form {document.variant!r}" if document.variant else "the feed"


def _feed_facts(contract: Contract) -> dict[str, object]:
    ends = [document.last_day for document in contract.documents]
    return {
        "agency": contract.agency,
        "feed": contract.feed,
        "title": contract.title,
        "owner": contract.owner,
        "licence": contract.licence,
        "cadence": contract.cadence,
        "due_days": contract.due_days,
        "slack_days": contract.slack_days,
        "months_per_period": contract.months_per_period,
        "is_owed": any(document.is_owed for document in contract.documents),
        "last_day": None if None in ends else max(end for end in ends if end),
        "first_period": contract.feed_first_period,
        "revision_window_months": contract.revision_window_months,
        "contract_version": contract.feed_version,
        "source_feed": contract.key,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _now() -> datetime:
    return datetime.now(UTC)


def _today() -> date:
    return _now().date()
