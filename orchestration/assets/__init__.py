"""The assets, in the order of a row's way: deliveries, intake, ledger, models, release."""

from collections.abc import Iterator
from contextlib import contextmanager

from dagster import Failure, RetryRequested

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
