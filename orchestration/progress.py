"""Progress lines of a run: one logger, printed by the command line and kept in Dagster's event log."""

import logging

from sources.folder.printable import printable

progress_logger = logging.getLogger("csp")
progress_logger.setLevel(logging.INFO)


def report(message: str) -> None:
    """Say in one line what the run has just done."""
    progress_logger.info("%s", printable(message))
