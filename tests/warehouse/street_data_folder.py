"""Data folders as intake leaves them, written by hand so that the models are tested without intake."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from sources.contract.load import load_contracts
from sources.folder.data_folder import DataFolder
from sources.folder.sql_text import literal
from sources.ledger.for_models import write_for_models
from sources.reading.parquet import empty_raw

FEED = "police/street_crime"
# LSOAs: two of one Melton ward, one of Leicester, one of Lincolnshire, one that no look-up knows.
MELTON, MELTON_TOO = "E01025885", "E01025886"
LEICESTER = "E01013615"
LINCOLNSHIRE = "E01026302"
UNKNOWN = "E01999999"
COLUMNS = {
    "crime_id": "varchar",
    "month": "date",
    "reported_by": "varchar",
    "falls_within": "varchar",
    "longitude": "double",
    "latitude": "double",
    "location": "varchar",
    "lsoa_code": "varchar",
    "lsoa_name": "varchar",
    "crime_type": "varchar",
    "last_outcome_category": "varchar",
    "context": "varchar",
    "file_sha256": "varchar",
    "row_number": "bigint",
}


@dataclass
class StreetDataFolder:
    """A data folder with street-level deliveries; `deliver` and `deliver_csv` add one receipt each."""

    root: Path
    receipts: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.raw = self.root / "raw" / FEED
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
            with duckdb.connect() as connection:
                connection.execute("create table delivered (lsoa_code varchar, crime_type varchar, row_number bigint)")
                if rows:
                    connection.executemany(
                        "insert into delivered values (?, ?, ?)",
                        [(lsoa, kind, number) for number, (lsoa, kind) in enumerate(rows, start=2)],
                    )
                self._copy(connection, raw_file, "delivered", month, sha256)
        self._receive(month, supplier, sha256, outcome, len(rows), rejected_by_rule, is_synthetic, raw_file)
        return sha256

    def deliver_csv(self, path: Path) -> str:
        """Deliver a street file of data.police.uk whole."""
        month, supplier = path.name[:7], path.name[8 : -len("-street.csv")]
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        raw_file = f"{month}_{supplier}_{sha256[:16]}.parquet"
        with duckdb.connect() as connection:
            connection.execute(
                """create table delivered as
                select nullif("LSOA code", '') as lsoa_code, "Crime type" as crime_type,
                    row_number() over () + 1 as row_number
                from read_csv(?, all_varchar = true, header = true, quote = '"')""",
                [str(path)],
            )
            [(rows,)] = connection.execute("select count(*) from delivered").fetchall()
            self._copy(connection, raw_file, "delivered", month, sha256)
        self._receive(month, supplier, sha256, "accepted", rows, None, False, raw_file)
        return sha256

    def ask(self, as_at: date) -> None:
        """Write what the run is to compute."""
        write_for_models(DataFolder(self.root), load_contracts(), as_at)
        (self.root / "run_inputs.json").write_text(json.dumps({"as_at": as_at.isoformat(), "fingerprint": "-"}))

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
                "landing_path": f"police/street_crime/{month}-{supplier}-street.csv",
                "container_sha256": None,
                "supplier": supplier,
                "period_start": f"{month}-01",
                "period_end": _last_day(month),
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

    def _copy(self, connection: duckdb.DuckDBPyConnection, name: str, table: str, month: str, sha256: str) -> None:
        given = {
            "month": f"date '{month}-01'",
            "file_sha256": f"'{sha256}'",
            "lsoa_code": "lsoa_code",
            "crime_type": "crime_type",
            "row_number": "row_number",
        }
        columns = ", ".join(f"cast({given.get(name, 'null')} as {kind}) as {name}" for name, kind in COLUMNS.items())
        connection.execute(f"copy (select {columns} from {table}) to '{self.raw / name}' (format parquet)")

    def _write_no_rows(self) -> None:
        """Write the empty file of every feed, as intake does, so that each glob has something to read."""
        with duckdb.connect() as connection:
            for contract in load_contracts().values():
                folder = self.root / "raw" / contract.key
                folder.mkdir(parents=True, exist_ok=True)
                place = literal(str(folder / "_no_rows.parquet"))
                connection.execute(f"copy ({empty_raw(contract)}) to {place} (format parquet)")


def _last_day(month: str) -> str:
    with duckdb.connect() as connection:
        [(day,)] = connection.execute("select last_day(cast(? as date))", [f"{month}-01"]).fetchall()
    return str(day)
