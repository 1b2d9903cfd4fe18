"""How many rows a delivery is expected to have."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sources.contract import values
from sources.contract.errors import Mistake

_KEYS = {
    "warnedChange": "warned_change",
    "heldLoss": "held_loss",
    "usualShare": "usual_share",
    "suddenFactor": "sudden_factor",
    "ignoredRows": "ignored_rows",
}

_CHECKS: dict[str, Callable[[object, str], float]] = {"ignoredRows": values.count, "suddenFactor": values.factor}


@dataclass(frozen=True)
class ExpectedSize:
    """What a contract says of the number of accepted rows; see docs/contracts.md for the reasons of the defaults."""

    warned_change: float = 0.1
    held_loss: float = 0.5
    usual_share: float = 0.33
    sudden_factor: float = 3.5
    ignored_rows: int = 10


def expected_size(custom: Mapping[str, Any]) -> ExpectedSize:
    """Return what the custom properties of a document say."""
    sent = custom.get("expectedSize", {})
    if not isinstance(sent, dict):
        remedy = f"Give a mapping of {', '.join(_KEYS)}, or leave it out."
        raise Mistake("expectedSize", f"is {sent!r}", remedy)
    values.all_known(sent, set(_KEYS), "expectedSize")
    given: dict[str, Any] = {
        _KEYS[key]: _CHECKS.get(key, values.share)(value, f"expectedSize.{key}") for key, value in sent.items()
    }
    size = ExpectedSize(**given)
    if size.held_loss < size.warned_change:
        raise Mistake("expectedSize.heldLoss", "is smaller than warnedChange", "Warn of less than is held.")
    return size
