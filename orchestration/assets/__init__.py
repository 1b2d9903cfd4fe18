"""The assets, in the order of a row's way: deliveries, intake, ledger, models, release."""

from collections.abc import Iterator
from contextlib import contextmanager

from dagster import Failure, RetryRequested

from orchestration.releases import current_id, published_ids, read_history, why_unreadable
from orchestration.writer_lock import WarehouseBusyError, writer_lock
from sources.folder.data_folder import DataFolder
from sources.ledger.unfinished import UnfinishedError, require_finished

WRITER_POOL = "warehouse_writer"
ENGINEERS = ["team:data-engineering"]
LOCK_RETRIES = 2
LOCK_WAIT_SECONDS = 10


@contextmanager
def writing(folder: DataFolder) -> Iterator[None]:
    """Hold the data folder for a step; where another process has it, ask Dagster to try the step again, twice.

    Raises:
        Failure: a command that rewrites files was interrupted half-way.
    """
    try:
        with writer_lock(folder):
            require_finished(folder)
            yield
    except UnfinishedError as error:
        raise Failure(str(error), allow_retries=False) from error
    except WarehouseBusyError as error:
        raise RetryRequested(max_retries=LOCK_RETRIES, seconds_to_wait=LOCK_WAIT_SECONDS) from error


def require_readers_see(folder: DataFolder) -> None:
    """See that readers can use the current release, if there ever was one, before a run ends well with nothing new.

    Raises:
        Failure: they cannot.
    """
    current = current_id(folder)
    if not current and not read_history(folder):
        return
    problem = why_unreadable(folder, current) if current else f"{folder.current_release} leads to no release"
    if problem:
        others = [one for one in published_ids(folder) if one != current and not why_unreadable(folder, one)]
        remedy = f"`csp rollback {others[-1]} --reason TEXT` leads readers to another" if others else "restore it"
        raise Failure(f"nothing is new, but readers see nothing: {problem}. {remedy}", allow_retries=False)
