"""What the models read of the ledger: written whole by each run, so that dbt sees what the run's fingerprint covers.

The ledger's own files are appended to and never changed; what has to be derived from them is derived here, once.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sources.contract.counted_as import EVERY_ROW, PLACES, CountedAs
from sources.contract.model import Contract, rows_are_people
from sources.folder.data_folder import DataFolder
from sources.folder.durable import write_whole
from sources.ledger.delivery_key import DeliveryKey
from sources.ledger.delivery_name import delivery_name, supplier_told
from sources.ledger.lateness import MissingReturn, due_of, missing_returns
from sources.ledger.receipts import Ledger, Receipt, standing
from sources.reasons.reason import published

# What the figures of a period say too, of a delivery with far fewer or far more rows than usual.
_UNUSUAL_SIZES = {"size_below_usual": "far fewer rows than usual", "size_above_usual": "far more rows than usual"}


def write_for_models(folder: DataFolder, contracts: Mapping[str, Contract], as_at: date) -> None:
    """Write receipts with all that was said of them since, what is missing at a day, and facts of the contracts."""
    receipts = Ledger(folder).receipts()
    keys: dict[DeliveryKey, int] = {}
    for receipt in receipts:
        keys.setdefault(receipt.delivery_key, len(keys) + 1)
    _write(folder, "receipts", (_receipt(one, keys[one.delivery_key], contracts) for one in receipts))
    missing = missing_returns(contracts, standing(receipts), as_at)
    _write(folder, "missing_returns", (_missing(one, contracts[one.source_feed]) for one in missing))
    _write(folder, "feeds", (_feed(contract) for contract in contracts.values()))
    _write(folder, "own_feeds", (_own_feed(one.key, one.counted_as) for one in contracts.values() if one.counted_as))


def _receipt(receipt: Receipt, key: int, contracts: Mapping[str, Contract]) -> dict[str, Any]:
    """Return what the models read of a receipt: nothing of it is its sender's."""
    contract = contracts.get(receipt.source_feed)
    due, withdrawal, erasure = due_of(receipt, contracts), receipt.withdrawal, receipt.erasure
    return {
        "receipt_number": receipt.receipt_number,
        "delivery_key": f"key {key}",
        "source_feed": receipt.source_feed,
        "agency": receipt.agency,
        "feed": receipt.feed,
        "file_sha256": receipt.file_sha256,
        "delivery_name": delivery_name(receipt, contract),
        "supplier": supplier_told(receipt, contract),
        "period_start": receipt.period_start,
        "period_end": receipt.period_end,
        "is_synthetic": receipt.is_synthetic,
        "due_on": due and due.on,
        "in_time_until": due and due.in_time_until,
        "received_at": receipt.received_at,
        "rows_delivered": receipt.rows_delivered,
        "rows_accepted": receipt.rows_accepted,
        "rows_rejected": receipt.rows_rejected,
        "outcome": receipt.outcome,
        "is_accepted": receipt.was_accepted,
        "reasons": published(receipt.reasons, rows_are_people(contracts, receipt.source_feed)),
        "unusual_size": next((_UNUSUAL_SIZES[one.code] for one in receipt.reasons if one.code in _UNUSUAL_SIZES), None),
        "rejected_by_rule": receipt.rejected_by_rule,
        "withdrawal_number": withdrawal and withdrawal.withdrawal_number,
        "withdrawn_after_receipt_number": withdrawal and withdrawal.after_receipt_number,
        "withdrawn_at": withdrawal and withdrawal.withdrawn_at,
        "withdrawal_reason": withdrawal and withdrawal.reason,
        "erased_at": erasure and erasure.withdrawn_at,
        "erasure_reason": erasure and erasure.reason,
    }


def _missing(missing: MissingReturn, contract: Contract) -> dict[str, Any]:
    return {**vars(missing), "agency": contract.agency, "feed": contract.feed}


def _feed(contract: Contract) -> dict[str, Any]:
    return {
        "source_feed": contract.key,
        "title": contract.title,
        "revision_window_months": contract.revision_window_months,
        "rows_are_people": contract.is_of_people,
    }


def _own_feed(key: str, counted: CountedAs) -> dict[str, Any]:
    return {
        "source_feed": key,
        "counted_by": counted.by,
        "area_levels": counted.area_levels,
        "categories": counted.categories,
        "date_column": counted.date,
        "category_column": counted.category,
        "category_of_all": None if counted.category else EVERY_ROW,
        "counts_for_column": counted.counts_for,
        "record_column": counted.record,
        "tag_columns": ",".join(counted.tags) or None,
        **{f"{place}_column": counted.place.get(place) for place in PLACES},
    }


def _write(folder: DataFolder, name: str, lines: Iterable[Mapping[str, Any]]) -> None:
    content = "".join(json.dumps(line, ensure_ascii=False, default=str) + "\n" for line in lines)
    write_whole(folder.ledger_for_models / f"{name}.jsonl", content)
