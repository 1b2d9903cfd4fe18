"""Runs the real dbt on a data folder and reads what it built."""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from orchestration.dbt.project import dbt_command, dbt_environment
from sources.folder.data_folder import DataFolder
from tests.places import DBT_PROJECT


@dataclass(frozen=True)
class Warehouse:
    """A data folder and the dbt project by which it is built."""

    folder: Path
    project: Path = DBT_PROJECT

    @property
    def target(self) -> Path:
        return DataFolder(self.folder).dbt_target

    def dbt(self, *arguments: str) -> None:
        """Run dbt; its output becomes the failure message."""
        project = {"DBT_PROJECT_DIR": str(self.project), "DBT_PROFILES_DIR": str(self.project)}
        outcome = subprocess.run(
            dbt_command("--no-use-colors", *arguments),
            cwd=self.project,
            env={**dbt_environment(DataFolder(self.folder)), **project},
            capture_output=True,
            text=True,
            check=False,
        )
        assert outcome.returncode == 0, outcome.stdout[-6000:] + outcome.stderr

    def copy_to(self, folder: Path, project: Path | None = None) -> "Warehouse":
        """Return a copy of this data folder: a dbt that runs in it keeps readers out of the database.

        With another project, dbt reads that anew and not what it remembers of the first.
        """
        forgotten = shutil.ignore_patterns("dbt") if project else None
        return Warehouse(Path(shutil.copytree(self.folder, folder, ignore=forgotten)), project or self.project)

    def build(self, *selection: str) -> "Warehouse":
        """Build every model, seed and data test, or those selected, as the nightly run does."""
        self.dbt("build", "--full-refresh", "--exclude-resource-type", "unit_test", *selection)
        return self

    def build_models(self, audience: str = "public") -> "Warehouse":
        """Build models and seeds without their data tests, whose SQL `test_data_tests_can_fail` runs far quicker."""
        models = ("--resource-type", "model", "--resource-type", "seed", "--vars", f"{{audience: {audience}}}")
        self.dbt("build", "--full-refresh", *models)
        return self

    def manifest(self) -> dict[str, Any]:
        """Return the manifest of the build, with the SQL that it ran."""
        manifest: dict[str, Any] = json.loads((self.target / "manifest.json").read_text())
        return manifest

    def table(self, name: str, where: str = "true") -> pd.DataFrame:
        """Return a mart as published."""
        return self.query(f"select * from marts.{name} where {where}")

    def query(self, sql: str) -> pd.DataFrame:
        """Return the result of a query on the warehouse."""
        with duckdb.connect(str(self.folder / "warehouse.duckdb"), read_only=True) as connection:
            return connection.execute(sql).df()
