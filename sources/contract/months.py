"""Arithmetic of months."""

from collections.abc import Iterable
from datetime import date, timedelta


def months_later(month: date, months: int) -> date:
    """Return the first day of the month that comes so many months after `month`."""
    index = month.year * 12 + month.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def last_day_of(month: date) -> date:
    """Return the last day of the month of which `month` is a day."""
    return months_later(month, 1) - timedelta(days=1)


def months_between(first: date, last: date) -> list[date]:
    """Return the first day of each month from the one of `first` to the one of `last`; none where that is earlier."""
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [months_later(first, number) for number in range(count)]


def spells_of(months: Iterable[date]) -> list[str]:
    """Return months in order as spells without a gap, such as `2025-04 to 2026-03`."""
    spells: list[list[date]] = []
    for month in sorted(months):
        if spells and months_later(spells[-1][-1], 1) == month:
            spells[-1].append(month)
        else:
            spells.append([month])
    return [f"{one[0]:%Y-%m}" + (f" to {one[-1]:%Y-%m}" if one[1:] else "") for one in spells]
