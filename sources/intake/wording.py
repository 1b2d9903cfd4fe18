"""What is said of a delivery: in its receipt, and in the lines of a night."""

from sources.ledger.receipts import Acceptance, Receipt, Withdrawal
from sources.reading.outcomes import Rows


def sentence(receipt: Receipt) -> str:
    """Return the line of a night on a new receipt."""
    name = receipt.file_name
    if receipt.outcome in {"refused", "duplicate"}:
        return f"{name}: {receipt.outcome}. {' '.join(receipt.reasons)}"
    rejected = f", {receipt.rows_rejected:,} rejected" if receipt.rows_rejected else ""
    return " ".join([f"{name}: {receipt.rows_accepted:,} rows accepted{rejected}.", *receipt.warnings])


def rejections(rows: Rows) -> list[str]:
    """Return what is said of the rows that do not count: of those that break the contract, and of mere repeats."""
    of_all = f"of {rows.delivered:,} rows"
    broken = [f"{rows.broken:,} {of_all} break the contract."] if rows.broken else []
    share = rows.repeated / rows.delivered if rows.repeated else 0
    repeats = f"{rows.repeated:,} {of_all} ({share:.1%}) repeat a value that may appear once; one row of each counts."
    return [*broken, *([repeats] if rows.repeated else [])]


def same_bytes(earlier: Receipt, is_standing: bool) -> str:
    """Return the reason of a duplicate of an earlier delivery, which stands or does not."""
    if earlier.withdrawal:
        return _counts_for_nothing(earlier, earlier.erasure or earlier.withdrawal)
    state = earlier.outcome.replace("_", " ")
    reason = f"The same bytes as receipt {earlier.receipt_number}, {earlier.file_name} ({state})."
    if earlier.is_taken_in and not is_standing:
        reason += (
            " That delivery was superseded since, and stays so: to make it count again, send it with any "
            "change to its bytes, such as an empty line at the end."
        )
    return reason


def _counts_for_nothing(receipt: Receipt, withdrawal: Withdrawal) -> str:
    done, undone = "withdrawn", "takes them back"
    if withdrawal.is_erasure:
        done, undone = "erased", "lets them come again; until then nothing of them is kept"
    return (
        f"The same bytes as receipt {receipt.receipt_number}, {receipt.file_name}, {done} on "
        f"{withdrawal.withdrawn_at[:10]} because: {withdrawal.reason.rstrip('.')}. "
        f"`csp accept {receipt.receipt_number} --reason …` {undone}."
    )


def taken_back(withdrawal: Withdrawal, acceptance: Acceptance) -> str:
    """Return the reason why a delivery that was withdrawn counts again."""
    return (
        f"Withdrawn on {withdrawal.withdrawn_at[:10]} ({withdrawal.reason}), and taken back on "
        f"{acceptance.accepted_at[:10]}: {acceptance.reason}"
    )


def replaces(replaced: Receipt) -> str:
    """Return the warning where a delivery of this very run is superseded: nobody has looked at it yet."""
    return (
        f"Replaces receipt {replaced.receipt_number}, {replaced.file_name} in {replaced.landing_path}, "
        "taken in by the same run: the later one stands."
    )
