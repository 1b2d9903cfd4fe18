"""Each DuckDB of a night takes no more memory than it may."""

from pathlib import Path

import duckdb
import pytest
import yaml

from orchestration.memory import MEMORY_LIMIT, limit_memory

PROFILES = Path(__file__).parents[3] / "dbt_project" / "profiles.yml"


def test_a_limit_is_kept_and_dbt_has_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    with duckdb.connect() as connection:
        limit_memory(connection)
        by_default = connection.execute("select current_setting('memory_limit')").fetchone()
        monkeypatch.setenv(MEMORY_LIMIT, "1GB")
        limit_memory(connection)
        assert connection.execute("select current_setting('memory_limit')").fetchone() == ("953.6 MiB",)
        settings = yaml.safe_load(PROFILES.read_text())["csp_indicator_warehouse"]["outputs"]["duckdb"]["settings"]
        limit = settings["memory_limit"].partition(f"env_var('{MEMORY_LIMIT}', '")[2].partition("'")[0]
        connection.execute("set memory_limit = ?", [limit])
        assert connection.execute("select current_setting('memory_limit')").fetchone() == by_default
