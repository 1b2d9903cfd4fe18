"""The end of each delivery: bytes archived, rows moved into place, and then the receipt, which is the commit."""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from sources.folder.durable import put_in_place, sync_folder
from sources.intake import clock
from sources.intake.feed_intake import FeedIntake
from sources.intake.file_name import FileName
from sources.intake.incoming_bytes import IncomingBytes
from sources.intake.wording import sentence
from sources.reading.outcomes import Rows
from sources.reasons.reason import Reason


def archive(intake: FeedIntake, incoming: IncomingBytes) -> None:
    """Move the bytes of a delivery into the archive, unless they are there."""
    place = intake.folder.archived(incoming.sha256)
    if not (place.exists() and place.stat().st_size == incoming.size):
        # As sent: what is hashed elsewhere is readable here, and refused files may hold anything.
        incoming.file.chmod(0o400)
        intake.folder.archive.mkdir(parents=True, exist_ok=True)
        intake.folder.archive.chmod(0o700)
        put_in_place(incoming.file, place)


def commit(
    intake: FeedIntake,
    incoming: IncomingBytes,
    told: FileName,
    outcome: str,
    rows: Rows,
    reasons: Sequence[Reason],
    warnings: Sequence[Reason] = (),
    carries_personal_data: bool = False,
) -> None:
    """Move the results of a delivery into place, and then append its receipt."""
    rejected_file = _put_rejected(intake, incoming, rows) if outcome != "duplicate" else None
    raw_file = _put_raw(intake, incoming, told, rows.accepted_file) if rows.accepted_file else None
    receipt = intake.ledger.append_receipt(
        file_sha256=incoming.sha256,
        agency=intake.contract.agency,
        feed=intake.contract.feed,
        file_name=incoming.name,
        landing_path=incoming.candidate.path,
        container_sha256=incoming.container_sha256,
        supplier=told.supplier,
        period_start=told.start,
        period_end=told.end,
        received_at=clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        byte_count=incoming.size,
        rows_delivered=rows.delivered,
        rows_accepted=rows.accepted,
        rows_rejected=rows.rejected,
        outcome=outcome,
        reasons=list(reasons),
        warnings=list(warnings),
        rejected_by_rule=dict(rows.rejected_by_rule),
        contract_version=intake.contract.version_for(incoming.name),
        is_synthetic=told.is_synthetic,
        raw_file=raw_file,
        rejected_file=rejected_file,
        carries_personal_data=carries_personal_data,
        part=told.part,
    )
    intake.history.add(receipt)
    intake.new.append(receipt)
    intake.say(sentence(receipt, intake.contract))


def _put_rejected(intake: FeedIntake, incoming: IncomingBytes, rows: Rows) -> str | None:
    """Put the rejected rows into place, or take away those of an earlier try of the same bytes under this name."""
    # By name too: the same bytes may be refused under one name and accepted under another.
    name_digest = hashlib.sha256(incoming.name.encode()).hexdigest()
    rejected_file = f"{intake.contract.key}/{incoming.sha256[:16]}_{name_digest[:8]}.parquet"
    place = intake.folder.rejected / rejected_file
    if rows.rejected_file:
        put_in_place(rows.rejected_file, place)
        return rejected_file
    if place.exists():
        place.unlink()
        sync_folder(place.parent)
    return None


def _put_raw(intake: FeedIntake, incoming: IncomingBytes, told: FileName, accepted: Path) -> str:
    supplier = re.sub(r"[^\w-]", "-", told.supplier or "all")
    raw_file = f"{intake.contract.key}/{told.period_start:%Y-%m}_{supplier}_{incoming.sha256[:16]}.parquet"
    place = intake.folder.raw / raw_file
    put_in_place(accepted, place)
    for other in intake.folder.raw_of(intake.contract.key).glob(f"*_{incoming.sha256[:16]}.parquet"):
        # Taken in before under the name of another period, and withdrawn: its rows would count twice.
        if other != place:
            other.unlink()
    return raw_file
