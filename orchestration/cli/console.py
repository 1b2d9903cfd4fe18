"""What every command needs of the terminal: lines, errors, exit codes and progress."""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from orchestration.progress import progress_logger
from sources.folder.data_folder import DataFolder
from sources.folder.printable import printable

FAILED, WRONG_USAGE = 1, 2
PLAIN_LINE = logging.Formatter("%(asctime)s  %(message)s", datefmt="%H:%M:%S")


def data_folder() -> DataFolder:
    """Return the data folder that the environment names."""
    return DataFolder.from_environment()


ForPartners = Annotated[
    bool,
    typer.Option("--partners", help="The exact twin of the current release, which the owner of the data folder has."),
]


def say(*lines: str) -> None:
    """Print lines to standard output, without what steers a terminal."""
    for line in lines:
        typer.echo(printable(line, kept="\n\t"))


def complain(*lines: str) -> None:
    """Print lines to standard error, without what steers a terminal."""
    for line in lines:
        typer.echo(printable(line, kept="\n\t"), err=True)


def fail(message: str, code: int = FAILED) -> typer.Exit:
    """Print a message to standard error and return what ends the command, to be raised."""
    complain(message)
    return typer.Exit(code)


@contextmanager
def failing_on(*errors: type[Exception], code: int = FAILED) -> Iterator[None]:
    """End the command with the message of any of these errors."""
    try:
        yield
    except errors as error:
        raise fail(str(error), code) from error


def require_reason(reason: str) -> str:
    """Return a reason without blanks around it.

    Raises:
        BadParameter: nothing is left.
    """
    if not reason.strip():
        raise typer.BadParameter("say why", param_hint="--reason")
    return reason.strip()


def raise_if_debugging() -> None:
    """Let an error through with its traceback where CSP_DEBUG is set; to be called in an except block."""
    if os.environ.get("CSP_DEBUG"):
        raise  # noqa: PLE0704


def show_progress() -> None:
    """Print what is reported to standard error, with the time."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(PLAIN_LINE)
    progress_logger.addHandler(handler)
