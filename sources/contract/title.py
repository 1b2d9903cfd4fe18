"""The title above a table: what it must say, and the period that it tells."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sources.contract import values
from sources.contract.errors import Mistake

_NAME = "title"
_KEYS = {"pattern", "periodFormat", "example"}


@dataclass(frozen=True)
class Title:
    """The first line of a file; a publisher's tables of one layout differ by it alone."""

    pattern: re.Pattern[str]
    """What it must be, with the group `period`."""
    period_format: str
    """strptime format of the group `period`."""
    example: str

    def month(self, line: str) -> date | None:
        """Return the first day of the month that a title tells; None where the line is no such title."""
        told = self.pattern.fullmatch(" ".join(line.split()))
        if told is None:
            return None
        try:
            return datetime.strptime(told["period"], self.period_format).date().replace(day=1)  # noqa: DTZ007 a calendar date
        except ValueError:
            return None


def title(custom: Mapping[str, Any]) -> Title | None:
    """Return what the custom properties of a document say of the title."""
    if _NAME not in custom:
        return None
    sent = custom[_NAME]
    if not isinstance(sent, dict) or sent.keys() != _KEYS:
        raise Mistake(_NAME, f"is {sent!r}", f"Give a mapping of {', '.join(sorted(_KEYS))}.")
    pattern = values.pattern(sent["pattern"], f"{_NAME}.pattern")
    if "period" not in pattern.groupindex:
        raise Mistake(f"{_NAME}.pattern", "has no group `period`", "Add (?P<period>…) where the title tells it.")
    form = values.date_format(sent["periodFormat"], f"{_NAME}.periodFormat")
    found = Title(pattern, form, values.text(sent["example"], f"{_NAME}.example"))
    if found.month(found.example) is None:
        raise Mistake(f"{_NAME}.example", "does not fit the pattern and periodFormat", "Correct one of them.")
    return found
