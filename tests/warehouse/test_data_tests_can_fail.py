"""Every data test finds the fault that it is for: a copy of the warehouse is damaged and the test's own SQL is run."""

import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.warehouse.warehouse import Warehouse

# What breaks each test that says more than "this column is never null" or "these values are allowed".
DAMAGE: dict[str, str | list[str]] = {
    "receipt_rows_add_up": "update {t} set rows_delivered = rows_delivered + 1 where receipt_number = 1",
    "areas_are_covered_once": (
        "insert into {t} select * replace ('E07000133' as home_area_code) from {t} where home_area_code = 'E23000021'"
    ),
    "control_charts_say_why_a_month_is_a_signal": "update {t} set is_signal = not is_signal",
    "time_between_events_says_why_a_wait_is_a_signal": "update {t} set is_signal = not is_signal",
    "indicator_area_levels_have_a_year_of_latest_months_at_most": [
        "update {t} set latest_months = 0",
        "update {t} set latest_months = 13",
    ],
    "funnel_limits_lie_around_the_centre": [
        "update {t} set centre_line = upper_95 + 1",
        "update {t} set lower_998 = lower_95 + 1",
        "update {t} set upper_998 = upper_95 - 1",
    ],
    "peer_group_coverage_says_why_areas_are_not_compared": [
        "update {t} set is_compared = not is_compared",
        "update {t} set is_compared = true, reason = null where not is_compared",
    ],
    "proxy_comparison_compares_or_says_why_not": [
        "update {t} set not_compared_because = 'no street-level figure of the period'",
        "update {t} set proxy_count = null",
        "update {t} set is_within_tolerance = null",
    ],
    "crime_outcomes_by_age_add_up": "update {t} set still_open = still_open + 1",
    "control_charts_show_published_figures": "update {t} set value = value + 1",
    "indicators_as_at_show_published_figures": [
        "update {t} set numerator = numerator + 1",
        "update {t} set previous_value = previous_value + 1",
        "update {t} set period_start = period_start - interval 30 year",
    ],
    "indicators_as_at_say_why_there_is_no_figure": [
        "update {t} set value = null where value is not null",
        "update {t} set why_no_figure = null",
    ],
    "indicators_as_at_say_why_nothing_is_compared": "update {t} set is_significant = null, why_no_comparison = null",
    "indicators_as_at_claim_no_direction_by_chance": [
        "update {t} set direction = 'worsening', is_significant = false where value is not null",
        "update {t} set comparable = false where direction is not null",
    ],
    "indicator_values_say_when_a_series_breaks": [
        "update {t} set comparable = true where not comparable",
        "update {t} set comparable = false where comparable",
        "update marts.series_breaks set break_date = break_date + interval 1 month",
    ],
    "unknown_codes_of_people_tell_no_number": "update {t} set is_suppressed = true",
    "run_inputs_is_one_row": "insert into {t} select * from {t}",
    "deliveries_levels_add_up": "update {t} set value = value + 1 where area_level = 'ward'",
    "measure_values_equal_raw_counts": "update {t} set value = value + 1 where area_level = 'lsoa' and value > 0",
    "nothing_lies_after_the_as_at_date": [
        "update {t} set month = month + interval 2 year",
        "update marts.indicator_values set period_end = period_end + interval 2 year",
        "update marts.indicators_as_at set period_end = period_end + interval 2 year",
        "update marts.target_vs_baseline set as_at = as_at + interval 2 year",
        "update marts.revisions set period_start = period_start + interval 2 year",
        "update marts.row_accounts set period_start = period_start + interval 2 year where outcome = 'counted'",
        "update marts.indicators set last_month = last_month + interval 2 year",
        "update intermediate.int_rows__located set month = month + interval 2 year",
    ],
    "measure_values_zero_only_where_delivered": [
        "insert into {t} select * replace (date '2020-07-01' as month) from {t} where value = 0",
        "update {t} set row_count = 0 where area_level = 'lsoa'",
        "update intermediate.int_coverage__by_area set last_month = last_month + interval 1 month",
    ],
    "coverage_does_not_end_before_it_starts": "update {t} set last_month = first_month - interval 1 month",
    "measure_values_are_whole_and_not_negative": "update {t} set value = -1 where value = 0",
    "row_accounts_add_up": "delete from {t} where stage = 'intake'",
    "row_accounts_outcome_is_named": [
        "update {t} set outcome = 'lost' where outcome = 'counted'",
        "update {t} set row_count = -1 where not is_suppressed",
    ],
    "deliveries_hold_every_receipt": "delete from {t} where status = 'refused'",
    "deliveries_hide_digests_of_people": "update {t} set file_sha256 = null where status = 'refused'",
    "deliveries_rows_add_up": "update {t} set rows_rejected = rows_rejected + 1",
    "revisions_change_something": ["update {t} set change = 0", "update {t} set change = change + 1"],
    "indicators_rates_have_a_denominator": "update {t} set denominator = null",
    "targets_are_followed": "delete from {t} where target_id like '%SAC'",
    "few_people_are_shown_by_the_rule": [
        "update staging.measures set disclosure_rule = 'person_counts' where measure_code = 'burglary'",
        "update marts.measure_values set value = null; "
        "update staging.measures set disclosure_rule = 'person_counts' where measure_code = 'burglary'",
        "update staging.measures set disclosure_rule = 'not_below_district' where measure_code = 'burglary'",
        "update marts.indicator_values set numerator = null; "
        "update staging.measures set disclosure_rule = 'not_below_district' where measure_code = 'burglary'",
    ],
    "measures_of_people_are_of_feeds_of_people": (
        "update {t} set disclosure_rule = 'person_counts' where measure_code = 'burglary_dwelling'"
    ),
    "plans_cover_known_areas": "update {t} set area_code = 'E0700133'",
    "targets_name_known_areas": "update {t} set area_code = 'E0700133'",
    "local_areas_are_made_of_known_wards": "update {t} set part_code = 'E05999999' where part_kind in ('ward', 'beat')",
    "targets_basis_fits_indicator": [
        "update {t} set basis = 'rate'",
        "update {t} set target_period = '2008'",
        "update {t} set indicator_code = 'NI47', basis = 'percentage'",
    ],
    "targets_type_fits_indicator": [
        "update {t} set target_type = 'increase', target_change_pct = 3 where target_status = 'set'",
        "update {t} set target_change_pct = 3 where target_type = 'reduction'",
        "update {t} set target_type = 'maintain' where target_status = 'set'",
        "update {t} set target_type = 'absolute' where target_status = 'set'",
        "update {t} set target_type = 'none' where target_status = 'set'",
    ],
    "plan_targets_say_what_is_to_be_reached": [
        "update {t} set target_change_pct = null where target_status = 'set'",
        "update {t} set target_absolute = 5 where target_status = 'set'",
        "update {t} set target_change_pct = -3 where target_status = 'not_set'",
    ],
    "plan_targets_illustrations_say_so": [
        "update {t} set label = 'Fewer burglaries' where target_status = 'illustrative'",
        "update {t} set label = 'ILLUSTRATIVE: fewer burglaries' where target_status = 'set'",
    ],
    "plan_targets_percentages_change_in_points": [
        "update {t} set basis = 'percentage'",
        "update {t} set target_change_points = -3",
    ],
    "rag_schemes_have_their_tolerance": [
        "update {t} set tolerance = null where basis = 'points'",
        "update {t} set tolerance = -1 where basis = 'relative'",
        "update {t} set tolerance = 5 where basis = 'interval'",
    ],
    "target_consistency_adds_up": "update {t} set rest_baseline = 1",
    "areas_have_a_parent": [
        "update {t} set parent_code = null where area_level = 'ward'",
        "update {t} set parent_code = 'K04000001' where area_level = 'force'",
    ],
    "measures_are_numbers_of_rows": [
        "update {t} set row_count = -1 where value = 0",
        "update {t} set sum_of_squares = -1",
        "update {t} set row_count = 0 where value > 0",
    ],
    "indicator_values_suppressed_shows_nothing": [
        "update {t} set is_suppressed = true, note = 'suppressed: few' where value is not null",
        "update {t} set is_suppressed = true, note = 'suppressed: few' where value is null",
    ],
    "measure_values_are_there_unless_suppressed": "update {t} set is_suppressed = not is_suppressed",
    "survey_answers_that_are_none_count_for_nothing": "update {t} set is_top_answer = true, points = 1",
    "survey_items_with_a_limit_name_it": "update {t} set threshold = null",
    "alcohol_fractions_lie_between_0_and_1": "update {t} set fraction = 1.5",
    "indicator_values_missing_is_never_zero": "update {t} set value = 0 where not is_complete",
    "indicator_values_lie_within_their_limits": "update {t} set upper_95 = value - 1",
    "indicator_values_rates_have_a_population": "update {t} set denominator = denominator / 2",
    "indicator_values_say_when_the_definition_did_not_hold": [
        "update {t} set note = null",
        "update {t} set period_start = period_start - interval 30 year",
        "update {t} set period_end = period_end + interval 30 year",
    ],
    "indicator_values_years_add_up": (
        "update {t} set is_complete = true, numerator = 1 where period_type = 'financial_year'"
    ),
    "target_vs_baseline_equals_indicators": "update {t} set baseline_value = 320",
    "target_vs_baseline_grey_means_no_figure": [
        "update {t} set rag = 'green'",
        "update {t} set is_contested = true where rag = 'amber'",
        "update {t} set comparable = false where rag = 'red'",
        "update {t} set rag = 'grey' where rag = 'green'",
    ],
    "target_vs_baseline_outcome_fits_figures": [
        "update {t} set outcome = 'met'",
        "update {t} set outcome = 'no_target' where outcome = 'in_progress'",
        "update {t} set comparable = false where outcome in ('met', 'not_met')",
        "update {t} set is_contested = true where outcome in ('met', 'not_met')",
    ],
    "target_vs_baseline_p_value_is_a_probability": [
        "update {t} set change_p_value = 2",
        "update {t} set change_p_value = null where change_p_value is not null",
        "update {t} set change_is_significant = not change_is_significant where change_p_value is not null",
        "update {t} set comparable = false where change_p_value is not null",
    ],
    "target_vs_baseline_projection_lies_within_its_limits": (
        "update {t} set projected_outturn = 5, projected_lower_95 = 8, projected_upper_95 = 9"
    ),
    "plan_items_stand_under_a_priority_or_the_partnership": "update {t} set priority_code = 'misspelt'",
    "priority_scorecard_colours_targets_alone": "update {t} set rag = 'green'",
    "agency_returns_missing_was_never_received": "update {t} set status = 'missing'",
    "agency_returns_hides_rows_that_are_people": "update {t} set is_suppressed = true",
    "lead_agency_scorecard_colours_add_up": "update {t} set target_count = target_count + 1",
    "performance_framework_leaves_words_to_people": [
        "update {t} set content = null",
        "update {t} set content = 'invented' where content is null",
    ],
    "performance_framework_tells_a_target_where_it_is_coloured": "update {t} set rag = 'green'",
    "plan_framework_fields_name_their_frameworks": "update {t} set frameworks = null",
    "meeting_notes_are_closed_after_they_were_noted": "update {t} set closed_on = noted_on - interval 1 day",
    "claims_supported_on_a_stated_basis": "update {t} set verdict = 'supported'",
    "strategic_assessment_change_is_a_difference": "update {t} set change = 1000000",
    "strategic_assessment_raises_by_a_rule": "update {t} set raises_priority = true, raised_because = null",
    "strategic_assessment_ranks_both_lists": [
        "update {t} set problem = null, views_rank = 1",
        "update {t} set problem = 'Litter', views_rank = 1, recorded_rank = 3, ranks_higher = 1, ranked_count = 3",
        "update {t} set problem = 'Litter', views_rank = 1, recorded_rank = 3, ranks_higher = 2, ranked_count = 2",
    ],
    "plans_end_after_they_start": "update {t} set ends_on = starts_on",
    "plan_assessment_rules_have_a_condition": (
        "update {t} set needs_worsening = false, minimum_value = null, minimum_change_pct = null, "
        "minimum_ranks_higher = null"
    ),
    "strategic_assessment_is_no_arrow_over_a_break": [
        "update {t} set comparable = false, direction_of_travel = 'steady'",
        "update {t} set comparable = false, change_p_value = 0.5",
        "update {t} set comparable = false, change_upper_95 = 5",
        "update {t} set comparable = false, change_is_significant = false",
        "update {t} set direction_of_travel = 'steady', change_is_significant = null",
    ],
    "neighbourhood_scorecard_tests_nothing_over_a_break": [
        "update {t} set comparable = false, change_p_value = 0.5",
        "update {t} set comparable = false, difference_p_value = 0.5",
        "update {t} set comparable = false, change_is_significant = false",
        "update {t} set comparable = false, moves_differently = false",
    ],
    "neighbourhood_scorecard_colours_no_small_number": [
        "update {t} set rag = 'red', plan_area_previous_value = null",
        "update {t} set rag = 'red' where is_context",
    ],
    "neighbourhood_scorecard_context_is_a_larger_area": "update {t} set is_context = not is_context",
    "aims_are_measured_or_say_why_not": [
        "update {t} set measurement = 'measured', why_not_measured = 'no reason' where measured_by is not null",
        "update {t} set why_not_measured = null, measurement = 'in_part'",
        "update {t} set would_measure = null, measurement = 'not_measured'",
    ],
    "aims_are_not_both_measured_and_not": "update {t} set would_measure = 'A survey', measured_by = 'NI16'",
    "plan_aim_links_name_an_indicator_or_nothing": [
        "update {t} set how_it_speaks = 'nothing', would_measure = 'A survey' where indicator_code is not null",
        "update {t} set would_measure = null where how_it_speaks = 'nothing'",
        "update {t} set how_it_speaks = 'in_part' where indicator_code is null",
    ],
    "crime_outcomes_charge_only_what_is_detected": "update {t} set is_detected = false where is_charged",
    "plan_indicators_explains_its_reading": "update {t} set interpretation_note = null where published_code = 'APACS'",
    **{
        f"{table}_indicators_shows_figure_or_why": "update {t} set note = null where figure_status = 'no_figure'"
        for table in ("ni", "apacs", "psa", "laa")
    },
    **{
        f"{table}_context_is_no_plan_area": "update {t} set is_context = not is_context"
        for table in ("ni_indicators", "apacs_indicators", "psa_indicators", "laa_indicators", "strategic_assessment")
    },
}
Node = dict[str, Any]


@pytest.fixture(scope="module")
def tests_and_models(small: Warehouse) -> tuple[list[Node], dict[str, str]]:
    """The data tests with their compiled SQL, and the table behind each node."""
    nodes = small.manifest()["nodes"].values()
    tables = {node["unique_id"]: f"{node['schema']}.{node['alias']}" for node in nodes if node["schema"]}
    return [node for node in nodes if node["resource_type"] == "test"], tables


# No warehouse here has the four years of months that the time between events needs, nor a whole year of five areas.
ROWS_OF_LONGER_SERIES = """
    insert into marts.time_between_events by name
    select
        'NI15-COUNT' as indicator_code, 'E07000133' as area_code, 1 as wait_number, 4 as events_per_wait,
        4 as months_waited, 3.9 as centre_line, 0.4 as lower_limit, 13.5 as upper_limit,
        false as is_signal, 'steady' as control_state, true as is_synthetic;

    insert into marts.funnel_limits by name
    select
        'E23000021:district' as funnel_group_id, 'NI33I' as indicator_code, 'E07000133' as area_code,
        'financial_year' as period_type, date '2019-04-01' as period_start, 50000 as denominator, 3.0 as value,
        4.0 as centre_line, 2.5 as lower_95, 6.0 as upper_95, 2.0 as lower_998, 7.0 as upper_998, -1.5 as z_score,
        'inside' as position, true as is_synthetic, true as comparable;
"""

# Nor a year in which residents were asked of a problem that somebody recorded.
ROWS_OF_A_SURVEY = """
    insert into intermediate.int_problems__ranked by name
    select
        'MASCP-2008-11' as plan_id, 'LOC-PROBLEM-NOISE' as view_indicator, 'E07000133' as area_code,
        '2008/09' as period_label
"""


# No folder has a download of Fingertips.
ROWS_OF_HEALTH = """
insert into staging.stg_ohid__fingertips by name select 'a' as file_sha256, 2 as row_number;
insert into marts.health_context by name
select
    1 as indicator_id, 'E07000133' as area_code, 'District' as area_type, 'Persons' as sex, 'All ages' as age,
    'none' as category_type, 'none' as category, '2021/22' as time_period, false as is_synthetic;
"""

# Nor is there street-level crime beside a table of official counts of the same year.
ROWS_OF_PROXIES = """
insert into marts.proxy_comparison by name
select
    'burglary-ons' as comparison_code, 'E07000133' as area_code, 'financial_year' as period_type,
    date '2021-04-01' as period_start, 'OD-BURGLARY' as proxy_indicator, 101 as proxy_count, 100 as official_count,
    true as is_within_tolerance, 'final' as status, false as is_synthetic;
"""


def copy_with_tables(warehouse: Warehouse, folder: Path) -> Path:
    """Copy a warehouse and make its views tables, so that any of them can be damaged and all are quickly read."""
    # The copy keeps the file's name: compiled SQL names the database by it.
    folder.mkdir()
    copy = Path(shutil.copy(warehouse.folder / "warehouse.duckdb", folder))
    with duckdb.connect(str(copy)) as connection:
        views = connection.execute(
            "select schema_name, view_name from duckdb_views() where not internal and database_name = 'warehouse'"
        ).fetchall()
        connection.execute(ROWS_OF_LONGER_SERIES)
        for schema, view in views:
            connection.execute(f"create table {schema}.copied as select * from {schema}.{view}")
            connection.execute(f"drop view {schema}.{view}")
            connection.execute(f"alter table {schema}.copied rename to {view}")
        connection.execute(ROWS_OF_A_SURVEY)
        connection.execute(ROWS_OF_HEALTH)
        connection.execute(ROWS_OF_PROXIES)
    return copy


def damages(test: Node, table: str) -> list[str]:
    """Return the statements each of which must make the test fail."""
    if statements := DAMAGE.get(test["name"]):
        return [text.format(t=table) for text in ([statements] if isinstance(statements, str) else statements)]
    arguments = test["test_metadata"].get("kwargs", {})
    arguments = {**arguments, **arguments.get("arguments", {})}
    match test["test_metadata"]["name"]:
        case "unique_key":
            # A column that may be empty is in the key as an expression.
            never_empty = [column for column in arguments["columns"] if column.isidentifier()]
            missing = [f"update {table} set {column} = null" for column in never_empty]
            return [f"insert into {table} select * from {table}", *missing]
        case "never_null":
            return [f"update {table} set {column} = null" for column in arguments["columns"]]
        case "rows_are_in":
            return [f"update {table} set {arguments['columns'][-1]} = 'misspelt'"]
        case "accepted_values" | "relationships":
            # Unheard of, whether the column holds text or numbers.
            return [f"update {table} set {arguments['column_name']} = '-1'"]
    raise AssertionError(f"nothing is known that breaks {test['name']}: add it to DAMAGE")


ONLY_FOR_THE_PUBLIC = {"few_people_are_shown_by_the_rule"}


def unnoticed(copy: Path, statements_by_test: dict[str, list[str]], sql: dict[str, str]) -> dict[str, list[str]]:
    """Return, by test, the statements that damage a table of this copy without the test noticing.

    Undamaged, every test must hold.
    """
    blind: dict[str, list[str]] = {}
    with duckdb.connect(str(copy)) as damaged:
        assert [name for name, text in sql.items() if damaged.execute(text).fetchall()] == [], "fail on good data"
        for name, statements in statements_by_test.items():
            for statement in statements:
                damaged.execute("begin")
                try:
                    damaged.execute(statement)
                    if not damaged.execute(sql[name]).fetchall():
                        blind.setdefault(name, []).append(statement)
                finally:
                    damaged.execute("rollback")
    return blind


def test_every_data_test_holds_and_fails_when_its_table_is_damaged(
    tests_and_models: tuple[list[Node], dict[str, str]],
    small: Warehouse,
    plan: Warehouse,
    golden: Warehouse,
    tmp_path: Path,
) -> None:
    """In the small folder, or, where that leaves a table empty, among the plan's feeds or the golden files."""
    data_tests, tables = tests_and_models
    assert data_tests
    blind = {}
    for test in data_tests:
        attached = test.get("attached_node") or next(
            unique_id
            for unique_id in tables
            if unique_id.endswith(f".{test['config']['meta']['dagster']['ref']['name']}")
        )
        blind[test["name"]] = damages(test, tables[attached])
    for warehouse in (small, plan, golden):
        # Compiled SQL names the raw files of the folder for which it was compiled.
        folders = str(small.folder), str(warehouse.folder)
        sql = {test["name"]: test["compiled_code"].replace(*folders) for test in data_tests}
        if warehouse is golden:  # it is built for partners, with exact figures
            assert not blind.keys() & ONLY_FOR_THE_PUBLIC
            sql = {name: text for name, text in sql.items() if name not in ONLY_FOR_THE_PUBLIC}
        blind = unnoticed(copy_with_tables(warehouse, tmp_path / warehouse.folder.name), blind, sql)
    assert blind == {}


def test_every_data_test_holds_while_months_are_still_to_come(
    tests_and_models: tuple[list[Node], dict[str, str]], small: Warehouse, early: Warehouse
) -> None:
    """A quarter of which two months were delivered, and the third is not over, misses nothing."""
    folders = str(small.folder), str(early.folder)
    sql = {test["name"]: test["compiled_code"].replace(*folders) for test in tests_and_models[0]}
    with duckdb.connect(str(early.folder / "warehouse.duckdb"), read_only=True) as connection:
        notes = "select count(*) from marts.indicator_values where note like '%still to come%'"
        assert connection.execute(f"{notes} and note not like '%missing%'").fetchall() > [(0,)]
        assert [name for name, text in sql.items() if connection.execute(text).fetchall()] == []


def test_every_data_test_says_what_it_is_for(tests_and_models: tuple[list[Node], dict[str, str]]) -> None:
    """Tests of several tables name the one that they judge; none just warns."""
    for test in tests_and_models[0]:
        assert test["description"], test["name"]
        assert test["config"]["severity"].lower() == "error", test["name"]
        assert (test["config"]["warn_if"], test["config"]["error_if"]) == ("!= 0", "!= 0"), test["name"]
        assert test.get("attached_node") or test["config"]["meta"]["dagster"]["ref"]["name"]
