"""Financial years, from 1 April to 31 March, and their labels."""

from dataclasses import dataclass
from datetime import date, timedelta

FIRST_MONTH = 4


class YearError(Exception):
    """A plan cannot start on that day; the message says on which it can."""


@dataclass(frozen=True)
class FinancialYear:
    """The year that begins on 1 April of `first`."""

    first: int

    @property
    def starts_on(self) -> date:
        """Its first day."""
        return date(self.first, FIRST_MONTH, 1)

    @property
    def ends_on(self) -> date:
        """Its last day."""
        return self.next.starts_on - timedelta(days=1)

    @property
    def label(self) -> str:
        """Its name in a plan, such as 2026/27."""
        return f"{self.first}/{(self.first + 1) % 100:02}"

    @property
    def next(self) -> "FinancialYear":
        """The year after it."""
        return FinancialYear(self.first + 1)

    @property
    def before(self) -> "FinancialYear":
        """The year before it."""
        return FinancialYear(self.first - 1)


def year_of(day: date) -> FinancialYear:
    """Return the financial year in which a day lies."""
    return FinancialYear(day.year if day.month >= FIRST_MONTH else day.year - 1)


def year_that_starts(day: date) -> FinancialYear:
    """Return the financial year whose first day it is.

    Raises:
        YearError: no financial year starts on that day.
    """
    year = year_of(day)
    if year.starts_on != day:
        raise YearError(
            f"no financial year starts on {day}, and targets are set for whole ones: say {year.starts_on} or "
            f"{year.next.starts_on}."
        )
    return year
