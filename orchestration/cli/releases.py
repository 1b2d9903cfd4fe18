"""`csp releases`, `csp verify`, `csp rollback`: the release store."""

from typing import Annotated

import typer

from orchestration import releases as store
from orchestration.cli.console import WRONG_USAGE, complain, data_folder, fail, failing_on, say
from orchestration.cli.serve import MISSING, Dsn
from orchestration.serve.errors import PasswordOnCommandLineError, ServeError
from sources.folder.data_folder import DataFolder


def releases() -> None:
    """List the releases, newest last; the current one is marked.

    An interrupted switch of the current release is completed first, and a broken link restored.
    """
    from orchestration.mending import mended

    folder = data_folder()
    complain(*mended(folder))
    current, listed = store.current_id(folder), store.list_releases(folder)
    if not listed:
        say("no release yet: run `csp nightly`")
    for release in listed:
        is_current = current == release.release_id
        say(_told(release, is_current, _remarks(folder, release)))
    complain(*(f"damaged: {error}" for error in store.damaged_releases(folder)), *store.damaged_history(folder))
    if current is None and listed:
        complain(f"{folder.current_release} leads to no release: readers see nothing until the next `csp nightly`")
    if rollback := store.rollback_in_force(folder):
        say(str(rollback))


def _remarks(folder: DataFolder, release: store.Release) -> str:
    never = "kept beside the current one by a backfill" if release.beside_current else "never published"
    said = [
        *([never] if not store.was_published(folder, release.release_id) else []),
        *(["with its twin for partners"] if store.has_twin(folder, release.release_id) else []),
    ]
    return f"  ({', '.join(said)})" if said else ""


def _told(release: store.Release, is_current: bool, remarks: str) -> str:
    return (
        f"{'*' if is_current else ' '} {release.release_id}  as at {release.as_at}  made {release.created_at}  "
        f"{sum(release.row_counts.values()):,} rows{remarks}"
    )


def verify(
    release: Annotated[str | None, typer.Argument(help="A release id; by default the current release.")] = None,
    postgres: Annotated[
        bool, typer.Option("--postgres", help="Compare its copies in PostgreSQL too, row for row.")
    ] = False,
    dsn: Dsn = "",
) -> None:
    """Compare the files and tables of a release, and of its twin for partners, with their manifests."""
    folder = data_folder()
    with failing_on(store.ReleaseError):
        release_id = release or store.require_current(folder).release_id
        problems = [*store.verify(folder, release_id), *(_problems_in_postgres(release_id, dsn) if postgres else [])]
    if problems:
        complain(*map(str, problems))
        raise fail(f"{release_id}: {len(problems)} problem(s); do not use it")
    say(f"{release_id}: every file and table is as its manifest says{', in PostgreSQL too' if postgres else ''}")


def _problems_in_postgres(release_id: str, dsn: str) -> list[store.Problem]:
    try:
        from orchestration.serve.postgres import compare
    except ImportError as error:
        raise fail(MISSING) from error
    with failing_on(ServeError), failing_on(PasswordOnCommandLineError, code=WRONG_USAGE):
        return compare(data_folder(), release_id, dsn)


def rollback(
    release: Annotated[str, typer.Argument(help="The release to go back to (see `csp releases`).")],
    reason: Annotated[str, typer.Option(help="Why; kept in published/history.jsonl.")] = "not given",
) -> None:
    """Point published/current to an earlier release, or to a later one again; recorded.

    It stays until something new is published.
    """
    from orchestration.writer_lock import WarehouseBusyError, writer_lock

    folder = data_folder()
    with failing_on(store.ReleaseError, WarehouseBusyError):
        store.require_any_published(folder)
        with writer_lock(folder):
            said = store.rollback(folder, release, reason)
            if error := _error_of_showing(folder, said):
                complain(f"the rollback is done, but Dagster's event log does not show it: {error}")
    say(said)


def _error_of_showing(folder: DataFolder, said: str) -> Exception | None:
    """Show a rollback in Dagster; readers have it already, so that an error of the event log ends nothing."""
    from orchestration.runs import show_rollback

    try:
        show_rollback(folder, said)
    except Exception as error:  # noqa: BLE001
        return error
    return None
