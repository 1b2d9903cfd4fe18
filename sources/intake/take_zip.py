"""A zip: each member of this feed is a delivery of its own."""

from dataclasses import replace
from pathlib import Path

from sources.contract.file_names import plain_name
from sources.intake.feed_intake import FeedIntake
from sources.intake.incoming_bytes import IncomingBytes, copied
from sources.intake.take_delivery import refuse_unread, take_delivery
from sources.intake.wording import passed_over
from sources.reading.outcomes import Refused
from sources.reading.zip_members import Member, ZipLimits, ZipReader, open_zip
from sources.reasons.reason import reason

_OF_OTHERS = "members of other feeds in a zip"
_ADVICE = "; landing/incoming takes in all of them"


def take_zip(intake: FeedIntake, container: IncomingBytes, limits: ZipLimits) -> Path:
    """Take in the members of a zip; where it holds none of this feed, or cannot be opened, it is refused itself.

    Returns where the copy of the zip is.
    """
    kept = replace(container, file=container.file.rename(intake.work / "container"))
    try:
        reader = open_zip(kept.file, limits)
        with reader.archive:
            taken = _take_members(intake, reader, kept)
    except Refused as refused:
        refuse_unread(intake, kept, refused)
        return kept.file
    if not taken:
        refuse_unread(intake, kept, Refused([reason("zip_without_deliveries", feed=intake.contract.title)]))
    return kept.file


def _take_members(intake: FeedIntake, reader: ZipReader, container: IncomingBytes) -> int:
    """Return how many members were deliveries of this feed."""
    members = reader.members()
    deliveries = [member for member in members if not intake.contract.passes_over(member.name)]
    for member in deliveries:
        _take_member(intake, reader, member, container)
    for told in passed_over(intake.contract, (member.name for member in members), _OF_OTHERS, _ADVICE):
        intake.say(told)
    return len(deliveries)


def _take_member(intake: FeedIntake, reader: ZipReader, member: Member, container: IncomingBytes) -> None:
    plain = plain_name(member.name)
    name = plain if intake.contract.document_for(plain) else member.name
    try:
        incoming = copied(
            reader.chunks(member), name, container.candidate, intake.work, container_sha256=container.sha256
        )
    except Refused as refused:
        # Its bytes are unknown, so the receipt carries the hash of what did arrive: the zip.
        refuse_unread(intake, replace(container, name=member.name, container_sha256=container.sha256), refused)
    else:
        take_delivery(intake, incoming)
