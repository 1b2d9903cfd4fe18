"""The cells that a build starts from: those that nights have kept, and those that another engine makes first."""

import contextlib
from collections.abc import Iterator

from dagster import Failure

from orchestration.dbt.cells import RulesOfCells, UnreadDelivery, kept_cells
from orchestration.spark.cells import make_cells_on_spark
from orchestration.spark.engine import EngineError
from sources.folder.data_folder import DataFolder


@contextlib.contextmanager
def cells_at_hand(folder: DataFolder, rules: RulesOfCells) -> Iterator[list[UnreadDelivery]]:
    """Yield the deliveries that a dbt which is started meanwhile reads: those whose cells nobody has made.

    Raises:
        Failure: the engine that is asked for made none, and not because of a delivered row.
    """
    try:
        make_cells_on_spark(folder, rules)
    except EngineError as error:
        raise Failure(str(error), allow_retries=False) from error
    with kept_cells(folder, rules) as unread:
        yield unread
