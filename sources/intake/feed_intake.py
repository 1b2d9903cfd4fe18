"""One intake of one feed: what its steps work with, and what they have done so far."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import duckdb

from sources.contract.load import Contract
from sources.folder.data_folder import DataFolder
from sources.folder.printable import printable
from sources.intake.file_name import FileName
from sources.intake.history import History
from sources.intake.other_columns import has_other_columns
from sources.ledger.delivery_key import DeliveryKey
from sources.ledger.receipts import Ledger, Receipt, erased_bytes
from sources.reading.engine import engine


@dataclass
class FeedIntake:
    """One intake of one feed."""

    contract: Contract
    folder: DataFolder
    progress: Callable[[str], None]
    engines: ExitStack
    """Closes the DuckDB that reads deliveries, if one was needed."""
    history: History
    erased: dict[str, Receipt]
    """By sha256, what may not come again in any feed."""
    new: list[Receipt] = field(default_factory=list)

    @classmethod
    def of(
        cls,
        contract: Contract,
        folder: DataFolder,
        progress: Callable[[str], None],
        engines: ExitStack,
    ) -> "FeedIntake":
        """Return an intake that has read the ledger and done nothing yet."""
        ledger = Ledger(folder)
        receipts = ledger.receipts()
        of_feed = [receipt for receipt in receipts if receipt.source_feed == contract.key]
        history = History(of_feed, ledger.landing_files(), contract.version_for, has_other_columns(folder, contract))
        return cls(contract, folder, progress, engines, history, erased_bytes(receipts))

    @cached_property
    def database(self) -> duckdb.DuckDBPyConnection:
        """Return the DuckDB that reads deliveries, which is opened when it is first asked for."""
        return self.engines.enter_context(engine(self.work))

    def forget_database(self) -> None:
        """Close it: the next delivery is read by a new one."""
        self.engines.close()
        self.__dict__.pop("database", None)

    @property
    def ledger(self) -> Ledger:
        """Return the ledger of the data folder."""
        return Ledger(self.folder)

    def delivery_key(self, told: FileName) -> DeliveryKey:
        """Return the key of a delivery that is not in the ledger yet."""
        return DeliveryKey(self.contract.key, told.supplier, told.start, told.is_synthetic, told.part)

    @property
    def work(self) -> Path:
        """Return the folder of unfinished files."""
        return self.folder.intake_work

    def say(self, text: str) -> None:
        """Tell the operator; nothing that a sender wrote, because Dagster keeps it after an erasure."""
        self.progress(printable(f"{self.contract.key}: {text}"))
