"""What every feed has before anything is taken in: a landing folder, and empty Parquet files."""

from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from sources.contract.load import Contract, load_contracts
from sources.folder.data_folder import DataFolder
from sources.folder.durable import write_whole
from sources.folder.sql_text import literal
from sources.reading.parquet import EMPTY_REJECTED, PARQUET, empty_raw

NO_ROWS = "_no_rows.parquet"


def prepare(folder: DataFolder, taking_in: Contract) -> None:
    """Make the landing folders and the empty Parquet files that type the globs, for every feed."""
    with suppress(OSError):
        folder.incoming.mkdir(parents=True, exist_ok=True)
    _prepare_others(folder)
    raw, rejected = _folders_of(folder, taking_in)
    # Written anew, should the contract have changed.
    _have_no_rows(raw / NO_ROWS, empty_raw(taking_in))
    _have_no_rows(rejected / NO_ROWS, EMPTY_REJECTED)
    # Whoever looks finds them, empty or not.
    for file in (folder.receipts, folder.withdrawals, folder.landing_files):
        file.touch()


def _prepare_others(folder: DataFolder) -> None:
    for contract in load_contracts().values():
        if all((of(contract.key) / NO_ROWS).exists() for of in (folder.raw_of, folder.rejected_of)):
            continue  # a night takes in feed after feed, and each makes its own again
        raw, rejected = _folders_of(folder, contract)
        for file, select in ((raw / NO_ROWS, empty_raw(contract)), (rejected / NO_ROWS, EMPTY_REJECTED)):
            if not file.exists():
                _have_no_rows(file, select)


def _folders_of(folder: DataFolder, contract: Contract) -> tuple[Path, Path]:
    """Return the folders of a feed's accepted and rejected rows; its landing folder is made."""
    # What stands in its place is named by the look into landing; it is no reason to stop.
    with suppress(OSError):
        folder.landing_of(contract.key).mkdir(parents=True, exist_ok=True)
    return folder.raw_of(contract.key), folder.rejected_of(contract.key)


def _have_no_rows(file: Path, select: str) -> None:
    """Make the empty Parquet file of a SELECT of no rows, unless it is there: the file itself says what made it."""
    if not file.exists() or _made_by(select).encode() not in file.read_bytes():
        write_whole(file, _no_rows(select))


def _made_by(select: str) -> str:
    return f"{select} in DuckDB {duckdb.__version__}"


@cache
def _no_rows(select: str) -> bytes:
    """Return a Parquet file without rows."""
    with TemporaryDirectory() as work, _database().cursor() as database:
        file = Path(work) / NO_ROWS
        made_by = f"KV_METADATA {{made_by: {literal(_made_by(select))}}}"
        database.execute(f"COPY ({select}) TO {literal(str(file))} ({PARQUET}, {made_by})")
        return file.read_bytes()


@cache
def _database() -> duckdb.DuckDBPyConnection:
    """Return an empty database: to open one costs more than all that a feed with nothing new needs."""
    return duckdb.connect(config={"threads": 1})
