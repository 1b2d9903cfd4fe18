"""Great Expectations as asset checks: every expectation of every suite is a check of its own."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

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

from expectations.expectation import Suite
from expectations.run import ExpectationOutcome, run_suite
from expectations.suites import SUITES
from orchestration.assets import WRITER_POOL
from orchestration.checks.wording import broken
from orchestration.dbt.fork import PARTNERS
from orchestration.memory import limit_memory
from orchestration.outcome import blocking_failure, tag_held_by
from orchestration.progress import advance, detail, report
from orchestration.releases.tables import EXACT_SCHEMA, SCHEMA
from orchestration.resources import DataFolderResource
from sources.folder.sql_text import literal


@dataclass(frozen=True)
class JudgedTables:
    """Published tables in the warehouse: schemas in the order in which a name is looked for, and their keys' prefix."""

    schemas: str
    prefix: tuple[str, ...]
    suites: tuple[Suite, ...]

    def key_of(self, table: str) -> AssetKey:
        """Return the key of a table."""
        return AssetKey([*self.prefix, table])


def judged_tables(exact: Collection[str] = ()) -> list[JudgedTables]:
    """Return the marts, and where partners have some of them exact, those too."""
    marts = JudgedTables(SCHEMA, (SCHEMA,), SUITES)
    suites = tuple(suite for suite in SUITES if suite.table in exact)
    partners = JudgedTables(f"{EXACT_SCHEMA},{SCHEMA}", (PARTNERS, SCHEMA), suites)
    return [marts, partners] if exact else [marts]


def expectation_specs(judged: Sequence[JudgedTables]) -> Sequence[AssetCheckSpec]:
    """Return one check for each expectation, without importing Great Expectations; an error holds the release."""
    return [
        AssetCheckSpec(
            expectation.name,
            asset=tables.key_of(suite.table),
            description=expectation.description,
            blocking=expectation.severity == "error",
            metadata={"kind": "Great Expectations"},
        )
        for tables in judged
        for suite in tables.suites
        for expectation in suite.expectations
    ]


def build_expectation_checks(judged: Sequence[JudgedTables]) -> AssetChecksDefinition:
    """Return the step that judges the candidate marts; it reads the warehouse and never writes it."""

    @multi_asset_check(
        name="expectations",
        description="Great Expectations suites of the published marts",
        specs=expectation_specs(judged),
        can_subset=True,
        pool=WRITER_POOL,
    )
    def expectations(
        context: AssetCheckExecutionContext, data_folder: DataFolderResource
    ) -> Iterator[AssetCheckResult]:
        selected = context.selected_asset_check_keys
        folder = data_folder.open()
        failures = []
        met = not_met = 0
        with duckdb.connect(str(folder.warehouse), read_only=True) as connection:
            limit_memory(connection)
            suites = [(one, suite) for one in judged for suite in one.suites]
            for number, (tables, suite) in enumerate(suites, start=1):
                advance("expectations", number, len(suites))
                key = tables.key_of(suite.table)
                wanted = {check.name for check in selected if check.asset_key == key}
                if not wanted:
                    continue
                connection.execute(f"set search_path = {literal(tables.schemas)}")
                outcomes = [outcome for outcome in run_suite(connection, suite) if outcome.name in wanted]
                failed = sum(not outcome.success for outcome in outcomes)
                met += len(outcomes) - failed
                not_met += failed
                detail(f"expectations of {key.to_user_string()}: {len(outcomes) - failed} met, {failed} not met")
                for outcome in outcomes:
                    result = _check_result(key, outcome)
                    if failure := blocking_failure(result):
                        failures.append(failure)
                    yield result
        report(f"expectations: {met} met, {not_met} not met")
        tag_held_by(context.instance, context.run.run_id, failures)

    return expectations


def _check_result(key: AssetKey, outcome: ExpectationOutcome) -> AssetCheckResult:
    return AssetCheckResult(
        asset_key=key,
        check_name=outcome.name,
        passed=outcome.success,
        severity=AssetCheckSeverity.ERROR if outcome.severity == "error" else AssetCheckSeverity.WARN,
        description=_said(outcome),
        metadata={
            "observed": MetadataValue.text(str(outcome.observed)),
            "unexpected rows": outcome.unexpected_count,
            **({"failing rows": MetadataValue.json(outcome.failing_rows)} if outcome.failing_rows else {}),
            **({"exception": outcome.exception} if outcome.exception else {}),
        },
    )


def _said(outcome: ExpectationOutcome) -> str:
    """Return what the night says: of a broken rule the rows, in their own words where they have a column `told`."""
    if outcome.success:
        return outcome.description
    told = [str(row["told"]) for row in outcome.failing_rows if row.get("told")]
    if not told:
        return broken(outcome.description, outcome.unexpected_count, outcome.failing_rows)
    more = outcome.unexpected_count - len(told)
    return f"{'; '.join(told)}{f'; and {more} more' if more > 0 else ''}. {outcome.description}"
