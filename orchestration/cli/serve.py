"""`csp serve`: a release for tools that ask a database server."""

import time
from typing import Annotated

import typer

from orchestration import releases as store
from orchestration.cli.console import WRONG_USAGE, complain, data_folder, fail, failing_on, say
from orchestration.serve.errors import PasswordOnCommandLineError, ServeError

serve = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Serve a release from a database server.")

Dsn = Annotated[
    str,
    typer.Option(
        "--dsn",
        help="The database, such as `host=db.example dbname=indicators user=writer` or `service=indicators`, without a "
        "password; what it leaves out is read from PGHOST, PGDATABASE, PGUSER, PGSERVICE and the like.",
    ),
]
MISSING = "psycopg is not installed: `pip install 'psycopg[binary]'` adds it (`make setup` has it)"


@serve.callback()
def _group() -> None: ...


def _nothing(_: str) -> None: ...


@serve.command()
def postgres(
    release: Annotated[str | None, typer.Argument(help="A release id; by default the current release.")] = None,
    dsn: Dsn = "",
    partners: Annotated[
        bool, typer.Option("--partners", help="Its exact twin for partners, into schemas of its own.")
    ] = False,
    keep: Annotated[
        int | None,
        typer.Option(min=1, help="Drop the schemas of older releases, all but this many; never the one shown."),
    ] = None,
    wait: Annotated[int, typer.Option(min=0, help="How many seconds to wait for readers to end.")] = 600,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say each table as it is copied.")] = False,
) -> None:
    """Copy a release into the schema `release_<id>` of a database, and have the views of `current` show it.

    An earlier release is shown again in the same way. Readers are never stopped: the views switch between their
    transactions. The password comes from ~/.pgpass, PGPASSFILE, a service file or PGPASSWORD.
    """
    try:
        from orchestration.serve.postgres import serve as serve_release
    except ImportError as error:
        raise fail(MISSING) from error

    folder = data_folder()
    begun = time.monotonic()
    with failing_on(store.ReleaseError, ServeError), failing_on(PasswordOnCommandLineError, code=WRONG_USAGE):
        asked = release or store.require_current(folder).release_id
        served = serve_release(
            folder,
            asked,
            dsn,
            partners=partners,
            keep=keep,
            patience=wait,
            say=complain,
            progress=complain if verbose else _nothing,
        )
    say(*served.pruned)
    if partners:
        complain(
            f"{served.current} has exact counts of people. Grant it to a role of its own, and to nobody who may only "
            f"see the public release. Those who may use it now: {', '.join(served.readers) or 'its owner alone'}"
        )
    done = "copied into" if served.is_new else "is in"
    instead = f", in place of {served.before}" if served.before not in {None, served.release_id} else ""
    say(
        f"{served.release_id}: {served.tables} tables, {served.rows:,} rows {done} {served.schema}, "
        f"{time.monotonic() - begun:.0f} s; {served.current} shows it{instead}"
    )
