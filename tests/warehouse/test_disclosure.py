"""An attack on the published counts of people: no sum, part, share or earlier release may give a hidden count back.

The model that hides is run as dbt compiles it, on random tables. The attacker knows every published figure, that
counts are not negative, and which count a correction changed; a hidden small count is given back when no other fits.
"""

from dataclasses import dataclass, field

import duckdb
import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy.optimize import linprog

from tests.warehouse.warehouse import Warehouse

BUILT = ("int_people__counted", "int_people__corrected", "int_people__versions", "int_measures__sized")
HIDDEN = "int_measures__hidden"
HOME, YEAR = "H", "2008/09"
QUARTERS = [f"{YEAR} Q{number}" for number in range(1, 5)]
STARTS = ["2008-04-01", "2008-07-01", "2008-10-01", "2009-01-01"]
SMALL = 5
Counts = NDArray[np.int64]


@dataclass
class Table:
    """Counts of one measure by district and quarter, before and after a correction, and a part of them."""

    name: str
    before: Counts
    after: Counts
    part: Counts
    women: int
    men: int
    place: int
    """Of the first district, in the year; women and men are of the whole area, and some people are neither."""
    looked_back: bool = False
    """Whether the correction was of an earlier delivery, so that no version of the table itself tells of it."""
    hidden: dict[str, set[tuple[str, str, str]]] = field(default_factory=dict)
    """By release, the hidden cells: measure, area, period."""

    @property
    def districts(self) -> list[str]:
        return [f"{self.name}-D{number}" for number in range(len(self.before))]


def random_tables(count: int) -> list[Table]:
    """Return tables of two to seven districts with few people; in every second one a correction changes one count."""
    random = np.random.default_rng(20081124)
    tables = []
    for number in range(count):
        means = random.choice([0.3, 1.0, 3.0, 12.0], size=(random.integers(2, 8), 1))
        before = random.poisson(means, size=(len(means), 4))
        after = before.copy()
        if number % 2:
            district, quarter = random.integers(len(means)), random.integers(4)
            after[district, quarter] = max(0, after[district, quarter] + random.integers(-6, 7))
        least = np.minimum(before, after)
        part = random.binomial(least, random.choice([0.1, 0.5, 0.9]))
        women = random.binomial(least.sum(), random.choice([0.2, 0.5]))
        men = random.binomial(least.sum() - women, random.choice([0.5, 0.95, 1.0]))
        place = random.binomial(least[0].sum(), random.choice([0.2, 0.8]))
        tables.append(Table(f"T{number}", before, after, part, women, men, place, looked_back=number % 4 == 3))
    return tables


def cells_of(table: Table, counts: Counts, measure: str) -> list[tuple[str, str, str, str, int]]:
    """Return what is published of a measure: quarters of the whole area, and the year of it and of each district."""
    return [
        *((measure, HOME, "quarter", label, int(counts[:, at].sum())) for at, label in enumerate(QUARTERS)),
        (measure, HOME, "financial_year", YEAR, int(counts.sum())),
        *(
            (measure, district, "financial_year", YEAR, int(counts[at].sum()))
            for at, district in enumerate(table.districts)
        ),
    ]


def hide(sql: dict[str, str], tables: list[Table], release: str, is_told: bool = True) -> None:
    """Run the compiled models on the tables as they are in a release, and keep what it hides.

    Unless it is told, the model does not know of corrections of earlier deliveries.
    """
    cells, restated, anew, covered, catalogue, measures = [], [], [], [(HOME, "pct_area")], [], []
    groups, places = [], []
    for table in tables:
        measures += [(table.name, "person_counts"), (f"{table.name}-part", "person_counts")]
        catalogue.append((f"{table.name}-share", "percentage", f"{table.name}-part", table.name))
        covered += [(district, "district") for district in table.districts]
        counts = table.before if release == "first" else table.after
        cells += cells_of(table, counts, table.name) + cells_of(table, table.part, f"{table.name}-part")
        for group, people in (("women", table.women), ("men", table.men)):
            measures.append((f"{table.name}-{group}", "person_counts"))
            groups.append((f"{table.name}-{group}", table.name, "sex"))
            cells.append((f"{table.name}-{group}", HOME, "financial_year", YEAR, people))
        covered.append((f"{table.name}-P", "priority_neighbourhood"))
        places.append((f"{table.name}-P", table.districts[0]))
        cells.append((table.name, f"{table.name}-P", "financial_year", YEAR, table.place))
        if release == "second":
            for at, quarter in np.argwhere(table.before != table.after):
                change = int(table.after[at, quarter] - table.before[at, quarter])
                for area in (HOME, table.districts[at]):
                    if table.looked_back and is_told:
                        anew.append((table.name, area, STARTS[quarter], abs(change)))
                    elif not table.looked_back:
                        restated.append((table.name, area, STARTS[quarter], change))
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as warehouse; use warehouse")
        for schema in ("reference", "intermediate"):
            connection.execute(f"create schema {schema}")
        frames = {
            "cells": pd.DataFrame(cells, columns=["measure", "area", "type", "label", "count"]),
            "restated": pd.DataFrame(restated, columns=["measure", "area", "month", "change"]).astype(
                {"change": "int64"}
            ),
            "anew": pd.DataFrame(anew, columns=["measure", "area", "month", "rows"]).astype({"rows": "int64"}),
            "covered": pd.DataFrame(covered, columns=["area", "level"]),
            "catalogue": pd.DataFrame(catalogue, columns=["code", "kind", "numerator", "denominator"]),
            "measures": pd.DataFrame(measures, columns=["measure", "rule"]),
            "groups": pd.DataFrame(groups, columns=["measure", "whole", "grouping"]),
            "places": pd.DataFrame(places, columns=["area", "district"]),
        }
        for name, frame in frames.items():
            connection.register(name, frame)
        connection.execute(
            f"""
            create table reference.measures as select measure as measure_code, rule as disclosure_rule from measures;
            create table reference.disclosure_rules as
                select 'person_counts' as disclosure_rule, {SMALL} as below_count, false as shows_months;
            create table reference.indicator_catalogue as
                select code as indicator_code, kind as formula_kind, numerator as numerator_measure,
                    denominator as denominator_measure, null::integer as minimum_base from catalogue;
            create table reference.local_areas as select area as area_code, district as district_code from places;
            create table reference.measure_parts as
                select measure as measure_code, whole as whole_measure_code, grouping as grouping_code from groups;
            create table intermediate.int_periods__judged as
                select 'f' as feed, '{HOME}' as home_area_code, true as is_complete, type as period_type,
                    label as period_label, start::date as period_start, ends::date as period_end
                from (values ('financial_year', '{YEAR}', '2008-04-01', '2009-03-31'),
                    ('quarter', '{QUARTERS[0]}', '{STARTS[0]}', '2008-06-30'),
                    ('quarter', '{QUARTERS[1]}', '{STARTS[1]}', '2008-09-30'),
                    ('quarter', '{QUARTERS[2]}', '{STARTS[2]}', '2008-12-31'),
                    ('quarter', '{QUARTERS[3]}', '{STARTS[3]}', '2009-03-31')) as periods (type, label, start, ends);
            create table intermediate.int_areas__covered as
                select 'f' as feed, '{HOME}' as home_area_code, area as area_code, level as area_level,
                    false as has_closer_home from covered;
            create table intermediate.int_measures__restated as
                select 'f' as feed, measure as measure_code, area as area_code, month::date as month,
                    change::double as value, 0.0 as previous_value, 1 as change_number from restated;
            create table intermediate.int_measures__reconsidered as
                select 'f' as feed, '{HOME}' as home_area_code, measure as measure_code, area as area_code,
                    month::date as month, rows as row_count from anew;
            create table intermediate.int_measures__by_period as
                select measure as measure_code, 'f' as feed, area as area_code, type as period_type,
                    label as period_label, count::double as value, count::bigint as row_count from cells;
            """
        )
        for model in BUILT:
            connection.execute(f"create table intermediate.{model} as {sql[model]}")
        hidden = connection.execute(f"select measure_code, area_code, period_label from ({sql[HIDDEN]})").fetchall()
    for table in tables:
        measures_of_table = {table.name, *(f"{table.name}-{part}" for part in ("part", "women", "men"))}
        table.hidden[release] = {cell for cell in hidden if cell[0] in measures_of_table}


def given_back(table: Table) -> list[str]:
    """Return the small counts of a table that its published figures pin down, in either release."""
    size = table.before.size
    changed = np.argwhere(table.before != table.after)
    # The counts, the parts, by how much each corrected count changed, women, men, and the place.
    width = 2 * size + len(changed) + 3
    truth = np.concatenate(
        [
            table.before.ravel(),
            table.part.ravel(),
            [(table.after - table.before)[at, q] for at, q in changed],
            [table.women, table.men, table.place],
        ]
    ).astype(float)
    women, men, place = np.eye(width)[-3:]
    known, values, targets = [], [], []
    less_than_whole = []
    for release in ("first", "second"):
        rows = {
            (f"{table.name}-women", HOME, YEAR): women,
            (f"{table.name}-men", HOME, YEAR): men,
            (table.name, f"{table.name}-P", YEAR): place,
        }
        for measure, offset in ((table.name, 0), (f"{table.name}-part", size)):
            for name, area, _, label, _ in cells_of(table, table.before, measure):
                row = np.zeros(width)
                picked = np.zeros(table.before.shape, dtype=bool)
                at = slice(None) if area == HOME else table.districts.index(area)
                quarter = slice(None) if label == YEAR else QUARTERS.index(label)
                picked[at, quarter] = True
                row[offset : offset + size] = picked.ravel()
                if release == "second" and offset == 0:
                    row[2 * size : 2 * size + len(changed)] = [picked[tuple(cell)] for cell in changed]
                rows[name, area, label] = row
        rests = {
            "neither women nor men": rows[table.name, HOME, YEAR] - women - men,
            "outside the place": rows[table.name, table.districts[0], YEAR] - place,
            **{
                f"rest of {cell}": rows[table.name, *cell[1:]] - row
                for cell, row in rows.items()
                if cell[0] == f"{table.name}-part"
            },
        }
        less_than_whole += [-row for row in rests.values()]
        for cell, row in rows.items():
            if cell not in table.hidden[release]:
                known.append(row)
                values.append(row @ truth)
        targets += [
            (f"{release} {name}", row) for name, row in [*rows.items(), *rests.items()] if 0 < row @ truth < SMALL
        ]
    bounds = [*[(0, None)] * (2 * size), *[(None, None)] * len(changed), *[(0, None)] * 3]
    # A part is no more than the count that it is of, cell by cell, in both releases.
    for at in range(size):
        cell_by_cell = np.zeros(width)
        cell_by_cell[[at, size + at]] = -1, 1
        corrected = cell_by_cell.copy()
        corrected[2 * size : 2 * size + len(changed)] = [-1.0 if d * 4 + q == at else 0.0 for d, q in changed]
        less_than_whole += [cell_by_cell, corrected]
    found = []
    for name, row in targets:
        ends = [
            linprog(
                sign * row,
                A_ub=np.array(less_than_whole),
                b_ub=np.zeros(len(less_than_whole)),
                A_eq=np.array(known) if known else None,
                b_eq=np.array(values) if known else None,
                bounds=bounds,
            )
            for sign in (1, -1)
        ]
        least, greatest = (
            sign * (-np.inf if end.fun is None else end.fun) for sign, end in zip((1, -1), ends, strict=True)
        )
        if greatest - least < 1e-6:
            found.append(f"{table.name}: {name} = {row @ truth:g}")
    return found


@pytest.fixture(scope="module")
def compiled(small: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> dict[bool, dict[str, str]]:
    """The models' SQL as dbt compiles it, with partners, as the small warehouse has it, and without."""
    without = small.copy_to(tmp_path_factory.mktemp("compiled") / "data")
    without.dbt("compile", "--select", *BUILT, HIDDEN, "--vars", "{secondary_suppression: false}")
    return {
        partners: {
            node["name"]: node["compiled_code"]
            for node in warehouse.manifest()["nodes"].values()
            if node["name"] in {*BUILT, HIDDEN}
        }
        for partners, warehouse in ((True, small), (False, without))
    }


@pytest.mark.parametrize("partners", [True, False])
def test_no_hidden_count_is_given_back(compiled: dict[bool, dict[str, str]], partners: bool) -> None:
    """With partners nothing is found in 200 tables and their corrections; without them the same attack finds many."""
    tables = random_tables(200 if partners else 40)
    for release in ("first", "second"):
        hide(compiled[partners], tables, release)
    found = [finding for table in tables for finding in given_back(table)]
    if partners:
        assert found == []
    else:
        assert len(found) > 10


def test_a_correction_of_an_earlier_delivery_would_give_counts_back(compiled: dict[bool, dict[str, str]]) -> None:
    """What was counted anew without a version of its own is found by the attack, unless the model is told of it."""
    tables = [table for table in random_tables(100) if table.looked_back]
    hide(compiled[True], tables, "first")
    hide(compiled[True], tables, "second", is_told=False)
    assert len([finding for table in tables for finding in given_back(table)]) > 10


def test_it_hides_no_more_than_it_must(compiled: dict[bool, dict[str, str]]) -> None:
    """Where no count is small and nothing was corrected, nothing is hidden; zeros are shown."""
    large = np.full((3, 4), 9)
    large[0] = 0
    table = Table("T", large, large, large, 36, 36, 0)
    hide(compiled[True], [table], "first")
    assert table.hidden["first"] == set()
