"""What the name of a file tells, under the document that it fits: whose period it is, and whether it is made up."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from sources.contract.load import Contract
from sources.intake import clock
from sources.reasons.reason import Reason, reason


@dataclass(frozen=True)
class FileName:
    """What a name tells."""

    document: Contract | None = None
    is_synthetic: bool = False
    supplier: str | None = None
    period_start: date | None = None
    period_end: date | None = None
    part: str | None = None
    problem: Reason | None = None
    """What is wrong with it, if something is."""

    @property
    def start(self) -> str | None:
        """Return the first day of the period as ISO text."""
        return self.period_start.isoformat() if self.period_start else None

    @property
    def end(self) -> str | None:
        """Return the last day of the period as ISO text."""
        return self.period_end.isoformat() if self.period_end else None

    def is_read_like(self, other: "FileName") -> bool:
        """Return whether a file of the other name is read in the same way."""
        return (replace(self, problem=None), bool(self.problem)) == (replace(other, problem=None), bool(other.problem))


def read_file_name(contract: Contract, name: str) -> FileName:
    """Return what a base name tells, under the document of the feed that it fits."""
    document = contract.document_for(name)
    match = document.file_name_pattern.fullmatch(name) if document else None
    if document is None or match is None:
        examples = " or ".join(_example(one) for one in contract.documents)
        return FileName(problem=reason("file_name_unknown", f"It is {name!r}.", examples=examples))
    groups = match.groupdict()
    supplier = groups["supplier"].casefold() if groups.get("supplier") else document.supplier
    part = groups["part"].casefold() if groups.get("part") else None
    told = FileName(document, bool(groups.get("synthetic")), supplier, part=part)
    period, end_year = groups["period"], groups.get("end_year") or ""
    try:
        start, end = document.period(period)
    except ValueError:
        return replace(told, problem=reason("period_unknown", f"It is {name!r}.", example=_example(document)))
    problem = _problem(document, name, start, end, end_year)
    return replace(told, period_start=start, period_end=end, problem=problem)


def _problem(document: Contract, name: str, start: date, end: date, end_year: str) -> Reason | None:
    """Return what is wrong with a period that exists, if something is."""
    as_sent, period = f"It is {name!r}.", f"{start} to {end}"
    if not f"{end:%Y}".endswith(end_year):
        return reason("period_end_year_differs", as_sent, year=end.year, example=_example(document))
    if start > clock.today():
        return reason("period_in_future", as_sent, period=period)
    if end >= clock.today():
        return reason("period_not_over", as_sent, period=period, day=f"{end + timedelta(days=1)}")
    if start.isoformat() < document.first_period:
        return reason(
            "period_before_first", as_sent, period=period, day=document.first_period, series=_series(document)
        )
    if document.last_day and end.isoformat() > document.last_day:
        return reason("period_after_last", as_sent, period=period, day=document.last_day, series=_series(document))
    return None


def _example(document: Contract) -> str:
    """Return a file name that fits and its period: `2008-09` is a year to one feed and a month to another."""
    name = document.file_name_example
    match = document.file_name_pattern.fullmatch(name)
    if match is None:
        return repr(name)
    start, end = document.period(match["period"])
    return f"{name!r}, which is {start} to {end}"


def _series(document: Contract) -> str:
    return f"its form {document.variant!r}" if document.variant else "the feed"
