"""`csp identify`: of which feed a file is, without taking it in."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from orchestration.cli.console import FAILED, say
from orchestration.cli.contracts import known_contracts
from sources.folder.printable import path_text


def identify(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, readable=True, metavar="FILE…")],
) -> None:
    """Say of which feed each file is, by what it holds, under which name it goes there, and why; nothing is taken in.

    Dropped into `landing/incoming/`, it is taken in so by the next night. Exit code 1 where one is of no feed.
    """
    from sources.intake.identify import identify

    contracts = known_contracts().values()
    are_all_found = True
    for file in files:
        with tempfile.TemporaryDirectory() as work:
            found = identify(contracts, file, file.name, Path(work))
        into = f"{', '.join(found.feeds)}, as {found.name}" if found.feeds else "stays"
        say(f"{path_text(file)}: {into}: {found.why}")
        are_all_found &= bool(found.feeds)
    if not are_all_found:
        raise typer.Exit(FAILED)
