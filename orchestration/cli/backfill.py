"""`csp backfill`: releases as at the ends of past months, beside the current one."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.cli.console import FAILED, data_folder, say
from orchestration.cli.interruption import INTERRUPTED, ending
from orchestration.cli.night_progress import showing_progress

if TYPE_CHECKING:
    from orchestration.runs import NightlyOutcome


def backfill(
    first: Annotated[datetime, typer.Argument(formats=["%Y-%m"], help="The first month, such as 2021-04.")],
    last: Annotated[datetime, typer.Argument(formats=["%Y-%m"], help="The last month.")],
    rebuild: Annotated[bool, typer.Option(help="Build the models even where a release holds all of it.")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Say each model, and not only their number.")
    ] = False,
) -> None:
    """Make the releases as at the ends of past months, one after the other, and keep them beside the current one.

    Each is computed from what is delivered by now, and held by the same checks; published/current does not move, and
    nothing is taken in. A month whose release is there is passed over.
    """
    from orchestration.runs import run_months
    from sources.contract.months import months_between

    months = months_between(first.date(), last.date())
    if not months:
        raise typer.BadParameter("the last month lies before the first", param_hint="LAST")
    ended: list[tuple[date, NightlyOutcome]] = []
    with ending(lambda: list(_told(ended)), _cause), showing_progress(verbose):
        for month, outcome in zip(months, run_months(data_folder(), months, rebuild), strict=False):
            ended.append((month, outcome))
            if outcome.exit_code == INTERRUPTED:
                break
    say(*_told(ended))
    codes = {outcome.exit_code for _, outcome in ended}
    raise typer.Exit(next((code for code in (INTERRUPTED, FAILED) if code in codes), max(codes)))


def _cause(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]


def _told(ended: "Sequence[tuple[date, NightlyOutcome]]") -> Iterator[str]:
    for month, outcome in ended:
        because = ", because " if outcome.status == "held" else ": " if outcome.status != "kept" else " "
        yield f"{month:%B %Y}: {outcome.status}{because}{outcome.message}"
