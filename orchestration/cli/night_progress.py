"""What is seen of a night while it runs: lines, and on a terminal a bar that says how far it is."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from orchestration.cli.console import PLAIN_LINE
from orchestration.progress import is_detail, progress_logger, watched


@contextmanager
def showing_progress(in_detail: bool) -> Iterator[None]:
    """Print what a run reports to standard error, with the time; on a terminal with a bar below it."""
    with _on_a_terminal() if sys.stderr.isatty() else _elsewhere() as handler:
        handler.setFormatter(PLAIN_LINE)
        if not in_detail:
            handler.addFilter(lambda record: not is_detail(record))
        progress_logger.addHandler(handler)
        try:
            yield
        finally:
            progress_logger.removeHandler(handler)


@contextmanager
def _elsewhere() -> Iterator[logging.Handler]:
    yield logging.StreamHandler(sys.stderr)


@contextmanager
def _on_a_terminal() -> Iterator[logging.Handler]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
    from rich.text import Text

    class AboveTheBar(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            console.print(Text(self.format(record)), soft_wrap=True)

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    # Whatever is printed otherwise is the night's own last lines, on standard output.
    bar = Progress(*columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False)
    task = bar.add_task("starting", total=None)

    def show(stage: str, done: int, total: int) -> None:
        bar.update(task, description=stage, completed=done, total=total)

    with bar, watched(show):
        yield AboveTheBar()
