"""A workbook or text that holds several periods of a feed, each row saying of which it is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sources.contract import values
from sources.contract.errors import Mistake
from sources.contract.months import months_later

_KEYS = {"fileNamePattern", "fileNameExample", "sheetPattern", "year", "yearStartMonth", "part", "periodFileName"}
_MAY_LACK = {"part"}
_YEAR = re.compile(r"(\d{4})(?:[/-]\d{2,4})?")


@dataclass(frozen=True)
class WorkbookOfPeriods:
    """How such a workbook is cut into files of one period each, which the contract then judges as any other."""

    file_name_pattern: re.Pattern[str]
    file_name_example: str
    """Under which one is kept that was sent under another name: its rows tell all periods."""
    sheet_pattern: re.Pattern[str]
    """Sheets of these names are cut; others, such as contents and notes, are left out."""
    year_header: str
    year_start_month: int
    part_header: str | None
    """Header of the column with the number of the period in its year, from 1; None where a period is a year."""
    period_file_name: str
    """Name of a file of one period, with `{period}` in the contract's periodFormat."""
    months_per_period: int

    @property
    def is_text(self) -> bool:
        """Return whether such a file is published as a text too, in the document's own form."""
        return self.file_name_example.endswith(".csv")

    def period_start(self, year: str, part: str) -> date | None:
        """Return the first month of the period that a row names; None where it names none."""
        told = _YEAR.fullmatch(year.strip())
        number = int(part) if part.strip().isdecimal() and len(part) < 4 else 0
        if told is None or not 1 <= number <= 12 // self.months_per_period or not 1900 < int(told[1]) < 2200:
            return None
        return months_later(date(int(told[1]), self.year_start_month, 1), self.months_per_period * (number - 1))


def workbook_of_periods(custom: Mapping[str, Any], months_per_period: int) -> WorkbookOfPeriods | None:
    """Return what the custom properties of a document say."""
    name = "workbookOfPeriods"
    if name not in custom:
        return None
    sent = custom[name]
    if not isinstance(sent, dict) or sent.keys() | _MAY_LACK != _KEYS:
        raise Mistake(name, f"is {sent!r}", f"Give a mapping of {', '.join(sorted(_KEYS))}.")
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
        year_header=values.text(sent["year"], f"{name}.year"),
        year_start_month=values.count(sent["yearStartMonth"], f"{name}.yearStartMonth", minimum=1),
        part_header=values.text(sent["part"], f"{name}.part") if "part" in sent else None,
        period_file_name=file_name,
        months_per_period=months_per_period,
    )
