"""Which deliveries are restatements of one another: the later of two with one key takes the place of the earlier."""

import json
from typing import NamedTuple


class DeliveryKey(NamedTuple):
    """What two deliveries share of which only one counts: the models partition by `text`, and list none of this.

    A supplier or period that neither file name nor contract tells is a value like any other: deliveries without one
    share a key with each other, and with no delivery that has one. Made-up deliveries never replace real ones.
    """

    source_feed: str
    supplier: str | None
    period_start: str | None
    """ISO date of the first day."""
    is_synthetic: bool
    part: str | None = None
    """Which part of the supplier's area it is of, where a publisher hands out a file for each."""

    @property
    def series(self) -> tuple[str, str | None, bool, str | None]:
        """Return what the deliveries of one supplier's periods have in common."""
        return self.source_feed, self.supplier, self.is_synthetic, self.part

    @property
    def text(self) -> str:
        """Return the key as one text, another for each key."""
        return json.dumps(self)
