"""What the name of a sample tells: the period, the supplier, and the pattern of the names that will come."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sources.contract.date_formats import strptime_format
from sources.contract.file_names import plain_name

_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
# Pattern of a period in a file name, its form in contracts and the pattern that a contract gives it.
_PERIODS = (
    (r"(?<!\d)(20\d\d|19\d\d)-(0[1-9]|1[0-2])(?!\d)", "yyyy-MM", r"\d{4}-\d{2}"),
    (r"(?<!\d)(20\d\d|19\d\d)_(0[1-9]|1[0-2])(?!\d)", "yyyy_MM", r"\d{4}_\d{2}"),
    (rf"(?i)({_MONTH})-(20\d\d)(?!\d)", "MMMM-yyyy", r"[a-z]+-\d{4}"),
    (rf"(?i)({_MONTH}) (20\d\d)(?!\d)", "MMMM yyyy", r"[a-z]+ \d{4}"),
    (rf"(?i)({_MONTH})_(20\d\d)(?!\d)", "MMMM_yyyy", r"[a-z]+_\d{4}"),
    (rf"(?i)({_MONTH})(20\d\d)(?!\d)", "MMMMyyyy", r"[a-z]+\d{4}"),
    (r"(?<!\d)(20\d\d|19\d\d)(0[1-9]|1[0-2])(?!\d)", "yyyyMM", r"\d{6}"),
    (r"(?<!\d)(20\d\d|19\d\d)(?!\d)", "yyyy", r"\d{4}"),
)
_SUPPLIER = "[a-z]+(?:-[a-z]+)*"


@dataclass(frozen=True)
class NameOfSample:
    """The pattern of file names, an example, and where they come from."""

    pattern: str
    example: str
    period_format: str
    supplier: str | None
    """Who sent the sample, where its name tells."""
    tells_period: bool
    period_start: date | None = None
    """First of the month, or year, that it tells."""

    @property
    def is_of_a_year(self) -> bool:
        """Return whether the name tells a year and no month."""
        return "M" not in self.period_format


def name_of_sample(name: str, feed: str, day: date | None, suppliers: Sequence[str]) -> NameOfSample:
    """Return what a file name tells; one without a period is given one, of the day that its rows tell."""
    stem, _, suffix = plain_name(name).rpartition(".")
    text_suffix = "csv" if suffix.lower() == "xlsx" else suffix
    supplier = next((one for one in sorted(suppliers, key=len, reverse=True) if _stands_in(one, stem)), None)
    for pattern, form, told in _PERIODS:
        found = re.search(pattern, stem)
        start = _day(found.group(), form) if found else None
        if found and start:
            before, after = (_escaped(part, supplier) for part in (stem[: found.start()], stem[found.end() :]))
            return NameOfSample(
                f"{before}(?P<period>{told}){after}{_endings(text_suffix)}",
                plain_name(name),
                form,
                supplier,
                True,
                start,
            )
    month = (day or date(2026, 4, 1)).strftime("%Y-%m")
    rest = feed.replace("_", "-")
    return NameOfSample(
        rf"(?P<period>\d{{4}}-\d{{2}})-{rest}{_endings(text_suffix)}",
        f"{month}-{rest}.{suffix}",
        "yyyy-MM",
        None,
        False,
    )


def _stands_in(supplier: str, stem: str) -> bool:
    return re.search(rf"(?<![a-z]){re.escape(supplier)}(?![a-z])", stem.lower()) is not None


def _day(text: str, form: str) -> date | None:
    try:
        return datetime.strptime(text, strptime_format(form)).date()  # noqa: DTZ007 a calendar date
    except ValueError:
        return None


def _escaped(part: str, supplier: str | None) -> str:
    """Return a part of a name as a pattern, with a group where the supplier stands."""
    if supplier and _stands_in(supplier, part):
        before, after = re.split(rf"(?i)(?<![a-z]){re.escape(supplier)}(?![a-z])", part, maxsplit=1)
        return f"{_escaped(before, None)}(?P<supplier>{_SUPPLIER}){_escaped(after, None)}"
    return re.sub(r"([.()+\[\]{}^$*?|\\])", r"\\\1", part)


def _endings(suffix: str) -> str:
    return rf"(?:-v\d+)?\.(?:{suffix}|xlsx)"
