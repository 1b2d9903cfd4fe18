"""Runs the real dbt on a data folder and reads what it built."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

REPOSITORY = Path(__file__).resolve().parents[2]
DBT_PROJECT = REPOSITORY / "dbt_project"
SHARED = REPOSITORY.parent / "shared" / "data"


@dataclass
class Warehouse:
    """A data folder and the dbt target folder in which it is built."""

    folder: Path
    target: Path
    project: Path = DBT_PROJECT

    def dbt(self, *arguments: str) -> None:
        """Run dbt; its output becomes the failure message."""
        outcome = subprocess.run(
            [str(Path(sys.executable).with_name("dbt")), "--no-use-colors", *arguments],
            cwd=self.project,
            env={
                **os.environ,
                "CSP_DATA_DIR": str(self.folder),
                "DBT_PROJECT_DIR": str(self.project),
                "DBT_PROFILES_DIR": str(self.project),
                "DBT_TARGET_PATH": str(self.target),
                "DBT_LOG_PATH": str(self.target / "logs"),
                "DBT_VERSION_CHECK": "false",
                "DO_NOT_TRACK": "1",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert outcome.returncode == 0, outcome.stdout[-6000:] + outcome.stderr

    def copy_to(self, folder: Path, target: Path | None = None) -> "Warehouse":
        """Return a copy of this data folder: a dbt that runs in it keeps readers out of the database."""
        return Warehouse(Path(shutil.copytree(self.folder, folder)), target or self.target)

    def build(self) -> "Warehouse":
        """Build every model, seed and data test, as the nightly run does."""
        self.dbt("build", "--full-refresh", "--exclude-resource-type", "unit_test")
        shutil.copy(self.target / "manifest.json", self.folder)
        return self

    def manifest(self) -> dict[str, Any]:
        """Return the manifest of the build, with the SQL that it ran."""
        manifest: dict[str, Any] = json.loads((self.folder / "manifest.json").read_text())
        return manifest

    def table(self, name: str, where: str = "true") -> pd.DataFrame:
        """Return a mart as published."""
        return self.query(f"select * from marts.{name} where {where}")

    def query(self, sql: str) -> pd.DataFrame:
        """Return the result of a query on the warehouse."""
        with duckdb.connect(str(self.folder / "warehouse.duckdb"), read_only=True) as connection:
            return connection.execute(sql).df()
