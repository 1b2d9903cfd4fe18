"""Which reporting periods an agency should have delivered by a given day and has not."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from sources.contract import Contract
from sources.ledger import Receipt


def _months_later(month: date, months: int) -> date:
    index = month.year * 12 + month.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def _periods_due(first: date, contract: Contract, today: date) -> Iterator[date]:
    allowance = timedelta(days=contract.due_days + contract.slack_days)
    start = first
    while (following := _months_later(start, contract.months_per_period)) - timedelta(days=1) + allowance < today:
        yield start
        start = following


def missing_periods(contract: Contract, standing: Sequence[Receipt], today: date) -> list[tuple[str, date]]:
    """Return (supplier, first day) of every reporting period that is overdue at `today`, oldest first.

    A supplier owes every period from the first that it delivered; one that never delivered owes nothing yet.
    """
    delivered: dict[str, set[date]] = {}
    for receipt in standing:
        if receipt.supplier and receipt.period_start:
            delivered.setdefault(receipt.supplier, set()).add(date.fromisoformat(receipt.period_start))
    return sorted(
        (
            (supplier, start)
            for supplier, starts in delivered.items()
            for start in _periods_due(min(starts), contract, today)
            if start not in starts
        ),
        key=lambda late: (late[1], late[0]),
    )
