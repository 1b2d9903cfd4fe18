"""One writer at a time, and a message that names the other one."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from orchestration.assets.models import _have_sound_warehouse
from orchestration.writer_lock import WarehouseBusyError, require_free_warehouse, writer_lock
from sources.folder.data_folder import DataFolder

HOLD_LOCK = """
import sys
from pathlib import Path
from orchestration.writer_lock import writer_lock
from sources.folder.data_folder import DataFolder
with writer_lock(DataFolder(Path(sys.argv[1]))):
    print("held", flush=True)
    sys.stdin.read()
"""
HOLD_WAREHOUSE = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1], read_only=True)
print("held", flush=True)
sys.stdin.read()
"""


def hold(code: str, argument: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(argument)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "held"
    return process


def test_names_the_process_that_holds_the_folder(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    other = hold(HOLD_LOCK, tmp_path)
    try:
        with pytest.raises(WarehouseBusyError, match=f"process {other.pid} "), writer_lock(folder):
            pass
    finally:
        other.kill()
        other.wait()
    with writer_lock(folder):
        pass


def test_is_reentrant_within_a_process(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    with writer_lock(folder), writer_lock(folder):
        pass
    other = hold(HOLD_LOCK, tmp_path)
    other.kill()
    other.wait()


def test_names_the_reader_that_holds_the_warehouse(tmp_path: Path) -> None:
    warehouse = tmp_path / "warehouse.duckdb"
    require_free_warehouse(warehouse)
    duckdb.connect(str(warehouse)).close()
    other = hold(HOLD_WAREHOUSE, warehouse)
    try:
        with pytest.raises(WarehouseBusyError, match=rf"PID {other.pid}"):
            require_free_warehouse(warehouse)
    finally:
        other.kill()
        other.wait()
    require_free_warehouse(warehouse)


def overwrite_blocks(file: Path) -> None:
    content = bytearray(file.read_bytes())
    for at in range(12388, len(content), 262144):
        content[at : at + 64] = b"\xff" * 64
    file.write_bytes(content)


def overwrite_all(file: Path) -> None:
    file.write_bytes(b"garbage" * 100)


def cut_short(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:100_000])


@pytest.mark.parametrize("damage", [overwrite_all, overwrite_blocks, cut_short])
def test_a_damaged_warehouse_is_deleted_and_a_held_one_is_not(
    tmp_path: Path, damage: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    """DuckDB says `block` of some damage, which is no lock."""
    folder = DataFolder(tmp_path)
    with duckdb.connect(str(folder.warehouse)) as connection:
        connection.execute("create table numbers as select range as number from range(100000)")
    other = hold(HOLD_WAREHOUSE, folder.warehouse)
    try:
        with pytest.raises(WarehouseBusyError):
            _have_sound_warehouse(folder)
    finally:
        other.kill()
        other.wait()
    _have_sound_warehouse(folder)
    assert folder.warehouse.exists()
    damage(folder.warehouse)
    with caplog.at_level("INFO", logger="csp"):
        _have_sound_warehouse(folder)
    assert not folder.warehouse.exists()
    assert f"{folder.warehouse} cannot be opened" in caplog.text
