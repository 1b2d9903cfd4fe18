"""Which releases may go, by age and number, and which must stay whatever the setting."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from orchestration.releases.current import current_id, was_published
from orchestration.releases.files import bytes_freed_with
from orchestration.releases.find import list_releases, published_ids, read_manifest, rollback_in_force
from orchestration.releases.history import ROLLED_BACK, damaged_history, ends_damaged, read_history
from orchestration.releases.model import Release, ReleaseError
from sources.folder.data_folder import DataFolder
from sources.partnership import in_force
from sources.partnership.folder import FolderError

KEEP_VARIABLE, DAYS_VARIABLE = "CSP_PRUNE_KEEP", "CSP_PRUNE_OLDER_THAN"


class PruneError(ReleaseError):
    """Nothing can be pruned; the message says why and what to do."""


@dataclass(frozen=True)
class Retention:
    """What goes: what is beyond the newest `keep` and older than `older_than` days; None asks nothing."""

    keep: int | None
    older_than: int | None


@dataclass(frozen=True)
class Fate:
    """Whether a release goes, why or why not, and the bytes that its files, twin and lineage alone hold."""

    release_id: str
    goes: bool
    why: str
    byte_count: int


def retention(keep: int | None, older_than: int | None, environment: Mapping[str, str] | None = None) -> Retention:
    """Return what options ask for, else CSP_PRUNE_KEEP and CSP_PRUNE_OLDER_THAN (days), else partnership.yaml.

    Raises:
        PruneError: nobody says how much stays, or it is no whole number of at least 1.
    """
    if keep is None and older_than is None:
        said = _settings() if environment is None else environment
        keep, older_than = (_number(name, said) for name in (KEEP_VARIABLE, DAYS_VARIABLE))
    if keep is None and older_than is None:
        raise PruneError(
            f"say what may go: `--keep 12` keeps the newest 12 releases, `--older-than 90` whatever is younger than 90 "
            f"days ({KEEP_VARIABLE} and {DAYS_VARIABLE} say it for every night)"
        )
    if any(number is not None and number < 1 for number in (keep, older_than)):
        raise PruneError("--keep and --older-than are whole numbers of at least 1")
    return Retention(keep, older_than)


def is_asked_for(environment: Mapping[str, str] | None = None) -> bool:
    """Return whether the environment or partnership.yaml asks each night to prune.

    Raises:
        PruneError: partnership.yaml cannot be used.
    """
    said = _settings() if environment is None else environment
    return any(said.get(name, "").strip() for name in (KEEP_VARIABLE, DAYS_VARIABLE))


def _settings() -> Mapping[str, str]:
    try:
        return in_force.environment()
    except FolderError as error:
        raise PruneError(str(error)) from error


def _number(name: str, environment: Mapping[str, str]) -> int | None:
    text = environment.get(name, "").strip()
    if not text:
        return None
    if not text.isdecimal() or int(text) < 1:
        raise PruneError(f"{name} is {text!r}: set it to a whole number of at least 1")
    return int(text)


def fates(folder: DataFolder, asked: Retention, now: datetime) -> list[Fate]:
    """Return the fate of each release, that which readers saw last first; it changes nothing.

    A release whose manifest cannot be read is not among them, and stays.

    Raises:
        PruneError: a line of the history is damaged, so that it does not say which releases must stay.
    """
    if damaged := [*damaged_history(folder), *(["its last line is torn"] if ends_damaged(folder) else [])]:
        raise PruneError(f"nothing is pruned before the history is whole: {damaged[0]}")
    seen = {release.release_id: _last_seen(folder, release, now) for release in list_releases(folder)}
    # The current one is the newest, though a clock may have been set back; of one second, the higher number.
    current, made = current_id(folder), list(seen)
    newest_first = sorted(seen, key=lambda one: (one == current, seen[one], made.index(one)), reverse=True)
    must_stay, beside = _reasons_to_stay(folder), _kept_beside(folder)
    numbers = {one: number for number, one in enumerate((one for one in newest_first if one not in beside), 1)}
    return [
        _fate(folder, asked, release_id, numbers.get(release_id), now - seen[release_id], must_stay.get(release_id))
        for release_id in newest_first
    ]


def bytes_freed_with_releases(folder: DataFolder, release_ids: Sequence[str]) -> int:
    """Return the bytes that are free once releases are gone together, with those that they share with each other."""
    stores = (folder.releases, folder.partners, folder.lineage)
    return bytes_freed_with(*(store / release_id for release_id in release_ids for store in stores))


def runs_of(folder: DataFolder, release_ids: Sequence[str]) -> set[str]:
    """Return the ids of Dagster's runs that made these releases."""
    return {str(read_manifest(folder, release_id).get("run_id")) for release_id in release_ids}


def _fate(
    folder: DataFolder, asked: Retention, release_id: str, number: int | None, unseen: timedelta, must_stay: str | None
) -> Fate:
    """Return the fate of a release; one without a number goes by its age alone."""
    size = bytes_freed_with_releases(folder, [release_id])
    told = (
        f"readers last saw it {unseen.days} day(s) ago; number {number} from the newest"
        if number
        else f"made {unseen.days} day(s) ago by a backfill, and never the current one"
    )
    if must_stay:
        return Fate(release_id, goes=False, why=must_stay, byte_count=size)
    if number is None and asked.older_than is None:
        why = "made by a backfill: it goes by age alone"
        return Fate(release_id, goes=False, why=why, byte_count=size)
    if asked.keep is not None and number is not None and number <= asked.keep:
        return Fate(release_id, goes=False, why=f"one of the newest {asked.keep}", byte_count=size)
    if asked.older_than is not None and unseen <= timedelta(days=asked.older_than):
        return Fate(release_id, goes=False, why=f"seen in the last {asked.older_than} days", byte_count=size)
    return Fate(release_id, goes=True, why=told, byte_count=size)


def _kept_beside(folder: DataFolder) -> set[str]:
    """Return the releases that a backfill made and that never were the current one: no reader waits for the next."""
    made = (release for release in list_releases(folder) if release.beside_current)
    return {one.release_id for one in made if not was_published(folder, one.release_id)}


def _reasons_to_stay(folder: DataFolder) -> dict[str, str]:
    """Return why a release stays whatever its age: nights, rollbacks and readers need it."""
    published, rollback = published_ids(folder), rollback_in_force(folder)
    reasons = dict(_rolled_back_to(read_history(folder)))
    if rollback:  # a night compares what it built with all that was rolled back from
        reasons |= dict.fromkeys(published, "published before the rollback that is in force")
    if published:
        reasons[published[-1]] = "the release published last"
    if current := current_id(folder):
        reasons[current] = "the current release"
    return reasons


def _rolled_back_to(history: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for line in history:
        if line["action"] == ROLLED_BACK:
            yield line["to"], f"someone went back to it, {line['at'][:10]}"


def _last_seen(folder: DataFolder, release: Release, now: datetime) -> datetime:
    """Return when readers last saw a release as the current one, or else when it was made."""
    if release.release_id == current_id(folder):
        return now
    left = [line["at"] for line in read_history(folder) if line["from"] == release.release_id]
    moment = datetime.fromisoformat(left[-1] if left else release.created_at)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
