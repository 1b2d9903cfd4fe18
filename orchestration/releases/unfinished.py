"""A release whose run died between building it and publishing it: it is taken up, not built a second time."""

from collections.abc import Sequence
from pathlib import Path

from orchestration.releases.current import was_published
from orchestration.releases.find import list_releases
from orchestration.releases.model import Exact, Release, ReleaseFacts
from orchestration.releases.partners import with_equal_twins
from orchestration.releases.tables import equal_releases
from orchestration.releases.verification import verify
from sources.folder.data_folder import DataFolder


def unfinished_release(
    folder: DataFolder, warehouse: Path, tables: Sequence[str], facts: ReleaseFacts, exact: Exact | None = None
) -> Release | None:
    """Return the release that was built of exactly these tables and inputs and never published; None without one.

    With `exact`, one whose twin for partners is of other tables is none.
    """
    left = [
        release
        for release in list_releases(folder)
        if (release.as_at, release.input_fingerprint) == (facts.as_at, facts.input_fingerprint)
        and not was_published(folder, release.release_id)
    ]
    if not left:
        return None
    equal = equal_releases(warehouse, tables, left)
    if exact:
        equal = with_equal_twins(folder, tables, equal, exact, facts.input_fingerprint)
    whole = [one for one in equal if not verify(folder, one.release_id)]
    return whole[-1] if whole else None
