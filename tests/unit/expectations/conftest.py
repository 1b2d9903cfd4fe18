from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

VALID_TABLES = [Path(__file__).with_name(name) for name in ("valid_tables.sql", "valid_plan_tables.sql")]


@pytest.fixture(scope="session")
def valid_tables() -> Iterator[duckdb.DuckDBPyConnection]:
    """The published tables as they should be. A test that changes them rolls its transaction back."""
    with duckdb.connect() as connection:
        for file in VALID_TABLES:
            connection.execute(file.read_text())
        yield connection
