"""What is personal under every contract: the headers and the patterns of `personal_columns.yaml`."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

from sources.contract.header_names import header_words
from sources.folder.yaml_text import from_yaml

_LIST_FILE = Path(__file__).with_name("personal_columns.yaml")
# Digits that stand for letters: D0B, Surn4me, Te1.
_LEET = [str.maketrans("013457", f"o{one}east") for one in "li"]
_SHORTEST_PIECE = 2
_SHORTEST_RUN = 6


@dataclass(frozen=True)
class ValueKind:
    """What values of one kind look like, as regular expressions for Python and DuckDB alike."""

    kind: str
    whole: str
    within: str
    check: str | None
    """What a value must pass besides, by its name in `sources.personal.values`."""


@dataclass(frozen=True)
class ListedHeader:
    """A header of the list, by its words."""

    kind: str
    words: tuple[str, ...]
    is_anywhere: bool
    """Whether it tells a column whatever else the header says."""

    @cached_property
    def each(self) -> frozenset[str]:
        """Return the words, each once."""
        return frozenset(self.words)

    @cached_property
    def run(self) -> str:
        """Return the words run together."""
        return "".join(self.words)

    @cached_property
    def run_anywhere(self) -> str:
        """Return the words run together, where that tells a column whatever stands around it; else ''."""
        return self.run if self.is_anywhere and len(self.run) >= _SHORTEST_RUN else ""


@dataclass(frozen=True, eq=False)  # there is one a process, and every header asks for what it knows
class PersonalList:
    """The list, as headers and values are compared with it."""

    headers: tuple[ListedHeader, ...]
    also_values: frozenset[str]
    """What is no header for sure outside the header row."""
    people: tuple[frozenset[str], ...]
    fillers: frozenset[str]
    values: tuple[ValueKind, ...]
    fictional_telephones: re.Pattern[str]
    full_postcode: str
    open_licences: tuple[str, ...]
    harmless_in_open_data: frozenset[tuple[str, ...]]

    def kind_to_agree(self, header: str, is_open: bool) -> str | None:
        """Return what a column of this header holds that a contract has to agree as personal, of open data or not."""
        if is_open and header_words(header) in self.harmless_in_open_data:
            return None
        return self.kind(header)

    def kind(self, header: str) -> str | None:
        """Return what a column of this header holds, if it is personal."""
        return _kind(self, header)

    def is_open(self, licence: str) -> bool:
        """Return whether what has this licence is published for everybody."""
        return licence.casefold().startswith(self.open_licences)

    def kind_of_words(self, sent: tuple[str, ...]) -> str | None:
        """Return what a header of these words holds, if it is personal."""
        words = [word for part in sent if not part.isdigit() for word in self._pieces(part)]
        joined, each = "".join(words), frozenset(words)
        if each.isdisjoint(self._own_words) and joined not in self._runs and not self._run_anywhere.search(joined):
            return None  # nearly every value that is compared as if it were a header
        beside = self.fillers.union(*(one for one in self.people if one <= each))
        for listed in self.headers:
            if listed.each <= each and (
                each - listed.each <= beside or (listed.is_anywhere and _has_run(words, listed.words))
            ):
                return listed.kind
            if listed.run_anywhere and listed.run_anywhere in joined:
                return listed.kind
            if joined == listed.run:
                return listed.kind
        return None

    @cached_property
    def _own_words(self) -> frozenset[str]:
        return frozenset(word for listed in self.headers for word in listed.words)

    @cached_property
    def _runs(self) -> frozenset[str]:
        return frozenset(listed.run for listed in self.headers)

    @cached_property
    def _run_anywhere(self) -> re.Pattern[str]:
        """Return the pattern of the runs that tell a column wherever they stand."""
        return re.compile("|".join(re.escape(run) for listed in self.headers if (run := listed.run_anywhere)))

    @cached_property
    def _vocabulary(self) -> frozenset[str]:
        return frozenset(self.fillers.union(self._own_words, *self.people))

    def _pieces(self, word: str) -> list[str]:
        """Return the known words that a word is run together from, such as `victimsurname`; itself if it is not."""
        if word in self._vocabulary:
            return [word]
        best: list[list[str] | None] = [[], *[None] * len(word)]
        for end in range(1, len(word) + 1):
            for start in range(max(0, end - 16), end - _SHORTEST_PIECE + 1):
                before, piece = best[start], word[start:end]
                if before is not None and piece in self._vocabulary:
                    pieces = [*before, piece]
                    so_far = best[end]
                    best[end] = pieces if so_far is None or len(pieces) < len(so_far) else so_far
        return best[-1] or [word]


@lru_cache(maxsize=4096)
def _kind(listed: PersonalList, header: str) -> str | None:
    words = header_words(header)
    if not words:
        return None
    kind = listed.kind_of_words(words)
    joined = "".join(words)
    if kind is None and not joined.isdigit() and any(map(str.isdigit, joined)):
        spelt = ((joined.translate(table),) for table in _LEET)
        kind = next((found for one in spelt if (found := listed.kind_of_words(one))), None)
    return kind


def _has_run(words: list[str], own: tuple[str, ...]) -> bool:
    return any(tuple(words[start : start + len(own)]) == own for start in range(len(words) - len(own) + 1))


@cache
def personal_list() -> PersonalList:
    """Return the list, read once a process."""
    sent: dict[str, Any] = from_yaml(_LIST_FILE.read_text(encoding="utf-8"))
    parts = _filled(sent["parts"])
    return PersonalList(
        tuple(_headers(sent["headers"])),
        frozenset(entry["kind"] for entry in sent["headers"] if entry.get("also_a_value")),
        tuple(frozenset(header_words(person)) for person in sent["people"]),
        frozenset(word for filler in sent["fillers"] for word in header_words(filler)),
        tuple(
            ValueKind(
                entry["kind"],
                _with_parts(entry["whole"], parts),
                _with_parts(entry["within"], parts),
                entry.get("check"),
            )
            for entry in sent["values"]
        ),
        re.compile(sent["fictional_telephones"]),
        sent["full_postcode"],
        tuple(sent["open_licences"]),
        frozenset(map(header_words, sent["harmless_in_open_data"])),
    )


def _headers(entries: Iterable[Mapping[str, Any]]) -> Iterator[ListedHeader]:
    for entry in entries:
        for key in ("names", "anywhere"):
            for name in entry.get(key, []):
                yield ListedHeader(entry["kind"], header_words(name), key == "anywhere")


def _filled(parts: Mapping[str, str]) -> dict[str, str]:
    """Return parts of patterns with the parts in them written out."""
    filled: dict[str, str] = {}
    while len(filled) < len(parts):
        before = len(filled)
        for name, pattern in parts.items():
            if name not in filled and all(other in filled for other in _NAMED.findall(pattern)):
                filled[name] = _with_parts(pattern, filled)
        if len(filled) == before:
            raise ValueError(f"{_LIST_FILE.name}: parts: {', '.join(set(parts) - set(filled))} name an unknown part")
    return filled


_NAMED = re.compile(r"\{([a-z_]+)\}")


def _with_parts(pattern: str, parts: Mapping[str, str]) -> str:
    return _NAMED.sub(lambda found: parts[found[1]], pattern)
