"""Date formats: from the notation of contracts (JDK letters, `yyyy-MM`) to that of strptime (`%Y-%m`)."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from itertools import permutations

_LETTERS = {
    "yyyy": "%Y",
    "yy": "%y",
    "MMMM": "%B",
    "MMM": "%b",
    "MM": "%m",
    "dd": "%d",
    "HH": "%H",
    "mm": "%M",
    "ss": "%S",
}


EXCEL_SERIAL = "excel-serial"
"""A date as the number of days by which a spreadsheet counts it, such as 39539 for 1 April 2008."""
# Days, months and years that a wrong form would read as something else.
_PROBES = (date(2008, 3, 4), date(2008, 12, 11), date(1999, 1, 2))


def strptime_format(jdk_format: str) -> str:
    """Return the strptime format of `jdk_format`, for DuckDB and Python alike.

    Raises:
        ValueError: the format has letters that are not known here, or a percent sign.
    """

    def translated(match: re.Match[str]) -> str:
        letters = match.group()
        if letters not in _LETTERS:
            raise ValueError(f"the format {jdk_format!r} holds {letters!r}; known are {', '.join(_LETTERS)}")
        return _LETTERS[letters]

    if "%" in jdk_format:
        raise ValueError(f"the format {jdk_format!r} holds a percent sign")
    return re.sub(r"([A-Za-z])\1*", translated, jdk_format)


def ambiguous(formats: Sequence[str]) -> tuple[str, str] | None:
    """Return two strptime formats of `formats` that read the same text as different dates; None if none do."""
    for one, other in permutations(formats, 2):
        for probe in _PROBES:
            try:
                read = datetime.strptime(probe.strftime(one), other).date()  # noqa: DTZ007 a calendar date
            except ValueError:
                continue
            if read != probe:
                return one, other
    return None


def in_order_of_trial(formats: Sequence[str]) -> tuple[str, ...]:
    """Return strptime formats in the order in which they are to be tried: as listed, the usual one first.

    Where the year has two digits, that must be tried before the same format with four takes 08 for the year 8.
    """
    alike = [form.replace("%y", "%Y") for form in formats]
    return tuple(sorted(formats, key=lambda form: (alike.index(form.replace("%y", "%Y")), "%Y" in form)))


def jdk_format(strptime: str) -> str:
    """Return the notation of contracts, which people read, for a format made by `strptime_format`."""
    for letters, code in _LETTERS.items():
        strptime = strptime.replace(code, letters)
    return strptime
