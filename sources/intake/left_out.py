"""What a night left out, by the names that senders gave: for the owner's terminal, which no log keeps."""

from collections.abc import Iterable, Iterator, Sequence

from sources.contract.load import Contract
from sources.folder.data_folder import DataFolder
from sources.folder.landed import Candidate, Unread, cannot_be_read, look_below
from sources.intake.history import History
from sources.intake.landing import is_unfinished
from sources.intake.other_columns import has_other_columns
from sources.ledger.counting import is_of_unknown_supplier
from sources.ledger.receipts import Ledger, Receipt, standing


def left_out(folder: DataFolder, contracts: Iterable[Contract]) -> Iterator[str]:
    """Yield a line for all of the contracts' feeds that was not read, stays pending or counts for nothing."""
    of = list(contracts)
    receipts = Ledger(folder).receipts()
    unread = unreadable_in_feeds(folder, [contract.key for contract in of])
    for one in unread:
        yield f"not read: landing/{one.path} {one.why}"
    for path in sorted(set(pending_in_feeds(folder, of, receipts)) - {one.path for one in unread}):
        yield f"not taken in so far: landing/{path}"
    feeds = {contract.key for contract in of}
    for supplier in unknown_suppliers(one for one in standing(receipts) if one.source_feed in feeds):
        yield f"counts for nothing, because nobody has said which area it answers for: {supplier}"


def unreadable_in_feeds(folder: DataFolder, feed_keys: Iterable[str]) -> list[Unread]:
    """Return what lies in a feed's folder and cannot be read."""
    unread: list[Unread] = []
    for key in feed_keys:
        landed = look_below(folder.landing_of(key), folder.landing)
        unread += landed.unread
        for candidate in landed.files:
            try:
                candidate.open().close()
            except OSError as error:
                unread.append(Unread(candidate.path, cannot_be_read(error)))
    return unread


def pending_in_feeds(folder: DataFolder, contracts: Iterable[Contract], receipts: Sequence[Receipt]) -> list[str]:
    """Return the files (relative to landing/) in feeds' folders that intake is not done with."""
    return [one.path for one in _pending(folder, contracts, receipts)]


def pending_files(folder: DataFolder, contracts: Iterable[Contract]) -> list[Candidate]:
    """Return every file of landing/ that an intake would look into now, those in landing/incoming/ too.

    One that its sender calls unfinished is none of them.
    """
    of_feeds = _pending(folder, contracts, Ledger(folder).receipts())
    of_any_feed = look_below(folder.incoming, folder.landing).files
    return [one for one in (*of_feeds, *of_any_feed) if not is_unfinished(one.file.name)]


def _pending(folder: DataFolder, contracts: Iterable[Contract], receipts: Sequence[Receipt]) -> Iterator[Candidate]:
    landing_files = Ledger(folder).landing_files()
    for contract in contracts:
        of_feed = [receipt for receipt in receipts if receipt.source_feed == contract.key]
        history = History(of_feed, landing_files, contract.version_for, has_other_columns(folder, contract))
        for one in look_below(folder.landing_of(contract.key), folder.landing).files:
            if not contract.passes_over(one.name) and history.is_pending(one):
                yield one


def unknown_suppliers(receipts: Iterable[Receipt]) -> list[str]:
    """Return the suppliers whose area nobody has said, as `btp (police/street_crime)`."""
    return sorted({f"{one.supplier} ({one.source_feed})" for one in receipts if is_of_unknown_supplier(one)})
