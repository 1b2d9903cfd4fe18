"""What an expectation and a suite are. Light: Great Expectations is imported only when a suite is run.

Great Expectations judges pandas DataFrames, so each expectation states the SQL that reduces its table to what
it judges: distinct codes, totals, or the rows nearest to breaking the rule. If those keep it, all rows do; so
memory does not grow with the table.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Literal

ROWS_JUDGED = 1000  # of the rows nearest to breaking a rule; a broken rule's count stops here

# Words that a column of persons would carry; no published table has one, whatever its contract says.
PERSONAL_WORDS = (
    *("forename", "surname", "first_name", "last_name", "full_name", "person", "victim", "offender", "suspect"),
    *("dob", "date_of_birth", "birth", "postcode", "address", "email", "phone", "telephone", "nhs", "nino"),
    *("easting", "northing", "latitude", "longitude", "street", "crime_id", "crime_no"),
)


@dataclass(frozen=True)
class Expectation:
    """One rule of a published table.

    `sql` reads what is judged, with table names unqualified; `build` is given the module
    `great_expectations.expectations` and returns the expectation on that frame. `error` holds the release,
    `warn` does not.
    """

    name: str
    description: str
    sql: str
    build: Callable[[ModuleType], Any]
    severity: Literal["error", "warn"] = "error"


@dataclass(frozen=True)
class Suite:
    """The expectations of one published table."""

    table: str
    expectations: tuple[Expectation, ...]


def nearest_to_breaking(
    table: str, columns: Sequence[str], measure: str, where: str = "true", worst: str = "desc nulls last"
) -> str:
    """Return the SQL of the rows of `table` whose `measure` is worst, as `columns` and `measure`."""
    return (
        f"select {', '.join(columns)}, {measure} as measure from {table} where {where} "
        f"order by measure {worst} limit {ROWS_JUDGED}"
    )


def no_personal_columns(table: str) -> Expectation:
    """Expect no column whose name speaks of persons or of the place of one event."""
    return Expectation(
        "no_personal_columns",
        f"No column name of {table} speaks of a person or of the place of a single event.",
        f"select column_name from (describe select * from {table})",
        lambda gxe: gxe.ExpectColumnValuesToNotMatchRegex(
            column="column_name", regex=rf"(?i)^name$|(?:^|_)(?:{'|'.join(PERSONAL_WORDS)})s?(?:_|$)"
        ),
    )


def holds(
    name: str, description: str, table: str, columns: Sequence[str], statement: str, *, where: str = "true"
) -> Expectation:
    """Expect a statement to be true of every row of `table`, of which `columns` are shown; unknown says nothing."""
    return Expectation(
        name,
        description,
        f"select {', '.join(columns)}, {statement} as holds from {table} where {where} "
        f"order by holds limit {ROWS_JUDGED}",
        lambda gxe: gxe.ExpectColumnValuesToBeInSet(column="holds", value_set=[True]),
    )


def keeps(name: str, description: str, sql: str, *, low: float | None = None, high: float | None = None) -> Expectation:
    """Expect the column `measure` of a frame within bounds; a missing one says nothing."""
    return Expectation(
        name,
        description,
        sql,
        lambda gxe: gxe.ExpectColumnValuesToBeBetween(column="measure", min_value=low, max_value=high),
    )


def not_empty_after_deliveries(table: str) -> Expectation:
    """Expect rows wherever a delivery was accepted."""
    return Expectation(
        "not_empty_after_deliveries",
        f"{table} has rows as soon as a delivery was accepted.",
        f"select (select count(*) from {table}) as row_count, count(*) as accepted_deliveries "
        "from deliveries where status in ('accepted', 'partly_accepted') having count(*) > 0",
        lambda gxe: gxe.ExpectColumnValuesToBeBetween(column="row_count", min_value=1),
    )
