"""The gate fails closed: only a passed check that judged the build in the warehouse counts."""

import dataclasses
from pathlib import Path

import pytest
from dagster import (
    AssetCheckEvaluation,
    AssetCheckResult,
    AssetKey,
    AssetSpec,
    DagsterInstance,
    Definitions,
    asset,
    asset_check,
)
from dagster_dbt import DbtProject

from orchestration.checks.gate import Check, CheckReading, Found, judge, read_checks
from orchestration.dbt.translator import LayerTranslator
from orchestration.provenance import DBT_PROJECT_DIR
from orchestration.records.build_record import BuildRecord
from sources.folder.data_folder import DataFolder

BUILD = BuildRecord(
    run_id="build",
    as_at="2022-03-31",
    input_fingerprint="f",
    rules_digest="rules",
    git_commit=None,
    versions={},
    complete=True,
    warehouse_size=1,
    warehouse_modified_ns=1,
    content_hashes={},
)
AS_BUILT = Found(warehouse_unchanged=True, rules_digest="rules", rules_as_loaded=True, input_fingerprint="f")
KEYS = Check("marts/indicator_values", "keys_are_unique")
AREAS = Check("marts/areas", "areas_are_known")
PASSED = CheckReading(
    finished=True, passed=True, run_id="build", judged_run_id="build", judged_at=10.0, evaluated_at=11.0
)


def readings(**changes: object) -> dict[Check, CheckReading]:
    return {AREAS: PASSED, KEYS: dataclasses.replace(PASSED, **changes)}


def test_passes_when_every_check_passed_on_this_build() -> None:
    verdict = judge([AREAS, KEYS], readings(), BUILD, AS_BUILT)
    assert verdict.passed
    assert verdict.passed_checks == (str(AREAS), str(KEYS))


def test_a_check_run_later_on_the_same_build_counts() -> None:
    assert judge([KEYS], readings(run_id="later", evaluated_at=99.0), BUILD, AS_BUILT).passed


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"passed": False}, "failed"),
        ({"finished": False, "passed": False}, "was planned but did not run"),
        ({"judged_run_id": "earlier"}, "judged another build (run earlier)"),
        ({"judged_run_id": None, "judged_at": float("inf")}, "judged another build"),
        ({"evaluated_at": 9.0}, "is older than the table"),
    ],
)
def test_holds_and_says_why(changes: dict[str, object], reason: str) -> None:
    verdict = judge([AREAS, KEYS], readings(**changes), BUILD, AS_BUILT)
    assert not verdict.passed
    assert len(verdict.reasons) == 1
    assert str(KEYS) in verdict.reasons[0]
    assert reason in verdict.reasons[0]
    assert verdict.passed_checks == (str(AREAS),)


@pytest.mark.parametrize(("run_id", "passes"), [("build", True), ("earlier", False)])
def test_of_a_month_of_a_backfill_a_check_of_the_same_run_counts(run_id: str, passes: bool) -> None:
    """Dagster does not say of a partitioned run what a check of an unpartitioned table judged."""
    unsaid = readings(run_id=run_id, judged_run_id=None, judged_at=float("inf"))
    month = dataclasses.replace(BUILD, month="2022-03-01")
    assert judge([KEYS], unsaid, month, AS_BUILT).passed is passes
    failed = readings(run_id=run_id, judged_run_id=None, judged_at=float("inf"), passed=False)
    assert not judge([KEYS], failed, month, AS_BUILT).passed


def test_a_missing_result_holds() -> None:
    verdict = judge([AREAS, KEYS], {AREAS: PASSED}, BUILD, AS_BUILT)
    assert verdict.reasons == (f"{KEYS} has no result",)


def test_no_expected_checks_hold() -> None:
    assert not judge([], {}, BUILD, AS_BUILT).passed


def test_no_build_record_holds() -> None:
    assert not judge([KEYS], readings(), None, AS_BUILT).passed


def test_a_partial_build_holds() -> None:
    partial = dataclasses.replace(BUILD, complete=False)
    assert not judge([KEYS], readings(), partial, AS_BUILT).passed


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        ({"warehouse_unchanged": False}, "warehouse.duckdb was changed"),
        ({"rules_digest": "newer"}, "models, contracts or suites have changed"),
        ({"rules_as_loaded": False}, "models, contracts or suites have changed"),
        ({"input_fingerprint": "g"}, "deliveries have come or were withdrawn"),
    ],
)
def test_what_has_changed_since_the_build_holds(found: dict[str, object], reason: str) -> None:
    verdict = judge([KEYS], readings(), BUILD, dataclasses.replace(AS_BUILT, **found))
    assert [told.startswith(reason) for told in verdict.reasons] == [True]


def test_changes_that_only_a_log_file_beside_the_warehouse_holds_are_changes(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.warehouse.write_bytes(b"tables")
    state = folder.warehouse.stat()
    build = dataclasses.replace(BUILD, warehouse_size=state.st_size, warehouse_modified_ns=state.st_mtime_ns)
    assert build.still_describes(folder)
    folder.warehouse_log.write_bytes(b"")
    assert not build.still_describes(folder)


def test_a_check_that_only_warns_does_not_hold() -> None:
    warning = Check("raw/police/street_crime", "delivered_on_time", blocking=False)
    assert judge([KEYS, warning], readings(), BUILD, AS_BUILT).passed
    assert not judge([warning], {}, BUILD, AS_BUILT).passed


def test_a_check_that_moved_to_another_asset_since_does_not_stop_the_reading() -> None:
    """The log answers for every asked name on every asked asset, so an older check of that name comes with it."""

    @asset
    def old() -> None: ...

    @asset
    def new() -> None: ...

    def checks_on(*assets: str) -> list[object]:
        @asset_check(asset=assets[0], name="rows_add_up")
        def rows_add_up() -> AssetCheckResult:
            return AssetCheckResult(passed=True)

        @asset_check(asset=assets[1], name="is_filled")
        def is_filled() -> AssetCheckResult:
            return AssetCheckResult(passed=True)

        return [rows_add_up, is_filled]

    with DagsterInstance.ephemeral() as instance:
        for before_and_now in (("old", "new"), ("new", "old")):
            definitions = Definitions(assets=[old, new], asset_checks=checks_on(*before_and_now))
            definitions.resolve_implicit_global_asset_job_def().execute_in_process(instance=instance)
        expected = [Check("new", "rows_add_up"), Check("old", "is_filled")]
        read = read_checks(instance, expected, None)
    assert set(read) == set(expected)
    assert all(reading.passed for reading in read.values())


def test_a_run_that_waits_in_the_queue_hides_no_result_of_the_build(tmp_path: Path) -> None:
    """It has planned every check anew, and its own results, once there are some, judge another build."""

    @asset
    def areas() -> None: ...

    @asset_check(asset=areas)
    def areas_are_known() -> AssetCheckResult:
        return AssetCheckResult(passed=True)

    job = Definitions(assets=[areas], asset_checks=[areas_are_known]).resolve_implicit_global_asset_job_def()
    check = Check("areas", "areas_are_known")
    with DagsterInstance.local_temp(str(tmp_path)) as instance:
        build = job.execute_in_process(instance=instance).run_id
        instance.create_run_for_job(job)
        assert not read_checks(instance, [check], None)[check].finished
        reading = read_checks(instance, [check], build)[check]
        assert (reading.passed, reading.judged_run_id) == (True, build)
        assert not read_checks(instance, [check], "another")[check].passed
        newer = job.execute_in_process(instance=instance).run_id
        assert read_checks(instance, [check], newer)[check].judged_run_id == newer
        assert read_checks(instance, [check], build)[check].judged_run_id == build
        unsaid = AssetCheckEvaluation(AssetKey("areas"), "areas_are_known", False, {})
        instance.report_runless_asset_event(unsaid)
        assert not read_checks(instance, [check], build)[check].passed


def test_a_dbt_test_of_severity_warn_holds_a_release_all_the_same() -> None:
    properties = {"name": "areas", "description": "It adds up.", "columns": {}, "tags": [], "meta": {}, "config": {}}
    mart = {**properties, "unique_id": "model.csp.areas", "resource_type": "model", "depends_on": {"nodes": []}}
    test = {
        **properties,
        "unique_id": "test.csp.adds_up",
        "resource_type": "test",
        "config": {"severity": "warn"},
        "depends_on": {"nodes": [mart["unique_id"]]},
    }
    mart |= {"fqn": ["csp", "marts", "figures", "areas"], "database": "w", "schema": "marts", "alias": "areas"}
    mart |= {"original_file_path": "models/areas.sql", "raw_code": "select 1"}
    nodes = {str(node["unique_id"]): node for node in (mart, test)}
    manifest = {"nodes": nodes, "sources": {}, "child_map": {}, "parent_map": {}}
    project = DbtProject(DBT_PROJECT_DIR)
    spec = LayerTranslator().get_asset_check_spec(AssetSpec(["marts", "areas"]), manifest, "test.csp.adds_up", project)
    assert spec is not None
    assert (spec.blocking, spec.description) == (True, "It adds up.")
