"""Publishing a release, and going back to one that was published before."""

from orchestration.releases.current import current_id, mend, switch, was_published
from orchestration.releases.find import get_release, path_of
from orchestration.releases.history import PUBLISHED, ROLLED_BACK
from orchestration.releases.model import DamagedReleaseError, Release, UnpublishedReleaseError
from orchestration.releases.verification import verify
from sources.folder.data_folder import DataFolder


def publish(folder: DataFolder, release_id: str, reason: str) -> Release:
    """Make a release the current one, and say so in the history; nothing happens where it is already.

    Raises:
        UnknownReleaseError: there is no such release.
    """
    release = get_release(folder, release_id)
    switch(folder, release_id, PUBLISHED, reason)
    return release


def rollback(folder: DataFolder, release_id: str, reason: str) -> str:
    """Make an earlier release the current one again, and return a sentence on what was done.

    Raises:
        UnknownReleaseError: there is no such release.
        UnpublishedReleaseError: it never was the current one, so there is no going back to it.
        DamagedReleaseError: it is no longer as it was built.
    """
    path_of(folder, release_id)
    mended = mend(folder)
    before = current_id(folder)
    if before == release_id:
        return "; ".join(
            [*mended, f"{release_id} is the current release{'' if mended else ' already: nothing changed'}"]
        )
    stays = f"{before or 'No release'} stays current; choose another release (see `csp releases`)."
    if not was_published(folder, release_id):
        release = get_release(folder, release_id)
        why = (
            f"it was made to be kept beside the current one. `csp nightly --as-at {release.as_at}` publishes it"
            if release.beside_current
            else "the run that built it ended before it published it"
        )
        raise UnpublishedReleaseError(
            f"release {release_id} never was current: {folder.publication_history} does not name it, because {why}. "
            f"{stays}"
        )
    problems = verify(folder, release_id)
    if problems:
        raise DamagedReleaseError(
            f"release {release_id} has {len(problems)} problem(s), the first {problems[0]}. {stays}"
        )
    switch(folder, release_id, ROLLED_BACK, reason)
    return "; ".join([*mended, f"{release_id} is the current release now, in place of {before or 'none'}"])
