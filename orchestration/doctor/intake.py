"""What has come: the ledger of it, the key that hides people, who writes, and what still lies in landing."""

import fcntl
from collections import Counter
from datetime import UTC, datetime

from orchestration.doctor.broken import BrokenError
from orchestration.writer_lock import WarehouseBusyError, require_free_warehouse, writer_lock
from sources.contract.load import load_contracts
from sources.folder.data_folder import DataFolder
from sources.intake.incoming import by_reason, staying
from sources.intake.landing import outside_every_feed
from sources.intake.left_out import pending_in_feeds, unknown_suppliers, unreadable_in_feeds
from sources.ledger.counting import REMEDY
from sources.ledger.erasures import undone, unrecorded
from sources.ledger.lateness import clock_behind, local_today, overdue
from sources.ledger.receipts import Ledger, standing
from sources.ledger.unfinished import require_finished
from sources.personal.link_key import link_key

FILES_NAMED = 5


def ledger(folder: DataFolder) -> str:
    """Read every receipt, and see that no command was interrupted and no clock set back."""
    receipts = Ledger(folder).receipts()
    require_finished(folder)
    if behind := clock_behind(receipts, datetime.now(UTC)):
        raise BrokenError(behind)
    if back := undone(folder):
        raise BrokenError(f"a backup was put back, and {len(back)} erased file(s) with it: `csp nightly` removes them")
    return f"{len(receipts):,} receipts, {len(standing(receipts)):,} deliveries stand{unrecorded(receipts)}"


def key(folder: DataFolder) -> str:
    """Read the link key where the folder was filled under one."""
    if not folder.link_key_fingerprint.exists():
        return "not needed so far"
    link_key(folder)
    return "the one under which the folder was filled"


def writers(folder: DataFolder) -> str:
    """See whether somebody writes, or has the warehouse open, which would stop a night."""
    try:
        with writer_lock(folder):
            pass
    except WarehouseBusyError as error:
        return f"a run is under way or stuck: {error}"
    if folder.warehouse.exists():
        with folder.warehouse.open("r+b") as file:
            try:
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # as DuckDB locks
            except OSError:
                require_free_warehouse(folder.warehouse)  # names the process; it opens nothing that is held
    return "nobody writes or has the warehouse open"


def deliveries(folder: DataFolder) -> str:
    """Say what is overdue, and what lies where no feed looks; agencies' delays are not ours to mend."""
    known = load_contracts()
    receipts = Ledger(folder).receipts()
    stand = standing(receipts)
    late = Counter(one.source_feed for one in overdue(known, stand, local_today()))
    told = "; ".join(f"{feed}: {count:,} overdue" for feed, count in sorted(late.items())) or "nothing overdue"
    if unknown := unknown_suppliers(stand):
        told += (
            f"; nobody has said which area these answer for, so they count for nothing: {', '.join(unknown)}: {REMEDY}"
        )
    unread = unreadable_in_feeds(folder, known)
    pending = set(pending_in_feeds(folder, known.values(), receipts)) - {one.path for one in unread}
    if pending:
        told += f"; not taken in so far: {', '.join(f'landing/{path}' for path in sorted(pending))}"
    if strays := outside_every_feed(folder, known):
        raise BrokenError(
            f"{told}; {len(strays):,} file(s) in no feed's folder, such as landing/{strays[0]}: move them"
        )
    if left := by_reason(staying(folder, known.values())):
        each = "; ".join(f"{', '.join(_named_first(paths))}: {why}" for why, paths in left.items())
        raise BrokenError(f"{told}; left in landing/incoming: {each}")
    if unread:
        raise BrokenError(f"{told}; not read: " + " ".join(f"landing/{one.path} {one.why}" for one in unread))
    return told


def _named_first(paths: list[str]) -> list[str]:
    """Return the first paths in landing, and how many more there are."""
    more = len(paths) - FILES_NAMED
    return [*(f"landing/{path}" for path in paths[:FILES_NAMED]), *([f"and {more} more"] if more > 0 else [])]
