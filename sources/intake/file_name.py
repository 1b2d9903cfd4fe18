"""What the name of a file tells, under the document that it fits: whose period it is, and whether it is made up."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from sources.contract.load import Contract
from sources.intake import clock


@dataclass(frozen=True)
class FileName:
    """What a name tells."""

    document: Contract | None = None
    is_synthetic: bool = False
    supplier: str | None = None
    period_start: date | None = None
    period_end: date | None = None
    problem: str = ""
    """What is wrong with it, as a sentence; empty if nothing is."""

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
        return (replace(self, problem=""), bool(self.problem)) == (replace(other, problem=""), bool(other.problem))


def read_file_name(contract: Contract, name: str) -> FileName:
    """Return what a base name tells, under the document of the feed that it fits."""
    document = contract.document_for(name)
    match = document.file_name_pattern.fullmatch(name) if document else None
    if document is None or match is None:
        examples = " or ".join(_example(one) for one in contract.documents)
        problem = f"The file name {name!r} does not tell whose period it is; it must look like {examples}."
        return FileName(problem=problem)
    groups = match.groupdict()
    supplier = groups["supplier"].casefold() if groups.get("supplier") else document.supplier
    told = FileName(document, bool(groups.get("synthetic")), supplier)
    period, end_year = groups["period"], groups.get("end_year") or ""
    try:
        start, end = document.period(period)
    except ValueError:
        problem = f"The file name tells the period {period!r}, which does not exist; "
        return replace(told, problem=f"{problem}it must look like {_example(document)}.")
    problem = _problem(document, start, end, end_year)
    if problem:
        problem = f"The file name tells the period {period!r}{problem}"
    return replace(told, period_start=start, period_end=end, problem=problem)


def _problem(document: Contract, start: date, end: date, end_year: str) -> str:
    """Return what is wrong with a period that exists, as the rest of a sentence."""
    if not f"{end:%Y}".endswith(end_year):
        return (
            f" to {end_year!r}, but the period that starts so ends in {end:%Y}; it must look like {_example(document)}."
        )
    if start > clock.today():
        return ", which lies in the future."
    if end >= clock.today():
        return f", which is not over before {end + timedelta(days=1)}; send it when the period has ended."
    if start.isoformat() < document.first_period:
        return f", before {document.first_period}, when {_series(document)} begins."
    if document.last_day and end.isoformat() > document.last_day:
        return f", after {document.last_day}, when {_series(document)} ended."
    return ""


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
