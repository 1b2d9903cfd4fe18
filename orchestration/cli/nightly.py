"""`csp nightly`: a night, and its last line."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.cli.console import FAILED, data_folder, raise_if_debugging, say, show_progress
from orchestration.records.run_inputs import AsAtError, as_at_date

if TYPE_CHECKING:
    from orchestration.runs import NightlyOutcome


def nightly(
    as_at: Annotated[
        str | None,
        typer.Option(
            help="ISO date to compute as at; by default the end of the latest delivered period. "
            "What is published for it becomes the current release."
        ),
    ] = None,
    rebuild: Annotated[bool, typer.Option(help="Build the models even when nothing is new.")] = False,
) -> None:
    """Take in what is pending, rebuild, check, and publish if every check passes.

    The last line says how it ended: `published <release>`, `held, because ...`, `nothing new` or `failed`.
    """
    show_progress()
    if as_at is not None:
        _require_date(as_at)
    try:
        from orchestration.runs import run_night

        outcome = run_night(data_folder(), as_at, rebuild)
    except Exception as error:
        raise_if_debugging()
        say(f"failed: {error or type(error).__name__}")
        raise typer.Exit(FAILED) from error
    say(*_told(outcome))
    raise typer.Exit(outcome.exit_code)


def _require_date(text: str) -> None:
    try:
        as_at_date(text, datetime.now(UTC).date())
    except AsAtError as error:
        raise typer.BadParameter(str(error), param_hint="--as-at") from error


def _told(outcome: "NightlyOutcome") -> Iterator[str]:
    for warning in outcome.warnings:
        yield f"warning: {warning}"
    separator = " " if outcome.status == "published" else ", because " if outcome.status == "held" else ": "
    warned = f" ({len(outcome.warnings)} warning(s) above)" if outcome.warnings else ""
    yield f"{outcome.status}{separator}{outcome.message}{warned}"
