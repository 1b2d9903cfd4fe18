from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

VALID_TABLES = Path(__file__).with_name("valid_tables.sql")


@pytest.fixture(scope="session")
def valid_tables() -> Iterator[duckdb.DuckDBPyConnection]:
    """The nine tables as they should be. A test that changes them rolls its transaction back."""
    with duckdb.connect() as connection:
        connection.execute(VALID_TABLES.read_text())
        yield connection
