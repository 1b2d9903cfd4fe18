"""`csp trace`: from a published figure to the rows behind it."""

from enum import StrEnum
from typing import Annotated

import typer

from orchestration import releases as store
from orchestration.cli.console import ForPartners, data_folder, failing_on, say


class FigurePart(StrEnum):
    """What `csp trace --part` shows the rows of."""

    numerator = "numerator"
    denominator = "denominator"


def trace(
    indicator: Annotated[
        str,
        typer.Argument(
            help="Indicator: its code or words of its title, e.g. OD-BURGLARY, 'NI 17', 'serious acquisitive'."
        ),
    ],
    area: Annotated[str, typer.Argument(help="Area: its code or words of its name, e.g. E07000133, Melton.")],
    period: Annotated[str, typer.Argument(help="Period as published, e.g. 2021/22, '2021/22 Q1', 2021-04.")],
    part: Annotated[FigurePart | None, typer.Option(help="Only the files and rows of one part of the figure.")] = None,
    rows: Annotated[
        bool | None, typer.Option("--rows/--no-rows", help="Row numbers; by default only where they are few.")
    ] = None,
    partners: ForPartners = False,
) -> None:
    """Show a published figure, what was counted for it, and the files and row numbers it was counted from."""
    from orchestration.cli.trace_text import told
    from orchestration.releases.trace.figure import trace

    folder = data_folder()
    with failing_on(store.ReleaseError):
        found = trace(folder, indicator, area, period, for_partners=partners)
    say(*told(found, folder, part, rows))
