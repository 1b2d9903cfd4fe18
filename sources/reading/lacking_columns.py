"""Columns that files of older periods may lack, because their publisher added them later."""

from datetime import date

from sources.contract.load import Contract
from sources.reading.header import Header, column_names
from sources.reading.outcomes import Refused
from sources.reasons.reason import Reason, reason


def lacking_columns(contract: Contract, header: Header, period_start: date) -> list[Reason]:
    """Return what is to be said of the columns that a file of a period lacks.

    Raises:
        Refused: files of the period have one of them.
    """
    lacking = [column for column in contract.columns if not header.positions[column.name]]
    missing = [column.header for column in lacking if column.lacking_before and column.lacking_before <= period_start]
    if missing:
        raise Refused([reason("columns_missing", columns=column_names(missing))])
    return [reason("columns_lacking", columns=column_names([column.header for column in lacking]))] if lacking else []
