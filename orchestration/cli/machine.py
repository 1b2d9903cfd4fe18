"""`csp doctor`, `csp ui`: what the warehouse runs on."""

from typing import Annotated

import typer

from orchestration.cli.console import FAILED, data_folder, failing_on, say


def doctor() -> None:
    """Look at everything that a night needs, one line a point; exit code 1 where something is broken."""
    from orchestration.doctor import examine

    is_sound = True
    for finding in examine(data_folder()):
        say(str(finding))
        is_sound &= finding.is_sound
    if not is_sound:
        raise typer.Exit(FAILED)


def ui(
    port: Annotated[int, typer.Option(help="Port of the Dagster UI.")] = 3000,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
) -> None:
    """Open Dagster (webserver and daemon) on this data folder; Ctrl-C or `kill` stops it."""
    from orchestration.ui import UiError, run_ui

    with failing_on(UiError):
        run_ui(data_folder(), host, port)
