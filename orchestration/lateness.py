"""Which reporting periods an agency should have delivered by a given day and has not."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from sources.contract.load import Contract
from sources.contract.model import months_later
from sources.ledger.receipts import Receipt


def _periods_owed(first: date, documents: Sequence[Contract], today: date) -> Iterator[date]:
    """Yield the start of each period, from `first` on, that is due by `today` under the documents that are used."""
    owed = [document for document in documents if document.is_owed]
    if not owed:
        return
    months = owed[0].months_per_period
    allowance = timedelta(days=max(document.due_days + document.slack_days for document in owed))
    ends = [document.last_day for document in owed]
    last = None if None in ends else max(end for end in ends if end)
    start = first
    while (end := months_later(start, months) - timedelta(days=1)) + allowance < today:
        if last and end.isoformat() > last:
            return
        yield start
        start = months_later(start, months)


def missing_periods(contract: Contract, standing: Sequence[Receipt], today: date) -> list[tuple[str, date]]:
    """Return (supplier, first day) of every reporting period that is overdue at `today`, oldest first.

    A supplier owes every period from the first that it delivered, until the series ends under every document that it
    delivered under; one that never delivered owes nothing yet, and one whose extracts are made up owes nothing ever.
    """
    delivered: dict[str, set[date]] = {}
    documents: dict[str, dict[str, Contract]] = {}
    for receipt in standing:
        if receipt.supplier and receipt.period_start and not receipt.is_synthetic:
            document = contract.document_for(receipt.file_name) or contract
            delivered.setdefault(receipt.supplier, set()).add(date.fromisoformat(receipt.period_start))
            documents.setdefault(receipt.supplier, {})[document.document_id] = document
    return sorted(
        (
            (supplier, start)
            for supplier, starts in delivered.items()
            for start in _periods_owed(min(starts), list(documents[supplier].values()), today)
            if start not in starts
        ),
        key=lambda late: (late[1], late[0]),
    )
