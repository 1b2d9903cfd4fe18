"""`csp`: the command line of the warehouse. Everything it does can also be done from the libraries it calls."""

import gc
import sys
from typing import Annotated

import typer

from orchestration.cli.alerts import alerts
from orchestration.cli.backfill import backfill
from orchestration.cli.console import FAILED, complain, raise_if_debugging, say
from orchestration.cli.contracts import contracts, rehash
from orchestration.cli.deliveries import accept, withdraw
from orchestration.cli.feed import feed
from orchestration.cli.identify import identify
from orchestration.cli.indicator import indicator
from orchestration.cli.machine import doctor, ui
from orchestration.cli.nightly import nightly
from orchestration.cli.plan import plan
from orchestration.cli.prune import prune
from orchestration.cli.quarantine import quarantine
from orchestration.cli.query import query
from orchestration.cli.rejected import rejected
from orchestration.cli.releases import releases, rollback, verify
from orchestration.cli.report import report
from orchestration.cli.samples import samples
from orchestration.cli.serve import serve
from orchestration.cli.start import start
from orchestration.cli.trace import trace
from orchestration.cli.upgrade import upgrade

_OBJECTS_BETWEEN_COLLECTIONS = 500_000

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help=(
        "Take in agencies' extracts, compute indicators, and publish what passed its checks.\n\n"
        "Everything lives below the data folder, CSP_DATA_DIR (by default `data/` in the checkout).\n\n"
        "Exit codes: 0 done, published or nothing new; 1 failed; 2 wrong usage; 3 held by a check; "
        "130 interrupted."
    ),
)
for command in (
    *(nightly, samples, start, releases, verify, rollback, prune, rejected, accept, withdraw, quarantine, contracts),
    *(backfill, rehash, identify, upgrade, doctor, alerts, query, report, trace, ui),
):
    app.command()(command)
app.add_typer(plan, name="plan")
app.add_typer(feed, name="feed")
app.add_typer(indicator, name="indicator")
app.add_typer(serve, name="serve")


def _say_version(is_wanted: bool) -> None:
    if is_wanted:
        from orchestration.provenance import PACKAGE, git_commit, package_version

        say(f"{PACKAGE} {package_version()}, {git_commit() or 'not in a git checkout'}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_say_version, is_eager=True, help="Say version and git commit, and end."),
    ] = False,
) -> None: ...


def main() -> None:
    """Run the command line; an error that nobody foresaw ends in one line, and in a traceback with CSP_DEBUG=1."""
    # Nearly all that a command makes are modules, which stay: Python would look through them dozens of times.
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    try:
        app()
    except Exception as error:  # noqa: BLE001 - the last resort, so that nobody gets a traceback as the only answer
        raise_if_debugging()
        complain(f"failed: {error or type(error).__name__} (CSP_DEBUG=1 shows where)")
        sys.exit(FAILED)


if __name__ == "__main__":
    main()
