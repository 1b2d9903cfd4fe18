"""Removing releases for good: written down first, so that no number is given twice and the next run ends what died."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from orchestration.releases.files import REMOVING, remove_tree
from orchestration.releases.history import this_user
from orchestration.releases.model import ReleaseError
from sources.folder.data_folder import DataFolder
from sources.folder.durable import sync_folder, write_whole


def removed_ids(folder: DataFolder) -> list[str]:
    """Return the ids of the releases that were removed, also of one whose removal was interrupted."""
    return [line["release"] for line in _lines(folder)]


def remove_releases(folder: DataFolder, release_ids: Iterable[str]) -> None:
    """Remove releases with their twins and lineage; the caller holds the writer lock and has chosen them with care."""
    finish_removals(folder)
    doomed, known = list(release_ids), set(removed_ids(folder))
    told = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "user": this_user()}
    lines = [*_lines(folder), *({"release": one, **told} for one in doomed if one not in known)]
    if doomed:
        write_whole(folder.removed_releases, "".join(f"{json.dumps(line)}\n" for line in lines), mode=0o644)
    for release_id in doomed:
        _hide(folder.releases / release_id)  # from here on it is gone for every reader
        finish_removals(folder)


def finish_removals(folder: DataFolder) -> None:
    """Remove what is left of releases whose removal was interrupted after they had gone from readers' sight."""
    apart = [store for store in (folder.partners, folder.lineage) if store.is_dir()]
    for release_id in removed_ids(folder):
        if not (folder.releases / release_id).exists():
            for store in apart:
                _hide(store / release_id)
            (folder.lineage / f"{release_id}.parquet").unlink(missing_ok=True)  # the lineage, until 2026-11
    for store in (folder.releases, *apart):
        for hidden in store.glob(f"{REMOVING}*"):
            remove_tree(hidden)


def _hide(path: Path) -> None:
    """Take a folder from sight in one step."""
    if path.is_dir():
        hidden = path.with_name(f"{REMOVING}{path.name}")
        if hidden.exists():  # of an earlier removal, after which someone put the release back
            remove_tree(hidden)
        path.rename(hidden)
        sync_folder(path.parent)


def _lines(folder: DataFolder) -> list[dict[str, str]]:
    if not folder.removed_releases.exists():
        return []
    try:
        return [json.loads(line) for line in folder.removed_releases.read_text(encoding="utf-8").splitlines()]
    except ValueError as error:
        raise ReleaseError(f"{folder.removed_releases} cannot be read ({error}): put it back from a copy") from error
