"""Every expectation passes on valid tables and goes red when its rule is broken."""

import json
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
import yaml

from expectations.expectation import Expectation, Suite, no_personal_columns
from expectations.run import ExpectationOutcome, run_suite
from expectations.suites import SUITES

PROJECT = Path(__file__).resolve().parents[3]
RULES = {(suite.table, expectation.name): expectation for suite in SUITES for expectation in suite.expectations}

# What breaks a rule that several tables share, by the name of its expectation.
SHARED_BREAKS = {
    "no_personal_columns": "alter table {table} add column victim_date_of_birth date",
    "not_empty_after_deliveries": "delete from {table}",
    "suppressed_figures_show_nothing": "update {table} set is_suppressed = true",
}
OWN_BREAKS = {
    ("deliveries", "file_sha256_is_a_digest"): "update deliveries set file_sha256 = 'abc'",
    ("deliveries", "rows_not_negative"): "update deliveries set rows_rejected = -1, rows_accepted = 14",
    ("deliveries", "status_follows_from_the_rows"): "update deliveries set status = 'accepted'",
    ("deliveries", "refusals_have_a_reason"): "update deliveries set reason = ''",
    ("deliveries", "period_ends_after_it_starts"): "update deliveries set period_end = date '2019-01-01'",
    ("deliveries", "one_standing_delivery_of_a_period"): (
        "update deliveries set status = 'accepted' where status = 'superseded'"
    ),
    ("row_accounts", "accounts_add_up_to_deliveries"): (
        "delete from row_accounts where period_start = date '2021-04-01'"
    ),
    ("indicators", "multiplier_is_positive"): "update indicators set multiplier = 0",
    ("indicators", "months_follow_from_availability"): "update indicators set first_month = null",
    ("targets", "reductions_go_down"): "update targets set target_change_pct = 3",
    ("targets", "tolerance_not_negative"): "update targets set tolerance = -5",
    ("targets", "target_period_after_baseline_period"): "update targets set target_period = '2020/21'",
    ("targets", "illustrations_say_so"): "update targets set label = 'reduce burglary by 3%'",
    (
        "measure_values",
        "value_not_negative",
    ): "update measure_values set value = -1 where area_level = 'lsoa'",
    ("measure_values", "month_is_its_first_day"): "update measure_values set month = last_day(month)",
    ("measure_values", "levels_add_up"): "delete from measure_values where area_level = 'ward'",
    ("indicator_values", "period_ends_after_it_starts"): ("update indicator_values set period_end = period_start - 1"),
    ("indicator_values", "period_is_as_long_as_its_type"): (
        "update indicator_values set period_end = date '2022-02-28' where period_label = '2021/22'"
    ),
    ("indicator_values", "label_is_as_its_period_type"): (
        "update indicator_values set period_label = '2021/2022' where period_label = '2021/22'"
    ),
    ("indicator_values", "complete_periods_have_a_numerator"): (
        "update indicator_values set numerator = null where period_label = '2021-04'"
    ),
    ("indicator_values", "complete_figures_have_a_value"): (
        "update indicator_values set value = null where period_label = '2021-04'"
    ),
    ("indicator_values", "incomplete_figures_have_no_value"): (
        "update indicator_values set value = 0 where not is_complete"
    ),
    ("indicator_values", "value_within_its_interval"): (
        "update indicator_values set lower_95 = value + 1 where period_label = '2021-04'"
    ),
    ("indicator_values", "interval_is_whole"): (
        "update indicator_values set upper_95 = null where period_label = '2021-04'"
    ),
    ("indicator_values", "numerator_not_negative"): (
        "update indicator_values set numerator = -1 where period_label = '2021-04'"
    ),
    ("indicator_values", "numerator_is_whole"): (
        "update indicator_values set numerator = 1.5 where period_label = '2021-04'"
    ),
    ("indicator_values", "base_is_no_smaller_than_effective_base"): "update indicator_values set effective_base = 101",
    ("indicator_values", "denominator_is_positive"): (
        "update indicator_values set denominator = 0 where denominator is not null"
    ),
    ("indicator_values", "value_follows_from_its_parts"): (
        "update indicator_values set value = value * 1.001 where unit like '%1,000'"
    ),
    ("target_vs_baseline", "target_value_follows_from_baseline"): (
        "update target_vs_baseline set target_value = 117 where months_elapsed = 3"
    ),
    ("target_vs_baseline", "variance_follows_from_profile"): (
        "update target_vs_baseline set variance_to_profile_pct = 4 where months_elapsed = 3"
    ),
    ("target_vs_baseline", "change_follows_from_baseline"): (
        "update target_vs_baseline set change_on_baseline_pct = 1 where months_elapsed = 3"
    ),
    ("target_vs_baseline", "months_elapsed_within_the_year"): (
        "update target_vs_baseline set months_elapsed = 13 where months_elapsed = 12"
    ),
    ("target_vs_baseline", "significance_follows_from_p_value"): (
        "update target_vs_baseline set change_p_value = 0.01 where months_elapsed = 3"
    ),
    ("target_vs_baseline", "projection_within_its_bounds"): (
        "update target_vs_baseline set projected_upper_95 = 119 where months_elapsed = 3"
    ),
    ("target_vs_baseline", "grey_exactly_without_a_figure"): (
        "update target_vs_baseline set comparable = false where months_elapsed = 3"
    ),
    ("target_vs_baseline", "rag_follows_from_variance"): (
        "update target_vs_baseline set rag = 'green' where months_elapsed = 3"
    ),
    ("target_vs_baseline", "not_measurable_is_grey"): (
        "update target_vs_baseline set outcome = 'not_measurable' where months_elapsed = 3"
    ),
    ("target_vs_baseline", "no_verdict_over_a_series_break"): (
        "update target_vs_baseline set comparable = false where months_elapsed = 3"
    ),
    ("target_vs_baseline", "no_verdict_where_the_direction_is_contested"): (
        "update target_vs_baseline set is_contested = true where months_elapsed = 3"
    ),
    ("target_vs_baseline", "years_without_a_target_have_none"): (
        "update target_vs_baseline set target_status = 'not_set' where months_elapsed = 3"
    ),
    ("unknown_codes", "codes_are_known"): (
        "insert into unknown_codes values ('police/recorded_crime', date '2010-05-01', 'E07000133', "
        "'category counted', '130/1', 8, false, true, 'NI16, NI16-COUNT', 'told')"
    ),
    ("revisions", "files_differ"): "update revisions set previous_file_sha256 = file_sha256",
    ("revised_records", "files_differ"): "update revised_records set previous_file_sha256 = file_sha256",
    ("revised_records", "movement_fits_the_files"): "update revised_records set movement = 'removed'",
    ("revised_records", "category_stands_where_the_record_is"): (
        "update revised_records set category = 'Burglary' where movement = 'removed'"
    ),
    ("revised_records", "reclassified_changes_the_category"): (
        "update revised_records set category = previous_category where movement = 'reclassified'"
    ),
    ("revised_records", "rows_lie_below_the_header"): (
        "update revised_records set row_number = 1 where movement = 'reclassified'"
    ),
    ("revised_records", "explained_revisions_have_records"): "delete from revised_records",
    ("priority_scorecard", "targets_are_coloured_as_published"): (
        "update priority_scorecard set rag = 'green' where item_kind = 'target'"
    ),
    ("agency_returns", "holds_every_delivery"): "delete from agency_returns where status = 'refused'",
    ("indicators_as_at", "change_follows_from_both_figures"): "update indicators_as_at set change = change + 1",
    ("indicators_as_at", "periods_compared_are_as_long"): (
        "update indicators_as_at set previous_period_end = previous_period_end + interval 1 year"
    ),
    ("control_charts", "mean_lies_within_the_limits"): "update control_charts set lower_limit = centre_line + 0.5",
    ("control_charts", "months_outside_lie_outside"): "update control_charts set upper_limit = value - 0.5",
    ("time_between_events", "median_lies_within_the_limits"): "update time_between_events set lower_limit = 4",
    ("time_between_events", "waits_are_months_apart"): "update time_between_events set months_waited = 5",
    ("funnel_limits", "areas_outside_lie_outside"): "update funnel_limits set position = 'inside'",
    ("funnel_limits", "centre_lies_among_the_areas"): "update funnel_limits set centre_line = 2.5",
    ("crime_outcomes_by_age", "the_charged_do_not_become_fewer"): (
        "update crime_outcomes_by_age set charged = 1 where months_after = 3"
    ),
    ("proxy_comparison", "proxies_are_near_official_counts"): "update proxy_comparison set is_within_tolerance = false",
    ("peer_group_coverage", "no_more_have_a_figure_than_there_are"): (
        "update peer_group_coverage set members_with_value = 22"
    ),
    ("peer_comparison", "illustrations_say_so"): "update peer_comparison set peer_group_title = 'Similar areas'",
    ("peer_comparison", "values_are_the_published_ones"): "update indicator_values set value = value + 0.001",
    ("peer_comparison", "groups_have_members_enough"): "update peer_comparison set members_with_value = 2",
    ("peer_comparison", "members_are_counted"): "delete from peer_comparison where peer_rank = 2",
    ("peer_comparison", "mean_is_of_the_members"): "update peer_comparison set peer_mean = 2 where peer_rank = 2",
    ("peer_comparison", "bounds_lie_evenly_around_the_mean"): "update peer_comparison set lower_bound = 0",
    ("peer_comparison", "in_line_lies_within_the_bounds"): "update peer_comparison set standing = 'in line'",
    ("peer_comparison", "others_lie_outside_the_bounds"): "update peer_comparison set standing = 'better'",
    ("peer_comparison", "better_and_worse_follow_from_polarity"): (
        "update peer_comparison set standing = 'better' where standing = 'worse'"
    ),
    ("peer_comparison", "rank_counts_the_better_members"): (
        "update peer_comparison set peer_rank = 3 - peer_rank where peer_rank < 3"
    ),
}


def break_of(table: str, name: str) -> str | None:
    """Return the SQL that breaks a rule, or None where nobody has written it."""
    if (table, name) in OWN_BREAKS:
        return OWN_BREAKS[table, name]
    return SHARED_BREAKS[name].format(table=table) if name in SHARED_BREAKS else None


def judge(connection: duckdb.DuckDBPyConnection, table: str, expectation: Expectation) -> ExpectationOutcome:
    (outcome,) = run_suite(connection, Suite(table, (expectation,)))
    return outcome


def test_every_published_table_has_a_suite() -> None:
    exposures = yaml.safe_load((PROJECT / "dbt_project/models/marts/exposures.yml").read_text())["exposures"]
    (release,) = [exposure for exposure in exposures if exposure["name"] == "published_release"]
    assert sorted(f'ref("{suite.table}")' for suite in SUITES) == sorted(release["depends_on"])


def test_every_expectation_has_a_break_and_every_break_an_expectation() -> None:
    assert [rule for rule in RULES if break_of(*rule) is None] == []
    assert set(OWN_BREAKS) <= set(RULES)


def test_names_are_unique_and_descriptions_are_sentences() -> None:
    assert len(RULES) == sum(len(suite.expectations) for suite in SUITES)
    for (table, name), expectation in RULES.items():
        assert name.isidentifier(), (table, name)
        assert expectation.description.endswith("."), (table, name)


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.table)
def test_valid_tables_pass(valid_tables: duckdb.DuckDBPyConnection, suite: Suite) -> None:
    outcomes = run_suite(valid_tables, suite)
    assert [outcome for outcome in outcomes if not outcome.success] == []
    assert [outcome.name for outcome in outcomes] == [expectation.name for expectation in suite.expectations]


@pytest.mark.parametrize(("table", "name"), RULES, ids=lambda part: part)
def test_broken_rule_goes_red(valid_tables: duckdb.DuckDBPyConnection, table: str, name: str) -> None:
    valid_tables.begin()
    try:
        valid_tables.execute(break_of(table, name) or "")
        outcome = judge(valid_tables, table, RULES[table, name])
    finally:
        valid_tables.rollback()
    assert not outcome.success
    assert outcome.exception is None
    assert 1 <= len(outcome.failing_rows) <= 5
    assert json.loads(json.dumps(outcome.failing_rows)) == outcome.failing_rows


# What a suppressed row may show: the year compared with and the plan's area have suppressions of their own.
NOT_ITS_OWN = {"previous_value", "plan_area_value", "plan_area_previous_value", "plan_area_change_pct"}
FLAGS = {
    "strategic_assessment": ("change_is_significant", "direction_of_travel", "raises_priority"),
    "neighbourhood_scorecard": ("change_is_significant", "moves_differently"),
}


@pytest.mark.parametrize("table", ["strategic_assessment", "neighbourhood_scorecard"])
def test_a_suppressed_row_shows_no_figure_of_any_column(valid_tables: duckdb.DuckDBPyConnection, table: str) -> None:
    """Each number of the published contract, shown alone in a suppressed row, is found."""
    contract = yaml.safe_load((PROJECT / f"dbt_project/models/marts/plan/{table}.yml").read_text())
    (columns,) = [model["columns"] for model in contract["models"] if model["name"] == table]
    figures = [each["name"] for each in columns if each["data_type"] == "double" and each["name"] not in NOT_ITS_OWN]
    assert len(figures) > 4
    for shown in figures:
        valid_tables.begin()
        try:
            others = ", ".join(f"{name} = null" for name in figures if name != shown)
            flags = ", ".join(f"{name} = null" for name in FLAGS[table])
            valid_tables.execute(f"update {table} set is_suppressed = true, {others}, {flags}, {shown} = 1")
            outcome = judge(valid_tables, table, RULES[table, "suppressed_figures_show_nothing"])
        finally:
            valid_tables.rollback()
        assert not outcome.success, shown
        assert outcome.exception is None


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.table)
def test_empty_tables_are_judged_without_error(valid_tables: duckdb.DuckDBPyConnection, suite: Suite) -> None:
    valid_tables.begin()
    try:
        for each in SUITES:
            valid_tables.execute(f"delete from {each.table}")
        outcomes = run_suite(valid_tables, suite)
    finally:
        valid_tables.rollback()
    assert [(outcome.name, outcome.exception) for outcome in outcomes if not outcome.success] == []


def test_a_group_may_have_members_without_a_value(valid_tables: duckdb.DuckDBPyConnection) -> None:
    valid_tables.begin()
    try:
        valid_tables.execute("alter table peer_comparison add column members integer default 99")
        outcome = judge(valid_tables, "peer_comparison", RULES["peer_comparison", "members_are_counted"])
    finally:
        valid_tables.rollback()
    assert outcome.success


def test_failing_rows_name_the_rows(valid_tables: duckdb.DuckDBPyConnection) -> None:
    rule = ("indicator_values", "value_within_its_interval")
    valid_tables.begin()
    try:
        valid_tables.execute(OWN_BREAKS[rule])
        outcome = judge(valid_tables, rule[0], RULES[rule])
    finally:
        valid_tables.rollback()
    assert outcome.unexpected_count == 4
    assert outcome.observed.startswith("4 of 119 judged break it; indicator_values has ")
    assert {row["area_code"] for row in outcome.failing_rows} == {"E07000133", "E23000021"}
    assert {row["period_start"] for row in outcome.failing_rows} == {"2021-04-01"}


def test_a_view_is_judged_by_its_columns_and_never_worked_out(valid_tables: duckdb.DuckDBPyConnection) -> None:
    valid_tables.begin()
    try:
        valid_tables.execute("create view costly as select error('worked out') as value from range(9)")
        outcomes = run_suite(valid_tables, Suite("costly", (no_personal_columns("costly"),)))
    finally:
        valid_tables.rollback()
    assert [(outcome.success, outcome.observed) for outcome in outcomes] == [(True, "0 of 1 judged break it")]


@pytest.mark.parametrize(
    ("sql", "column"), [("select 1 as measure", "no_such_column"), ("select no_such_column", "measure")]
)
def test_expectation_that_cannot_be_judged_is_a_failure(
    valid_tables: duckdb.DuckDBPyConnection, sql: str, column: str
) -> None:
    expectation = Expectation(
        "broken", "It breaks.", sql, lambda gxe: gxe.ExpectColumnValuesToBeBetween(column=column, min_value=0)
    )
    outcome = judge(valid_tables, "areas", expectation)
    assert not outcome.success
    assert outcome.exception is not None
    assert "no_such_column" in outcome.exception


def test_missing_table_is_a_failure_of_every_expectation() -> None:
    with duckdb.connect() as connection:
        outcomes = run_suite(connection, SUITES[0])
    assert outcomes
    assert all(not outcome.success and outcome.exception for outcome in outcomes)


def test_specs_are_known_without_great_expectations() -> None:
    code = (
        "import sys; import expectations.run; from expectations.suites import SUITES; "
        "assert all(e.description for s in SUITES for e in s.expectations); "
        "heavy = {'great_expectations', 'pandas', 'dagster'} & set(sys.modules); "
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_two_threads_may_import_great_expectations_at_once(tmp_path: Path) -> None:
    package = tmp_path / "great_expectations"
    package.mkdir()
    # The other thread is done in the middle of this one's import.
    (package / "__init__.py").write_text("import sys; del sys.modules['pyspark']")
    (package / "expectations.py").touch()
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from expectations.run import import_early; import_early()"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_run_writes_no_file_and_says_nothing(tmp_path: Path) -> None:
    code = (
        "import os, sys, duckdb; from expectations.run import run_suite; "
        "from expectations.suites import SUITES; "
        "connection = duckdb.connect(); connection.execute(open(sys.argv[1]).read()); "
        "good = all(outcome.success for outcome in run_suite(connection, SUITES[0])); "
        "sys.exit(0 if good and not os.listdir() else f'{good} {os.listdir()}')"
    )
    tables = Path(__file__).with_name("valid_tables.sql")
    home = {
        "HOME": str(tmp_path),
        "TMPDIR": str(tmp_path),
        "PYTHONPATH": str(PROJECT),
        "PATH": "/usr/bin:/bin",
    }
    done = subprocess.run(
        [sys.executable, "-c", code, str(tables)],
        cwd=tmp_path,
        env=home,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert (done.stdout, done.stderr) == ("", "")
    assert list(tmp_path.iterdir()) == []


def test_a_code_on_no_list_is_named_in_the_warning(valid_tables: duckdb.DuckDBPyConnection) -> None:
    rule = ("unknown_codes", "codes_are_known")
    valid_tables.begin()
    try:
        valid_tables.execute(OWN_BREAKS[rule])
        outcome = judge(valid_tables, rule[0], RULES[rule])
    finally:
        valid_tables.rollback()
    assert outcome.severity == "warn"
    assert [row["told"] for row in outcome.failing_rows] == [
        "police/recorded_crime: 130/1 (category counted) in 8 rows of 1 months is on no list and may concern "
        "2 indicators, whose figures of these months are incomplete"
    ]
