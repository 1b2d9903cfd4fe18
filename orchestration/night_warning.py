"""A warning of a night, as the command line shows it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

COUNTED = ("refused", "partly accepted", "noted", "in quarantine", "not read", "overdue periods")
"""What a check of a feed counts, in the order in which it is shown; each is a name of its metadata."""
REFUSED = "refused deliveries"
"""Name of the metadata that lists the refused deliveries, with their reasons."""


@dataclass(frozen=True)
class NightWarning:
    """What a check that warns has found: in words, and of a feed in numbers too."""

    text: str
    feed: str | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    refused: tuple[str, ...] = ()
