"""What is personal under every contract: the headers and the patterns of `personal_columns.yaml`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from sources.contract.header_names import plain_header

_LIST_FILE = Path(__file__).with_name("personal_columns.yaml")


@dataclass(frozen=True)
class PersonalList:
    """The list, as headers and values are compared with it."""

    headers: Mapping[str, str]
    """Header, as `plain_header` gives it, to what it holds."""
    also_values: frozenset[str]
    """What is no header for sure outside the header row."""
    values: tuple[tuple[str, re.Pattern[str]], ...]
    full_postcode: str

    def kind(self, header: str) -> str | None:
        """Return what a column of this header holds, if it is personal."""
        return self.headers.get(plain_header(header))


@cache
def personal_list() -> PersonalList:
    """Return the list, read once a process."""
    sent: dict[str, Any] = yaml.safe_load(_LIST_FILE.read_text(encoding="utf-8"))
    before = ["", *map(plain_header, sent["people"])]
    return PersonalList(
        {
            person + plain_header(name): entry["kind"]
            for entry in sent["headers"]
            for name in entry["names"]
            for person in before
        },
        frozenset(entry["kind"] for entry in sent["headers"] if entry.get("also_a_value")),
        tuple((entry["kind"], re.compile(entry["pattern"], re.IGNORECASE)) for entry in sent["values"]),
        sent["full_postcode"],
    )
