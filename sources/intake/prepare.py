"""What every feed has before anything is taken in: a landing folder, empty Parquet files, facts for models."""

import json

import duckdb

from sources.contract.load import Contract, load_contracts
from sources.folder.data_folder import DataFolder
from sources.folder.durable import put_in_place, write_whole
from sources.folder.sql_text import literal
from sources.reading.parquet import EMPTY_REJECTED, PARQUET, empty_raw

NO_ROWS = "_no_rows.parquet"


def prepare(folder: DataFolder, taking_in: Contract, database: duckdb.DuckDBPyConnection) -> None:
    """Make the landing folders, the empty Parquet files that type the globs, and feeds.jsonl, for every feed."""
    contracts = {**load_contracts(), taking_in.key: taking_in}.values()
    work = folder.intake_work
    finished = work / NO_ROWS
    for contract in contracts:
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
    facts = "".join(json.dumps(_feed_facts(contract)) + "\n" for contract in contracts)
    if not (folder.feeds.exists() and folder.feeds.read_text() == facts):
        write_whole(folder.feeds, facts)
    for file in (folder.receipts, folder.withdrawals, folder.landing_files):
        file.touch()


def _feed_facts(contract: Contract) -> dict[str, object]:
    ends = [document.last_day for document in contract.documents]
    return {
        "agency": contract.agency,
        "feed": contract.feed,
        "title": contract.title,
        "owner": contract.owner,
        "licence": contract.licence,
        "cadence": contract.cadence,
        "due_days": contract.due_days,
        "slack_days": contract.slack_days,
        "months_per_period": contract.months_per_period,
        "is_owed": any(document.is_owed for document in contract.documents),
        "last_day": None if None in ends else max(end for end in ends if end),
        "first_period": contract.feed_first_period,
        "revision_window_months": contract.revision_window_months,
        "contract_version": contract.feed_version,
        "source_feed": contract.key,
    }
