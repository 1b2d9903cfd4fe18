"""The partners' release: the exact twin of a release, in a folder that its owner alone can enter; off unless asked for.

`published/current` alone says which release is current: `partners/current` follows it.
"""

from collections.abc import Mapping, Sequence

from orchestration.releases.current import current_id
from orchestration.releases.find import get_release, require_current, why_unreadable
from orchestration.releases.model import Exact, NothingPublishedError, Release, ReleaseError
from orchestration.releases.tables import equal_releases
from sources.folder.data_folder import DataFolder, PartnersFolder
from sources.partnership import in_force
from sources.partnership.folder import FolderError

PARTNERS_SWITCH = "CSP_PARTNERS_RELEASE"
_FORMER_SWITCH = "CSP_PARTNER_FILE"


class PartnersSettingError(ReleaseError):
    """The setting of the partners' release is not one that we know; the message says which are."""


def wants_partners_release(environment: Mapping[str, str] | None = None) -> bool:
    """Return whether the partners' release is asked for: CSP_PARTNERS_RELEASE is `on`, or partnership.yaml says so.

    Raises:
        PartnersSettingError: it is neither `on` nor `off`, or has its former name; or partnership.yaml cannot be used.
    """
    if environment is None:
        try:
            environment = in_force.environment()
        except FolderError as error:
            raise PartnersSettingError(str(error)) from error
    if _FORMER_SWITCH in environment:
        raise PartnersSettingError(
            f"{_FORMER_SWITCH} is called {PARTNERS_SWITCH} now, and writes partners/<release>/ in place of "
            "partner/<release>.duckdb: rename it, and remove the folder partner/"
        )
    value = environment.get(PARTNERS_SWITCH, "").strip().lower()
    if value not in {"", "on", "off"}:
        raise PartnersSettingError(f"{PARTNERS_SWITCH} is {environment[PARTNERS_SWITCH]!r}: set it to `on` or `off`")
    return value == "on"


def has_twin(folder: DataFolder, release_id: str) -> bool:
    """Return whether a release has its twin; False too where whoever asks may not enter the folder of the twins."""
    try:
        return (folder.partners / release_id).is_dir()
    except PermissionError:
        return False


def needs_twin(folder: DataFolder, release_id: str) -> bool:
    """Return whether a release has no twin, or is the current one and partners cannot read its twin.

    A damaged twin of another release nobody needs: that release is not published again for it.
    """
    if not has_twin(folder, release_id):
        return True
    return release_id == current_id(folder) and why_unreadable(PartnersFolder(folder.root), release_id) is not None


def require_twin(folder: DataFolder) -> Release:
    """Return the twin of the current release.

    Raises:
        NothingPublishedError: there is no current release, or it has no twin.
        DamagedReleaseError: its manifest cannot be read.
    """
    release_id = require_current(folder).release_id
    if not has_twin(folder, release_id):
        raise NothingPublishedError(
            f"release {release_id} has no twin in {folder.partners} that this user can read: "
            f"`{PARTNERS_SWITCH}=on csp nightly`, run by the owner of the data folder, makes it"
        )
    return get_release(PartnersFolder(folder.root), release_id)


def with_equal_twins(
    folder: DataFolder, tables: Sequence[str], releases: Sequence[Release], exact: Exact, input_fingerprint: str
) -> list[Release]:
    """Return those of `releases` whose twin holds exactly the tables of the warehouse, row for row.

    One without a twin may get it where it was made from the inputs with this fingerprint. The current one is left out
    where its twin is damaged, so that the next pair takes its place.
    """
    twins = PartnersFolder(folder.root)
    equal = []
    for release in releases:
        if not has_twin(folder, release.release_id):
            is_equal = release.input_fingerprint == input_fingerprint
        elif why_unreadable(twins, release.release_id):
            is_equal = not needs_twin(folder, release.release_id)
        else:
            twin = get_release(twins, release.release_id)
            is_equal = bool(equal_releases(folder.warehouse, tables, [twin], exact.tables))
        if is_equal:
            equal.append(release)
    return equal
