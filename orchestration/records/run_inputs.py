"""What a run computes from: the as-at date and a fingerprint of every delivery and rule behind the figures."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from sources.folder.durable import write_whole
from sources.ledger.receipts import Receipt


@dataclass(frozen=True)
class RunInputs:
    """The as-at date (ISO) and the fingerprint of the inputs of a run, and the run that settled them."""

    as_at: str
    fingerprint: str
    run_id: str


def input_fingerprint(receipts: Iterable[Receipt], as_at: date, rules: str) -> str:
    """Return a digest that changes exactly when a rebuild could change what is published.

    Duplicates change nothing, and the time of receipt is not an input.
    """
    deliveries = sorted(
        (
            receipt.agency,
            receipt.feed,
            receipt.receipt_number,
            receipt.file_sha256,
            receipt.outcome,
            receipt.contract_version,
            [one.withdrawal_number for one in (receipt.withdrawal, receipt.erasure) if one],
        )
        for receipt in receipts
        if receipt.outcome != "duplicate"
    )
    return hashlib.sha256(json.dumps([deliveries, as_at.isoformat(), rules]).encode()).hexdigest()


def write_run_inputs(path: Path, inputs: RunInputs) -> None:
    """Write the inputs whole or not at all; dbt reads the as-at date from here."""
    write_whole(path, json.dumps(asdict(inputs)) + "\n")


def read_run_inputs(path: Path) -> RunInputs | None:
    """Return the inputs that the last ledger step wrote; None where none has run in this data folder."""
    try:
        return RunInputs(**json.loads(path.read_text()))
    except FileNotFoundError:
        return None
