"""Refused rows and their reasons, as something to send back to the agency."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import duckdb

from sources.contract.model import Contract
from sources.folder.data_folder import DataFolder
from sources.folder.sql_text import literal, spreadsheet_safe
from sources.ledger.delivery_name import delivery_name
from sources.ledger.receipts import Ledger, Receipt
from sources.reading.parquet import EMPTY_REJECTED
from sources.reasons.reason import for_owner

_TEXTS = ("value", "rule", "reason", "record")
_COLUMNS = ", ".join(
    [
        f"{spreadsheet_safe('delivery')} AS file_name",
        "file_sha256, row_number, column_name",
        *(f"{spreadsheet_safe(one)} AS {one}" for one in _TEXTS),
    ]
)


def with_rejections(receipts: Iterable[Receipt]) -> list[Receipt]:
    """Return the latest receipt of each delivery's bytes, where it was refused whole or in part, or something noted."""
    latest = {
        (
            receipt.source_feed,
            receipt.file_sha256,
            receipt.container_sha256 == receipt.file_sha256,
            receipt.file_name,
        ): receipt
        for receipt in receipts
        if receipt.outcome != "duplicate"
    }
    return [receipt for receipt in latest.values() if receipt.fell_short or receipt.warnings]


def export_rejected(
    folder: DataFolder,
    target: Path,
    feed: str | None = None,
    file_sha256: str | None = None,
    file_name: str | None = None,
    receipt_number: int | None = None,
) -> int:
    """Write the refused rows and reasons to the CSV file `target`; return the number of its lines without the header.

    One line a row and broken rule, with the row as sent; a file refused whole has a line for each reason, and one of
    which something was noted a line for that, without a row number and with what was sent. `feed` is `<agency>/<feed>`,
    `file_sha256` may be the first digits; a filter left out takes everything. A text that a spreadsheet would run has
    an apostrophe before it.
    """
    chosen = [
        receipt
        for receipt in with_rejections(Ledger(folder).receipts())
        if feed in {None, receipt.source_feed}
        and receipt.file_sha256.startswith(file_sha256 or "")
        and file_name in {None, receipt.file_name}
        and receipt_number in {None, receipt.receipt_number}
    ]
    names = {receipt.receipt_number: receipt.file_name for receipt in chosen}
    with duckdb.connect() as connection:
        return int(
            connection.execute(
                f"COPY (SELECT {_COLUMNS} FROM ({_findings(folder.rejected, chosen, names)}) "
                "ORDER BY file_name, file_sha256, row_number NULLS FIRST, rule_order) "
                f"TO {literal(str(target))} (FORMAT csv, HEADER)"
            ).fetchall()[0][0]
        )


def rejected_sample(
    rejected: Path, receipts: Sequence[Receipt], contract: Contract, limit: int
) -> list[dict[str, object]]:
    """Return up to `limit` refused rows of `receipts`: delivery, row, column, rule, reason; nothing that was sent.

    A rejected row can name a person or a crime, and this goes into Dagster's log; `export_rejected` has the row itself.
    """
    receipts = [receipt for receipt in receipts if receipt.rejected_file and not receipt.erasure]
    if not receipts:
        return []
    names = {receipt.receipt_number: delivery_name(receipt, contract) for receipt in receipts}
    with duckdb.connect() as connection:
        found = connection.execute(
            f"SELECT delivery, row_number, column_name, rule, reason FROM ({_findings(rejected, receipts, names)}) "
            "WHERE row_number IS NOT NULL "
            f"ORDER BY delivery, row_number, rule_order LIMIT {limit}"
        )
        columns = [column[0] for column in found.description or []]
        return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]


def _findings(rejected: Path, receipts: Sequence[Receipt], names: Mapping[int, str]) -> str:
    """Return a SELECT over the refused rows and the file reasons of `receipts`, whose `names` are by number."""
    parts = [f"SELECT NULL::VARCHAR AS delivery, * FROM ({EMPTY_REJECTED})"]
    for receipt in receipts:
        name, sha256 = literal(names[receipt.receipt_number]), literal(receipt.file_sha256)
        if receipt.erasure:
            told = f"erased on {receipt.erasure.withdrawn_at[:10]}, no row is left: {receipt.erasure.reason}"
            parts.append(f"SELECT {name}, {sha256}, NULL, 1, 'file', NULL, NULL, {literal(told)}, NULL")
            continue
        if receipt.rejected_file:
            file = literal(str(rejected / receipt.rejected_file))
            parts.append(f"SELECT {name}, * FROM read_parquet({file})")
        noted = [("file", one) for one in for_owner(receipt.reasons) if receipt.outcome == "refused"]
        noted += [("noted", one) for one in for_owner(receipt.warnings)]
        parts += [
            f"SELECT {name}, {sha256}, NULL, {order}, {literal(rule)}, NULL, NULL, {literal(reason)}, NULL"
            for order, (rule, reason) in enumerate(noted, 1)
        ]
    return " UNION ALL ".join(parts)
