"""`csp indicator`: indicators of a partnership's own."""

from typing import Annotated

import typer

from orchestration.cli.console import failing_on, say
from orchestration.cli.plan import Folder, own_folder

indicator = typer.Typer(help="Write an indicator into the partnership's catalogue.", no_args_is_help=True)


@indicator.callback()
def _group() -> None: ...


@indicator.command()
def new(
    code: Annotated[str, typer.Argument(help="Code of the indicator, such as LOC-FLY-TIPPING.")],
    like: Annotated[
        str | None, typer.Option("--like", help="A similar indicator, whose row is copied: OD-BURGLARY-RATE.")
    ] = None,
    feed: Annotated[
        str | None, typer.Option("--feed", help="The feed that is counted; by default that of the similar one.")
    ] = None,
    category: Annotated[
        list[str] | None,
        typer.Option("--category", help="A category of the feed that counts; several times for several."),
    ] = None,
    tag: Annotated[str | None, typer.Option("--tag", help="A tag that a row must carry to count.")] = None,
    title: Annotated[str | None, typer.Option("--title", help="What pages call it.")] = None,
    folder: Folder = None,
) -> None:
    """Write rows of measures.csv, measure_categories.csv and indicator_catalogue.csv, for a person to edit."""
    from sources.contract.load import ContractError, contracts_with
    from sources.partnership.folder import FolderError
    from sources.start.new_indicator import Asked, new_indicator

    with failing_on(FolderError, ContractError):
        partnership = own_folder(folder, f"csp indicator new {code}")
        asked = Asked(code, like, feed, category or (), tag, title)
        written = new_indicator(partnership, contracts_with(partnership), asked)
    for file, rows in written:
        say(f"{file}: {len(rows)} more")
    say(
        "Next: edit these rows: title, definition, unit, polarity (lower_is_better, higher_is_better, neutral), and",
        "definition_status, which is verified once a person has checked it. `csp plan check` finds mistakes.",
        "A row of a plan's indicator_links.csv that names it gives it a page in the report.",
    )
