"""Changing the link key: the accepted rows of feeds with hashed columns are written anew, from the archive."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

from sources.contract.load import Contract, load_contracts
from sources.folder.data_folder import DataFolder
from sources.folder.durable import put_in_place
from sources.ledger import unfinished
from sources.ledger.receipts import Ledger, Receipt
from sources.personal.link_key import note_key, read_key
from sources.reading.delivery import Delivery
from sources.reading.engine import engine
from sources.reading.header import read_header
from sources.reading.rows import read_rows

COMMAND = "rehash"


class RehashError(Exception):
    """A delivery cannot be written anew as it was taken in; the message names it, and the new key is not noted."""


def rehash(folder: DataFolder, progress: Callable[[str], None], contracts: dict[str, Contract] | None = None) -> int:
    """Write every accepted row with hashed columns anew under the key of now; return the number of deliveries.

    The caller holds the data folder's writer lock. Every delivery is read before the first file changes, so that one
    that cannot be changes nothing. A run that dies leaves a note with which nothing is built, and is simply repeated.

    Raises:
        RehashError: a delivery does not give the rows that its receipt says.
        LinkKeyError: there is no key to use.
    """
    feeds = contracts or load_contracts()
    key = read_key(folder)
    shutil.rmtree(folder.rehash_work, ignore_errors=True)
    folder.rehash_work.mkdir(parents=True, mode=0o700)
    latest: dict[str, Receipt] = {}
    for receipt in Ledger(folder).receipts():
        if receipt.erasure:
            continue  # neither bytes nor rows are left of it
        if receipt.raw_file and receipt.source_feed in feeds:
            latest[receipt.raw_file] = receipt
    is_half_done = unfinished.begin(folder, COMMAND)
    written: dict[Path, Path] = {}  # by the place of each
    try:
        for raw_file, receipt in latest.items():
            document = feeds[receipt.source_feed].document_for(receipt.file_name)
            if document is None or document.hashed_columns:
                written[folder.raw / raw_file] = _written_anew(folder, receipt, document, key)
                progress(f"{receipt.source_feed}: {receipt.file_name} hashed anew for {raw_file}")
        unfinished.change(folder, COMMAND)
    except Exception:
        if not is_half_done:
            unfinished.end(folder)
        raise
    else:
        for place, finished in written.items():
            put_in_place(finished, place)
    finally:
        for work in (folder.intake_work, folder.rehash_work):
            shutil.rmtree(work, ignore_errors=True)
    note_key(folder, key)
    unfinished.end(folder)
    return len(written)


def _written_anew(folder: DataFolder, receipt: Receipt, document: Contract | None, key: bytes) -> Path:
    """Return the file of a delivery's rows under the new key, beside the one that counts."""
    if document is None:
        raise RehashError(
            f"{receipt.file_name}: no contract takes a file of this name now. Give the old one back first."
        )
    shutil.rmtree(folder.intake_work, ignore_errors=True)
    folder.intake_work.mkdir(parents=True, mode=0o700)
    header = read_header(document, folder.archived(receipt.file_sha256), receipt.file_name, folder.intake_work)
    start, end = (date.fromisoformat(str(day)) for day in (receipt.period_start, receipt.period_end))
    delivery = Delivery(document, header, start, end, receipt.supplier, receipt.file_sha256)
    with engine(folder.intake_work) as database:
        rows = read_rows(database, delivery, folder.intake_work, key)
    if rows.accepted_file is None or rows.accepted != receipt.rows_accepted:
        raise RehashError(
            f"{receipt.file_name}: the contract accepts {rows.accepted:,} rows, not {receipt.rows_accepted:,} as then. "
            "Run `csp nightly` under the old key first, so that the new contract's version is taken in."
        )
    finished = folder.rehash_work / str(receipt.raw_file)
    finished.parent.mkdir(parents=True, exist_ok=True)
    return rows.accepted_file.replace(finished)
