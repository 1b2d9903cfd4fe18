"""Hand-made street crime files, and a data folder to drop them into."""

import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pytest

from sources.contract.load import Contract, load_contracts
from sources.folder.data_folder import DataFolder
from sources.intake.take_in import IntakeResult, take_in
from sources.ledger.receipts import Ledger, Receipt
from tests.extracts import headers

NAME = "2021-04-leicestershire-street.csv"
FEED = "police/street_crime"
HEADER = ",".join(headers(FEED))


def row(number: int, **changes: str) -> str:
    """Return a sound row, its Crime ID made of `number`, with some values changed (by canonical name)."""
    values = {
        "crime_id": f"{number:064x}",
        "month": "2021-04",
        "reported_by": "Leicestershire Police",
        "falls_within": "Leicestershire Police",
        "longitude": "-0.886957",
        "latitude": "52.765432",
        "location": "On or near High Street",
        "lsoa_code": "E01025890",
        "lsoa_name": "Melton 003A",
        "crime_type": "Burglary",
        "last_outcome_category": "Under investigation",
        "context": "",
    }
    return ",".join({**values, **changes}.values())


def file_of(rows: Sequence[str], header: str = HEADER, end: str = "\r\n") -> bytes:
    """Return the bytes of a file of `rows`."""
    return (end.join([header, *rows]) + end).encode()


def sound_rows(count: int = 40) -> list[str]:
    """Return sound rows 2, 3, ... of a file; one broken row among 40 is within the contract's limit."""
    return [row(number) for number in range(2, count + 2)]


@dataclass
class Drop:
    """A data folder with one feed, into which a test drops files."""

    folder: DataFolder
    contract: Contract
    said: list[str] = field(default_factory=list)

    @property
    def landing(self) -> Path:
        return self.folder.landing_of(self.contract.key)

    def put(self, content: bytes, name: str = NAME, age_seconds: float = 60) -> Path:
        file = self.landing / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        changed = time.time() - age_seconds
        os.utime(file, (changed, changed))
        return file

    def take_in(self, **options: float) -> IntakeResult:
        with pytest.MonkeyPatch.context() as patch:
            # Folders and empty files of all the other feeds cost more than a test.
            patch.setattr("sources.intake.prepare.load_contracts", dict)
            return take_in(self.contract, self.folder, self.said.append, settle_seconds=0.2, **options)  # type: ignore[arg-type]

    def take(self, content: bytes, name: str = NAME) -> Receipt:
        """Drop one file, take it in, and return its receipt."""
        self.put(content, name)
        (receipt,) = self.take_in().receipts
        return receipt

    def raw(self, columns: str = "*", order: str = "row_number") -> list[tuple[object, ...]]:
        files = self.folder.raw_of(self.contract.key) / "*.parquet"
        with duckdb.connect() as connection:
            return connection.execute(f"SELECT {columns} FROM '{files}' ORDER BY {order}").fetchall()

    def rejected(self, columns: str = "row_number, rule, column_name, value") -> list[tuple[object, ...]]:
        files = self.folder.rejected_of(self.contract.key) / "*.parquet"
        with duckdb.connect() as connection:
            return connection.execute(f"SELECT {columns} FROM '{files}' ORDER BY row_number, rule_order").fetchall()

    def receipts(self) -> list[Receipt]:
        return Ledger(self.folder).receipts()

    def state(self) -> dict[str, object]:
        """Return everything that intake wrote and that must not depend on when a run died."""
        receipts = [json.loads(line) for line in self.folder.receipts.read_text().splitlines()]
        for receipt in receipts:
            receipt.pop("received_at")
        seen = [
            {key: value for key, value in json.loads(line).items() if key != "mtime_ns"}
            for line in self.folder.landing_files.read_text().splitlines()
        ]
        files = [
            path.relative_to(self.folder.root).as_posix()
            for path in sorted(self.folder.root.rglob("*"))
            if path.is_file()
        ]
        return {"receipts": receipts, "seen": seen, "files": files, "raw": self.raw(order="ALL")}


@pytest.fixture(scope="session")
def contract() -> Contract:
    return load_contracts()[FEED]


@pytest.fixture
def drop(tmp_path: Path, contract: Contract) -> Drop:
    return Drop(DataFolder(tmp_path / "data"), contract)


@pytest.fixture
def drops(tmp_path: Path, contract: Contract) -> Callable[[], Drop]:
    """Make as many separate data folders as a test asks for."""
    made: list[Drop] = []

    def make() -> Drop:
        made.append(Drop(DataFolder(tmp_path / f"data{len(made)}"), contract))
        return made[-1]

    return make
