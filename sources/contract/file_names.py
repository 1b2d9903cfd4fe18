"""What the names of a document's files tell: of when a file is, and whose."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sources.contract import values
from sources.contract.errors import Mistake

MONTH_CODES = ("%m", "%b", "%B")
ANY_MONTH = "any"
PERIOD_NAMES = ("first_month", "last_month")
# What browsers and file managers add to the name of a second copy.
_COPY_MARKS = re.compile(r"(?i)^copy (?:\(\d+\) )?of |(?: ?\(\d+\)| - copy(?: \(\d+\))?)+(?=\.\w+$)")


@dataclass(frozen=True)
class FileNames:
    """Facts of a `Contract` under their names there."""

    file_name_pattern: re.Pattern[str]
    file_name_example: str
    supplier: str | None
    period_format: str
    period_start_month: int | None
    names_last_month: bool


def plain_name(name: str) -> str:
    """Return a base name without what marks a second copy of a file, such as ` (1)`."""
    return _COPY_MARKS.sub("", name)


def file_names(custom: Mapping[str, Any], months_per_period: int) -> FileNames:
    """Return what file names tell, from the custom properties of a document."""
    pattern = values.pattern(custom.get("fileNamePattern"), "fileNamePattern")
    if "period" not in pattern.groupindex:
        raise Mistake("fileNamePattern", "has no named group `period`", "Write (?P<period>...) in it.")
    example = values.text(custom.get("fileNameExample"), "fileNameExample")
    if not pattern.fullmatch(example):
        raise Mistake("fileNameExample", "does not fit fileNamePattern", "Correct one of them.")
    period_format = values.date_format(custom.get("periodFormat"), "periodFormat")
    return FileNames(
        file_name_pattern=pattern,
        file_name_example=example,
        supplier=_supplier(custom, pattern),
        period_format=period_format,
        period_start_month=_start_month(custom.get("periodStartMonth", 1), months_per_period),
        names_last_month=_names_last_month(custom.get("periodNames", PERIOD_NAMES[0]), period_format),
    )


def _supplier(custom: Mapping[str, Any], pattern: re.Pattern[str]) -> str | None:
    """Return who sends every file; None where the file name tells it."""
    if "supplier" in pattern.groupindex:
        if "supplier" in custom:
            raise Mistake("supplier", "is given, and is in fileNamePattern too", "Keep one of them.")
        return None
    return values.text(custom.get("supplier"), "supplier (no named group of fileNamePattern)")


def _start_month(value: object, months_per_period: int) -> int | None:
    if value == ANY_MONTH:
        return None
    month = values.count(value, "periodStartMonth", minimum=1)
    if month > 12 or (months_per_period == 1 and month != 1):
        remedy = f"Give 1 to 12, or {ANY_MONTH}; leave it out for a monthly feed."
        raise Mistake("periodStartMonth", f"is {value!r}", remedy)
    return month


def _names_last_month(value: object, period_format: str) -> bool:
    names_last = values.among(value, PERIOD_NAMES, "periodNames") == PERIOD_NAMES[1]
    if names_last and not any(code in period_format for code in MONTH_CODES):
        raise Mistake("periodNames", "is last_month, but periodFormat has no month", "Correct one of them.")
    return names_last
