"""What time it is, for receipts and for periods that are not over."""

from datetime import UTC, date, datetime


def now() -> datetime:
    """Return the time in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return the day in UTC."""
    return now().date()
