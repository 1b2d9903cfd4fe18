"""`csp prune`: releases, runs and logs that nobody needs any more; listed first, removed when told."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration import releases as store
from orchestration.cli.console import WRONG_USAGE, complain, data_folder, failing_on, say
from orchestration.releases import Fate, PruneError, Retention
from sources.folder.data_folder import DataFolder

if TYPE_CHECKING:
    from orchestration.runs import OldRun

_MEGABYTE = 1_000_000


@dataclass(frozen=True)
class _Doomed:
    """What goes, the fate of every release, and the bytes of those that go, with what they share with each other."""

    fates: list[Fate]
    bytes_of_releases: int
    runs: "list[OldRun]"
    logs: list[Path]

    @property
    def release_ids(self) -> list[str]:
        return [fate.release_id for fate in self.fates if fate.goes]

    @property
    def is_something(self) -> bool:
        """Return whether anything goes, be it rows of a database that gives no size."""
        return bool(self.release_ids or self.runs or self.logs)

    @property
    def byte_count(self) -> int:
        of_logs = sum(log.stat().st_size for log in self.logs)
        return self.bytes_of_releases + sum(run.byte_count for run in self.runs) + of_logs


def prune(
    keep: Annotated[int | None, typer.Option(help="The newest releases that stay.")] = None,
    older_than: Annotated[
        int | None, typer.Option(help="Days: only what is older goes, of runs and logs too, which stay without it.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Remove it; without, it is only listed.")] = False,
) -> None:
    """List what may go of releases, Dagster's runs and dbt's logs, and remove it with --yes.

    Given both, a release goes only if both say so. The current release, the one published last, those that someone went
    back to, and the runs whose checks and partitions the UI still shows stay. So do all deliveries.
    """
    from orchestration.mending import mended
    from orchestration.writer_lock import WarehouseBusyError, writer_lock

    folder = data_folder()
    with failing_on(PruneError, code=WRONG_USAGE):
        asked = store.retention(keep, older_than)
    with failing_on(store.ReleaseError, WarehouseBusyError):
        if not yes:
            complain(*mended(folder))
            say(*_told(doomed := _doomed(folder, asked)))
            say("nothing is removed: add --yes to remove it" if doomed.is_something else "nothing is to be removed")
            return
        with writer_lock(folder):
            complain(*store.mend(folder))
            doomed = _doomed(folder, asked)
            say(*_told(doomed))
            say(*_removed(folder, doomed))


def pruned_by_the_night(folder: DataFolder) -> Iterator[str]:
    """Remove what the environment says of every night, and yield what was done; nothing where it says nothing."""
    from orchestration.writer_lock import writer_lock

    if store.is_asked_for():
        with writer_lock(folder):
            store.mend(folder)
            doomed = _doomed(folder, store.retention(None, None))
            yield from _removed(folder, doomed) if doomed.is_something else ()


def _doomed(folder: DataFolder, asked: Retention) -> _Doomed:
    now = datetime.now(UTC)
    fates = store.fates(folder, asked, now)
    freed = store.bytes_freed_with_releases(folder, [fate.release_id for fate in fates if fate.goes])
    if asked.older_than is None:
        return _Doomed(fates, freed, [], [])
    from orchestration.runs import runs_that_may_go

    needed = store.runs_of(folder, [fate.release_id for fate in fates if not fate.goes])
    runs = runs_that_may_go(folder, asked.older_than, needed, now) if folder.dagster_home.is_dir() else []
    before = (now - timedelta(days=asked.older_than)).timestamp()
    # The log that dbt writes to has no number, and dbt itself keeps five old ones.
    logs = [log for log in sorted(folder.dbt_logs.glob("*.log.*")) if log.stat().st_mtime < before]
    return _Doomed(fates, freed, runs, logs)


def _told(doomed: _Doomed) -> Iterator[str]:
    yield _line("goes", "MB", "why")
    for fate in doomed.fates:
        if fate.goes:
            yield _line(f"release {fate.release_id}", _megabytes(fate.byte_count), fate.why)
    if doomed.runs:
        size = sum(run.byte_count for run in doomed.runs)
        days = f"{doomed.runs[0].created:%Y-%m-%d} to {doomed.runs[-1].created:%Y-%m-%d}"
        why = f"{days}; no check, partition or kept release needs them, and their rows in the shared stores go too"
        yield _line(f"{len(doomed.runs)} run(s) of Dagster", _megabytes(size), why)
    if doomed.logs:
        size = sum(log.stat().st_size for log in doomed.logs)
        yield _line(f"{len(doomed.logs)} log(s) of dbt", _megabytes(size), "full, and another is written to")
    yield _line("in all", _megabytes(doomed.byte_count), "")
    yield _line("stays", "MB", "why")
    for fate in doomed.fates:
        if not fate.goes:
            yield _line(f"release {fate.release_id}", _megabytes(fate.byte_count), fate.why)


def _removed(folder: DataFolder, doomed: _Doomed) -> Iterator[str]:
    store.remove_releases(folder, doomed.release_ids)
    for log in doomed.logs:
        log.unlink(missing_ok=True)
    if doomed.runs:
        from orchestration.runs import forget_these_runs

        yield from forget_these_runs(folder, [run.run_id for run in doomed.runs])
    yield (
        f"pruned: {len(doomed.release_ids)} release(s), {len(doomed.runs)} run(s) and {len(doomed.logs)} log(s), "
        f"{_megabytes(doomed.byte_count)} MB; their numbers are not given again"
    )


def _line(what: str, size: str, why: str) -> str:
    return f"{what:<24}{size:>10}  {why}".rstrip()


def _megabytes(byte_count: int) -> str:
    return f"{byte_count / _MEGABYTE:,.1f}"
