"""Runs a suite on a DuckDB connection. Great Expectations is imported here, and only when a suite is run."""

import os
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import duckdb

from expectations.expectation import Expectation, Suite

if TYPE_CHECKING:
    from great_expectations.core import ExpectationValidationResult
    from great_expectations.core.batch_definition import BatchDefinition
    from great_expectations.expectations.expectation import Expectation as GreatExpectation

ROWS_SHOWN = 5


@dataclass(frozen=True)
class ExpectationOutcome:
    """What an expectation found. `unexpected_count` is of the rows judged, of which up to five are shown.

    `exception` says why an expectation could not be judged, which is a failure like any other.
    """

    table: str
    name: str
    description: str
    severity: str
    success: bool
    observed: str
    unexpected_count: int = 0
    failing_rows: list[dict[str, Any]] = field(default_factory=list)
    exception: str | None = None


def run_suite(connection: duckdb.DuckDBPyConnection, suite: Suite) -> list[ExpectationOutcome]:
    """Judge the suite's table, and return the outcome of every expectation, in order.

    `connection` must find the published tables under their plain names (`use marts` in the warehouse); it is
    only read. Great Expectations writes nothing to disk and calls nobody.
    """
    frames = _frames()
    row_count = _row_count(connection, suite.table)
    outcomes = []
    for expectation in suite.expectations:
        try:
            result = _judge(connection, frames, expectation)
            outcomes.append(_outcome(suite.table, row_count, expectation, result))
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the rule was not shown to hold
            outcomes.append(_not_judged(suite.table, expectation, f"{type(error).__name__}: {error}"))
    return outcomes


def import_early() -> None:
    """Import Great Expectations, the slowest import of a night (5 to 15 s), while another process does the work.

    Without PySpark, which it would import where that is installed: nothing here judges on it, and it writes warnings
    and may end the process.
    """
    os.environ["GX_ANALYTICS_ENABLED"] = "False"  # read when Great Expectations is imported
    hidden = "pyspark" not in sys.modules
    if hidden:
        sys.modules["pyspark"] = None  # type: ignore[assignment]  # so Python says "not installed"
    try:
        import great_expectations.expectations  # noqa: F401, PLC0415
    finally:
        if hidden:
            sys.modules.pop("pyspark", None)  # another thread may import at the same time


def _frames() -> "BatchDefinition[Any]":
    """Return what takes each DataFrame in turn, in a context in memory, without analytics or progress bars.

    One for all expectations: with every asset that is added the context writes out its settings anew.
    """
    import_early()
    import great_expectations  # noqa: PLC0415 - imported above
    from great_expectations.data_context.types import base  # noqa: PLC0415

    settings = base.DataContextConfig(
        store_backend_defaults=base.InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        progress_bars=base.ProgressBarsConfig(globally=False, metric_calculations=False),
        analytics_enabled=False,
    )
    context = great_expectations.get_context(mode="ephemeral", project_config=settings)
    asset = context.data_sources.add_pandas("duckdb").add_dataframe_asset("rows")
    return asset.add_batch_definition_whole_dataframe("all rows")


def _judge(
    connection: duckdb.DuckDBPyConnection, frames: "BatchDefinition[Any]", expectation: Expectation
) -> "ExpectationValidationResult":
    import great_expectations.expectations as gxe  # noqa: PLC0415 - as above

    frame = connection.execute(expectation.sql).df()
    batch = frames.get_batch({"dataframe": frame})
    rule: GreatExpectation = expectation.build(gxe)
    return batch.validate(
        rule,
        result_format={
            "result_format": "SUMMARY",
            "unexpected_index_column_names": list(frame.columns),
            "partial_unexpected_count": ROWS_SHOWN,
        },
    )


def _outcome(
    table: str, row_count: int | None, expectation: Expectation, result: "ExpectationValidationResult"
) -> ExpectationOutcome:
    exception = _exception_of(result)
    if exception:
        return _not_judged(table, expectation, exception)
    found = result.result
    unexpected = int(found.get("unexpected_count") or 0)
    rows = found.get("partial_unexpected_index_list") or []
    return ExpectationOutcome(
        table=table,
        name=expectation.name,
        description=expectation.description,
        severity=expectation.severity,
        success=bool(result.success),
        observed=str(
            found.get("observed_value", _observed(table, row_count, unexpected, found.get("element_count", 0)))
        ),
        unexpected_count=unexpected,
        failing_rows=[{name: _plain(value) for name, value in row.items()} for row in rows[:ROWS_SHOWN]],
    )


def _row_count(connection: duckdb.DuckDBPyConnection, table: str) -> int | None:
    """Return the rows of a table; None where it cannot be read, which each of its expectations then says.

    A view has none of its own: to count them would be to work all of it out.
    """
    try:
        views = connection.execute("select 1 from duckdb_views() where view_name = ?", [table]).fetchone()
        counted = None if views else connection.execute(f"select count(*) from {table}").fetchone()
    except duckdb.Error:
        return None
    return int(counted[0]) if counted else None


def _observed(table: str, row_count: int | None, unexpected: int, judged: int) -> str:
    """Say what was found of the table: what is judged stands for all of its rows."""
    if row_count is None:
        return f"{unexpected:,} of {judged:,} judged break it"
    if not unexpected:
        return f"none of the {row_count:,} rows of {table} breaks it"
    return f"{unexpected:,} of {judged:,} judged break it; {table} has {row_count:,} rows"


def _not_judged(table: str, expectation: Expectation, exception: str) -> ExpectationOutcome:
    return ExpectationOutcome(
        table=table,
        name=expectation.name,
        description=expectation.description,
        severity=expectation.severity,
        success=False,
        observed="could not be judged",
        exception=exception,
    )


def _exception_of(result: "ExpectationValidationResult") -> str | None:
    """Return what Great Expectations reports in place of raising: one exception, or one by metric."""
    info = result.exception_info or {}
    reports = [info] if "raised_exception" in info else list(info.values())
    messages = [str(report["exception_message"]) for report in reports if report["raised_exception"]]
    return "; ".join(messages) or None


def _plain(value: Any) -> Any:
    """Return a cell as JSON can hold it."""
    import pandas  # noqa: PLC0415 - comes with Great Expectations

    if pandas.isna(value):
        return None
    if hasattr(value, "isoformat"):
        return value.isoformat().removesuffix("T00:00:00")
    return value.item() if hasattr(value, "item") else value
