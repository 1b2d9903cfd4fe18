"""Deliveries that are known: received before, or by a run that died before it was done with their landing file."""

from sources.intake import clock
from sources.intake.commit import commit
from sources.intake.feed_intake import FeedIntake
from sources.intake.file_name import FileName, read_file_name
from sources.intake.history import came_early
from sources.intake.incoming_bytes import IncomingBytes
from sources.intake.wording import same_bytes
from sources.ledger.receipts import Receipt
from sources.reading.outcomes import Rows


def is_known(intake: FeedIntake, incoming: IncomingBytes, told: FileName) -> bool:
    """Return whether nothing of a delivery is to be read; a duplicate then has its receipt."""
    landing_path, name = incoming.candidate.path, incoming.name
    if intake.history.is_resumed(landing_path, incoming.landed_sha256, incoming.sha256, name):
        return True
    earlier = _received_before(intake, incoming, told)
    if earlier is None:
        return False
    standing = intake.history.standing(earlier.delivery_key)
    account = Rows(earlier.rows_delivered, earlier.rows_accepted, earlier.rejected_by_rule)
    commit(
        intake,
        incoming,
        told,
        "duplicate",
        account,
        [same_bytes(earlier, earlier == standing, told)],
        carries_personal_data=earlier.carries_personal_data,
    )
    return True


def _received_before(intake: FeedIntake, incoming: IncomingBytes, told: FileName) -> Receipt | None:
    """Return the receipt of the same bytes, unless something speaks for another try."""
    # Erased bytes may not come in any feed.
    barred = intake.erased.get(incoming.sha256)
    earlier = barred or intake.history.latest(incoming.sha256, incoming.container_sha256, incoming.name)
    if earlier is None or intake.history.is_worth_another_try(earlier):
        return None
    is_over = told.period_end is not None and told.period_end < clock.today()
    if (
        earlier.outcome == "refused"
        and not barred
        and (_is_renamed(intake, incoming, earlier) or (came_early(earlier) and is_over))
    ):
        # Refused under a wrong name or too early, and sent again as the reason asked.
        return None
    return earlier


def _is_renamed(intake: FeedIntake, incoming: IncomingBytes, earlier: Receipt) -> bool:
    """Return whether refused bytes come under a name that is read in another way, for the first time."""
    if intake.history.was_read_as(incoming.sha256, incoming.container_sha256, incoming.name):
        return False
    now, before = (read_file_name(intake.contract, name) for name in (incoming.name, earlier.file_name))
    return not now.is_read_like(before)
