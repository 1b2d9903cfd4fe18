"""What may become of a delivery's rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sources.personal.detection import with_remedy
from sources.reasons.reason import Reason, for_owner

FILE_REFUSED = "file_refused"
"""Rule to which the sound rows of a refused file are attributed."""


class Refused(Exception):
    """A delivery is refused whole, for reasons on which its supplier can act."""

    def __init__(self, reasons: Sequence[Reason], rows: "Rows | None" = None) -> None:
        super().__init__(" ".join(for_owner(reasons)))
        self.reasons = tuple(reasons)
        self.rows = rows or Rows()


class PersonalData(Refused):
    """A delivery is refused for personal data that nobody agreed to send: its bytes are for quarantine alone."""

    def __init__(self, reasons: Sequence[Reason]) -> None:
        super().__init__(with_remedy(reasons))


class RowsLost(Exception):
    """The rows accepted and rejected do not add up to those of the file: a fault of this program, not of the file."""


@dataclass(frozen=True)
class Rows:
    """The account of a delivery's rows, and the finished files that hold them (not yet in their places)."""

    delivered: int = 0
    accepted: int = 0
    rejected_by_rule: Mapping[str, int] = field(default_factory=dict)
    accepted_file: Path | None = None
    rejected_file: Path | None = None
    repeated: int = 0
    """Of those rejected, how many only repeat a row that counts."""

    @property
    def rejected(self) -> int:
        """Return the number of rows refused."""
        return self.delivered - self.accepted

    @property
    def broken(self) -> int:
        """Return the number of rows refused for what they hold."""
        return self.rejected - self.repeated
