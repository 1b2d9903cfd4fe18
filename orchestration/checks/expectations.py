"""Great Expectations as asset checks: every expectation of every suite is a check of its own."""

from collections.abc import Iterator, Sequence

import duckdb
from dagster import (
    AssetCheckExecutionContext,
    AssetCheckResult,
    AssetChecksDefinition,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetKey,
    MetadataValue,
    multi_asset_check,
)

from expectations.run import ExpectationOutcome, run_suite
from expectations.suites import SUITES
from orchestration.assets import WRITER_POOL
from orchestration.outcome import blocking_failure, tag_held_by
from orchestration.progress import report
from orchestration.resources import DataFolderResource


def mart_key(table: str) -> AssetKey:
    """Return the key of a published mart."""
    return AssetKey(["marts", table])


def expectation_specs() -> Sequence[AssetCheckSpec]:
    """Return one check for each expectation, without importing Great Expectations; an error holds the release."""
    return [
        AssetCheckSpec(
            expectation.name,
            asset=mart_key(suite.table),
            description=expectation.description,
            blocking=expectation.severity == "error",
            metadata={"kind": "Great Expectations"},
        )
        for suite in SUITES
        for expectation in suite.expectations
    ]


def build_expectation_checks() -> AssetChecksDefinition:
    """Return the step that judges the candidate marts; it reads the warehouse and never writes it."""

    @multi_asset_check(
        name="expectations",
        description="Great Expectations suites of the published marts",
        specs=expectation_specs(),
        can_subset=True,
        pool=WRITER_POOL,
    )
    def expectations(
        context: AssetCheckExecutionContext, data_folder: DataFolderResource
    ) -> Iterator[AssetCheckResult]:
        selected = context.selected_asset_check_keys
        folder = data_folder.open()
        failures = []
        with duckdb.connect(str(folder.warehouse), read_only=True) as connection:
            connection.execute("use marts")
            for suite in SUITES:
                wanted = {key.name for key in selected if key.asset_key == mart_key(suite.table)}
                if not wanted:
                    continue
                outcomes = [outcome for outcome in run_suite(connection, suite) if outcome.name in wanted]
                failed = sum(not outcome.success for outcome in outcomes)
                report(f"expectations of {suite.table}: {len(outcomes) - failed} met, {failed} not met")
                for outcome in outcomes:
                    result = _check_result(outcome)
                    if key := blocking_failure(result):
                        failures.append(key)
                    yield result
        tag_held_by(context.instance, context.run.run_id, failures)

    return expectations


def _check_result(outcome: ExpectationOutcome) -> AssetCheckResult:
    return AssetCheckResult(
        asset_key=mart_key(outcome.table),
        check_name=outcome.name,
        passed=outcome.success,
        severity=AssetCheckSeverity.ERROR if outcome.severity == "error" else AssetCheckSeverity.WARN,
        description=outcome.description,
        metadata={
            "observed": MetadataValue.text(str(outcome.observed)),
            "unexpected rows": outcome.unexpected_count,
            **({"failing rows": MetadataValue.json(outcome.failing_rows)} if outcome.failing_rows else {}),
            **({"exception": outcome.exception} if outcome.exception else {}),
        },
    )
