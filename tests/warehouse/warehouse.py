"""Runs the real dbt on a data folder and reads what it built."""

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from orchestration.dbt.project import dbt_command, dbt_environment
from sources.folder.data_folder import DataFolder
from tests.dbt_parse import readdress_parse
from tests.places import DBT_PROJECT, REPOSITORY


@dataclass(frozen=True)
class Warehouse:
    """A data folder that dbt builds, by the project of the repository or by a changed copy of it."""

    folder: Path
    project: Path = DBT_PROJECT

    @property
    def target(self) -> Path:
        return DataFolder(self.folder).dbt_target

    def dbt(self, *arguments: str) -> None:
        """Run dbt; its output becomes the failure message."""
        self._run(dbt_command("--no-use-colors", *arguments))

    def _run(self, command: Sequence[str]) -> None:
        place = str(self.project)
        outcome = subprocess.run(
            command,
            cwd=self.project,
            env={
                **dbt_environment(DataFolder(self.folder)),
                **{"DBT_PROJECT_DIR": place, "DBT_PROFILES_DIR": place, "PYTHONPATH": str(REPOSITORY)},
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert outcome.returncode == 0, outcome.stdout[-20_000:] + outcome.stderr

    def copy_to(self, folder: Path) -> "Warehouse":
        """Return a copy of this data folder: a dbt that runs in it keeps readers out of the database."""
        shutil.copytree(self.folder, folder)
        readdress_parse(self.folder, folder)
        return Warehouse(folder)

    def build(self) -> "Warehouse":
        """Build every model, seed and data test, as the nightly run does."""
        self.dbt("build", "--full-refresh", "--exclude-resource-type", "unit_test")
        return self

    def build_models(self, audience: str = "public") -> "Warehouse":
        """Build models and seeds without their data tests, whose SQL `test_data_tests_can_fail` runs far quicker."""
        # A variable, even one as it stands in the project, makes dbt read all of that anew: see `give_parse`.
        variables = () if audience == "public" else ("--vars", f"{{audience: {audience}}}")
        self.dbt("build", "--full-refresh", "--resource-type", "model", "--resource-type", "seed", *variables)
        return self

    def dbt_killed_at(self, moments: Sequence[str], *arguments: str) -> None:
        """Run dbt as often as there are moments, each time killed at one, and then to the end."""
        self._run([sys.executable, "-m", "tests.warehouse.killed_builds", *moments, "--", *arguments])

    def build_by_the_sql_of(self, other: "Warehouse") -> "Warehouse":
        """Make every model by the SQL that dbt compiled for another warehouse: without dbt's half minute.

        The SQL is that of the other's audience and own feeds. What dbt adds to it, the other warehouse proves. Seeds
        are the other's too, where this warehouse has none.
        """
        if not (self.folder / "warehouse.duckdb").exists():
            shutil.copy(other.folder / "warehouse.duckdb", self.folder)
        nodes = other.manifest()["nodes"]
        models = {key: node for key, node in nodes.items() if node["resource_type"] == "model"}
        order = TopologicalSorter({key: set(node["depends_on"]["nodes"]) for key, node in models.items()})
        with duckdb.connect(str(self.folder / "warehouse.duckdb")) as connection:
            for model in (models[key] for key in order.static_order() if key in models):
                kind = "view" if model["config"]["materialized"] == "view" else "table"
                sql = model["compiled_code"].replace(str(other.folder), str(self.folder))
                sql = sql.replace(str(other.project), str(self.project))
                connection.execute(f"create or replace {kind} {model['relation_name']} as {sql}")
        return self

    def failed_data_tests(self, other: "Warehouse", named: str = "") -> list[str]:
        """Return the names of the data tests, or of those `named`, that find a fault here.

        Their SQL is what dbt compiled for another warehouse.
        """
        nodes = other.manifest()["nodes"].values()
        tests = [node for node in nodes if node["resource_type"] == "test" and named in node["name"]]
        assert tests
        folders = str(other.folder), str(self.folder)
        with duckdb.connect(str(self.folder / "warehouse.duckdb"), read_only=True) as connection:
            found = {
                test["name"]: connection.execute(test["compiled_code"].replace(*folders)).fetchall() for test in tests
            }
        return [name for name, rows in found.items() if rows]

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
