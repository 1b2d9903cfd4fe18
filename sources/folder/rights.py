"""Who may read what in the data folder, whatever the umask of the process and whatever somebody has set.

Readers open `published/` and `releases/`, for which they pass through the data folder itself. What agencies drop is for
the owner and a group that they share; everything else is for the owner alone.
"""

import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from sources.folder.data_folder import DataFolder

OWNER_ALONE, OWNER_AND_GROUP, READERS = 0o700, 0o750, 0o755


def make_data_folder(folder: DataFolder) -> None:
    """Make the data folder where there is none, and take from others what they may not have of what is in it."""
    if not folder.root.is_dir():
        make_folder(folder.root, READERS)
    if not folder.landing.is_dir():
        make_folder(folder.landing, OWNER_AND_GROUP)
    for path, allowed in too_open(folder):
        with suppress(PermissionError):  # another owner's: `csp doctor` names it
            path.chmod(stat.S_IMODE(path.stat().st_mode) & (allowed | ~0o777))


def make_folder(path: Path, mode: int) -> None:
    """Make a folder with exactly these rights, those above it as the umask has it; one that is there stays as it is."""
    if not path.is_dir():
        path.mkdir(mode=OWNER_ALONE, parents=True, exist_ok=True)
        path.chmod(mode)


def too_open(folder: DataFolder) -> Iterator[tuple[Path, int]]:
    """Yield what others than intended may read or write, with the most that may be allowed."""
    for path, allowed in _most_allowed(folder).items():
        if path.exists() and path.stat().st_mode & 0o777 & ~allowed:
            yield path, allowed


def closed_to_readers(folder: DataFolder) -> list[Path]:
    """Return the folders on the way to a release into which nobody but the owner can go."""
    ways = (folder.root, folder.published, folder.releases)
    return [way for way in ways if way.is_dir() and not way.stat().st_mode & 0o011]


def _most_allowed(folder: DataFolder) -> dict[Path, int]:
    private = (
        *(folder.archive, folder.raw, folder.rejected, folder.quarantine, folder.ledger, folder.link_key.parent),
        *(folder.intake_work, folder.rehash_work, folder.lineage, folder.partners, folder.dagster_home, folder.spill),
        *(folder.dbt_target.parent, folder.warehouse, folder.warehouse_log, folder.build_record, folder.run_inputs),
        *(folder.writer_lock, folder.drawings, folder.alerts, folder.partnership_for_models, folder.cells),
        *(folder.format, folder.spark),
    )
    return {
        folder.root: READERS,
        folder.releases: READERS,
        folder.published: READERS,
        folder.publication_history: 0o644,
        folder.landing: OWNER_AND_GROUP,
        **dict.fromkeys(private, OWNER_ALONE),
    }
