"""When deliveries are due: the service levels of a document."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from open_data_contract_standard.model import OpenDataContractStandard, ServiceLevelAgreementProperty

from sources.contract import values
from sources.contract.errors import Mistake

CADENCES = {1: "monthly", 3: "quarterly", 4: "four-monthly", 12: "annual"}


@dataclass(frozen=True)
class Due:
    """Facts of a `Contract` under their names there."""

    cadence: str
    months_per_period: int
    due_days: int
    slack_days: int
    first_period: str
    last_day: str | None
    is_owed: bool
    revision_window_months: int


def due(document: OpenDataContractStandard, custom: Mapping[str, Any]) -> Due:
    """Return when deliveries are due, from a document and its custom properties."""
    frequency = _level(document, "frequency")
    months: Any = frequency.value
    if frequency.unit != "month" or months not in CADENCES:
        problem = f"is {months} {frequency.unit}"
        raise Mistake("slaProperties.frequency", problem, "Write 1, 3, 4 or 12 with unit month.")
    latency = _level(document, "latency")
    if latency.unit != "d":
        raise Mistake("slaProperties.latency.unit", f"is {latency.unit!r}", "Write d.")
    has_end = any(level.property == "endOfLife" for level in document.slaProperties or [])
    return Due(
        cadence=CADENCES[months],
        months_per_period=months,
        due_days=values.count(latency.value, "slaProperties.latency"),
        slack_days=values.count(custom.get("slackDays"), "slackDays"),
        first_period=_day(document, "generalAvailability"),
        last_day=_day(document, "endOfLife") if has_end else None,
        is_owed=not values.flag(custom.get("neverOverdue", False), "neverOverdue"),
        revision_window_months=values.count(custom.get("revisionWindowMonths"), "revisionWindowMonths"),
    )


def _level(document: OpenDataContractStandard, name: str) -> ServiceLevelAgreementProperty:
    found = [level for level in document.slaProperties or [] if level.property == name]
    return values.one(found, f"slaProperties.{name}")


def _day(document: OpenDataContractStandard, name: str) -> str:
    return values.iso_date(_level(document, name).value, f"slaProperties.{name}")
