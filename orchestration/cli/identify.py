"""`csp identify`: of which feed a file is, without taking it in."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from orchestration.cli.console import FAILED, failing_on, say
from orchestration.cli.contracts import known_contracts
from sources.folder.printable import path_text


def identify(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, readable=True, metavar="FILE…")],
) -> None:
    """Say of which feed each file is, by what it holds, under which name it goes there, and why; nothing is taken in.

    Dropped into `landing/incoming/`, it is taken in so by the next night. Where a text names no district or LSOA of a
    plan in force, that is said too. Exit code 1 where one is of no feed.
    """
    from sources.intake.identify import identify
    from sources.partnership.folder import FolderError
    from sources.partnership.read import list_rows
    from sources.start.area_page import district_names
    from sources.start.areas_held import names_others_alone

    contracts = known_contracts().values()
    with failing_on(FolderError):
        planned = sorted({str(row["area_code"]) for row in list_rows("plans")})
    areas = ", ".join(district_names().get(code, code) for code in planned)
    are_all_found = True
    for file in files:
        with tempfile.TemporaryDirectory() as work:
            found = identify(contracts, file, file.name, Path(work))
        into = f"{', '.join(found.feeds)}, as {found.name}" if found.feeds else "stays"
        others = (
            f" None of its areas is of a plan's: {areas}." if found.feeds and names_others_alone(file, planned) else ""
        )
        say(f"{path_text(file)}: {into}: {found.why}{'.' if others else ''}{others}")
        are_all_found &= bool(found.feeds)
    if not are_all_found:
        raise typer.Exit(FAILED)
