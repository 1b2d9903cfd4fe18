"""An attack on the published counts of people, with all that a reader of two releases has.

The models that hide and round are run as dbt compiles them, on random tables. An integer program asks for the least
and the greatest whole number that each hidden count could have. The attacker knows how counts add up (districts and
quarters to the year of the whole area, groups of people to all of them, parts to the counts that they are of), every
figure that is shown, that a hidden one lies between 1 and 7, and which counts a correction or a retake changed between
the releases.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import duckdb
import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from tests.seeds import seed_rows
from tests.warehouse.warehouse import Warehouse

MODELS = ("int_indicators__added", "int_indicators__shown", "int_indicators__valued")
HOME, YEAR = "H", "2008/09"
QUARTERS = [f"{YEAR} Q{number}" for number in range(1, 5)]
PEOPLE = next(row for row in seed_rows("disclosure_rules") if row["disclosure_rule"] == "person_counts")
HIDDEN_BELOW, ROUNDED_TO = int(PEOPLE["hidden_below"]), int(PEOPLE["rounded_to"])
# What a part of people counts at the whole area's year: two groupings, and what is added up of the first.
GROUPS = ("women", "men", "young", "middle", "old")
RELEASES = ("first", "second")
Numbers = NDArray[np.float64]


@dataclass
class Table:
    """Counts of one measure by district and quarter in two releases, of a part of it, of groups, and of a place."""

    name: str
    counts: dict[str, NDArray[np.int64]]
    parts: NDArray[np.int64]
    groups: dict[str, int]
    place: int
    """Of the first district, in the year."""
    shown: dict[tuple[str, str, str, str], tuple[float, float]] = field(default_factory=dict)
    """Numerator and denominator by release, indicator, area and period; not a number where they are hidden."""

    @property
    def districts(self) -> list[str]:
        return [f"{self.name}-D{number}" for number in range(len(self.parts))]

    def cells(self) -> Iterator[tuple[str, str, NDArray[np.bool_]]]:
        """Yield what is published of a measure: area, period, and which districts and quarters it adds up."""
        picked = np.zeros(self.parts.shape, dtype=bool)
        for at, label in enumerate(QUARTERS):
            quarter = picked.copy()
            quarter[:, at] = True
            yield HOME, label, quarter
        yield HOME, YEAR, ~picked
        for at, district in enumerate(self.districts):
            year = picked.copy()
            year[at] = True
            yield district, YEAR, year


def random_tables(count: int) -> list[Table]:
    """Return tables of two to seven districts with few people; a correction or a retake changes the second release.

    In every third table one count is corrected, in every third a retake under other rules counts a district anew.
    """
    random = np.random.default_rng(20081124)
    tables = []
    for number in range(count):
        means = random.choice([0.3, 1.0, 3.0, 12.0], size=(random.integers(2, 8), 1))
        before = random.poisson(means, size=(len(means), 4))
        after = before.copy()
        district, quarter = random.integers(len(means)), random.integers(4)
        if number % 3 == 1:
            after[district, quarter] = max(0, after[district, quarter] + random.integers(-6, 7))
        elif number % 3 == 2:
            after[district] = random.binomial(after[district], 0.8)
        least = np.minimum(before, after)
        women, young, middle = (random.binomial(least.sum(), share) for share in (0.3, 0.2, 0.5))
        groups = {"women": women, "men": random.binomial(least.sum() - women, random.choice([0.5, 0.95, 1.0]))}
        groups |= {"young": young, "middle": min(middle, least.sum() - young)}
        groups |= {"old": random.binomial(least.sum() - young - groups["middle"], random.choice([0.5, 1.0]))}
        parts = random.binomial(least, random.choice([0.1, 0.5, 0.9]))
        place = random.binomial(least[0].sum(), random.choice([0.2, 0.8]))
        tables.append(Table(f"T{number}", {"first": before, "second": after}, parts, groups, place))
    return tables


def figures_of(table: Table, release: str) -> Iterator[tuple[str, str, str, str, float, float | None]]:
    """Yield what a release is made of: indicator, area, level, period, exact numerator and denominator."""
    counts = table.counts[release]
    for area, label, picked in table.cells():
        level = "pct_area" if area == HOME else "district"
        yield f"{table.name}-count", area, level, label, counts[picked].sum(), None
        yield f"{table.name}-share", area, level, label, table.parts[picked].sum(), counts[picked].sum()
    for group in GROUPS:
        yield f"{table.name}-{group}", HOME, "pct_area", YEAR, table.groups[group], None
    yield f"{table.name}-count", f"{table.name}-P", "priority_neighbourhood", YEAR, table.place, None


def publish(sql: dict[str, str], tables: list[Table], rounded_to: int = ROUNDED_TO) -> None:
    """Run the compiled models once on all tables in both releases, and keep what is shown in each."""
    figures = pd.DataFrame(
        [
            (f"{release} {indicator}", *rest)
            for table in tables
            for release in RELEASES
            for indicator, *rest in figures_of(table, release)
        ],
        columns=["indicator", "area", "level", "label", "numerator", "denominator"],
    )
    codes = figures["indicator"].unique()
    sums = [(code.replace("-women", "-both"), code.replace("-women", f"-{part}")) for part in ("women", "men")
            for code in codes if code.endswith("-women")]  # fmt: skip
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as warehouse; use warehouse")
        for schema in ("reference", "staging", "intermediate", "marts"):
            connection.execute(f"create schema {schema}")
        connection.register("figures", figures)
        connection.register("sums", pd.DataFrame(sums, columns=["code", "part"]))
        connection.register("limits", pd.DataFrame(seed_rows("poisson_limits")).astype(float))
        connection.execute(
            f"""
            create table reference.poisson_limits as from limits;
            create table staging.measures as select 'people' as measure_code, 'person_counts' as disclosure_rule;
            create table reference.disclosure_rules as select 'person_counts' as disclosure_rule, false as shows_months,
                {HIDDEN_BELOW} as hidden_below, {rounded_to} as rounded_to, null::varchar as withheld_area_levels;
            create table staging.indicator_sums as select code as indicator_code, part as part_indicator from sums;
            create table marts.indicators as
                select distinct indicator as indicator_code, 1.0::double as multiplier, null::integer as minimum_base,
                    case when indicator like '%-share' then 'percentage' else 'count' end as formula_kind,
                    'people' as numerator_measure, 'pct_area' as allowed_area_levels,
                    case when indicator like '%-share' then 'people' end as denominator_measure from figures
                union all select distinct code, 1, null, 'sum', null, 'pct_area', null from sums;
            create table intermediate.int_indicators__measured as
                select indicator as indicator_code, formula_kind, multiplier, area as area_code, area as area_name,
                    level as area_level, 'year' as period_type, date '2008-04-01' as period_start,
                    date '2009-03-31' as period_end, label as period_label, true as is_complete,
                    null::varchar as completeness_note, true as is_past_revision_window, false as is_synthetic,
                    false as is_revised, null::varchar as vintage_note,
                    null::varchar as measure_note, null::varchar as denominator, numerator::double as numerator,
                    numerator::bigint as numerator_row_count, figures.denominator::double as denominator_value,
                    figures.denominator::bigint as base_count, null::double as effective_base,
                    null::double as standardised_rate, null::double as standardised_lower,
                    null::double as standardised_upper, null::double as standardised_rate_of_one,
                    null::varchar as standardised_method
                from figures inner join marts.indicators on indicator = indicator_code;
            """
        )
        for model in MODELS:
            connection.execute(f"create table intermediate.{model} as {sql[model]}")
        shown = connection.execute(
            "select indicator_code, area_code, period_label, numerator, denominator_value, value, is_suppressed "
            "from intermediate.int_indicators__valued"
        ).fetchall()
    by_name = {table.name: table for table in tables}
    for code, area, label, numerator, denominator, value, is_suppressed in shown:
        # What is hidden shows nothing at all, and a value says no more than its parts.
        assert (numerator, value) == (None, None) if is_suppressed else numerator is not None
        release, indicator = code.split(" ")
        name, figure = indicator.split("-")
        parts = np.array([numerator, denominator], dtype=float)
        by_name[name].shown[release, figure, area, label] = parts[0], parts[1]


class Attack:
    """What the attacker knows of a table, as constraints on whole numbers, and what follows for each hidden count."""

    def __init__(self, table: Table, rounded_to: int = ROUNDED_TO, has_exact_totals: bool = False) -> None:
        """Collect the constraints that two releases give; `has_exact_totals`: the whole area's counts are exact."""
        self.has_exact_totals = has_exact_totals
        self.size = table.parts.size
        changed = np.flatnonzero(table.counts["first"] != table.counts["second"])
        # Counts of the first release, those that changed in the second, parts, groups, and the place.
        self.second = np.arange(self.size)
        self.second[changed] = self.size + np.arange(len(changed))
        self.part = self.size + len(changed)
        self.group = self.part + self.size
        self.width = self.group + len(GROUPS) + 1
        self.spread = (rounded_to - 1) // 2
        self.rows: list[Numbers] = []
        self.least: list[float] = []
        self.greatest: list[float] = []
        self.targets: dict[str, tuple[Numbers, int]] = {}
        for release in RELEASES:
            self.read(table, release)

    def form(self, *places: NDArray[np.int64]) -> Numbers:
        """Return the sum of the unknowns at these places, as coefficients."""
        row = np.zeros(self.width)
        for some in places:
            row[some] = 1
        return row

    def say(self, row: Numbers, least: float, greatest: float) -> None:
        """Note between which numbers a sum of unknowns lies."""
        self.rows.append(row)
        self.least.append(least)
        self.greatest.append(greatest)

    def hear(self, name: str, row: Numbers, figure: float, truth: int) -> None:
        """Take in a published figure: 0, hidden, or rounded."""
        if np.isnan(figure):
            self.say(row, 1, HIDDEN_BELOW - 1)
            self.targets[name] = (row, truth)
        elif figure == 0:
            self.say(row, 0, 0)
        else:
            self.say(row, max(figure - self.spread, 1 if self.spread == 0 else HIDDEN_BELOW), figure + self.spread)

    def read(self, table: Table, release: str) -> None:
        """Take in a release: counts, shares, groups, what is added up, and that a part is not more than its whole."""
        counts = np.arange(self.size) if release == "first" else self.second
        parts = self.part + np.arange(self.size)
        for area, label, picked in table.cells():
            at = np.flatnonzero(picked)
            whole, part = self.form(counts[at]), self.form(parts[at])
            if self.has_exact_totals and area == HOME:
                self.say(whole, table.counts[release].sum(where=picked), table.counts[release].sum(where=picked))
                continue
            self.hear(
                f"{release} count {area} {label}",
                whole,
                table.shown[release, "count", area, label][0],
                int(table.counts[release][picked].sum()),
            )
            numerator, denominator = table.shown[release, "share", area, label]
            if not np.isnan(numerator):
                self.hear("", part, numerator, 0)
                self.hear("", whole, denominator, 0)
            elif not np.isnan(table.shown[release, "count", area, label][0]):
                # The whole is shown elsewhere, so it is the part that is small.
                self.hear(f"{release} part {area} {label}", part, np.nan, int(table.parts[picked].sum()))
            self.say(whole - part, 0, np.inf)
        for cell in range(self.size):
            self.say(self.form(counts[[cell]]) - self.form(parts[[cell]]), 0, np.inf)
        everybody = self.form(counts)
        groups = {name: self.form(np.array([self.group + at])) for at, name in enumerate(GROUPS)}
        for name, row in groups.items():
            self.hear(f"{release} {name}", row, table.shown[release, name, HOME, YEAR][0], table.groups[name])
        both = table.shown[release, "both", HOME, YEAR][0]
        if not np.isnan(both):
            self.hear("", groups["women"] + groups["men"], both, 0)
        self.say(everybody - groups["women"] - groups["men"], 0, np.inf)
        self.say(everybody - groups["young"] - groups["middle"] - groups["old"], 0, np.inf)
        place = self.form(np.array([self.width - 1]))
        self.hear(f"{release} place", place, table.shown[release, "count", f"{table.name}-P", YEAR][0], table.place)
        self.say(self.form(counts[:4]) - place, 0, np.inf)

    def values_left(self) -> dict[str, int]:
        """Return how many whole numbers each hidden count could still be, as far as three.

        Each solution says something of every count, so that few programs are needed for most of them.
        """
        constraint = LinearConstraint(np.array(self.rows), np.array(self.least), np.array(self.greatest))
        ends: dict[str, tuple[float, float]] = {}

        def solve(sign: int, name: str) -> None:
            solved = milp(
                sign * self.targets[name][0], constraints=constraint, integrality=[1] * self.width, bounds=Bounds(0)
            )
            assert solved.success, solved.message
            for other, (row, _) in self.targets.items():
                value = round(float(row @ solved.x))
                least, greatest = ends.get(other, (value, value))
                ends[other] = (min(least, value), max(greatest, value))

        for name, (_, truth) in self.targets.items():
            for sign in (1, -1):
                if name not in ends or ends[name][1] - ends[name][0] < 2:
                    solve(sign, name)
            assert ends[name][1] - ends[name][0] >= 2 or ends[name][0] <= truth <= ends[name][1], name
        return {name: round(greatest - least) + 1 for name, (least, greatest) in ends.items()}


def attacked(tables: list[Table], rounded_to: int = ROUNDED_TO, has_exact_totals: bool = False) -> tuple[int, int, int]:
    """Return how many counts are hidden, how many are known exactly, and how many are one of two numbers at most."""
    attacks = [Attack(table, rounded_to, has_exact_totals) for table in tables]
    left = [values for attack in attacks for values in attack.values_left().values()]
    return len(left), left.count(1), left.count(1) + left.count(2)


@pytest.fixture(scope="module")
def models(small: Warehouse) -> dict[str, str]:
    """The models' SQL as dbt compiles it."""
    nodes = small.manifest()["nodes"].values()
    return {node["name"]: node["compiled_code"] for node in nodes if node["name"] in MODELS}


@pytest.fixture(scope="module")
def published(models: dict[str, str]) -> list[Table]:
    tables = random_tables(200)
    publish(models, tables)
    return tables


def test_no_hidden_count_is_given_back(published: list[Table]) -> None:
    """No hidden count of 200 tables and their second releases is known exactly, and at most 1% within two numbers."""
    hidden, exact, close = attacked(published)
    assert hidden > 1000
    assert exact == 0
    assert close <= hidden / 100


def test_hiding_without_rounding_gives_counts_back(models: dict[str, str]) -> None:
    """The same attack finds many where 1 to 7 are hidden and all else is exact."""
    tables = random_tables(60)
    publish(models, tables, rounded_to=1)
    hidden, exact, _ = attacked(tables, rounded_to=1)
    assert exact > hidden / 20


def test_exact_totals_give_rounded_parts_back(published: list[Table]) -> None:
    """So events of few people, exact at the district, are not shown below it at all, instead of rounded there."""
    hidden, exact, close = attacked(published[:60], has_exact_totals=True)
    assert exact > 0
    assert close > hidden / 100


def test_every_figure_is_shown_by_the_rule(published: list[Table]) -> None:
    """0 is 0, 1 to 7 are hidden, and 8 and more go to the nearest 5: no more is hidden than that."""

    def by_rule(count: int) -> float:
        return np.nan if 0 < count < HIDDEN_BELOW else ROUNDED_TO * round(count / ROUNDED_TO)

    for table in published:
        for release in RELEASES:
            for area, label, picked in table.cells():
                count, part = int(table.counts[release][picked].sum()), int(table.parts[picked].sum())
                assert np.array_equal(table.shown[release, "count", area, label][0], by_rule(count), equal_nan=True)
                either = np.array([by_rule(part), by_rule(count)])
                expected = np.full(2, np.nan) if np.isnan(either).any() else either
                assert np.array_equal(table.shown[release, "share", area, label], expected, equal_nan=True)
