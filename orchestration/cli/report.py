"""`csp report`: where the pages of a release are, opening them, and those for print as PDF."""

from pathlib import Path
from typing import Annotated

import typer

from orchestration import releases as store
from orchestration.cli.console import data_folder, fail, failing_on, say


def report(
    release: Annotated[str | None, typer.Argument(help="A release id; by default the current release.")] = None,
    open_it: Annotated[bool, typer.Option("--open", help="Open the first page in the browser.")] = False,
    partners: Annotated[bool, typer.Option("--partners", help="The report of its exact twin for partners.")] = False,
    pdf: Annotated[bool, typer.Option("--pdf", help="Write the pages for print as one PDF, on A4.")] = False,
    to: Annotated[
        Path | None, typer.Option("--to", help="The PDF to write; by default report-<release>.pdf, here.")
    ] = None,
) -> None:
    """Say where the report of a release is: pages that open without a server or network."""
    import webbrowser

    folder = data_folder()
    with failing_on(store.ReleaseError):
        found = store.get_release(folder, release) if release else store.require_current(folder)
    if partners and not store.has_twin(folder, found.release_id):
        raise fail(f"release {found.release_id} has no twin in {folder.partners} that this user can read")
    of = folder.partners / found.release_id if partners else found.path
    first = of / store.REPORT / "index.html"
    if not first.exists():
        raise fail(f"{of} was made without a report: the next release that is published has one")
    if pdf or to:
        name = f"report-{found.release_id}{'-partners' if partners else ''}.pdf"
        first = _printed(first.parent, (to or Path(name)).absolute())
    say(str(first))
    if open_it and not webbrowser.open(first.as_uri()):
        raise fail(f"no browser could be started here: open {first}")


def _printed(report_folder: Path, target: Path) -> Path:
    from orchestration.report.pdf import PdfError, write_pdf

    with failing_on(PdfError, OSError):
        write_pdf(report_folder, target)
    return target
