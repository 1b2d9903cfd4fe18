"""The gate fails closed: only a passed check that judged the build in the warehouse counts."""

import dataclasses

import pytest
from dagster import AssetCheckResult, DagsterInstance, Definitions, asset, asset_check

from orchestration.checks.gate import Check, CheckReading, judge, read_checks
from orchestration.records.build_record import BuildRecord

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
)
KEYS = Check("marts/indicator_values", "keys_are_unique")
AREAS = Check("marts/areas", "areas_are_known")
PASSED = CheckReading(
    finished=True, passed=True, run_id="build", judged_run_id="build", judged_at=10.0, evaluated_at=11.0
)


def readings(**changes: object) -> dict[Check, CheckReading]:
    return {AREAS: PASSED, KEYS: dataclasses.replace(PASSED, **changes)}


def test_passes_when_every_check_passed_on_this_build() -> None:
    verdict = judge([AREAS, KEYS], readings(), BUILD, warehouse_unchanged=True, rules_digest="rules")
    assert verdict.passed
    assert verdict.passed_checks == (str(AREAS), str(KEYS))


def test_a_check_run_later_on_the_same_build_counts() -> None:
    assert judge(
        [KEYS], readings(run_id="later", evaluated_at=99.0), BUILD, warehouse_unchanged=True, rules_digest="rules"
    ).passed


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
    verdict = judge([AREAS, KEYS], readings(**changes), BUILD, warehouse_unchanged=True, rules_digest="rules")
    assert not verdict.passed
    assert len(verdict.reasons) == 1
    assert str(KEYS) in verdict.reasons[0]
    assert reason in verdict.reasons[0]
    assert verdict.passed_checks == (str(AREAS),)


def test_a_missing_result_holds() -> None:
    verdict = judge([AREAS, KEYS], {AREAS: PASSED}, BUILD, warehouse_unchanged=True, rules_digest="rules")
    assert verdict.reasons == (f"{KEYS} has no result",)


def test_no_expected_checks_hold() -> None:
    assert not judge([], {}, BUILD, warehouse_unchanged=True, rules_digest="rules").passed


def test_no_build_record_holds() -> None:
    assert not judge([KEYS], readings(), None, warehouse_unchanged=True, rules_digest="rules").passed


def test_a_partial_build_holds() -> None:
    partial = dataclasses.replace(BUILD, complete=False)
    assert not judge([KEYS], readings(), partial, warehouse_unchanged=True, rules_digest="rules").passed


def test_a_warehouse_touched_after_its_build_holds() -> None:
    assert not judge([KEYS], readings(), BUILD, warehouse_unchanged=False, rules_digest="rules").passed


def test_rules_changed_since_the_build_hold() -> None:
    assert not judge([KEYS], readings(), BUILD, warehouse_unchanged=True, rules_digest="newer").passed


def test_a_check_that_only_warns_does_not_hold() -> None:
    warning = Check("raw/police/street_crime", "delivered_on_time", blocking=False)
    assert judge([KEYS, warning], readings(), BUILD, warehouse_unchanged=True, rules_digest="rules").passed
    assert not judge([warning], {}, BUILD, warehouse_unchanged=True, rules_digest="rules").passed


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
        read = read_checks(instance, expected)
    assert set(read) == set(expected)
    assert all(reading.passed for reading in read.values())
