"""Every row of `target_vs_baseline` computed again, in plain pandas, from the accepted rows as Parquet and the seeds.

Rows are counted by category and month, and counts become targets, changes, projections and colours by definition,
without reading a model. The exact test is scipy's; the prediction interval is found by trying every outturn. Kinds of
targets that the sample's plans do not have are added by hand; those on yearly figures start from the published ones.
"""

import json
import math
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest, chi2

from sources.folder.data_folder import DataFolder
from sources.partnership.for_models import write_partnership
from tests.csp import Installation
from tests.dbt_parse import give_parse
from tests.places import REFERENCE
from tests.seeds import extended_partnership, seed_rows
from tests.warehouse.warehouse import Warehouse

# How a feed's Parquet names what counts: the date, the category, the reference of a record that stays its own for good.
CRIME, INCIDENT, STREET = "police/recorded_crime", "police/incidents", "police/street_crime"
# Published with six decimals.
ROUNDED = 6e-7
Counts = dict[tuple[str, str], dict[pd.Period, float]]


def seed(name: str) -> pd.DataFrame:
    table = pd.DataFrame(seed_rows(name))
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
    last = receipts.groupby(["supplier", "period_start"]).tail(1)[
        ["file_sha256", "supplier", "period_start", "received"]
    ]
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


def people_by_year(root: Path, district: str) -> dict[int, float]:
    """Return the delivered mid-year estimates of a district."""
    rows = standing_rows(root, "ons/population").query("area_code == @district and sex == 'all' and age == 'all'")
    return {int(day[:4]): float(people) for day, people in zip(rows["period_start"], rows["population"], strict=True)}


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
    breaks = seed("series_break_measures").merge(seed("series_break_events"), on="break_code")
    dates = pd.to_datetime(breaks.query("measure_code == @measure")["break_date"])
    return bool(((dates > start.to_timestamp()) & (dates <= end.to_timestamp())).any())


@dataclass(frozen=True)
class Figure:
    """A published figure with its limits; not a number where it is hidden or has none."""

    value: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Target:
    """A row of plan_targets with the rows of other seeds that it names."""

    row: Any
    indicator: Any
    scheme: Any

    def row_after(self, elapsed: int, months: dict[pd.Period, float], people: dict[int, float]) -> dict[str, Any]:
        """Return the published figures after so many months of the target period."""
        base, now = year(self.row.baseline_period), year(self.row.target_period)
        before = [month - 12 for month in now]
        assert self.row.profile == "baseline_year"
        by_people = self.row.basis == "rate"
        assert by_people == (self.indicator.denominator == "population")
        exposed, base_exposed, previous_exposed = (
            people[period[0].year] if by_people else 1.0 for period in (now, base, before)
        )
        multiplier = float(self.indicator.multiplier)
        scale, base_scale, previous_scale = (multiplier / each for each in (exposed, base_exposed, previous_exposed))
        whole = sum(months[month] for month in base)
        count, to_date, previous = (sum(months[m] for m in period[:elapsed]) for period in (now, base, before))
        comparable = not crosses_break(self.indicator.numerator_measure, base[0], now[-1] + 1)
        contested = self.indicator.polarity_contested == "true"
        assert self.indicator.polarity == "lower_is_better"
        actual, target = count * scale, self.wanted(whole * base_scale)
        profile = None if target is None else target * to_date / whole
        lower, upper = (limit * scale for limit in poisson_limits(count))
        p_value, since_previous = (
            binomtest(int(count), int(count + other), exposed / (exposed + exposed_then)).pvalue
            if count + other
            else 1.0
            for other, exposed_then in ((to_date, base_exposed), (previous, previous_exposed))
        )
        projected = [actual, actual, actual]
        if elapsed < 12:
            outturns = (count * whole / to_date, *prediction_limits(count, to_date, whole))
            projected = [outturn * scale for outturn in outturns]
        direction = None
        if not contested and not crosses_break(self.indicator.numerator_measure, before[0], now[-1] + 1):
            direction = "steady"
            if since_previous < 0.05:
                direction = "improving" if actual < previous * previous_scale else "worsening"
        judged = target is not None and comparable and not contested
        if target is None:
            outcome = "no_target"
        elif not comparable:
            outcome = "not_comparable"
        elif contested:
            outcome = "contested"
        elif elapsed < 12:
            outcome = "in_progress"
        else:
            outcome = "met" if self.is_reached(actual, target, lower, upper) else "not_met"
        return {
            "baseline_value": whole * base_scale,
            "target_value": target,
            "actual_to_date": actual,
            "actual_lower_95": lower,
            "actual_upper_95": upper,
            "baseline_to_date": to_date * base_scale,
            "profiled_target_to_date": profile,
            "variance_to_profile": None if profile is None else actual - profile,
            "variance_to_profile_pct": None if profile is None else 100 * (actual - profile) / profile,
            "change_on_baseline": actual - to_date * base_scale,
            "change_on_baseline_pct": 100 * (actual / (to_date * base_scale) - 1),
            "change_p_value": p_value if comparable else None,
            "change_is_significant": p_value < 0.05 if comparable else None,
            "change_lower_95": None,
            "change_upper_95": None,
            "projected_outturn": projected[0],
            "projected_lower_95": projected[1],
            "projected_upper_95": projected[2],
            "rag": self.colour(actual, profile, lower, upper) if judged and profile is not None else "grey",
            "direction_of_travel": direction,
            "outcome": outcome,
            "comparable": comparable,
            "is_contested": contested,
        }

    def row_of_years(self, then: Figure, now: Figure) -> dict[str, Any]:
        """Return the published figures of a target on yearly figures, from those of its two years."""
        hidden = math.isnan(then.value) or math.isnan(now.value)
        target = None if hidden else self.wanted(then.value)
        if target is None:
            return {"target_value": None, "rag": "grey", "outcome": "not_measurable", "change_lower_95": None}
        change = now.value - then.value
        below, above = (
            math.hypot(now.value - now.lower, then.upper - then.value),
            math.hypot(now.upper - now.value, then.value - then.lower),
        )
        has_interval = not math.isnan(below)
        return {
            "baseline_value": then.value,
            "target_value": target,
            "actual_to_date": now.value,
            "actual_lower_95": now.lower if has_interval else None,
            "baseline_to_date": then.value,
            "profiled_target_to_date": target,
            "change_on_baseline": change,
            "change_p_value": None,
            "change_lower_95": change - below if has_interval else None,
            "change_upper_95": change + above if has_interval else None,
            "change_is_significant": (change - below > 0 or change + above < 0) if has_interval else None,
            "rag": self.colour(now.value, target, now.lower, now.upper),
            "outcome": "met" if self.is_reached(now.value, target, now.lower, now.upper) else "not_met",
        }

    def wanted(self, baseline: float) -> float | None:
        """Return the value to reach."""
        if self.row.target_absolute:
            return float(self.row.target_absolute)
        if self.row.target_change_points:
            return baseline + float(self.row.target_change_points)
        return baseline * (1 + float(self.row.target_change_pct) / 100) if self.row.target_change_pct else None

    def margin(self, actual: float, goal: float, lower: float, upper: float) -> float:
        """Return how far from the goal the scheme tolerates the figure."""
        if self.scheme.basis == "interval":
            return actual - lower if actual > goal else upper - actual
        return (
            abs(goal) * float(self.scheme.tolerance) / 100
            if self.scheme.basis == "relative"
            else float(self.scheme.tolerance)
        )

    def is_reached(self, actual: float, goal: float, lower: float, upper: float) -> bool:
        if self.row.target_type == "maintain":
            return round(abs(actual - goal) - self.margin(actual, goal, lower, upper), 9) <= 0
        behind = actual - goal if self.row.target_type == "reduction" else goal - actual
        return round(behind, 9) <= 0

    def colour(self, actual: float, goal: float, lower: float, upper: float) -> str:
        if self.is_reached(actual, goal, lower, upper):
            return "green"
        within = round(abs(actual - goal) - self.margin(actual, goal, lower, upper), 9) <= 0
        return "amber" if within and self.row.target_type != "maintain" else "red"


def joined(targets: pd.DataFrame) -> list[Target]:
    """Return the targets with their indicators and schemes."""
    indicators, schemes = (
        seed(name).set_index(key, drop=False)
        for name, key in (("indicator_catalogue", "indicator_code"), ("rag_schemes", "rag_scheme"))
    )
    return [
        Target(row, indicators.loc[str(row.indicator_code)], schemes.loc[str(row.rag_scheme)])
        for row in targets.itertuples(index=False)
    ]


def assert_published(found: dict[Any, Any], expected: dict[str, Any], what: str) -> None:
    for column, figure in expected.items():
        where, value = f"{what}: {column}", found[column]
        if figure is None:
            assert pd.isna(value), where
        elif isinstance(figure, float):
            assert value == pytest.approx(figure, rel=1e-9, abs=ROUNDED), where
        else:
            assert value == figure, where


def test_every_row_is_computed_again(whole_sample: Installation) -> None:
    targets = joined(seed("plan_targets"))
    with duckdb.connect(str(whole_sample.database), read_only=True) as connection:
        published = connection.execute("select * from target_vs_baseline").df()
    rows = {(row["target_id"], row["months_elapsed"]): row for row in published.to_dict("records")}
    counts = {feed: monthly_counts(whole_sample.root, feed) for feed in (CRIME, INCIDENT, STREET)}
    for target in targets:
        months = counts[target.indicator.source_feed][target.indicator.numerator_measure, target.row.area_code]
        for elapsed in range(1, 13):
            found = rows.pop((target.row.target_id, elapsed))
            assert_published(
                found, target.row_after(elapsed, months, {}), f"{target.row.target_id} after {elapsed} months"
            )
    assert rows == {}
    assert targets


# Target, indicator, area, basis, years, change in percent, in points, value to reach, type and scheme.
BY_MONTHS = """
H-RATE NI16 E07000133 rate 2007/08 2008/09 -3 - - reduction relative_5
H-HOLD LOC-CD E07000133 count 2007/08 2008/09 0 - - maintain relative_5
H-HOLD-BELOW LOC-CD E07000133 count 2007/08 2008/09 - - 790 maintain relative_5
H-HOLD-RATE NI16 E07000133 rate 2007/08 2009/10 - - 14 maintain interval_95
H-HOLD-RATE-MET NI16 E07000133 rate 2007/08 2008/09 - - 13.5 maintain interval_95
"""
BY_YEARS = """
H-NI39 NI39 E07000133 rate 2007/08 2008/09 -3 - - reduction relative_5
H-NI47 NI47 E07000133 percentage 2007 2008 - -1 - reduction points_3
H-NI19 NI19 YOT-LEICESTERSHIRE-RUTLAND ratio 2008 2009 -5 - - reduction relative_5
H-NI32 NI32 E07000133 percentage 2008/09 2009/10 - -2 - reduction interval_95
H-NI32-HIDDEN NI32 E07000133 percentage 2007/08 2008/09 - -2 - reduction interval_95
H-NI40 NI40 DAT-LEICESTERSHIRE count 2007/08 2008/09 3 - - increase relative_5
H-NI111 NI111 YOT-LEICESTERSHIRE-RUTLAND rate 2007/08 2008/09 -3 - - reduction relative_5
H-NI18 NI18 E10000018 percentage 2007/08 2008/09 - -2 - reduction points_3
"""
HAND_COLUMNS = (
    *("target_id", "indicator_code", "area_code", "basis", "baseline_period", "target_period"),
    *("target_change_pct", "target_change_points", "target_absolute", "target_type", "rag_scheme"),
)


def by_hand(lines: str) -> pd.DataFrame:
    """Return the targets that the lines name, as rows of the seed."""
    cells = [["" if cell == "-" else cell for cell in line.split()] for line in lines.split("\n")]
    named = pd.DataFrame([row for row in cells if row], columns=list(HAND_COLUMNS))
    fixed = {"plan_id": "MASCP-2008-11", "lead_agency": "x", "label": "x", "source": "a test"}
    fixed |= {"target_status": "set", "profile": "baseline_year"}
    return named.assign(**fixed).reindex(columns=list(seed("plan_targets").columns)).fillna("")


def test_kinds_of_targets_that_the_sample_has_not(
    whole_sample: Installation, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Rates, what is to be held, and figures of whole years, hidden ones too, as rows of a plan beside the others."""
    targets = pd.concat([by_hand(BY_MONTHS), by_hand(BY_YEARS)]).to_dict("records")
    folder = tmp_path / "data"
    folder.mkdir()
    for name in ("warehouse.duckdb", "run_inputs.json"):
        shutil.copy(whole_sample.root / name, folder)
    write_partnership(DataFolder(folder), extended_partnership(tmp_path, {"plan_targets": targets}))
    give_parse(tmp_path_factory, folder)
    built = Warehouse(folder)
    changed = ("plan_targets", "targets", "int_populations__nearest", "int_waves__compared", "int_targets__followed")
    computed = ("int_changes__tested", "int_outturns__projected", "target_vs_baseline")
    built.dbt("build", "--full-refresh", "--exclude-resource-type", "unit_test", "--select", *changed, *computed)
    rows = {
        (row["target_id"], row["months_elapsed"]): row
        for row in built.table("target_vs_baseline", "target_id like 'H-%'").to_dict("records")
    }
    counts, people = monthly_counts(whole_sample.root, CRIME), people_by_year(whole_sample.root, "E07000133")
    for target in joined(by_hand(BY_MONTHS)):
        for elapsed in range(1, 13):
            expected = target.row_after(elapsed, counts[target.indicator.numerator_measure, "E07000133"], people)
            assert_published(rows.pop((target.row.target_id, elapsed)), expected, f"{target.row.target_id} {elapsed}")
    figures = {
        (row["indicator_code"], row["area_code"], row["period_label"]): Figure(
            row["value"], row["lower_95"], row["upper_95"]
        )
        for row in built.table("indicator_values", "period_type in ('financial_year', 'calendar_year')").to_dict(
            "records"
        )
    }
    for target in joined(by_hand(BY_YEARS)):
        then, now = (
            figures[target.row.indicator_code, target.row.area_code, label]
            for label in (target.row.baseline_period, target.row.target_period)
        )
        assert_published(rows.pop((target.row.target_id, 12)), target.row_of_years(then, now), target.row.target_id)
    assert rows == {}
