"""What a run computes from: the as-at date and a fingerprint of every delivery and rule behind the figures."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from sources.folder.durable import write_whole
from sources.ledger.counting import counts
from sources.ledger.receipts import Receipt, latest_period_end

INTAKE_RUN_TAG = "csp/intake_run"  # of a publish: the run of the intake that it follows


class AsAtError(Exception):
    """Nothing can be computed as at the date asked for; the message says why."""


@dataclass(frozen=True)
class RunInputs:
    """The as-at date (ISO) and the fingerprint of the inputs of a run, and the run that settled them."""

    as_at: str
    fingerprint: str
    run_id: str
    beside_current: bool = False
    """Whether what is built of them is kept beside the current release: a backfill of a past date."""


def as_at_date(requested: str, today: date) -> date:
    """Return the date that someone asks for.

    Raises:
        AsAtError: it is no date, or lies in the future.
    """
    try:
        as_at = date.fromisoformat(requested)
    except ValueError as error:
        raise AsAtError(f"as_at is {requested!r}; give an ISO date such as 2022-03-31") from error
    if as_at > today:
        raise AsAtError(f"as_at {requested} lies in the future")
    return as_at


def settled_as_at(requested: str | None, standing: Sequence[Receipt], today: date) -> date | None:
    """Return the as-at date of a run: the one asked for, or the end of the latest period that was counted.

    An estimate by which figures are divided, or a delivery that counts for nothing, moves it only where there is
    nothing else; None with nothing delivered.

    Raises:
        AsAtError: what is asked for is no date, or lies in the future or before anything that was delivered.
    """
    as_at = as_at_date(requested, today) if requested is not None else None
    latest = latest_period_end(_counted(standing))
    if latest is None or as_at is None:
        return latest
    first_end = first_as_at(standing)
    if first_end and as_at < first_end:
        raise AsAtError(
            f"as_at {requested} lies before the first delivered period ends ({first_end}): nothing could be computed"
        )
    return as_at


def first_as_at(standing: Sequence[Receipt]) -> date | None:
    """Return the first date as at which anything can be computed; None with nothing delivered."""
    ends = [receipt.period_end for receipt in _counted(standing) if receipt.period_end]
    return date.fromisoformat(min(ends)) if ends else None


def _counted(standing: Sequence[Receipt]) -> Sequence[Receipt]:
    return [receipt for receipt in standing if counts(receipt)] or standing


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
    """Return the inputs that the last ledger step wrote; None where none has, or they cannot be read."""
    try:
        return RunInputs(**json.loads(path.read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None
