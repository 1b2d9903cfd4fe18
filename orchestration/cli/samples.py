"""`csp samples`: the bundled extracts."""

from enum import StrEnum
from typing import Annotated

import typer

from orchestration.cli.console import data_folder, fail, say


class SampleSet(StrEnum):
    """What `csp samples` puts into landing."""

    open_data = "open-data"
    plan_time = "plan-time"
    all = "all"


def samples(
    chosen: Annotated[
        SampleSet,
        typer.Option(
            "--set",
            help="open-data: real street-level crime, 2020 to 2022. plan-time: made-up extracts of April 2003 to March "
            "2011, flagged synthetic wherever they are counted.",
        ),
    ] = SampleSet.all,
    if_empty: Annotated[
        bool, typer.Option("--if-empty", help="Do nothing, quietly, when the landing folder holds something.")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Name each file.")] = False,
) -> None:
    """Put the bundled sample extracts into an empty landing folder."""
    from sources.samples import SETS, LandingNotEmpty, put_samples

    try:
        folder = data_folder()
        files = put_samples(folder, SETS if chosen is SampleSet.all else [chosen.value])
        if verbose:
            say(*(f"sample put at {file}" for file in files))
        feeds = {file.parent for file in files}
        say(f"{len(files)} sample file(s) put into {len(feeds)} feed(s) of {folder.landing}")
    except LandingNotEmpty as error:
        if not if_empty:
            raise fail(str(error)) from error
