"""What every feed has before anything is taken in: a landing folder, and empty Parquet files."""

from contextlib import suppress

import duckdb

from sources.contract.load import Contract, load_contracts
from sources.folder.data_folder import DataFolder
from sources.folder.durable import put_in_place, write_whole
from sources.folder.sql_text import literal
from sources.reading.parquet import EMPTY_REJECTED, PARQUET, empty_raw

NO_ROWS = "_no_rows.parquet"


def prepare(folder: DataFolder, taking_in: Contract, database: duckdb.DuckDBPyConnection) -> None:
    """Make the landing folders and the empty Parquet files that type the globs, for every feed."""
    contracts = {**load_contracts(), taking_in.key: taking_in}.values()
    with suppress(OSError):
        folder.incoming.mkdir(parents=True, exist_ok=True)
    work = folder.intake_work
    finished = work / NO_ROWS
    for contract in contracts:
        # What stands in its place is named by the look into landing; it is no reason to stop.
        with suppress(OSError):
            folder.landing_of(contract.key).mkdir(parents=True, exist_ok=True)
        raw = folder.raw_of(contract.key) / NO_ROWS
        # Those of other feeds are written anew by their own intake, should their contract have changed.
        if contract.key == taking_in.key or not raw.exists():
            database.execute(f"COPY ({empty_raw(contract)}) TO {literal(str(finished))} ({PARQUET})")
            put_in_place(finished, raw)
    no_rejected = work / "no_rejected.parquet"
    database.execute(f"COPY ({EMPTY_REJECTED}) TO {literal(str(no_rejected))} ({PARQUET})")
    for contract in contracts:
        rejected = folder.rejected_of(contract.key) / NO_ROWS
        if contract.key == taking_in.key or not rejected.exists():
            write_whole(rejected, no_rejected.read_bytes())
    # Whoever looks finds them, empty or not.
    for file in (folder.receipts, folder.withdrawals, folder.landing_files):
        file.touch()
