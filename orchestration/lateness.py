"""Which reporting periods an agency should have delivered by a given day and has not."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from sources.contract import Contract
from sources.ledger import Receipt


def _next_month(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def _months_due(first: date, contract: Contract, today: date) -> Iterator[date]:
    month = first
    allowance = timedelta(days=contract.due_days + contract.slack_days)
    while _next_month(month) - timedelta(days=1) + allowance < today:
        yield month
        month = _next_month(month)


def missing_periods(contract: Contract, standing: Sequence[Receipt], today: date) -> list[tuple[str, date]]:
    """Return (supplier, first day of month) of every month that is overdue at `today`, oldest first.

    A supplier owes every month from the first that it delivered; one that never delivered owes nothing yet.
    """
    delivered: dict[str, set[date]] = {}
    for receipt in standing:
        if receipt.supplier and receipt.period_start:
            delivered.setdefault(receipt.supplier, set()).add(date.fromisoformat(receipt.period_start))
    return sorted(
        (
            (supplier, month)
            for supplier, months in delivered.items()
            for month in _months_due(min(months), contract, today)
            if month not in months
        ),
        key=lambda late: (late[1], late[0]),
    )
