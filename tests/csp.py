"""The command line on a data folder, in a process of its own as whoever works with it runs it, or within this one."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
from dagster import AssetCheckKey, AssetKey
from typer.testing import CliRunner

from orchestration.cli.main import app
from orchestration.instance import open_instance
from sources.folder.data_folder import DataFolder
from tests.dbt_parse import readdress_parse
from tests.places import REPOSITORY

CSP = str(Path(sys.executable).with_name("csp"))
FEED = "police/street_crime"


def has_ended(group: int, program: str = "") -> bool:
    """Return whether no process of a group, or none of a program in it, goes on; a zombie does not."""
    listed = subprocess.run(["ps", "-eo", "pgid=,stat=,args="], capture_output=True, text=True, check=True).stdout
    rows = [line.split(maxsplit=2) for line in listed.splitlines()]
    return not any(
        of == str(group) and not state.startswith("Z") and program in "".join(command) for of, state, *command in rows
    )


@dataclass(frozen=True)
class Installation:
    """A data folder and the command line on it."""

    root: Path
    has_partners: bool = False

    @property
    def environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if name != "DAGSTER_HOME"}
        asked = {"CSP_PARTNERS_RELEASE": "on"} if self.has_partners else {}
        return {**inherited, **asked, "CSP_DATA_DIR": str(self.root)}

    @property
    def database(self) -> Path:
        return self.root / "published" / "current" / "indicators.duckdb"

    @property
    def current(self) -> str:
        return (self.root / "published" / "current").readlink().name

    def csp(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command in a process of its own."""
        return subprocess.run([CSP, *arguments], env=self.environment, capture_output=True, text=True, check=False)

    def last_line(self, *arguments: str, exit_code: int = 0) -> str:
        """Run a command that must end with `exit_code` and return the last line that it says."""
        ended = self.csp(*arguments)
        assert ended.returncode == exit_code, ended.stdout + ended.stderr
        return ended.stdout.strip().splitlines()[-1]

    def night(self, *options: str, exit_code: int = 0) -> str:
        """Run `csp nightly` within this process and return what it says."""
        return self.within("nightly", *options, exit_code=exit_code)

    def within(self, *arguments: str, exit_code: int = 0) -> str:
        """Run a command within this process, which need not import all anew, and return what it says."""
        runner = CliRunner(env={"CSP_DATA_DIR": str(self.root), "DAGSTER_HOME": None})
        ended = runner.invoke(app, [*arguments])
        assert ended.exit_code == exit_code, ended.output
        return ended.stdout.strip()

    def dg(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run Dagster's own command line on this folder's instance."""
        return subprocess.run(
            [str(Path(sys.executable).with_name("dg")), *arguments],
            env={**self.environment, "DAGSTER_HOME": str(self.root / "dagster")},
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=False,
        )

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query on the release that readers see."""
        with duckdb.connect(str(self.database), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def table(self, name: str, where: str = "true") -> pd.DataFrame:
        """Return rows of a table of that release."""
        with duckdb.connect(str(self.database), read_only=True) as connection:
            return connection.execute(f"select * from {name} where {where}").df()

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

    def shown_of_the_release(self) -> dict[str, Any]:
        """Return what Dagster shows of the last publication."""
        with open_instance(DataFolder(self.root)) as instance:
            event = instance.get_latest_materialization_event(AssetKey("release"))
        assert event is not None
        assert event.asset_materialization is not None
        return {name: value.value for name, value in event.asset_materialization.metadata.items()}

    def said_of_readers(self) -> str:
        """Return what Dagster's page of the release says of what readers see, since the last rollback."""
        with open_instance(DataFolder(self.root)) as instance:
            [observed] = instance.fetch_observations(AssetKey("release"), limit=1).records
        assert observed.asset_observation is not None
        return str(observed.asset_observation.description)

    def shown_of(self, asset: str) -> object:
        """Return of which release Dagster's page of an asset tells."""
        with open_instance(DataFolder(self.root)) as instance:
            event = instance.get_latest_materialization_event(AssetKey(asset))
        assert event is not None
        assert event.asset_materialization is not None
        return event.asset_materialization.metadata["release"].value

    def drop(self, name: str, content: bytes) -> Path:
        """Deliver a file of street-level crime."""
        file = self.root / "landing" / FEED / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        return file

    def copy_to(self, root: Path) -> "Installation":
        """Return a copy of this data folder to spoil, links kept."""
        shutil.copytree(self.root, root, symlinks=True)
        readdress_parse(self.root, root)
        return Installation(root)
