"""DAGSTER_HOME of a data folder, with the shipped settings; Dagster itself is not needed for it."""

import os
from pathlib import Path

from orchestration.dagster_server import server_address
from orchestration.provenance import PROJECT_ROOT
from sources.folder.data_folder import DataFolder
from sources.folder.rights import READERS, make_folder

_SETTINGS, _FILES, _SERVER = (
    Path(__file__).with_name(f"{name}.yaml") for name in ("dagster", "dagster_sqlite", "dagster_postgres")
)


def prepare_dagster_home(folder: DataFolder) -> Path:
    """Put the shipped `dagster.yaml` into the data folder's DAGSTER_HOME and point the environment there.

    A DAGSTER_HOME that the shell has set is not used: it belongs to another project, and may call home. The address of
    a database stays in the environment, and never in the file.

    Raises:
        DagsterServerError: the environment does not say well which database keeps Dagster's runs.
    """
    home = folder.dagster_home
    make_folder(folder.root, READERS)
    home.mkdir(exist_ok=True)
    home.chmod(0o700)  # results of checks can show numbers of people
    settings = _SETTINGS.read_text(encoding="utf-8") + (_SERVER if server_address() else _FILES).read_text(
        encoding="utf-8"
    )
    (home / "dagster.yaml").write_text(settings, encoding="utf-8")
    os.environ["DAGSTER_HOME"] = str(home)
    os.environ["CSP_DATA_DIR"] = str(folder.root)
    os.environ.setdefault("DAGSTER_EVENT_BATCH_SIZE", "1000")  # what a run plans is stored at once
    return home


def write_env_file(checkout: Path) -> None:
    """Have `dg` and `dagster`, started in a checkout, open the instance that `csp` opens; a `.env` that is there stays.

    Both read the file, and it names the data folder of the environment, or else `data/` of the checkout.
    """
    file = checkout / ".env"
    if not file.exists():
        file.write_text(f"CSP_DATA_DIR=${{CSP_DATA_DIR:-{checkout}/data}}\nDAGSTER_HOME=${{CSP_DATA_DIR}}/dagster\n")


if __name__ == "__main__":
    prepare_dagster_home(DataFolder.from_environment())
    write_env_file(PROJECT_ROOT)
