"""What senders of erased deliveries wrote is taken out of the ledger: the one time that its lines are changed.

File names, paths, header cells and the like stand in receipts and among the landing files. Both are written anew, whole
or not at all. Numbers, outcomes, our own sentences and the sha256, which keeps the bytes out, stay.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from sources.contract.load import load_contracts
from sources.folder.data_folder import DataFolder
from sources.folder.durable import write_whole
from sources.ledger.delivery_name import supplier_told
from sources.ledger.json_lines import LockedLines, complete_lines
from sources.ledger.receipts import ERASED, Ledger, Receipt, erased_bytes
from sources.reasons.reason import Reason

_MODE = 0o644


def forget_what_was_sent(folder: DataFolder) -> None:
    """Take the text of every erased delivery out of the ledger; nothing is written where none is left.

    The caller holds the data folder's writer lock, and has removed the files that receipts name.
    """
    receipts = Ledger(folder).receipts()
    barred = erased_bytes(receipts)
    # Bytes that came again after they were erased have a receipt of their own.
    erased = {one.receipt_number: one for one in receipts if one.erasure or one.file_sha256 in barred}
    gone = {one.container_sha256 or one.file_sha256 for one in receipts if one.file_sha256 in barred}
    # A zip is gone from landing with all its members.
    moved = erased.keys() | {
        one.receipt_number for one in receipts if (one.container_sha256 or one.file_sha256) in gone
    }
    if all(one.landing_path == ERASED for one in receipts if one.receipt_number in moved):
        return
    told = _suppliers_told(erased.values())

    def forgotten(line: dict[str, Any]) -> dict[str, Any] | None:
        number = line["receipt_number"]
        if number in moved:
            line["landing_path"] = ERASED
        if number in erased:
            names = {"file_name": ERASED, "supplier": told[number]} | dict.fromkeys(
                ("part", "raw_file", "rejected_file")
            )
            line |= names | {kind: [_without_text(one) for one in line[kind]] for kind in ("reasons", "warnings")}
        return line

    _write_anew(folder.landing_files, lambda line: None if line["sha256"] in gone else line)
    _write_anew(folder.receipts, forgotten)  # last: they tell whether it is done


def _suppliers_told(receipts: Iterable[Receipt]) -> Mapping[int, str | None]:
    """Return by receipt number the supplier, where it is a name of ours and not a text of the file's name."""
    contracts = load_contracts()
    return {one.receipt_number: supplier_told(one, contracts.get(one.source_feed)) for one in receipts}


def _without_text(written: str | Mapping[str, Any]) -> dict[str, Any]:
    reason = Reason.from_ledger(written)
    return {"code": reason.code, "told": dict(reason.told), "as_sent": ""}


def _write_anew(file: Path, changed: Callable[[dict[str, Any]], dict[str, Any] | None]) -> None:
    with LockedLines(file):
        lines = [changed(json.loads(line)) for line in complete_lines(file).splitlines()]
        written = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines if line is not None)
        write_whole(file, written, mode=_MODE)
