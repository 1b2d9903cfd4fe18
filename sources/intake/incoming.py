"""landing/incoming/: a file of any feed under any name, moved into the folder of the feed that it is found to be of.

It is copied there under the name that its contract agrees, in a folder of the hash of its bytes, and then deleted from
landing/incoming/: a run that dies in between ends, when it is repeated, in the same place. What becomes of it there is
told by its feed's intake.
"""

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from sources.contract.load import Contract
from sources.folder.data_folder import DataFolder
from sources.folder.durable import move_in_place
from sources.folder.landed import Candidate, Unread, look_below
from sources.intake.identify import Identified, identify
from sources.intake.incoming_bytes import CannotBeRead, ChangedWhileRead, IncomingBytes, copied_file
from sources.intake.landing import SETTLE_SECONDS, CannotBeRemoved, delete_from_landing, is_unfinished, settled

_Contracts = Sequence[Contract]
# What files were found to be, by where they lie, their size and time, and the contracts' versions: once a process,
# because the intake of each feed asks.
_found: dict[tuple[Candidate, tuple[str, ...]], Identified] = {}


def place_incoming(
    folder: DataFolder,
    contracts: Iterable[Contract],
    progress: Callable[[str], None],
    settle_seconds: float = SETTLE_SECONDS,
) -> None:
    """Move what lies in landing/incoming/ and is of a feed into the feed's folder, in the order of arrival.

    What is of none, or is still being written, stays. The caller holds the data folder's writer lock.
    """
    arrived = sorted(look_below(folder.incoming, folder.landing).files, key=lambda one: (one.mtime_ns, one.path))
    if not arrived:
        return
    known, work = list(contracts), folder.intake_work
    whole, _ = settled(arrived, settle_seconds)
    placed: Counter[str] = Counter()
    for candidate in whole:
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True, mode=0o700)
        try:
            placed.update(_placed(folder, candidate, known, work))
        except (ChangedWhileRead, CannotBeRead):
            continue  # told by whoever looks at what stays
        except (CannotBeRemoved, OSError) as error:
            why = (error.strerror if isinstance(error, OSError) else None) or str(error)
            progress(f"a file of landing/incoming/ was not moved to its feed: {why}")
    shutil.rmtree(work, ignore_errors=True)
    for feed, number in sorted(placed.items()):
        # Their names are their senders', and Dagster keeps what is told here.
        progress(f"{feed}: {number} of landing/incoming/, found to be of this feed by what they hold")


def staying(folder: DataFolder, contracts: Iterable[Contract]) -> list[Unread]:
    """Return what lies in landing/incoming/, with what each is found to be, or why it cannot be read."""
    landed = look_below(folder.incoming, folder.landing)
    known, said = list(contracts), list(landed.unread)
    for candidate in landed.files:
        if not is_unfinished(candidate.file.name):
            with tempfile.TemporaryDirectory() as work:
                said.append(Unread(candidate.path, _why(candidate, known, Path(work))))
    return said


def by_reason(left: Iterable[Unread]) -> dict[str, list[str]]:
    """Return the paths of what stays by the reason: a download may hold thousands of files that nothing counts."""
    paths: dict[str, list[str]] = {}
    for one in left:
        paths.setdefault(one.why, []).append(one.path)
    return paths


def _why(candidate: Candidate, contracts: _Contracts, work: Path) -> str:
    try:
        found = _identified(candidate, contracts, work)
    except (ChangedWhileRead, CannotBeRead) as error:
        return str(error) or "is still being written."
    return f"{found.why}; the next night takes it in" if found.feeds else found.why


def _identified(candidate: Candidate, contracts: _Contracts, work: Path) -> Identified:
    key = candidate, tuple(contract.feed_version for contract in contracts)
    if key not in _found:
        incoming = copied_file(candidate, work)
        try:
            _found[key] = identify(contracts, incoming.file, candidate.name, work)
        except Exception as failure:  # noqa: BLE001 one file never stops a night; what an error says may be the file's
            kind = type(failure).__name__
            _found[key] = Identified(f"failed while it was looked into ({kind}). Put it into the folder of its feed.")
    return _found[key]


def _placed(folder: DataFolder, candidate: Candidate, contracts: _Contracts, work: Path) -> tuple[str, ...]:
    """Return the feeds into whose folders a file was moved."""
    found = _identified(candidate, contracts, work)
    if found.name is None or any(_is_led_elsewhere(folder, feed) for feed in found.feeds):
        return ()
    incoming = copied_file(candidate, work)
    for feed in found.feeds:
        _put(folder, incoming, feed, found.name)
    delete_from_landing(candidate, "it is in the folder of its feed")
    return found.feeds


def _put(folder: DataFolder, incoming: IncomingBytes, feed: str, name: str) -> None:
    place = folder.landing_of(feed) / folder.incoming.name / incoming.sha256[:16] / name
    one = incoming.file.with_name("placed")
    os.link(incoming.file, one)
    # With the time of the file that was sent: what a dying run left in place is seen as the same.
    os.utime(one, ns=(incoming.candidate.mtime_ns, incoming.candidate.mtime_ns))
    move_in_place(one, place, mode=0o600)


def _is_led_elsewhere(folder: DataFolder, feed: str) -> bool:
    """Return whether a link in landing may lead to where others read; the feed's own look names it."""
    above = [one for one in (folder.landing_of(feed) / "-").parents if one != folder.landing]
    return any(one.is_symlink() for one in above if one.is_relative_to(folder.landing))
