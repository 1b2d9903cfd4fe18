"""dbt as Dagster's steps start it."""

from collections.abc import Sequence
from importlib.metadata import version

from dagster_dbt import DbtCliResource
from packaging.version import Version

from orchestration.dbt.project import dbt_command
from orchestration.provenance import DBT_PROJECT_DIR
from sources.folder.data_folder import DataFolder


class DbtStartedOnce(DbtCliResource):
    """dbt without what `cli` prepares for a build, seconds each: a `dbt --version`, and an adapter that nobody uses."""

    @property
    def _cli_version(self) -> Version:
        return Version(version("dbt-core"))

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> None:  # type: ignore[override]  # noqa: ARG002
        return None


def dbt_resource(folder: DataFolder) -> DbtCliResource:
    """Return dbt as the steps start it: it reads the data folder from the environment and writes only inside it."""
    return DbtStartedOnce(
        project_dir=str(DBT_PROJECT_DIR),
        profiles_dir=str(DBT_PROJECT_DIR),
        dbt_executable=dbt_command()[0],
        # Else the file has every statement and its node, as JSON: tens of MB a night, and a tenth of dbt's time.
        global_config_flags=[
            *("--no-version-check", "--log-path", str(folder.dbt_logs)),
            *("--log-level-file", "info", "--log-format-file", "text"),
        ],
    )
