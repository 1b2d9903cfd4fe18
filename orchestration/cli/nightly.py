"""`csp nightly`: a night, and its last line."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.cli.console import data_folder, say
from orchestration.cli.interruption import INTERRUPTED, ending
from orchestration.cli.night_progress import showing_progress
from orchestration.cli.summary import next_steps, warning_lines
from orchestration.progress import report
from orchestration.records.run_inputs import AsAtError, as_at_date
from orchestration.room import lack_of_room
from sources.folder.data_folder import DataFolderError

if TYPE_CHECKING:
    from orchestration.runs import NightlyOutcome

_NAMED = 20


def nightly(
    as_at: Annotated[
        str | None,
        typer.Option(
            help="ISO date to compute as at; by default the end of the latest delivered period. "
            "What is published for it becomes the current release."
        ),
    ] = None,
    rebuild: Annotated[bool, typer.Option(help="Build the models even when nothing is new.")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Say each delivery, model and warning, and not only their numbers.")
    ] = False,
) -> None:
    """Take in what is pending, rebuild, check, and publish if every check passes.

    The last line says how it ended: `published <release>`, `held, because ...`, `nothing new`, `failed` or
    `interrupted`.
    """
    if as_at is not None:
        _require_date(as_at)
    with ending(list, _cause), showing_progress(verbose):
        outcome = _run(as_at, rebuild)
    say(*_left_out(), *_told(outcome, lack_of_room(data_folder().root), verbose))
    raise typer.Exit(outcome.exit_code)


def _run(as_at: str | None, rebuild: bool) -> "NightlyOutcome":
    """Run a night, and tell whoever has asked for it how it ended."""
    from orchestration.runs import run_night

    try:
        outcome = run_night(data_folder(), as_at, rebuild)
    except AsAtError:
        raise  # a slip of whoever gave the date
    except Exception as error:
        _tell(error)
        raise
    if outcome.exit_code == INTERRUPTED:
        raise KeyboardInterrupt
    _tell()
    _prune()
    return outcome


def _tell(error: Exception | None = None) -> None:
    """Tell whoever has asked for it how the night ended; that this is not possible never fails a night."""
    try:
        from orchestration.alerts.facts import NightEnd
        from orchestration.alerts.settings import alert_settings
        from orchestration.alerts.tell import tell_of_a_night
        from orchestration.runs import night_ends, to_tell
        from sources.ledger.lateness import local_today

        folder = data_folder()
        if alert_settings(folder) is None:
            return
        died = [NightEnd("failed", to_tell(error), local_today())] if error else []
        try:
            before = night_ends(folder)
        except Exception:
            if not died:
                raise
            before = []  # perhaps what the night died of
        for line in tell_of_a_night(folder, [*died, *before]):
            report(line)
    except Exception as trouble:  # noqa: BLE001 - whatever it is
        report(f"nobody was told: {trouble}")


def _prune() -> None:
    """Remove what the environment says of every night; that this is not possible never fails a night."""
    try:
        from orchestration.cli.prune import pruned_by_the_night

        for line in pruned_by_the_night(data_folder()):
            report(line)
    except Exception as trouble:  # noqa: BLE001 - whatever it is
        report(f"nothing was pruned: {trouble}")


def _cause(error: Exception) -> str:
    """Return what an error says, and that there is no room, which it may not say or say in some library's words."""
    told = str(error) or type(error).__name__
    try:
        lacking = lack_of_room(data_folder().root)
    except DataFolderError:
        lacking = None
    return f"{told.splitlines()[0]}; {lacking}" if lacking else told


def _require_date(text: str) -> None:
    try:
        as_at_date(text, datetime.now(UTC).date())
    except AsAtError as error:
        raise typer.BadParameter(str(error), param_hint="--as-at") from error


def _left_out() -> Iterator[str]:
    """Yield what the night left out, by name; of feeds of people `csp doctor` alone tells names."""
    # They take longer to import than `csp --help` may.
    from sources.contract.load import load_contracts
    from sources.intake.incoming import by_reason, staying
    from sources.intake.left_out import left_out

    every = load_contracts().values()
    contracts = [contract for contract in every if not contract.is_of_people]
    # Of what feed these are is unknown, so their names may name a person.
    reasons = by_reason(staying(data_folder(), every))
    left = [f"left in landing/incoming: {len(paths):,} file(s) {why}" for why, paths in reasons.items()]
    lines = [*left_out(data_folder(), contracts), *left]
    yield from lines[:_NAMED]
    if len(lines) > _NAMED:
        yield f"and {len(lines) - _NAMED} more, which `csp doctor` names"


def _told(outcome: "NightlyOutcome", lacking: str | None, in_full: bool) -> Iterator[str]:
    yield from warning_lines(outcome.warnings, in_full)
    yield from next_steps(outcome.status, outcome.warnings)
    separator = " " if outcome.status == "published" else ", because " if outcome.status == "held" else ": "
    warned = f" ({len(outcome.warnings)} warning(s) above)" if outcome.warnings else ""
    room = f"; {lacking}" if lacking and outcome.status == "failed" else ""
    yield f"{outcome.status}{separator}{outcome.message}{room}{warned}"
