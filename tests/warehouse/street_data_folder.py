"""Data folders as intake leaves them, written by hand so that the models are tested without intake."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from sources.contract.load import load_contracts
from sources.folder.sql_text import literal
from sources.reading.parquet import empty_raw

FEED = "police/street_crime"
# LSOAs: two of one Melton ward, one of Leicester, one of Lincolnshire, one that no look-up knows.
MELTON, MELTON_TOO = "E01025885", "E01025886"
LEICESTER = "E01013615"
LINCOLNSHIRE = "E01026302"
UNKNOWN = "E01999999"


@dataclass
class StreetDataFolder:
    """A data folder with street-level deliveries; `deliver` adds a receipt."""

    root: Path
    receipts: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.raw = self.root / "raw" / FEED
        self.contract = load_contracts()[FEED]
        (self.root / "ledger").mkdir(exist_ok=True)
        self._write_no_rows()
        self._write_ledger()

    def deliver(
        self,
        month: str,
        rows: Sequence[tuple[str | None, str]],
        supplier: str | None = "leicestershire",
        outcome: str = "accepted",
        rejected_by_rule: dict[str, int] | None = None,
        is_synthetic: bool = False,
        same_bytes_as: str | None = None,
    ) -> str:
        """Deliver (LSOA code, crime type) rows of a month, as `2021-04`, and return the sha256 of the file.

        `same_bytes_as` is the sha256 of a file taken in before: these rows replace its raw rows, as a newer contract
        may have it.
        """
        sha256 = same_bytes_as or hashlib.sha256(f"{len(self.receipts)} {month} {supplier} {rows}".encode()).hexdigest()
        raw_file = None
        if outcome in {"accepted", "partly_accepted"}:
            raw_file = f"{month}_{supplier}_{sha256[:16]}.parquet"
            self._copy(rows, raw_file, month, sha256)
        self._receive(month, supplier, sha256, outcome, len(rows), rejected_by_rule, is_synthetic, raw_file)
        return sha256

    def _receive(
        self,
        month: str,
        supplier: str | None,
        sha256: str,
        outcome: str,
        accepted: int,
        rejected_by_rule: dict[str, int] | None,
        is_synthetic: bool,
        raw_file: str | None,
    ) -> None:
        rejected = sum((rejected_by_rule or {}).values())
        number = len(self.receipts) + 1
        self.receipts.append(
            {
                "receipt_number": number,
                "file_sha256": sha256,
                "agency": "police",
                "feed": "street_crime",
                "file_name": f"{month}-{supplier}-street.csv",
                "delivery_name": f"police/street_crime {supplier} {month}, receipt {number}",
                "landing_path": f"police/street_crime/{month}-{supplier}-street.csv",
                "container_sha256": None,
                "supplier": supplier,
                "period_start": f"{month}-01",
                "period_end": pd.Period(month, "M").end_time.date().isoformat(),
                "received_at": f"2026-01-01T00:00:{number % 60:02d}Z",
                "byte_count": 1,
                "rows_delivered": accepted + rejected,
                "rows_accepted": accepted,
                "rows_rejected": rejected,
                "outcome": outcome,
                "reasons": [] if outcome == "accepted" else [f"this delivery was {outcome}"],
                "warnings": [],
                "rejected_by_rule": rejected_by_rule or {},
                "contract_version": "1.0.0",
                "is_synthetic": is_synthetic,
                "raw_file": raw_file and f"{FEED}/{raw_file}",
                "rejected_file": None,
            }
        )
        self._write_ledger()

    def _write_ledger(self) -> None:
        (self.root / "ledger" / "receipts.jsonl").write_text(
            "".join(json.dumps(receipt) + "\n" for receipt in self.receipts)
        )

    def _copy(self, rows: Sequence[tuple[str | None, str]], name: str, month: str, sha256: str) -> None:
        """Write rows in the columns of the contract, of which only those that the models read are filled."""
        with duckdb.connect() as connection:
            connection.execute(f"create table delivered as {empty_raw(self.contract)}")
            given = [(f"{month}-01", sha256, lsoa, kind, number) for number, (lsoa, kind) in enumerate(rows, start=2)]
            if given:
                columns = "month, file_sha256, lsoa_code, crime_type, row_number"
                connection.executemany(f"insert into delivered ({columns}) values (?, ?, ?, ?, ?)", given)
            connection.execute(f"copy delivered to '{self.raw / name}' (format parquet)")

    def _write_no_rows(self) -> None:
        """Write the empty file of every feed, as intake does, so that each glob has something to read."""
        with duckdb.connect() as connection:
            for contract in load_contracts().values():
                folder = self.root / "raw" / contract.key
                folder.mkdir(parents=True, exist_ok=True)
                place = literal(str(folder / "_no_rows.parquet"))
                connection.execute(f"copy ({empty_raw(contract)}) to {place} (format parquet)")
