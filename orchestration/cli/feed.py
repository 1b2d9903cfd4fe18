"""`csp feed`: feeds of a partnership's own."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from orchestration.cli.console import failing_on, say
from orchestration.cli.plan import Folder, own_folder

LINES_SHOWN = 5

feed = typer.Typer(help="Propose the contract of a feed of the partnership's own.", no_args_is_help=True)


@feed.callback()
def _group() -> None: ...


@feed.command()
def new(
    name: Annotated[str, typer.Argument(metavar="AGENCY/FEED", help="The feed, such as council/graffiti.")],
    sample: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="A file as the agency sends it.")
    ],
    folder: Folder = None,
) -> None:
    """Write a contract for files like SAMPLE into the partnership's folder, with remarks where a person must decide."""
    from sources.contract.load import ContractError, contracts_with
    from sources.intake.identify import identify
    from sources.partnership.folder import FolderError
    from sources.reading.outcomes import Refused
    from sources.start.new_feed import new_feed
    from sources.start.sample import SampleError

    with failing_on(FolderError, ContractError, SampleError, Refused), tempfile.TemporaryDirectory() as work:
        partnership = own_folder(folder, f"csp feed new {name} {sample}")
        known = identify(contracts_with(partnership).values(), sample, sample.name, Path(work))
        if known.document:
            raise FolderError(f"{sample.name} is a file of {known.document}: {known.why} It needs no contract.")
        written = new_feed(partnership, name, sample)
    found = written.proposal
    say(f"{written.file}: {len(found.columns)} columns, from {found.sample.row_count:,} rows")
    if lines := found.sample.unread:
        more = f", and {len(lines) - LINES_SHOWN} more" if len(lines) > LINES_SHOWN else ""
        say(f"not read, and so not in the proposal: {'; '.join(lines[:LINES_SHOWN])}{more}")
    for column in found.personal:
        say(f"personal? {column.header!r} looks like {column.personal}: agree with the agency to leave it out")
    if found.supplier not in found.suppliers:
        say(f"{found.agency} has no supplier {found.supplier!r} yet: add it and its area to catalogue/suppliers.csv")

    say(
        "Next: settle each remark with CHECK in it, and take the remark out; `csp plan check` finds mistakes.",
        "Then say what is counted, with `csp indicator new CODE --feed " + found.key + " --title …`,",
        f"and put files into landing/{found.key}/ of the data folder.",
    )
