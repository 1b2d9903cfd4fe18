"""`csp quarantine`: files with personal data that nobody agreed to send: listed, removed, or put back into landing."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.cli.console import WRONG_USAGE, data_folder, fail, failing_on, say
from sources.folder.data_folder import DataFolder

if TYPE_CHECKING:
    from sources.intake.quarantine import Quarantined


def quarantine(
    receipts: Annotated[list[int] | None, typer.Argument(help="Numbers of receipts; none with --purge is all.")] = None,
    purge: Annotated[bool, typer.Option("--purge", help="Remove the files for good.")] = False,
    release: Annotated[
        bool, typer.Option("--release", help="Put the files back into landing, after a change of the contract.")
    ] = False,
) -> None:
    """List the files that were refused for personal data and wait to be purged; for the owner of the data folder.

    They are purged after 30 days, or after those that CSP_QUARANTINE_DAYS names.
    """
    from orchestration.writer_lock import WarehouseBusyError, writer_lock
    from sources.intake.quarantine import QuarantineError
    from sources.ledger.find_delivery import DeliveryError

    folder, numbers = data_folder(), receipts or []
    if purge and release:
        raise fail("Give --purge or --release, not both.", WRONG_USAGE)
    if release and not numbers:
        raise fail("Give the receipts of the files to release; `csp quarantine` lists them.", WRONG_USAGE)
    with failing_on(QuarantineError, DeliveryError, code=WRONG_USAGE), failing_on(WarehouseBusyError):
        if not (purge or release):
            say(*_listed(folder, numbers))
            return
        with writer_lock(folder):
            say(*(_purged(folder, numbers) if purge else _released(folder, numbers)))


def _listed(folder: DataFolder, numbers: list[int]) -> Iterator[str]:
    from sources.intake.quarantine import days_kept, in_quarantine

    days = days_kept()
    found = in_quarantine(folder, numbers)
    if not found:
        yield "nothing is in quarantine"
    for one in found:
        until = f"{one.ends(days):%Y-%m-%d}"
        yield f"{_named(folder, one)}: {one.byte_count:,} bytes, since {one.since[:10]}, until {until}"
        # A name may hold what a terminal would obey.
        yield f"  sent as {one.landing_path!r}"


def _purged(folder: DataFolder, numbers: list[int]) -> Iterator[str]:
    from sources.intake.quarantine import in_quarantine, purge

    told = {one.sha256: _named(folder, one) for one in in_quarantine(folder)}
    removed = purge(folder, numbers)
    if not removed:
        yield "nothing is in quarantine"
    for one in removed:
        yield f"{told[one.sha256]}: removed; the agency must delete its copies too"


def _released(folder: DataFolder, numbers: list[int]) -> Iterator[str]:
    from sources.intake.quarantine import release

    for number in numbers:
        one, place = release(folder, number)
        yield f"{one.source_feed}, receipt {number}: back in landing as {str(place)!r}"
    yield "  The next `csp nightly` looks at it under the contract of now, and refuses it again if nothing has changed."


def _named(folder: DataFolder, one: "Quarantined") -> str:
    from sources.intake.quarantine import named
    from sources.ledger.receipts import Ledger

    return named(one, Ledger(folder).receipts())
