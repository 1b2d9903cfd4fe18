"""What to download for a plan: where, under which name, what it gives, and what the ledger has of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from sources.contract.months import months_later, spells_of
from sources.folder.data_folder import DataFolder
from sources.ledger.receipts import Receipt
from sources.start.areas_held import telling_of
from sources.start.first_plan import FirstPlan, short_name
from sources.start.years import FinancialYear

LIST = Path(__file__).parent / "downloads.yaml"


class Download(BaseModel):
    """A row of downloads.yaml; in its texts names stand in braces."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    feed: str
    """`<agency>/<feed>`, with the variant of the contract where it has one."""
    publisher: str
    address: str
    how: str
    file_name: str
    gives: str
    supplier: str | None = None
    each_month: bool = False
    known_gaps: Mapping[str, str] = {}
    """What the publisher does not have of a supplier, in words."""
    area_column: str | None = None
    """Column of the accepted rows that tells the area, where a file may be of other areas alone."""

    @property
    def source_feed(self) -> str:
        """The feed, without the variant."""
        return self.feed.partition(".")[0]


@dataclass(frozen=True)
class Months:
    """The months that a plan needs: from the first of its baseline to its last that is published on a day."""

    first: date
    last: date

    def all(self) -> Sequence[date]:
        """Return the first day of each."""
        count = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month
        return [months_later(self.first, number) for number in range(count + 1)]


@cache
def downloads() -> tuple[Download, ...]:
    """Return every row of downloads.yaml, in its order."""
    rows = yaml.safe_load(LIST.read_text(encoding="utf-8"))
    return tuple(Download.model_validate(row) for row in rows)


def months_needed(plan: FirstPlan, today: date, published_after_days: int) -> Months:
    """Return the months of a plan's baseline, and those of its own year that are published by today."""
    published = months_later((today - timedelta(days=published_after_days)).replace(day=1), -1)
    return Months(
        plan.year.before.starts_on,
        max(_last_month(plan.year.before), min(published, _last_month(plan.year))),
    )


def _last_month(year: FinancialYear) -> date:
    return year.ends_on.replace(day=1)


def told(
    download: Download, plan: FirstPlan, months: Months, receipts: Iterable[Receipt], folder: DataFolder | None = None
) -> list[str]:
    """Return the lines that say a file: from where, how it is named, what it gives, what is there of it.

    `receipts` are those of standing deliveries of the data folder.
    """
    words = _words(plan, months)
    supplier = download.supplier and download.supplier.format_map(words)
    there = [
        receipt
        for receipt in receipts
        if receipt.source_feed == download.source_feed
        and not receipt.is_synthetic
        and supplier in (None, receipt.supplier)
    ]
    others: list[Receipt] = []
    if folder and download.area_column:
        ours = telling_of(folder, there, download.area_column, plan.district)
        others = [receipt for receipt in there if receipt.file_sha256 not in ours]
        there = [receipt for receipt in there if receipt.file_sha256 in ours]
    return [
        f"{download.source_feed}, of {download.publisher}",
        f"  address  {download.address}",
        f"  how      {download.how.format_map(words)}",
        f"  name     {download.file_name.format_map(words)}",
        f"  put into landing/{download.source_feed}/",
        f"  gives    {download.gives.format_map(words)}",
        *([f"  but      {download.known_gaps[supplier]}"] if supplier in download.known_gaps else []),
        f"  there    {_months_there(there, months) if download.each_month else _files_there(there, others)}",
    ]


def _words(plan: FirstPlan, months: Months) -> Mapping[str, str]:
    baseline = plan.year.before
    return {
        **plan.words(),
        "first_month": f"{months.first:%Y-%m}",
        "last_month": f"{months.last:%Y-%m}",
        "letters": "".join(letter for letter in short_name(plan.district) if letter.isalpha()),
        "estimates_year": str(baseline.first),
        "baseline_end": f"{baseline.ends_on:%y}",
    }


def _files_there(receipts: Sequence[Receipt], others: Sequence[Receipt]) -> str:
    there = ", ".join(receipt.file_name for receipt in receipts) or "nothing yet"
    if not others:
        return there
    return f"{there}; of other areas alone: {', '.join(receipt.file_name for receipt in others)}"


def _months_there(receipts: Sequence[Receipt], months: Months) -> str:
    delivered = {date.fromisoformat(receipt.period_start) for receipt in receipts if receipt.period_start}
    needed = months.all()
    missing = [month for month in needed if month not in delivered]
    others = sorted(delivered - set(needed))
    said = f"{len(needed) - len(missing)} of {len(needed)} months"
    if missing:
        said += f"; missing: {', '.join(spells_of(missing))}"
    if others:
        said += f"; beside them {', '.join(spells_of(others))}"
    return said
