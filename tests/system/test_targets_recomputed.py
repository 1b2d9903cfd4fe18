"""Every row of `target_vs_baseline` computed again, in plain pandas, from the accepted rows as Parquet and the seeds.

Nothing here reads a model: rows are counted by category and month, and counts become targets, changes, projections and
colours by their definitions. The exact test is scipy's; the prediction interval is found by trying every outturn.
"""

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest, chi2

from tests.system.conftest import PROJECT_ROOT, Warehouse

pytestmark = pytest.mark.system

SEEDS = PROJECT_ROOT / "dbt_project" / "seeds"
REFERENCE = PROJECT_ROOT / "dbt_project" / "reference"
# How a feed's Parquet names what counts: the date, the category, the reference of a record that stays its own for good.
CRIME, INCIDENT, STREET = "police/recorded_crime", "police/incidents", "police/street_crime"
# Published with six decimals.
ROUNDED = 6e-7
Counts = dict[tuple[str, str], dict[pd.Period, float]]


def seed(name: str) -> pd.DataFrame:
    table = pd.read_csv(SEEDS / f"{name}.csv", dtype=str, keep_default_na=False)
    for column in ("valid_from", "valid_to"):
        if column in table:
            bound = pd.Timestamp.min if column == "valid_from" else pd.Timestamp.max
            table[column] = pd.to_datetime(table[column]).fillna(bound)
    return table


def standing_rows(root: Path, feed: str) -> pd.DataFrame:
    """Return the accepted rows of the last delivery of each supplier and period, numbered by arrival."""
    receipts = pd.DataFrame(map(json.loads, (root / "ledger" / "receipts.jsonl").read_text().splitlines()))
    receipts = receipts[
        (receipts["agency"] + "/" + receipts["feed"] == feed) & receipts["outcome"].str.endswith("accepted")
    ]
    receipts["received"] = np.arange(len(receipts))
    last = receipts.groupby(["supplier", "period_start"]).tail(1)[["file_sha256", "supplier", "received"]]
    files = str(root / "raw" / feed / "*.parquet")
    with duckdb.connect() as connection:
        rows = connection.execute(f"select * from read_parquet('{files}', union_by_name = true)").df()
    return rows.merge(last, on="file_sha256", validate="many_to_one")


def offence_class(code: str) -> str:
    """Return the spelling that the seeds use: 028A is 28A, 028/01 and 2801 are 28/1."""
    plain = code.replace("'", "").strip().upper()
    head, slash, tail = plain.partition("/")
    if not slash and plain.isdigit() and len(plain) in (4, 5):
        head, slash, tail = plain[:-2], "/", plain[-2:]
    return head.lstrip("0") + slash + (tail.lstrip("0") or "0" if slash else "")


def common_rows(root: Path, feed: str) -> pd.DataFrame:
    """Return a row for each thing counted, by month, category and district, without what is left out."""
    rows = standing_rows(root, feed)
    lsoas = pd.read_csv(REFERENCE / "lsoas.csv", dtype=str)
    if feed == STREET:
        rows["month"] = rows["month"].dt.to_period("M")
        rows["district"] = rows["lsoa_code"].map(lsoas.set_index("lsoa_code")["district_code"])
        return rows.rename(columns={"crime_type": "category"})
    wards = lsoas.dropna(subset="ward_code").groupby("ward_code")["district_code"].min()
    # The extracts of a partnership hold its district; a row in another's ward is not its own.
    assert set(rows["supplier"]) == {"leicestershire-melton"}
    rows["district"] = rows["ward_code"].map(wards).fillna("E07000133")
    if feed == CRIME:
        rows["month"] = rows["date_recorded"].dt.to_period("M")
        rows["category"] = rows["offence_code"].map(
            {code: offence_class(code) for code in rows["offence_code"].unique()}
        )
        # Of a crime that is in the extracts of two months, the later extract knows better.
        rows = rows[rows["received"] == rows.groupby("crime_number")["received"].transform("max")]
        return rows[~rows["no_crime"].fillna(False).astype(bool) & rows["transferred_to"].isna()]
    rows["month"] = rows["created_date"].dt.to_period("M")
    rows["category"] = rows["closing_category"].str.lower()
    became_crime = rows["linked_crime_number"].notna() | (rows["result"].str.lower() == "crime recorded")
    return rows[rows["duplicate_of"].isna() & ~became_crime]


def monthly_counts(root: Path, feed: str) -> Counts:
    """Return the counts of each measure and district, month by month; a delivered month without rows counts nothing."""
    rows = common_rows(root, feed)
    rows["first_day"] = rows["month"].dt.to_timestamp()
    spellings = seed("category_spellings").query("source_feed == @feed").rename(columns={"category": "meant"})
    spelt = rows[["category", "first_day"]].drop_duplicates().merge(spellings, left_on="category", right_on="spelling")
    spelt = spelt[spelt["first_day"].between(spelt["valid_from"], spelt["valid_to"])]
    rows = rows.merge(spelt[["category", "first_day", "meant"]], how="left", validate="many_to_one")
    rows["category"] = rows["meant"].fillna(rows["category"])
    by_category = rows.groupby(["district", "month", "first_day", "category"]).size().rename("count").reset_index()
    categories = seed("measure_categories").query("source_feed == @feed and required_tag == '' and excluded_tag == ''")
    measured = by_category.merge(categories, on="category")
    measured = measured[measured["first_day"].between(measured["valid_from"], measured["valid_to"])]
    months = sorted(rows["month"].unique())
    counts: Counts = {}
    for (measure, district), part in measured.groupby(["measure_code", "district"]):
        by_month = part.groupby("month")["count"].sum()
        counts[str(measure), str(district)] = {month: float(by_month.get(month, 0)) for month in months}
    return counts


def year(label: str) -> list[pd.Period]:
    return list(pd.period_range(f"{label[:4]}-04", periods=12, freq="M"))


def poisson_limits(count: float) -> tuple[float, float]:
    """Return the exact 95% limits below ten, from there on Byar's approximation."""
    if count < 10:
        lower = chi2.ppf(0.025, 2 * count) / 2 if count else 0.0
        return float(lower), float(chi2.ppf(0.975, 2 * count + 2) / 2)
    z = 1.959963984540054
    lower = count * (1 - 1 / (9 * count) - z / (3 * math.sqrt(count))) ** 3
    upper = (count + 1) * (1 - 1 / (9 * (count + 1)) + z / (3 * math.sqrt(count + 1))) ** 3
    return lower, upper


def prediction_limits(actual: float, to_date: float, whole: float) -> tuple[float, float]:
    """Return the least and greatest outturn whose rest passes the chi-square test, by trying each."""
    rest = np.arange(0, 10 * (actual + whole) * max(whole / to_date, 1) + 100)
    left, total = whole - to_date, actual + rest + whole
    with np.errstate(invalid="ignore"):
        statistic = (
            total
            * (actual * left - rest * to_date) ** 2
            / (whole * (actual + to_date) * (actual + rest) * (rest + left))
        )
    passes = rest[np.nan_to_num(statistic) <= chi2.ppf(0.95, 1)]
    assert passes[-1] < rest[-1]
    return float(actual + passes[0]), float(actual + passes[-1])


def crosses_break(measure: str, start: pd.Period, end: pd.Period) -> bool:
    dates = pd.to_datetime(seed("series_breaks").query("measure_code == @measure")["break_date"])
    return bool(((dates > start.to_timestamp()) & (dates <= end.to_timestamp())).any())


@dataclass(frozen=True)
class Target:
    """A row of plan_targets with the rows of other seeds that it names."""

    row: Any
    indicator: Any
    scheme: Any

    def row_after(self, elapsed: int, months: dict[pd.Period, float]) -> dict[str, Any]:
        """Return the published figures after so many months of the target period."""
        base, now = year(self.row.baseline_period), year(self.row.target_period)
        before = [month - 12 for month in now]
        assert self.row.basis == "count"
        assert self.row.profile == "baseline_year"
        whole = sum(months[month] for month in base)
        actual, to_date, previous = (sum(months[m] for m in period[:elapsed]) for period in (now, base, before))
        comparable = not crosses_break(self.indicator.numerator_measure, base[0], now[-1] + 1)
        contested = self.indicator.polarity_contested == "true"
        assert self.indicator.polarity == "lower_is_better"
        target = whole * (1 + float(self.row.target_change_pct) / 100) if self.row.target_change_pct else None
        profile = None if target is None else target * to_date / whole
        lower, upper = poisson_limits(actual)
        p_value = binomtest(int(actual), int(actual + to_date), 0.5).pvalue if actual + to_date else 1.0
        since_previous = binomtest(int(actual), int(actual + previous), 0.5).pvalue if actual + previous else 1.0
        projected = (actual, actual, actual)
        if elapsed < 12:
            projected = (actual * whole / to_date, *prediction_limits(actual, to_date, whole))
        rag = "grey"
        if profile is not None and comparable and not contested:
            assert self.scheme.basis == "relative"
            behind = round(actual - profile, 9)
            amber = round(profile * float(self.scheme.tolerance) / 100, 9)
            rag = "green" if behind <= 0 else "amber" if behind <= amber else "red"
        direction = None
        if not contested and not crosses_break(self.indicator.numerator_measure, before[0], now[-1] + 1):
            direction = "steady"
            if since_previous < 0.05:
                direction = "improving" if actual < previous else "worsening"
        if target is None:
            outcome = "no_target"
        elif not comparable:
            outcome = "not_comparable"
        elif elapsed < 12:
            outcome = "in_progress"
        else:
            outcome = "met" if round(actual - target, 9) <= 0 else "not_met"
        return {
            "baseline_value": whole,
            "target_value": target,
            "actual_to_date": actual,
            "actual_lower_95": lower,
            "actual_upper_95": upper,
            "baseline_to_date": to_date,
            "profiled_target_to_date": profile,
            "variance_to_profile": None if profile is None else actual - profile,
            "variance_to_profile_pct": None if profile is None else 100 * (actual - profile) / profile,
            "change_on_baseline": actual - to_date,
            "change_on_baseline_pct": 100 * (actual / to_date - 1),
            "change_p_value": p_value if comparable else None,
            "change_is_significant": p_value < 0.05 if comparable else None,
            "change_lower_95": None,
            "change_upper_95": None,
            "projected_outturn": projected[0],
            "projected_lower_95": projected[1],
            "projected_upper_95": projected[2],
            "rag": rag,
            "direction_of_travel": direction,
            "outcome": outcome,
            "comparable": comparable,
            "is_contested": contested,
        }


def test_every_row_is_computed_again(whole_sample: Warehouse) -> None:
    targets, indicators, schemes = seed("plan_targets"), seed("indicator_catalogue"), seed("rag_schemes")
    with duckdb.connect(str(whole_sample.database), read_only=True) as connection:
        published = connection.execute("select * from target_vs_baseline").df()
    rows = {(row["target_id"], row["months_elapsed"]): row for row in published.to_dict("records")}
    counts = {feed: monthly_counts(whole_sample.root, feed) for feed in (CRIME, INCIDENT, STREET)}
    compared = 0
    for line in range(len(targets)):
        row: Any = targets.iloc[line]
        indicator: Any = indicators[indicators["indicator_code"] == row.indicator_code].squeeze(axis=0)
        scheme: Any = schemes[schemes["rag_scheme"] == row.rag_scheme].squeeze(axis=0)
        months = counts[indicator.source_feed][indicator.numerator_measure, row.area_code]
        for elapsed in range(1, 13):
            expected = Target(row, indicator, scheme).row_after(elapsed, months)
            found = rows.pop((row.target_id, elapsed))
            for column, figure in expected.items():
                where, value = f"{row.target_id} after {elapsed} months: {column}", found[column]
                if figure is None:
                    assert pd.isna(value), where
                elif isinstance(figure, float):
                    assert value == pytest.approx(figure, rel=1e-9, abs=ROUNDED), where
                else:
                    assert value == figure, where
            compared += 1
    assert rows == {}
    assert compared == 12 * len(targets)
