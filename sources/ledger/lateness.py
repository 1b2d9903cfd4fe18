"""When a delivery is due, from when it is overdue, and which periods are missing: decided here and nowhere else.

Warnings ask as at today, published tables as at the date of the run.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from sources.contract.model import Contract
from sources.contract.months import months_later
from sources.ledger.counting import is_of_unknown_supplier
from sources.ledger.delivery_name import supplier_told
from sources.ledger.receipts import Receipt


@dataclass(frozen=True)
class MissingReturn:
    """A period that was due and is not delivered. Nobody waits for a made-up one: only what is real is overdue."""

    source_feed: str
    supplier: str
    is_synthetic: bool
    period_start: date
    period_end: date
    due_on: date


@dataclass(frozen=True)
class Due:
    """The day by which a period is due, and the last one on which it is not late yet."""

    on: date
    in_time_until: date


def local_today() -> date:
    """Return the day that it is for the agencies."""
    return local_day(datetime.now(UTC))


def local_day(moment: datetime) -> date:
    """Return the day that it was for the agencies at a moment (with its zone)."""
    return moment.astimezone(ZoneInfo("Europe/London")).date()


def due(document: Contract, period_end: date) -> Due:
    """Return when a period is due under a document: some days after its end, and late after days of slack."""
    on = period_end + timedelta(days=document.due_days)
    return Due(on, on + timedelta(days=document.slack_days))


def due_of(receipt: Receipt, contracts: Mapping[str, Contract]) -> Due | None:
    """Return when a delivery was due under the document that decides about it; None where period or feed is unknown."""
    contract = contracts.get(receipt.source_feed)
    if contract is None or receipt.period_end is None:
        return None
    return due(contract.document_for(receipt.file_name) or contract, date.fromisoformat(receipt.period_end))


def clock_behind(receipts: Iterable[Receipt], now: datetime) -> str | None:
    """Say that this machine's clock tells an earlier day than that on which the last delivery came; else None."""
    last, today = max((receipt.received_at[:10] for receipt in receipts), default=""), now.date().isoformat()
    if today >= last:
        return None
    return (
        f"the clock of this machine says {today}, but the last delivery came on {last}: set it. A file whose period is "
        "not over by the clock is refused, and has to be sent again"
    )


def overdue(contracts: Mapping[str, Contract], standing: Iterable[Receipt], today: date) -> list[MissingReturn]:
    """Return what agencies are to be asked for: the missing periods that are not made up, oldest first."""
    return [one for one in missing_returns(contracts, standing, today) if not one.is_synthetic]


def missing_returns(contracts: Mapping[str, Contract], standing: Iterable[Receipt], day: date) -> list[MissingReturn]:
    """Return every period of which the slack has run out before `day` and that no delivery stands for, oldest first.

    A supplier owes every period from the first that it delivered, until the series ends under every document that it
    delivered under; one that never delivered owes nothing yet. Made-up extracts end together: a supplier of them owes
    no period after the last of any. Returns that overlap cover a rolling year: a gap in them is no missing period.
    A supplier whom nobody knows owes nothing: what it sends counts for nothing.
    """
    series: defaultdict[tuple[str, str, bool], list[Receipt]] = defaultdict(list)
    for receipt in standing:
        if is_of_unknown_supplier(receipt) or supplier_told(receipt, contracts.get(receipt.source_feed)) is None:
            continue
        if receipt.supplier and receipt.period_start and receipt.period_end:
            series[receipt.source_feed, receipt.supplier, receipt.is_synthetic].append(receipt)
    last_made_up = max((_ends(receipts)[-1] for (*_, made_up), receipts in series.items() if made_up), default=None)
    missing = [
        MissingReturn(feed, supplier, is_synthetic, start, end, due_on)
        for (feed, supplier, is_synthetic), receipts in series.items()
        if feed in contracts and not _overlap(receipts)
        for start, end, due_on in _periods_owed(contracts[feed], receipts, day)
        if not (is_synthetic and last_made_up and end > last_made_up)
    ]
    return sorted(missing, key=lambda one: (one.period_start, one.source_feed, one.supplier, one.is_synthetic))


def _periods_owed(contract: Contract, receipts: Sequence[Receipt], day: date) -> Iterator[tuple[date, date, date]]:
    """Yield start, end and due day of each period that one supplier owes and has not delivered."""
    named = [contract.document_for(receipt.file_name) or contract for receipt in receipts]
    owed = [document for document in {one.document_id: one for one in named}.values() if document.is_owed]
    if not owed:
        return
    months = owed[0].months_per_period
    ends = [document.last_day for document in owed]
    last = None if None in ends else max(end for end in ends if end)
    delivered = {receipt.period_start for receipt in receipts}
    start = min(date.fromisoformat(first) for first in delivered if first)
    while True:
        end = months_later(start, months) - timedelta(days=1)
        is_due = max((due(document, end) for document in owed), key=lambda one: one.in_time_until)
        if is_due.in_time_until >= day or (last and end.isoformat() > last):
            return
        if start.isoformat() not in delivered:
            yield start, end, is_due.on
        start = months_later(start, months)


def _overlap(receipts: Sequence[Receipt]) -> bool:
    in_order = sorted(receipts, key=lambda receipt: str(receipt.period_start))
    return any(str(one.period_end) >= str(other.period_start) for one, other in pairwise(in_order))


def _ends(receipts: Iterable[Receipt]) -> list[date]:
    return sorted(date.fromisoformat(receipt.period_end) for receipt in receipts if receipt.period_end)
