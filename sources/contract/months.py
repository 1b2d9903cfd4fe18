"""Arithmetic of months."""

from datetime import date


def months_later(month: date, months: int) -> date:
    """Return the first day of the month that comes so many months after `month`."""
    index = month.year * 12 + month.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)
