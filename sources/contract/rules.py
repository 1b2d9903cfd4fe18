"""Rules of a contract as SQL: each judges one row over the canonical, typed columns, or the file as a whole.

A row rule is broken where its predicate is false; where it is NULL (a blank value) it holds, as in a CHECK constraint.
A column that is not text has beside its typed value the text as sent, in `sent_<name>`.
"""

from dataclasses import dataclass
from datetime import date

from sources.folder.sql_text import literal

SQL_TYPES = {
    "string": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
}
KINDS = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "date": "a date",
}
"""What a value of each type is, in words."""
BOUNDS = {
    "mustBe": lambda count, bound: count == bound,
    "mustBeGreaterThan": lambda count, bound: count > bound,
    "mustBeGreaterOrEqualTo": lambda count, bound: count >= bound,
    "mustBeLessThan": lambda count, bound: count < bound,
    "mustBeLessOrEqualTo": lambda count, bound: count <= bound,
}


@dataclass(frozen=True)
class RowRule:
    """A rule that a row breaks or keeps."""

    name: str
    column: str | None
    expected: str
    """What was expected, as a sentence for the supplier."""
    predicate: str
    """SQL, false where broken; empty for a rule on repeated values."""
    is_type: bool = False
    is_alone: bool = False
    """Whether a row that breaks this rule is not judged by the others: it is no record at all."""
    unique_columns: tuple[str, ...] = ()
    """Columns whose values together may appear once in a file."""
    preference: tuple[str, ...] = ()
    """SQL, the weightiest first: of rows that share a value the one of the greatest stays, else the first."""

    @property
    def is_unique(self) -> bool:
        """Return whether the rule compares rows with each other."""
        return bool(self.unique_columns)

    def predicate_for(self, period_start: date, period_end: date, supplier: str | None) -> str:
        """Return the predicate for one delivery."""
        return _for_delivery(self.predicate, period_start, period_end, supplier)


@dataclass(frozen=True)
class FileCondition:
    """A rule that the accepted rows of a file keep or break together; broken, the file is refused."""

    name: str
    expected: str
    predicate: str
    """SQL over aggregates of the accepted rows, false where broken."""

    def predicate_for(self, period_start: date, period_end: date, supplier: str | None) -> str:
        """Return the predicate for one delivery."""
        return _for_delivery(self.predicate, period_start, period_end, supplier)


def _for_delivery(predicate: str, period_start: date, period_end: date, supplier: str | None) -> str:
    return (
        predicate.replace("{period_start}", literal(period_start))
        .replace("{period_end}", literal(period_end))
        .replace("{supplier}", literal(supplier))
    )


@dataclass(frozen=True)
class FileRule:
    """A rule on the number of rows of a file."""

    name: str
    expected: str
    bound_kind: str
    bound: int

    def holds(self, row_count: int) -> bool:
        """Return whether a file of so many rows keeps the rule."""
        return bool(BOUNDS[self.bound_kind](row_count, self.bound))


def text_column(name: str, logical_type: str) -> str:
    """Return the name of the column that holds the text as sent."""
    return name if logical_type == "string" else f"sent_{name}"
