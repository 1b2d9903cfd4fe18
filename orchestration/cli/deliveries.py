"""`csp accept`, `csp withdraw`: what a person decides on a delivery."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.cli.console import WRONG_USAGE, data_folder, fail, failing_on, require_reason, say
from sources.folder.data_folder import DataFolder
from sources.folder.printable import path_text

if TYPE_CHECKING:
    from sources.ledger.acceptances import Accepted
    from sources.ledger.receipts import Receipt
    from sources.ledger.withdrawals import Withdrawn

Delivery = Annotated[str, typer.Argument(help="A receipt number, a file name, or the start of a sha256.")]
Reason = Annotated[str, typer.Option(help="Why; published in `deliveries`, so it must name no person.")]


def accept(delivery: Delivery, reason: Reason) -> None:
    """Make the next night take in a correction that was refused for its few rows, or a withdrawn delivery."""
    from orchestration.writer_lock import WarehouseBusyError, writer_lock
    from sources.ledger.acceptances import accept
    from sources.ledger.find_delivery import DeliveryError

    folder = data_folder()
    why = require_reason(reason)
    with failing_on(DeliveryError, code=WRONG_USAGE), failing_on(WarehouseBusyError), writer_lock(folder):
        done = accept(folder, delivery, why)
    say(*_accepted(done))


def _accepted(done: "Accepted") -> Iterator[str]:
    receipt = done.receipt
    yield f"{_named(receipt)}: the next `csp nightly` takes it"
    if not done.is_in_landing:
        yield f"  {receipt.landing_path} is no longer in landing as it was: send the file again, with the same bytes"


def withdraw(
    delivery: Delivery,
    reason: Reason,
    erase: Annotated[
        bool, typer.Option("--erase", help="Also remove its bytes and rows from landing, archive, raw and rejected.")
    ] = False,
) -> None:
    """Make the next night ignore a delivery; `csp accept` undoes it."""
    from orchestration.writer_lock import WarehouseBusyError, writer_lock
    from sources.ledger.erasures import ErasureRecordError
    from sources.ledger.find_delivery import DeliveryError
    from sources.ledger.withdrawals import CannotBeErased, withdraw

    folder = data_folder()
    why = require_reason(reason)
    with failing_on(DeliveryError, code=WRONG_USAGE), failing_on(WarehouseBusyError), writer_lock(folder):
        try:
            done = withdraw(folder, delivery, why, erase)
        except CannotBeErased as error:
            raise fail(f"{error.file}: {error}") from error
        except ErasureRecordError as error:
            raise fail(f"erased here, but not written down: {error}") from error
    say(*_withdrawn(done, folder, erase))


def _withdrawn(done: "Withdrawn", folder: DataFolder, erase: bool) -> Iterator[str]:
    receipt, withdrawal = done.receipt, done.withdrawal or done.receipt.withdrawal
    named = _named(receipt)
    if withdrawal and done.withdrawal is None:
        yield f"{named}: withdrawn already, on {withdrawal.withdrawn_at[:10]} ({withdrawal.reason}); nothing is new"
    else:
        yield f"{named}: withdrawn{' and erased' if erase else ''}; the next `csp nightly` publishes without it"
    for path in done.removed:
        yield f"  removed {path_text(path.relative_to(folder.root))}"
    if done.stands_now:
        yield f"  for its period stands receipt {done.stands_now.receipt_number}, {done.stands_now.file_name}"
    elif receipt.period_start:
        yield f"  its period, {receipt.period_start} to {receipt.period_end}, is not delivered now"
    yield (
        "  releases published before keep the figures that it gave, its line in `deliveries` and the kinds and row "
        "numbers of its records in `revised_records`; lineage/ keeps its row numbers. They hold no row as sent."
    )
    yield f"  To undo it: `csp accept {receipt.receipt_number} --reason …`."
    if erase:
        yield "  The agency must delete its copies too. The same bytes sent again are not kept."


def _named(receipt: "Receipt") -> str:
    return f"receipt {receipt.receipt_number}, {receipt.source_feed}, {receipt.file_name}"
