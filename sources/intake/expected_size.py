"""How many rows a delivery should have: a correction beside what it would supersede, a first one beside the usual.

A truncated file keeps every rule on rows. What it would take away is seen only beside what stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from statistics import median

from sources.contract.expected_size import ExpectedSize
from sources.ledger.receipts import FAR_FEWER_ROWS
from sources.reading.outcomes import Refused, Rows
from sources.reasons.reason import Reason, reason

PERIODS_COMPARED = 12
PERIODS_NEEDED = 6


class Verdict(Enum):
    """What the number of a correction's rows means for it."""

    EXPECTED = "expected"
    WARNED = "warned"
    HELD = "held"


@dataclass(frozen=True)
class Before:
    """A delivery that a correction would supersede."""

    receipt: int
    rows: int


@dataclass(frozen=True)
class Noted:
    """What is said of a delivery that is taken in: short notes for its receipt, and what to do about it."""

    notes: Sequence[Reason]
    advice: Reason


def of_correction(size: ExpectedSize, accepted: int, before: int) -> Verdict:
    """Return what a correction of so many accepted rows means, where `before` rows stand.

    A gain is never held: it takes no row away, and the whole file after a truncated one is such a gain.
    """
    change = abs(accepted - before)
    if change <= size.ignored_rows:
        return Verdict.EXPECTED
    if accepted < before and change > _part(size.held_loss, before):
        return Verdict.HELD
    return Verdict.WARNED if change > _part(size.warned_change, before) else Verdict.EXPECTED


def usual_rows(size: ExpectedSize, accepted: int, earlier: Sequence[int]) -> float | None:
    """Return the median of the latest of the earlier periods' rows where `accepted` is far from it.

    From the second period on a sudden change is far: few periods tell little of how much is usual.
    """
    compared = earlier[-PERIODS_COMPARED:]
    if not compared:
        return None
    usual = median(compared)
    is_far = accepted < _part(fewest_share(size, len(compared)), usual) or accepted > _part(size.sudden_factor, usual)
    return usual if is_far and abs(usual - accepted) > size.ignored_rows else None


def fewest_share(size: ExpectedSize, periods: int) -> float:
    """Return the share of the usual rows below which a delivery is far too small, where so many periods stand."""
    return size.usual_share if periods >= PERIODS_NEEDED else min(size.usual_share, 1 / size.sudden_factor)


def noted(
    size: ExpectedSize, rows: Rows, before: Before | None, earlier: Sequence[int], meant: str | None
) -> Noted | None:
    """Return what is to be said of the number of rows; None where it is as expected.

    Args:
        size: what the contract says.
        rows: the account of the delivery.
        before: the delivery that stands for the period; None where it is the period's first.
        earlier: the accepted rows of the periods before it, in their order.
        meant: why someone confirmed that so few are right; None where nobody did.

    Raises:
        Refused: a correction would take more away than the contract allows, and nobody has confirmed it.
    """
    if before is None:
        usual = usual_rows(size, rows.accepted, earlier)
        if usual is None:
            return None
        counted = {"rows": rows.accepted, "rows_usual": usual}
        if rows.accepted > usual:
            return Noted(
                [reason("size_above_usual", **counted)], reason("size_above_usual_advice", factor=size.sudden_factor)
            )
        share = fewest_share(size, len(earlier))
        return Noted([reason("size_below_usual", **counted)], reason("size_below_usual_advice", share=share))
    verdict = of_correction(size, rows.accepted, before.rows)
    if verdict is Verdict.EXPECTED:
        return None
    kind = "fewer" if rows.accepted < before.rows else "more"
    counted = {"rows": rows.accepted, "rows_before": before.rows}
    if verdict is Verdict.HELD and meant is None:
        held = reason("size_held", **counted, share=size.held_loss, receipt=before.receipt)
        by_rule = {**rows.rejected_by_rule, FAR_FEWER_ROWS: rows.accepted}
        raise Refused([held], Rows(rows.delivered, 0, by_rule, None, rows.rejected_file))
    note = reason(f"size_{kind}", **counted)
    if verdict is Verdict.HELD and meant is not None:
        return Noted([note, reason("size_confirmed", why=meant)], reason("size_supersedes", receipt=before.receipt))
    return Noted([note], reason(f"size_{kind}_advice", share=size.warned_change, receipt=before.receipt))


def _part(share: float, rows: float) -> float:
    # 0.29 of 100 is 28.999999999999996 otherwise.
    return round(share * rows, 6)
