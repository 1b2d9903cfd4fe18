"""What the rows of a file tell of its period and supplier, where its name tells nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sources.contract import values
from sources.contract.errors import Mistake
from sources.contract.rules import RowRule

_NAME = "toldByContent"
_KEYS = {"period", "latest", "supplierRule", "part"}
_IS_SUPPLIER = "= {supplier}"


@dataclass(frozen=True)
class ToldByContent:
    """SQL over the columns of a document, typed."""

    period: str | None
    """A date column: a day of the period; None where `latest` tells it."""
    supplier: str | None
    """Who sent the row, as a file name says it; None where every file is of one supplier."""
    part: str | None = None
    """Which part of the supplier's area the row is of, as a file name says it; None where files have no parts."""
    latest: str | None = None
    """A date of each row, the latest of which is in the period of a table of many periods."""


def told_by_content(
    custom: Mapping[str, Any], date_columns: Sequence[str], rules: Sequence[RowRule]
) -> ToldByContent | None:
    """Return what the custom properties of a document say.

    The supplier is what a rule of the document holds against that of the file name: its SQL is written once.
    """
    if _NAME not in custom:
        return None
    sent = custom[_NAME]
    if not isinstance(sent, dict) or len(sent.keys() & {"period", "latest"}) != 1 or not sent.keys() <= _KEYS:
        raise Mistake(
            _NAME,
            f"is {sent!r}",
            "Give a mapping of period or latest and, unless one supplier sends all, supplierRule.",
        )
    period = values.among(sent["period"], date_columns, f"{_NAME}.period") if "period" in sent else None
    latest = values.text(sent["latest"], f"{_NAME}.latest") if "latest" in sent else None
    part = values.text(sent["part"], f"{_NAME}.part") if "part" in sent else None
    if "supplierRule" not in sent:
        return ToldByContent(period, None, part, latest)
    predicates = {rule.name: rule.predicate.strip() for rule in rules}
    name = values.among(sent["supplierRule"], tuple(predicates), f"{_NAME}.supplierRule")
    if not predicates[name].endswith(_IS_SUPPLIER):
        raise Mistake(
            f"{_NAME}.supplierRule", f"is {name}, which does not end with {_IS_SUPPLIER}", "Name one that does."
        )
    return ToldByContent(period, predicates[name].removesuffix(_IS_SUPPLIER), part, latest)
