"""Finding releases: by id, all of them, the current one, the one published last."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from orchestration.releases.current import current_id
from orchestration.releases.files import DATABASE, MANIFEST
from orchestration.releases.history import PUBLISHED, ROLLED_BACK, read_history
from orchestration.releases.model import (
    DamagedReleaseError,
    NothingPublishedError,
    Release,
    ReleaseError,
    Rollback,
    UnknownReleaseError,
)
from orchestration.releases.removal import removed_ids
from sources.folder.data_folder import DataFolder

_RELEASE_ID = re.compile(r"(\d{4}-\d{2}-\d{2})\.([1-9]\d*)")


def get_release(folder: DataFolder, release_id: str) -> Release:
    """Return a release by its id.

    Raises:
        UnknownReleaseError: there is none.
        DamagedReleaseError: its manifest cannot be read.
    """
    return _release_of(folder, release_id, read_manifest(folder, release_id))


def _release_of(folder: DataFolder, release_id: str, manifest: Mapping[str, Any]) -> Release:
    try:
        return Release(
            release_id=release_id,
            path=folder.releases / release_id,
            as_at=manifest["as_at"],
            created_at=manifest["created_at"],
            input_fingerprint=manifest["input_fingerprint"],
            row_counts={name: table["rows"] for name, table in manifest["tables"].items()},
            content_hashes={name: table["content_sha256"] for name, table in manifest["tables"].items()},
            partitioned_by={
                name: table["partitioned_by"] for name, table in manifest["tables"].items() if "partitioned_by" in table
            },
            beside_current=bool(manifest.get("beside_current")),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise _damaged_manifest(folder, release_id, error) from error


def read_manifest(folder: DataFolder, release_id: str) -> dict[str, Any]:
    """Return the manifest of a release; it is another's too, so it is not to be changed.

    Raises:
        UnknownReleaseError: there is no such release.
        DamagedReleaseError: its manifest cannot be read.
    """
    release = path_of(folder, release_id)
    try:
        return _manifest_in((release / MANIFEST).read_bytes())
    except (OSError, ValueError) as error:
        raise _damaged_manifest(folder, release_id, error) from error


@lru_cache(maxsize=2)  # by content: the intake of each feed asks what the last release shows
def _manifest_in(content: bytes) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads(content)
    return manifest


def list_releases(folder: DataFolder) -> list[Release]:
    """Return the releases, by as-at date and number, also those that never were published (see `was_published`).

    One whose manifest cannot be read is left out; `damaged_releases` names it.
    """
    return [release for release in _each(folder) if isinstance(release, Release)]


def damaged_releases(folder: DataFolder) -> list[DamagedReleaseError]:
    """Return what is wrong with each release whose manifest cannot be read."""
    return [error for error in _each(folder) if isinstance(error, DamagedReleaseError)]


def _each(folder: DataFolder) -> Iterator[Release | DamagedReleaseError]:
    for as_at, number in release_ids(folder):
        try:
            yield get_release(folder, f"{as_at}.{number}")
        except DamagedReleaseError as error:
            yield error


def why_unreadable(folder: DataFolder, release_id: str) -> str | None:
    """Return why readers cannot use a release, as far as that shows without reading its tables; None where they can."""
    try:
        manifest = read_manifest(folder, release_id)
        _release_of(folder, release_id, manifest)
        recorded = manifest["files"][DATABASE]["bytes"]
        found = (folder.releases / release_id / DATABASE).stat().st_size
    except (ReleaseError, OSError, KeyError, TypeError) as error:
        return str(error)
    return None if found == recorded else f"{DATABASE} of {release_id} has {found} bytes; it was built with {recorded}"


def current_release(folder: DataFolder) -> Release | None:
    """Return the release that `published/current` leads to; None where it leads to none, as before the first.

    Raises:
        DamagedReleaseError: its manifest cannot be read.
    """
    release_id = current_id(folder)
    return get_release(folder, release_id) if release_id else None


def require_current(folder: DataFolder) -> Release:
    """Return the current release.

    Raises:
        NothingPublishedError: nothing has been published yet, or the link is broken.
    """
    release = current_release(folder)
    if release is None:
        require_any_published(folder)
        raise NothingPublishedError(
            f"{folder.current_release} leads to no release, so that readers see nothing: `csp doctor` or the next "
            "`csp nightly` restores it"
        )
    return release


def require_any_published(folder: DataFolder) -> None:
    """See that something was published at some time.

    Raises:
        NothingPublishedError: the history is empty, and the link leads to no release.
    """
    if current_id(folder) is None and not read_history(folder):
        raise NothingPublishedError(f"{folder.published} holds no release yet: run `csp nightly` to publish the first")


def latest_published_release(folder: DataFolder) -> Release | None:
    """Return the release published last that still exists, even where it was rolled back from since."""
    latest_first = reversed(published_ids(folder))
    readable = next((release_id for release_id in latest_first if not why_unreadable(folder, release_id)), None)
    return get_release(folder, readable) if readable else None


def last_receipt_published(folder: DataFolder) -> int:
    """Return the number of the last receipt that the release published last shows; 0 where there is none."""
    latest = latest_published_release(folder)
    return latest.row_counts.get("deliveries", 0) if latest else 0  # a row a receipt, numbered from 1


def releases_not_to_repeat(folder: DataFolder) -> list[Release]:
    """Return the releases whose content is not to be published anew: the last, and after a rollback every one.

    Someone who rolled back chose against all that came since; only something new ends that. One that readers cannot use
    may be repeated, unless it is the one that was rolled back from.

    Raises:
        DamagedReleaseError: the manifest of that one cannot be read.
    """
    history = read_history(folder)
    rolled_back = bool(history) and history[-1]["action"] == ROLLED_BACK
    published = published_ids(folder)
    return [
        get_release(folder, release_id)
        for release_id in dict.fromkeys(published[0 if rolled_back else -1 :])
        if (rolled_back and release_id == published[-1]) or not why_unreadable(folder, release_id)
    ]


def rollback_in_force(folder: DataFolder) -> Rollback | None:
    """Return the rollback by which readers see another release than the one published last, if there is one."""
    history = read_history(folder)
    published = published_ids(folder)
    if not history or history[-1]["action"] != ROLLED_BACK or not published or published[-1] == history[-1]["to"]:
        return None
    last = history[-1]
    return Rollback(last["to"], published[-1], last["at"], last["user"], last["reason"])


def published_ids(folder: DataFolder) -> list[str]:
    """Return the ids of the releases that were published and still exist, in the order of publication."""
    published = [line["to"] for line in read_history(folder) if line["action"] == PUBLISHED]
    current = current_id(folder)
    if current and current not in published:  # the process died between the switch and its line
        published.append(current)
    return [release_id for release_id in published if (folder.releases / release_id).is_dir()]


def release_ids(folder: DataFolder) -> list[tuple[str, int]]:
    """Return the as-at date and number of every release, in this order."""
    if not folder.releases.is_dir():
        return []
    matches = (_RELEASE_ID.fullmatch(path.name) for path in folder.releases.iterdir())
    return sorted((match[1], int(match[2])) for match in matches if match)


def path_of(folder: DataFolder, release_id: str) -> Path:
    """Return the folder of a release.

    Raises:
        UnknownReleaseError: there is no such release.
    """
    path = folder.releases / release_id
    if not _RELEASE_ID.fullmatch(release_id) or not path.is_dir():
        if release_id in removed_ids(folder):
            raise UnknownReleaseError(
                f"release {release_id} was pruned: {folder.removed_releases} says when and by whom"
            )
        known = ", ".join(f"{as_at}.{number}" for as_at, number in release_ids(folder)[-5:]) or "none yet"
        raise UnknownReleaseError(f"there is no release {release_id!r} in {folder.releases}; the last are: {known}")
    return path


def _damaged_manifest(folder: DataFolder, release_id: str, error: Exception) -> DamagedReleaseError:
    return DamagedReleaseError(
        f"the manifest of release {release_id} in {folder.releases} cannot be read ({error}): "
        "restore that folder from a copy, or move it out of the data folder"
    )
