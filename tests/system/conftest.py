"""System tests run the real command line in a process of its own, on real extracts, in a temporary data folder."""

import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
from dagster import AssetCheckKey, AssetKey

from orchestration.instance import open_instance
from sources.folder.data_folder import DataFolder
from tests.built_once import built_once

CSP = str(Path(sys.executable).with_name("csp"))
PROJECT_ROOT = Path(__file__).resolve().parents[2]
FEED = "police/street_crime"
SAMPLE = PROJECT_ROOT / "sources" / "samples" / "leicestershire-street-2020-04-2022-03.zip"
MARCH = "2022-03-leicestershire-street.csv"


def month(name: str) -> bytes:
    with zipfile.ZipFile(SAMPLE) as archive:
        return archive.read(f"{name[:7]}/{name}")


def damaged(content: bytes, rows: int) -> bytes:
    """Return the file with `rows` rows whose crime type nobody knows."""
    lines = content.decode().splitlines(keepends=True)
    for number in range(1, rows + 1):
        cells = lines[number].split(",")
        cells[9] = "Jaywalking"
        lines[number] = ",".join(cells)
    return "".join(lines).encode()


@dataclass(frozen=True)
class Warehouse:
    """A data folder and the command line on it."""

    root: Path

    @property
    def environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if name != "DAGSTER_HOME"}
        return {**inherited, "CSP_DATA_DIR": str(self.root)}

    @property
    def database(self) -> Path:
        return self.root / "published" / "current" / "indicators.duckdb"

    @property
    def current(self) -> str:
        return (self.root / "published" / "current").readlink().name

    def csp(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([CSP, *arguments], env=self.environment, capture_output=True, text=True, check=False)

    def last_line(self, *arguments: str, exit_code: int = 0) -> str:
        """Run a command that must end with `exit_code` and return the last line that it says."""
        ended = self.csp(*arguments)
        assert ended.returncode == exit_code, ended.stdout + ended.stderr
        return ended.stdout.strip().splitlines()[-1]

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.database), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def ending(self) -> tuple[str, str]:
        """Return the outcome and the reason that Dagster's list of runs shows for the latest run."""
        with open_instance(DataFolder(self.root)) as instance:
            tags = instance.get_runs(limit=1)[0].tags
        return tags["outcome"], tags["reason"]

    def runs(self) -> list[str]:
        """Return the jobs that were run, the first first."""
        with open_instance(DataFolder(self.root)) as instance:
            return [run.job_name for run in reversed(instance.get_runs())]

    def verdicts(self, asset: str) -> dict[str, str]:
        """Return what Dagster shows of each check of an asset: the status of its latest execution."""
        with open_instance(DataFolder(self.root)) as instance:
            log = instance.event_log_storage
            with log.index_connection() as connection:
                names = connection.exec_driver_sql(
                    "select distinct asset_key, check_name from asset_check_executions"
                ).all()
            keys = [AssetCheckKey(AssetKey.from_db_string(key), name) for key, name in names]
            latest = log.get_latest_asset_check_execution_by_key(
                [key for key in keys if key.asset_key.to_user_string() == asset]
            )
        return {key.name: record.status.value for key, record in latest.items()}

    def drop(self, name: str, content: bytes) -> Path:
        file = self.root / "landing" / FEED / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        return file

    def copy_to(self, root: Path) -> "Warehouse":
        """Return a copy of this data folder to spoil, links kept."""
        shutil.copytree(self.root, root, symlinks=True)
        return Warehouse(root)


def published(factory: pytest.TempPathFactory, name: str, *samples: str) -> Warehouse:
    """Return a warehouse of samples, put and published by the real command line."""

    def night(root: Path) -> None:
        warehouse = Warehouse(root / "data")
        warehouse.last_line("samples", *samples)
        warehouse.last_line("nightly")

    return Warehouse(built_once(factory, name, night) / "data")


@pytest.fixture(scope="session")
def published_sample(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The bundled sample, published by the real nightly job. Tests read it; those that change something copy it."""
    return published(tmp_path_factory, "sample", "--set", "open-data")


@pytest.fixture(scope="session")
def whole_sample(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Real open data and synthetic plan-time extracts side by side, published by the real nightly job."""
    return published(tmp_path_factory, "whole_sample")


@pytest.fixture
def warehouse(published_sample: Warehouse, tmp_path: Path) -> Warehouse:
    return published_sample.copy_to(tmp_path / "data")
