"""The figures worked out another way: plain Python and pandas on the delivered rows, no SQL of the models."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from datetime import date

import pandas as pd

TYPES = [
    "Anti-social behaviour",
    "Bicycle theft",
    "Burglary",
    "Criminal damage and arson",
    "Drugs",
    "Other crime",
    "Other theft",
    "Possession of weapons",
    "Public order",
    "Robbery",
    "Shoplifting",
    "Theft from the person",
    "Vehicle crime",
    "Violence and sexual offences",
]
MEASURES: dict[str, set[str]] = {
    **{kind.lower().replace("-", "_").replace(" ", "_"): {kind} for kind in TYPES},
    "total_recorded_crime": set(TYPES) - {"Anti-social behaviour"},
    "serious_acquisitive_crime": {"Burglary", "Vehicle crime", "Robbery"},
    "neighbourhood_crime": {"Burglary", "Vehicle crime", "Robbery", "Theft from the person"},
}
Value = tuple[str, str, pd.Period]


def measures_of(rows: pd.DataFrame, areas: Iterable[str]) -> dict[Value, int]:
    """Return counts by measure, area and month.

    Args:
        rows: One row per counted incident, with `crime_type`, `month` (a monthly period) and area columns.
        areas: The area columns to count by.
    """
    counts: dict[Value, int] = defaultdict(int)
    for measure, kinds in MEASURES.items():
        chosen = rows[rows["crime_type"].isin(kinds)]
        for column in areas:
            for (area, month), group in chosen.groupby([column, "month"]):
                counts[measure, area, month] += len(group)
    return dict(counts)


def financial_year(month: pd.Period) -> int:
    """Return the year in which the financial year of a month starts."""
    return month.year if month.month >= 4 else month.year - 1


def year_label(year: int) -> str:
    """Return 2021/22 for 2021."""
    return f"{year}/{(year + 1) % 100:02d}"


def periods(first: pd.Period, as_at: date) -> dict[tuple[str, str], pd.PeriodIndex]:
    """Return every period to be listed, by type and label, with its months."""
    last = pd.Period(as_at, "M") if pd.Period(as_at, "M").end_time.date() == as_at else pd.Period(as_at, "M") - 1
    listed: dict[tuple[str, str], pd.PeriodIndex] = {}
    for month in pd.period_range(first, last, freq="M"):
        start = pd.Period(year=financial_year(month), month=4, freq="M")
        label = year_label(start.year)
        listed["month", str(month)] = pd.period_range(month, month)
        number = (month - start).n // 3
        listed["quarter", f"{label} Q{number + 1}"] = pd.period_range(start + 3 * number, periods=3)
        listed["year_to_date", f"{label} to {month}"] = pd.period_range(start, month)
        listed["financial_year", label] = pd.period_range(start, periods=12)
        if month - 11 >= first:
            listed["rolling_12_months", f"12 months to {month}"] = pd.period_range(month - 11, month)
    return listed


def indicator_counts(
    values: Mapping[Value, int],
    areas: Iterable[str],
    delivered: Iterable[pd.Period],
    as_at: date,
    period_types: Iterable[str],
    rolled_to: Container[str] | None = None,
) -> dict[tuple[str, str, str, str], float | None]:
    """Return count by measure, area, period type and label; None where a month of the period is missing.

    A rolling year ends with each month, or with one of `rolled_to`.
    """
    months = {month for month in delivered if month.end_time.date() <= as_at}
    expected: dict[tuple[str, str, str, str], float | None] = {}
    for (kind, label), needed in periods(min(months), as_at).items():
        if kind not in period_types:
            continue
        if kind == "rolling_12_months" and rolled_to is not None and str(needed[-1]) not in rolled_to:
            continue
        complete = set(needed) <= months
        for measure in MEASURES:
            for area in areas:
                expected[measure, area, kind, label] = (
                    float(sum(values.get((measure, area, month), 0) for month in needed)) if complete else None
                )
    return expected


def published_counts(indicator_values: pd.DataFrame) -> dict[tuple[str, str, str, str], float | None]:
    """Return the count indicators of a release in the shape of `indicator_counts`."""
    counts = indicator_values[~indicator_values["indicator_code"].str.endswith("-RATE")]
    return {
        (
            row.indicator_code.removeprefix("OD-").lower().replace("-", "_"),
            row.area_code,
            row.period_type,
            row.period_label,
        ): None if pd.isna(row.value) else float(row.value)
        for row in counts.itertuples()
    }
