"""A proposed contract: what a sample says of a feed, written out by the template `contract/feed.odcs.yaml.jinja`.

Wherever the sample does not settle something, the text has a remark with CHECK, for a person.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from sources.start.sample import Sample
from sources.start.sample_columns import SampleColumn
from sources.start.sample_name import NameOfSample

REMARK = "# CHECK"
"""Starts a remark that a person settles and takes out."""
TEMPLATE = Path(__file__).parent / "contract" / "feed.odcs.yaml.jinja"


@dataclass(frozen=True)
class Proposal:
    """What was found in a sample."""

    agency: str
    feed: str
    sample_name: str
    sample: Sample
    columns: Sequence[SampleColumn]
    missing_marks: Sequence[str]
    name: NameOfSample
    suppliers: Mapping[str, str]
    """Level of the home area by the name of each known supplier of the agency."""

    @property
    def key(self) -> str:
        """Return `<agency>/<feed>`."""
        return f"{self.agency}/{self.feed}"

    @property
    def supplier(self) -> str:
        """Return who sends the feed: whom the file name tells, or the only one that is known, or the agency's name."""
        only = next(iter(self.suppliers)) if len(self.suppliers) == 1 else None
        return self.name.supplier or only or self.agency.replace("_", "-")

    @property
    def personal(self) -> list[SampleColumn]:
        """Return the columns that look personal."""
        return [column for column in self.columns if column.personal]

    @cached_property
    def date_column(self) -> SampleColumn | None:
        """Return the date by which rows seem to be sent: of those that are never blank, the one that spans least."""
        dates = [one for one in self.columns if one.days_spanned is not None and not one.personal and not one.blank]
        return min(dates, key=lambda one: one.days_spanned or 0, default=None)

    @property
    def other_dates(self) -> list[str]:
        """Return the other date columns."""
        return [one.name for one in self.columns if one.logical_type == "date" and one is not self.date_column]

    @cached_property
    def months(self) -> int:
        """Return the months of a delivery, as the days of the sample and the period in its name tell."""
        column = self.date_column
        if column is None or column.first_day is None or column.last_day is None:
            return 12 if self.name.is_of_a_year else 1
        first, last = column.first_day, column.last_day
        spanned = 12 * (last.year - first.year) + last.month - first.month + 1
        return next(
            (months for months in (1, 3, 12) if spanned <= months and not (self.name.is_of_a_year and months < 12)), 12
        )

    @property
    def first_period(self) -> str:
        """Return the first of the month of the first day, or of the period that the name tells."""
        told = [self.date_column.first_day if self.date_column else None, self.name.period_start]
        return min((day for day in told if day), default=date(2020, 1, 1)).replace(day=1).isoformat()

    @cached_property
    def category(self) -> SampleColumn | None:
        """Return the first column with a few values that is never blank."""
        return next((one for one in self.columns if one.codes and not one.blank), None)

    @property
    def other_categories(self) -> list[str]:
        """Return the other columns with a few values."""
        return [one.name for one in self.columns if one.codes and one is not self.category]

    @cached_property
    def places(self) -> dict[str, SampleColumn]:
        """Return a column by the kind of place that its codes tell."""
        found: dict[str, SampleColumn] = {}
        for column in self.columns:
            if column.place:
                found.setdefault(column.place, column)
        return found

    @cached_property
    def key_column(self) -> SampleColumn | None:
        """Return a column that names each row once, as its values and its header say."""
        count = self.sample.row_count
        return next(
            (one for one in self.columns if one.is_key_like and not one.blank and one.distinct == count > 1), None
        )

    @cached_property
    def area_levels(self) -> list[str]:
        """Return the levels that a figure may have: the supplier's own, and those of its places."""
        home = self.suppliers.get(self.supplier, "district")
        district = ["district"] if self.places else []
        ward = ["ward"] if self.places.keys() & {"lsoa", "ward"} else []
        return list(dict.fromkeys([home, *district, *ward]))

    def text(self) -> str:
        """Return the contract as YAML."""
        from jinja2 import Environment, StrictUndefined  # noqa: PLC0415 - no other command of this package needs it

        environment = Environment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True)
        environment.filters["text"] = _text
        names = [name for name in dir(self) if not name.startswith("_") and name != "text"]
        return environment.from_string(TEMPLATE.read_text(encoding="utf-8")).render(
            {name: getattr(self, name) for name in names}
        )


def _text(value: Any) -> str:
    """Return a value as YAML has it on one line."""
    return json.dumps(value, ensure_ascii=False)
