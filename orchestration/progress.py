"""Progress lines of a run: one logger, printed by the command line and kept in Dagster's event log."""

import logging
import unicodedata

progress_logger = logging.getLogger("csp")
progress_logger.setLevel(logging.INFO)

_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # steer a terminal, turn the direction of text, or end a line


def report(message: str) -> None:
    """Say in one line what the run has just done."""
    progress_logger.info("%s", printable(message))


def printable(text: str, kept: str = "") -> str:
    """Return a text with every character spelled out that shows nothing itself and changes how others show.

    A file name may hold any. Those in `kept` stay.
    """
    return "".join(
        character if character in kept or unicodedata.category(character) not in _UNSEEN else ascii(character)[1:-1]
        for character in text
    )
