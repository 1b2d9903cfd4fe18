"""`csp doctor`, `csp ui`: what the warehouse runs on."""

from pathlib import Path
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
    read_only: Annotated[
        bool | None,
        typer.Option(
            "--read-only/--writable",
            help="--read-only: pages for auditors, which launch and delete nothing, beside another `csp ui`; no "
            "schedule runs in it. --writable: what pages can do on 127.0.0.1 they can do on any --host.",
        ),
    ] = None,
    name: Annotated[
        list[str] | None, typer.Option(help="A host name under which browsers reach it, such as that of a proxy.")
    ] = None,
    path: Annotated[str, typer.Option(help="The path below which pages are, such as /melton behind a proxy.")] = "",
    together: Annotated[
        Path | None, typer.Option(help="A YAML file of partnerships: the Dagster of each, under one address.")
    ] = None,
) -> None:
    """Open Dagster (webserver and daemon) on this data folder; Ctrl-C or `kill` stops it.

    On any --host but this machine's own the pages only look, unless --writable is given.
    """
    from orchestration.cli.console import show_progress
    from orchestration.together import TogetherError, read_members, run_together
    from orchestration.ui import UiError, run_ui

    show_progress()
    with failing_on(UiError, TogetherError):
        if together:
            run_together(read_members(together), host, port, name or ())
        else:
            run_ui(data_folder(), host, port, read_only, name or (), path)
