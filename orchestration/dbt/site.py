"""dbt's own documentation of the project, every model with its columns, tests, SQL and lineage, as one page."""

import shutil
import subprocess
from pathlib import Path

from orchestration.dbt.project import PARTIAL_PARSE, dbt_command, dbt_environment, prepare_manifest
from orchestration.provenance import DBT_PROJECT_DIR
from sources.folder.data_folder import DataFolder


class SiteError(Exception):
    """The page cannot be written; the message is dbt's own."""


def write_site(folder: DataFolder) -> Path:
    """Write the page below the data folder and return it; it opens from disk and calls nobody.

    It is made from the project alone: types of columns are those of the contracts, and the warehouse is not opened, so
    that a night may run meanwhile.

    Raises:
        DbtParseError: dbt cannot read the project.
        SiteError: dbt cannot write the page.
    """
    manifest = prepare_manifest(folder)
    target = folder.dbt_target.parent / "docs"
    target.mkdir(exist_ok=True)
    shutil.copyfile(manifest, target / "manifest.json")  # which dbt writes only where it compiles
    parsed = folder.dbt_target.parent / "parse" / PARTIAL_PARSE
    if parsed.exists():
        shutil.copyfile(parsed, target / PARTIAL_PARSE)
    environment = {**dbt_environment(folder), "DBT_TARGET_PATH": str(target)}
    command = dbt_command("docs", "generate", "--static", "--no-compile", "--empty-catalog")
    ended = subprocess.run(command, env=environment, cwd=DBT_PROJECT_DIR, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise SiteError(ended.stdout + ended.stderr)
    return target / "static_index.html"


if __name__ == "__main__":
    print(f"written: {write_site(DataFolder.from_environment())}")  # noqa: T201
