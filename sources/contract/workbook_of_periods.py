"""A workbook or text that holds several periods of a feed, each row saying of which it is."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sources.contract import values
from sources.contract.errors import Mistake
from sources.contract.months import months_later

_ALWAYS = {"fileNamePattern", "fileNameExample", "sheetPattern", "periodFileName"}
_BY_YEAR = {"year", "yearStartMonth"}
_PART = {"part"}
_BY_DATE = {"date", "dateForms"}
_YEAR = re.compile(r"(\d{4})(?:[/-]\d{2,4})?")


@dataclass(frozen=True)
class WorkbookOfPeriods:
    """How such a workbook is cut into files of one period each, which the contract then judges as any other."""

    file_name_pattern: re.Pattern[str]
    file_name_example: str
    """Under which one is kept that was sent under another name: its rows tell all periods."""
    sheet_pattern: re.Pattern[str]
    """Sheets of these names are cut, and those with all columns; others, such as contents and notes, are left out."""
    headers: tuple[str, ...]
    """Headers of the columns that tell: a date, or a year and, unless a period is one, the number of it in the year."""
    date_formats: tuple[str, ...]
    """How the date may be written, for strptime; empty where a year tells."""
    year_start_month: int
    period_file_name: str
    """Name of a file of one period, with `{period}` in the contract's periodFormat."""
    months_per_period: int

    @property
    def is_text(self) -> bool:
        """Return whether such a file is published as a text too, in the document's own form."""
        return self.file_name_example.endswith(".csv")

    def month_of(self, told: Sequence[str]) -> date | None:
        """Return a month of the period that a row names, from the values of `headers`; None where it names none."""
        first = told[0].strip()
        if self.date_formats:
            return _month(first, self.date_formats)
        year, part = _YEAR.fullmatch(first), told[1] if len(self.headers) > 1 else "1"
        number = int(part) if part.strip().isdecimal() and len(part) < 4 else 0
        if year is None or not 1 <= number <= 12 // self.months_per_period or not 1900 < int(year[1]) < 2200:
            return None
        return months_later(date(int(year[1]), self.year_start_month, 1), self.months_per_period * (number - 1))


@lru_cache(maxsize=4096)
def _month(text: str, formats: tuple[str, ...]) -> date | None:
    for one in formats:
        try:
            return datetime.strptime(text, one).date().replace(day=1)  # noqa: DTZ007 a calendar date
        except ValueError:
            continue
    return None


def workbook_of_periods(custom: Mapping[str, Any], months_per_period: int) -> WorkbookOfPeriods | None:
    """Return what the custom properties of a document say."""
    name = "workbookOfPeriods"
    if name not in custom:
        return None
    sent = custom[name]
    ways = (_BY_YEAR, _BY_YEAR | _PART, _BY_DATE)
    if not isinstance(sent, dict) or sent.keys() - _ALWAYS not in ways or not sent.keys() >= _ALWAYS:
        told = " or ".join(", ".join(sorted(way)) for way in ways)
        raise Mistake(name, f"is {sent!r}", f"Give a mapping of {', '.join(sorted(_ALWAYS))}, and {told}.")
    file_name = values.text(sent["periodFileName"], f"{name}.periodFileName")
    if "{period}" not in file_name:
        raise Mistake(f"{name}.periodFileName", "does not hold {period}", "Say where the period stands.")
    pattern = values.pattern(sent["fileNamePattern"], f"{name}.fileNamePattern")
    example = values.text(sent["fileNameExample"], f"{name}.fileNameExample")
    if not pattern.fullmatch(example):
        raise Mistake(f"{name}.fileNameExample", "does not fit fileNamePattern", "Correct one of them.")
    return WorkbookOfPeriods(
        file_name_pattern=pattern,
        file_name_example=example,
        sheet_pattern=values.pattern(sent["sheetPattern"], f"{name}.sheetPattern"),
        headers=tuple(values.text(sent[key], f"{name}.{key}") for key in ("date", "year", "part") if key in sent),
        date_formats=tuple(
            values.date_format(one, f"{name}.dateForms")
            for one in (values.texts(sent["dateForms"], f"{name}.dateForms") if "dateForms" in sent else ())
        ),
        year_start_month=values.count(sent.get("yearStartMonth", 1), f"{name}.yearStartMonth", minimum=1),
        period_file_name=file_name,
        months_per_period=months_per_period,
    )
