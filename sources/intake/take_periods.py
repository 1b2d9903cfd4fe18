"""A file of several periods: the rows of each period are a delivery of their own."""

from dataclasses import replace
from pathlib import Path

from sources.contract.load import Contract
from sources.intake.feed_intake import FeedIntake
from sources.intake.incoming_bytes import IncomingBytes, chunks_of, copied
from sources.intake.take_delivery import refuse_unread, take_delivery
from sources.reading.estimate_files import estimates_by_year
from sources.reading.outcomes import Refused
from sources.reading.period_sheets import cut_by_period


def take_periods(intake: FeedIntake, container: IncomingBytes, document: Contract) -> Path:
    """Take in the periods of a workbook or table; where it cannot be cut, it is refused itself.

    Returns where the copy of it is.
    """
    kept = replace(container, file=container.file.rename(intake.work / "container"))
    try:
        if document.table_of_estimates:
            files = estimates_by_year(document, kept.file, kept.name, intake.work)
        else:
            files = cut_by_period(document, kept.file, intake.work)
    except Refused as refused:
        refuse_unread(intake, kept, refused)
        return kept.file
    for name, file in files:
        with file.open("rb") as stream:
            incoming = copied(
                chunks_of(stream), name, container.candidate, intake.work, container_sha256=container.sha256
            )
        take_delivery(intake, incoming)
    return kept.file
