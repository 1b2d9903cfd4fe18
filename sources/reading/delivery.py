"""One delivery to be read: its header under a document, and what its file name tells."""

from dataclasses import dataclass
from datetime import date

from sources.contract.load import Contract
from sources.reading.header import Header


@dataclass(frozen=True)
class Delivery:
    """What reading needs to know."""

    contract: Contract
    header: Header
    period_start: date
    period_end: date
    supplier: str | None
    sha256: str
