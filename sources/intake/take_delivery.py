"""One delivery: read under its document, judged by the number of its rows, and committed with what became of it."""

from datetime import date

from sources.contract.load import Contract
from sources.intake.commit import archive, commit
from sources.intake.duplicates import is_known
from sources.intake.expected_size import Before, Noted, noted
from sources.intake.feed_intake import FeedIntake
from sources.intake.file_name import FileName, read_file_name
from sources.intake.incoming_bytes import IncomingBytes
from sources.intake.wording import rejections, replaces, retake_refused, taken_back
from sources.personal.link_key import link_key
from sources.reading.delivery import Delivery
from sources.reading.first_look import check_unread
from sources.reading.header import read_header
from sources.reading.lacking_columns import lacking_columns
from sources.reading.outcomes import PersonalData, Refused, Rows
from sources.reading.parquet import other_columns
from sources.reading.rows import read_rows
from sources.reasons.reason import Reason, reason


def take_delivery(intake: FeedIntake, incoming: IncomingBytes) -> None:
    """Take in a file, or a member of a zip; what is wrong with it is in its receipt."""
    told = read_file_name(intake.contract, incoming.name)
    if is_known(intake, incoming, told):
        return
    earlier = intake.history.latest(incoming.sha256, incoming.container_sha256, incoming.name)
    reasons, warnings = list[Reason](), list[Reason]()
    if earlier and earlier.withdrawal and earlier.acceptance:
        reasons.append(taken_back(earlier.withdrawal, earlier.acceptance))
    try:
        rows = _read(intake, incoming, told, warnings)
        size = _noted_size(intake, incoming, told, rows)
    except PersonalData as refused:
        why = [*refused.reasons, *_what_stands(intake, incoming, told)]
        commit(intake, incoming, told, "refused", Rows(), why, carries_personal_data=True)
    except Refused as refused:
        archive(intake, incoming)
        why = [*reasons, *refused.reasons, *_what_stands(intake, incoming, told)]
        commit(intake, incoming, told, "refused", refused.rows, why, warnings)
    else:
        archive(intake, incoming)
        reasons += rejections(rows)
        if size:
            reasons += size.notes
            warnings.append(size.advice)
        replaced = intake.history.standing(intake.delivery_key(told))
        if replaced and intake.new and replaced.receipt_number >= intake.new[0].receipt_number:
            warnings.append(replaces(replaced))
        commit(intake, incoming, told, "partly_accepted" if rows.rejected else "accepted", rows, reasons, warnings)


def _what_stands(intake: FeedIntake, incoming: IncomingBytes, told: FileName) -> list[Reason]:
    """Return what is said of a refused delivery whose bytes count as an earlier version of the contract read them."""
    standing = intake.history.standing(intake.delivery_key(told))
    if standing is None or standing.file_sha256 != incoming.sha256 or standing.raw_file is None or not told.document:
        return []
    file = intake.folder.raw / standing.raw_file
    return [retake_refused(standing, other_columns(file, told.document) if file.is_file() else [])]


def refuse_unread(intake: FeedIntake, incoming: IncomingBytes, refused: Refused) -> None:
    """Refuse a zip, or a member of one that cannot be read."""
    if is_known(intake, incoming, FileName()):
        return
    if incoming.container_sha256 is None:
        try:
            check_unread(intake.contract.documents, incoming.file)
        except PersonalData as found:
            commit(intake, incoming, FileName(), "refused", Rows(), found.reasons, carries_personal_data=True)
            return
        archive(intake, incoming)
    commit(intake, incoming, FileName(), "refused", refused.rows, refused.reasons)


def _read(intake: FeedIntake, incoming: IncomingBytes, told: FileName, warnings: list[Reason]) -> Rows:
    """Return the account of the delivery's rows, adding to `warnings` on the way."""
    document = told.document
    if told.problem or document is None or told.period_start is None or told.period_end is None:
        check_unread([document] if document else intake.contract.documents, incoming.file)
        raise Refused([told.problem or reason("file_name_unknown", examples=intake.contract.file_name_example)])
    header = read_header(document, incoming.file, incoming.name, intake.work)
    check_title(document, header.title, told.period_start)
    warnings += [*header.warnings, *lacking_columns(document, header, told.period_start)]
    delivery = Delivery(document, header, told.period_start, told.period_end, told.supplier, incoming.sha256)
    key = link_key(intake.folder) if document.hashed_columns else None
    return read_rows(intake.database, delivery, intake.work, key)


def check_title(document: Contract, title: str, period_start: date) -> None:
    """Check that the title above a table is the agreed one, and of the period that the file name tells.

    Raises:
        Refused: it is not.
    """
    agreed = document.title_above
    if agreed is None:
        return
    month = agreed.month(title)
    if month is None:
        raise Refused([reason("title_other", f"It reads: {title!r}.", example=agreed.example)])
    if document.start_named_by(month) != period_start:
        named = document.month_naming(period_start)
        raise Refused([reason("title_of_other_period", told=f"{month:%B %Y}", named=f"{named:%B %Y}")])


def _noted_size(intake: FeedIntake, incoming: IncomingBytes, told: FileName, rows: Rows) -> Noted | None:
    """Return what is to be said of the number of accepted rows.

    Raises:
        Refused: it is a correction that would take too many away.
    """
    document, history, key = told.document, intake.history, intake.delivery_key(told)
    standing = history.standing(key)
    if document is None or told.start is None or (standing and standing.file_sha256 == incoming.sha256):
        # The same bytes under another version of the contract correct nothing.
        return None
    earlier = history.standing_before(key)
    acceptance = history.acceptance(incoming.sha256)
    return noted(
        document.expected_size,
        rows,
        Before(standing.receipt_number, standing.rows_accepted) if standing else None,
        # Another form has other rows.
        [one.rows_accepted for one in earlier if intake.contract.document_for(one.file_name) == document],
        meant=acceptance.reason if acceptance else None,
    )
