"""Refused rows and their reasons, as something to send back to the agency."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

from sources.folder.data_folder import DataFolder
from sources.folder.sql_text import literal
from sources.ledger.receipts import Ledger, Receipt
from sources.reading.parquet import EMPTY_REJECTED
from sources.reasons.reason import for_owner

_COLUMNS = "file_name, file_sha256, row_number, column_name, value, rule, reason, record"


def with_rejections(receipts: Iterable[Receipt]) -> list[Receipt]:
    """Return the latest receipt of each delivery's bytes, where it was refused whole or in part."""
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
    return [receipt for receipt in latest.values() if receipt.fell_short]


def export_rejected(
    folder: DataFolder,
    target: Path,
    feed: str | None = None,
    file_sha256: str | None = None,
    file_name: str | None = None,
) -> int:
    """Write the refused rows and reasons to the CSV file `target`; return the number of its lines without the header.

    One line a row and broken rule, with the row as sent; a file refused whole has a line for each reason, without a row
    number. `feed` is `<agency>/<feed>`, `file_sha256` may be the first digits; a filter left out takes everything.
    """
    chosen = [
        receipt
        for receipt in with_rejections(Ledger(folder).receipts())
        if feed in {None, receipt.source_feed}
        and receipt.file_sha256.startswith(file_sha256 or "")
        and file_name in {None, receipt.file_name}
    ]
    with duckdb.connect() as connection:
        return int(
            connection.execute(
                f"COPY (SELECT {_COLUMNS} FROM ({_findings(folder.rejected, chosen)}) "
                "ORDER BY file_name, file_sha256, row_number NULLS FIRST, rule_order) "
                f"TO {literal(str(target))} (FORMAT csv, HEADER)"
            ).fetchall()[0][0]
        )


def rejected_sample(rejected: Path, receipts: Sequence[Receipt], limit: int) -> list[dict[str, object]]:
    """Return up to `limit` refused rows of `receipts`: file, row, column, rule and reason, and nothing that was sent.

    A rejected row can name a person or a crime, and this goes into Dagster's log; `export_rejected` has the row itself.
    """
    receipts = [receipt for receipt in receipts if receipt.rejected_file and not receipt.erasure]
    if not receipts:
        return []
    with duckdb.connect() as connection:
        found = connection.execute(
            f"SELECT file_name, row_number, column_name, rule, reason FROM ({_findings(rejected, receipts)}) "
            "WHERE row_number IS NOT NULL "
            f"ORDER BY file_name, row_number, rule_order LIMIT {limit}"
        )
        names = [column[0] for column in found.description or []]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _findings(rejected: Path, receipts: Sequence[Receipt]) -> str:
    """Return a SELECT over the refused rows and the file reasons of `receipts`."""
    parts = [f"SELECT NULL::VARCHAR AS file_name, * FROM ({EMPTY_REJECTED})"]
    for receipt in receipts:
        name, sha256 = literal(receipt.file_name), literal(receipt.file_sha256)
        if receipt.erasure:
            told = f"erased on {receipt.erasure.withdrawn_at[:10]}, no row is left: {receipt.erasure.reason}"
            parts.append(f"SELECT {name}, {sha256}, NULL, 1, 'file', NULL, NULL, {literal(told)}, NULL")
            continue
        if receipt.rejected_file:
            file = literal(str(rejected / receipt.rejected_file))
            parts.append(f"SELECT {name}, * FROM read_parquet({file})")
        if receipt.outcome == "refused":
            parts += [
                f"SELECT {name}, {sha256}, NULL, {order}, 'file', NULL, NULL, {literal(reason)}, NULL"
                for order, reason in enumerate(for_owner(receipt.reasons), 1)
            ]
    return " UNION ALL ".join(parts)
