"""What is said of a delivery: in its receipt, and in the lines of a night."""

from collections.abc import Iterable, Iterator, Sequence

from sources.contract.model import Contract
from sources.intake.file_name import FileName
from sources.ledger.delivery_name import delivery_name
from sources.ledger.receipts import Acceptance, Receipt, Withdrawal
from sources.reading.outcomes import Rows
from sources.reasons.reason import Reason, published, reason


def sentence(receipt: Receipt, contract: Contract) -> str:
    """Return the line of a night on a new receipt; nothing of it is its sender's."""
    name, of_people = delivery_name(receipt, contract), contract.is_of_people
    if receipt.outcome in {"refused", "duplicate"}:
        return f"{name}: {receipt.outcome}. {' '.join(published(receipt.reasons, of_people))}"
    rejected = f", {receipt.rows_rejected:,} rejected" if receipt.rows_rejected else ""
    taken = f"{name}: {receipt.rows_accepted:,} rows accepted{rejected}."
    return " ".join([taken, *published(receipt.warnings, of_people)])


def passed_over(contract: Contract, names: Iterable[str], what: str, advice: str) -> Iterator[str]:
    """Yield what is said of those files or members, called `what`, that a feed passes over for their names."""
    passed = [name for name in names if contract.passes_over(name)]
    notes = sum(map(contract.is_beside_data, passed))
    if others := len(passed) - notes:
        yield f"{others:,} {what} passed over{advice}"
    if notes:
        yield f"{notes:,} README or licence beside the data passed over"


def rejections(rows: Rows) -> list[Reason]:
    """Return what is said of the rows that do not count: of those that break the contract, and of mere repeats."""
    said = []
    if rows.broken:
        said.append(reason("rows_rejected", rows_rejected=rows.broken, rows_delivered=rows.delivered))
    if rows.repeated:
        share = rows.repeated / rows.delivered
        counted = {"rows_repeated": rows.repeated, "rows_delivered": rows.delivered, "rows_share": share}
        said.append(reason("rows_repeated", **counted))
    return said


def same_bytes(earlier: Receipt, is_standing: bool, told: FileName) -> Reason:
    """Return the reason of a duplicate, whose name tells `told`, of an earlier delivery, which stands or does not."""
    number = earlier.receipt_number
    if withdrawal := earlier.erasure or earlier.withdrawal:
        code = "same_bytes_erased" if withdrawal.is_erasure else "same_bytes_withdrawn"
        return reason(code, receipt=number, day=withdrawal.withdrawn_at[:10], why=withdrawal.reason.rstrip("."))
    is_named_otherwise = (earlier.supplier, earlier.period_start) != (told.supplier, told.start)
    if earlier.is_taken_in and told.supplier and told.start and is_named_otherwise:
        return reason("same_bytes_named_otherwise", receipt=number)
    code = "same_bytes_superseded" if earlier.is_taken_in and not is_standing else "same_bytes"
    return reason(code, receipt=number, outcome=earlier.outcome.replace("_", " "))


def taken_back(withdrawal: Withdrawal, acceptance: Acceptance) -> Reason:
    """Return the reason why a delivery that was withdrawn counts again."""
    return reason(
        "taken_back",
        day=withdrawal.withdrawn_at[:10],
        why=withdrawal.reason,
        day_accepted=acceptance.accepted_at[:10],
        why_accepted=acceptance.reason,
    )


def replaces(replaced: Receipt) -> Reason:
    """Return the warning where a delivery of this very run is superseded: nobody has looked at it yet."""
    return reason("replaces_same_run", receipt=replaced.receipt_number)


def retake_refused(standing: Receipt, columns: Sequence[str]) -> Reason:
    """Return what is said where a delivery that stands was refused when a changed contract had it read again."""
    return reason(
        "retake_refused",
        receipt=standing.receipt_number,
        before=standing.contract_version,
        columns=", ".join(columns) or "its rules alone",
    )
