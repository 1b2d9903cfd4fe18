"""The partners' file."""

import stat
from pathlib import Path

import duckdb

from orchestration.releases import wants_partner_file, write_partner_file
from orchestration.releases.partner import PARTNER_TABLES
from sources.folder.data_folder import DataFolder


def test_the_partners_file_is_apart_and_for_its_owner_alone(tmp_path: Path) -> None:
    """Off unless asked for; the published tables' unsuppressed forms, in a schema of their own, and written once."""
    assert not wants_partner_file({})
    assert not wants_partner_file({"CSP_PARTNER_FILE": "off"})
    assert wants_partner_file({"CSP_PARTNER_FILE": "on"})
    folder = DataFolder(tmp_path)
    with duckdb.connect(str(folder.warehouse)) as connection:
        connection.execute("create schema restricted")
        for table in PARTNER_TABLES:
            connection.execute(f"create table restricted.partner_{table} as select '{table}' as model, 3 as value")
    file = write_partner_file(folder, folder.warehouse, "2011-06-30.1")
    assert file == tmp_path / "partner" / "2011-06-30.1.duckdb"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    with duckdb.connect(str(file), read_only=True) as connection:
        for table in ("indicator_values", "measure_values", "row_accounts"):
            assert connection.execute(f"select model, value from partner.{table}").fetchall() == [(table, 3)]
    moment = file.stat().st_mtime_ns
    assert write_partner_file(folder, folder.warehouse, "2011-06-30.1").stat().st_mtime_ns == moment
