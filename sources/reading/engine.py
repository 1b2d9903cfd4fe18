"""The DuckDB that reads deliveries."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

# Well under the 1.5 GB that a nightly may use; what does not fit spills to the work folder.
MEMORY_LIMIT = "1GB"


@contextmanager
def engine(work: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a DuckDB connection that is bounded in memory and spills into `work`."""
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY_LIMIT,
        "temp_directory": str(work / "spill"),
        "preserve_insertion_order": True,
        # They would work out trimmed and typed values once more for every rule, at three times the cost.
        "disabled_optimizers": "filter_pushdown,projection_pullup,projection_placement",
    }
    with duckdb.connect(config=settings) as connection:
        yield connection


def number(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    """Return the one number that a statement gives."""
    # DuckDB fills its reject tables when the last row of a result was fetched, so fetch them all.
    return int(connection.execute(sql).fetchall()[0][0])
