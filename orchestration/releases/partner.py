"""The partners' file: figures before suppression, beside the releases and never in one; off unless asked for."""

import os
from collections.abc import Mapping
from pathlib import Path

from orchestration.releases.database import reading
from orchestration.releases.files import BUILDING
from orchestration.releases.tables import STORAGE_VERSION
from sources.folder.data_folder import DataFolder
from sources.folder.durable import put_in_place
from sources.folder.sql_text import identifier, literal

PARTNER_SWITCH = "CSP_PARTNER_FILE"
PARTNER_TABLES = ("indicator_values", "measure_values", "row_accounts")  # in `restricted`: partner_…


def wants_partner_file(environment: Mapping[str, str] = os.environ) -> bool:
    """Return whether the environment asks for the partners' file: CSP_PARTNER_FILE is `on`."""
    return environment.get(PARTNER_SWITCH, "").strip().lower() == "on"


def write_partner_file(folder: DataFolder, warehouse: Path, release_id: str) -> Path:
    """Write `partner/<release id>.duckdb` in a folder that its owner alone can enter, and return it.

    Schema `partner` holds the unsuppressed tables of PARTNER_TABLES. What is there already is left as it is.
    """
    target = folder.partner / f"{release_id}.duckdb"
    folder.partner.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.partner.chmod(0o700)
    if target.exists():
        return target
    building = folder.partner / f"{BUILDING}{release_id}.duckdb"
    building.unlink(missing_ok=True)
    with reading(folder, warehouse, "warehouse") as connection:
        connection.execute(f"attach {literal(str(building))} as partners (storage_version {literal(STORAGE_VERSION)})")
        building.chmod(0o600)
        connection.execute("create schema partners.partner")
        for table in PARTNER_TABLES:
            connection.execute(
                f"create table partners.partner.{identifier(table)} "
                f"as from restricted.{identifier(f'partner_{table}')} order by all"
            )
        connection.execute("detach partners")
    put_in_place(building, target)
    return target
