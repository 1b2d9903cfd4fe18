"""No table of a release tells of few people: each number is looked at, and figures are made again from counted rows."""

from collections.abc import Iterator

import duckdb
import pytest

from tests.csp import Installation
from tests.seeds import seed_rows

BELOW_DISTRICT = "('ward', 'lsoa', 'beat', 'town', 'priority_neighbourhood')"
# What a table shows of a count itself, and what of a difference between two; the other numbers are limits, shares,
# probabilities and what a plan states.
COUNTS = {
    *("numerator", "value", "previous_value", "plan_area_value", "plan_area_previous_value", "computed_value"),
    *("base_count", "baseline_value", "actual_to_date", "baseline_to_date", "projected_outturn", "peer_own_value"),
}
DIFFERENCES = {"change", "change_on_baseline"}
FIGURES = {
    *(COUNTS - {"plan_area_value", "plan_area_previous_value"}),
    *DIFFERENCES,
    "change_pct",
    "lower_95",
    "upper_95",
    "share_of_plan_area_pct",
    "actual_lower_95",
}


def measures_of(rule: str) -> list[str]:
    return [row["measure_code"] for row in seed_rows("measures") if row["disclosure_rule"] == rule]


def indicators_of(rule: str) -> list[str]:
    """Return the indicators that rest on a measure of a rule, also through a sum or gap of them."""
    measures = set(measures_of(rule))
    own = {
        row["indicator_code"]
        for row in seed_rows("indicator_catalogue")
        if measures & {row["numerator_measure"], row["denominator_measure"]}
    }
    sums = {row["indicator_code"] for row in seed_rows("indicator_sums") if row["part_indicator"] in own}
    gaps = {
        row["indicator_code"]
        for row in seed_rows("indicator_gaps")
        if own & {row["minuend_indicator"], row["subtrahend_indicator"]}
    }
    return sorted(own | sums | gaps)


@pytest.fixture(scope="module")
def release(whole_sample: Installation) -> Iterator[duckdb.DuckDBPyConnection]:
    """The public release, with `exact`: what the counted rows behind it add up to, by measure, area and year."""
    with duckdb.connect(str(whole_sample.database), read_only=True) as connection:
        rows = whole_sample.root / "lineage" / whole_sample.current / "counted_rows" / "*.parquet"
        count_again(connection, f"'{rows}'")
        yield connection


def count_again(connection: duckdb.DuckDBPyConnection, rows: str) -> None:
    connection.execute(
        f"""
        create temp table exact as
        select measure_code, area_code, year(month) - (month(month) < 4)::int as starts_in, sum(quantity) as counted,
            count(*) as row_count
        from {rows}, unnest(list_distinct(string_split(measure_codes, ', '))) as m(measure_code),
            unnest(list_distinct(string_split(area_codes, ', '))) as a(area_code)
        group by all
        """
    )


def columns_of(connection: duckdb.DuckDBPyConnection, *needed: str) -> dict[str, set[str]]:
    """Return the columns of each published table that has those needed."""
    found = connection.execute(
        "select table_name, list(column_name) from duckdb_columns() where database_name = current_database() "
        "and not internal and schema_name = current_schema() group by all"
    ).fetchall()
    return {table: set(columns) for table, columns in found if set(needed) <= set(columns)}


def test_no_count_of_people_is_small_or_exact(release: duckdb.DuckDBPyConnection) -> None:
    """Where an indicator is a count, each count in each table is 0, or 8 and more to the nearest 5."""
    counts = {row["indicator_code"] for row in seed_rows("indicator_catalogue") if row["formula_kind"] == "count"}
    people = sorted(counts & set(indicators_of("person_counts")))
    looked_at = 0
    for table, columns in columns_of(release, "indicator_code").items():
        for column in columns & {*COUNTS, *DIFFERENCES}:
            numbers = f"from {table} where list_contains($people, indicator_code) and {column} is not null"
            small = f"(abs({column}) between 0.000001 and 7.999999)" if column in COUNTS else "false"
            assert not release.execute(
                f"select * {numbers} and ({small} or abs({column} % 5) > 0.000001)", {"people": people}
            ).fetchall(), f"{table}.{column}"
            looked_at += len(release.execute(f"select 1 {numbers}", {"people": people}).fetchall())
    assert looked_at > 300


def test_no_part_of_a_figure_on_people_is_small_or_exact(release: duckdb.DuckDBPyConnection) -> None:
    people = {"people": indicators_of("person_counts")}
    for number in (
        "numerator",
        "case when denominator_measure is not null then indicator_values.denominator end",
        "base_count",
    ):
        assert not release.execute(
            f"select *, {number} as number from indicator_values join indicators using (indicator_code) "
            "where list_contains($people, indicator_code) "
            "and (number between 0.000001 and 7.999999 or number % 5 <> 0)",
            people,
        ).fetchall(), number
    notes = release.execute("select distinct note from indicator_values where is_suppressed").fetchall()
    assert len(notes) == 1


def test_nothing_of_few_people_is_shown_below_the_district(release: duckdb.DuckDBPyConnection) -> None:
    few = {"few": indicators_of("not_below_district")}
    for table, columns in columns_of(release, "indicator_code", "area_code").items():
        for column in columns & FIGURES:
            assert not release.execute(
                f"select * from {table} join areas using (area_code) where areas.area_level in {BELOW_DISTRICT} "
                f"and list_contains($few, indicator_code) and {table}.{column} is not null",
                few,
            ).fetchall(), f"{table}.{column}"
    measures = {"few": measures_of("not_below_district")}
    below = f"where list_contains($few, measure_code) and area_level in {BELOW_DISTRICT}"
    assert release.execute(f"select count(*) from measure_values_with_zeros {below}", measures).fetchall() > [(1000,)]
    # A row without its value would tell that something was counted, where no zeros stand beside it.
    assert not release.execute(
        "select * from measure_values join measure_levels using (measure_code, area_level) "
        "where not keeps_zeros and measure_values.is_suppressed"
    ).fetchall()
    for table in ("measure_values", "measure_values_with_zeros", "revisions"):
        assert not release.execute(f"select * from {table} {below} and value is not null", measures).fetchall()
    assert not release.execute(
        "select * from measure_values where list_contains($people, measure_code) and value is not null",
        {"people": measures_of("person_counts")},
    ).fetchall()


def test_no_table_tells_numbers_of_rows_that_are_people(release: duckdb.DuckDBPyConnection) -> None:
    feeds = {
        "feeds": sorted({r["source_feed"] for r in seed_rows("measures") if r["disclosure_rule"] == "person_counts"})
    }
    for table, columns in columns_of(release, "feed").items():
        assert release.execute(f"select count(*) from {table} where feed not like '%/%'").fetchall() == [(0,)], table
        for column in {name for name in columns if name.startswith("rows_")} | columns & {"row_count", "accepted_pct"}:
            assert not release.execute(
                f"select * from {table} where list_contains($feeds, feed) and {column} is not null", feeds
            ).fetchall(), f"{table}.{column}"


def by_rule(count: float, rows: float) -> float | None:
    """Return what is shown of a count of people that rests on so many rows; None where it is hidden."""
    if count > 0 and min(count, rows) < 8:
        return None
    return 5.0 * int(count / 5 + 0.5)


def test_yearly_figures_on_people_are_the_counted_rows_by_the_rule(release: duckdb.DuckDBPyConnection) -> None:
    """Counts, shares and ratios of complete years, hidden ones too; NI 32 of 2010/11 is shown, one quarter is not."""
    figures = release.execute(
        """
        select indicator_code || ' ' || v.area_code || ' ' || v.period_label, v.numerator,
            case when i.denominator_measure is not null then v.denominator end, v.value, v.is_suppressed,
            i.formula_kind, i.multiplier, i.denominator_measure is not null, coalesce(i.minimum_base, 0),
            coalesce(n.counted, 0), coalesce(n.row_count, 0), coalesce(d.counted, 0), coalesce(d.row_count, 0)
        from indicator_values as v join indicators as i using (indicator_code)
        left join exact as n on n.measure_code = i.numerator_measure and n.area_code = v.area_code
            and n.starts_in = year(v.period_start)
        left join exact as d on d.measure_code = i.denominator_measure and d.area_code = v.area_code
            and d.starts_in = year(v.period_start)
        where v.period_type = 'financial_year' and v.is_complete and list_contains($people, indicator_code)
            and i.formula_kind in ('count', 'percentage', 'ratio', 'percentage_difference') and i.frequency <> 'annual'
        """,
        {"people": indicators_of("person_counts")},
    ).fetchall()
    shown = 0
    for name, numerator, denominator, value, is_suppressed, kind, multiplier, is_share, least, *counted in figures:
        top, base = by_rule(*counted[:2]), by_rule(*counted[2:]) if is_share else None
        if top is None or (is_share and (base is None or counted[3] < least)):
            assert (numerator, denominator, value, is_suppressed) == (None, None, None, True), name
            continue
        assert (numerator, denominator, is_suppressed) == (top, base, False), name
        if base != 0:
            shown += 1
            less = (base or 0) if kind == "percentage_difference" else 0
            assert value == pytest.approx(multiplier * (top - less) / (base or 1)), name
    assert shown > 100
    assert release.execute(
        "select distinct is_suppressed from indicator_values where indicator_code = 'NI32' "
        "and period_label = '2010/11' and area_code in ('E07000133', 'MARAC-MELTON-RUTLAND')"
    ).fetchall() == [(False,)]
