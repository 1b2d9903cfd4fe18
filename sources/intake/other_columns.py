"""Deliveries whose rows were typed by an earlier version of their contract, with other columns than it has now."""

from collections.abc import Callable

from sources.contract.load import Contract
from sources.folder.data_folder import DataFolder
from sources.ledger.receipts import Receipt
from sources.reading.parquet import other_columns


def has_other_columns(folder: DataFolder, contract: Contract) -> Callable[[Receipt], bool]:
    """Return what tells of a receipt whether its raw file has other columns or types than the contract says now."""

    def told(receipt: Receipt) -> bool:
        document = contract.document_for(receipt.file_name)
        if document is None or not receipt.was_accepted or receipt.raw_file is None:
            return False
        file = folder.raw / receipt.raw_file
        return file.is_file() and bool(other_columns(file, document))

    return told
