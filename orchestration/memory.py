"""How much memory each DuckDB of a night takes."""

import os
from typing import Final

import duckdb

MEMORY_LIMIT: Final = "CSP_MEMORY_LIMIT"
"""Environment variable: the most that each DuckDB of a night takes, here and in dbt_project/profiles.yml."""


def limit_memory(connection: duckdb.DuckDBPyConnection) -> None:
    """Have a connection spill beyond the limit; else DuckDB keeps what it read of a large database."""
    connection.execute("set memory_limit = ?", [os.environ.get(MEMORY_LIMIT, "2.5GB")])
