"""A reason: a code of `reasons.yaml` with what its sentence names, and apart from it what a sender wrote.

What is told is ours: names from a contract, dates, numbers. What was sent is for the owner of the warehouse alone, and
stays in the ledger until the delivery is erased.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from sources.folder.yaml_text import from_yaml

_SENTENCES = Path(__file__).with_name("reasons.yaml")
ROWS = "rows"
"""How the names of numbers of rows start, which nobody is told of a feed of people."""
SAID_EARLIER = "said_earlier"


@dataclass(frozen=True)
class Sentences:
    """The sentence of a code, and the one told where rows are people."""

    sentence: str
    of_people: str


@dataclass(frozen=True)
class Reason:
    """Why a delivery was refused, or what was noted of it."""

    code: str
    told: Mapping[str, str | float] = field(default_factory=dict)
    """What the sentence of the code names: ours, never a sender's."""
    as_sent: str = ""
    """What the sender wrote, in a sentence or two; for the owner alone."""

    def published(self, of_people: bool) -> str:
        """Return our sentence, without numbers of rows where these are people."""
        sentences = sentences_by_code()[self.code]
        if not of_people:
            return sentences.sentence.format(**self.told)
        return sentences.of_people.format(**{name: one for name, one in self.told.items() if not _counts_rows(name)})

    def for_owner(self) -> str:
        """Return our sentence and what was sent: for the ledger's owner, never for a log."""
        if self.code == SAID_EARLIER and self.as_sent:
            return self.as_sent
        return f"{self.published(of_people=False)} {self.as_sent}".rstrip()

    @classmethod
    def from_ledger(cls, written: str | Mapping[str, Any]) -> "Reason":
        """Return a reason as a receipt holds it; before 0.3.0 that was a text."""
        return cls(SAID_EARLIER, as_sent=written) if isinstance(written, str) else cls(**written)


def reason(code: str, as_sent: str = "", /, **told: str | float) -> Reason:
    """Return the reason of a code.

    Args:
        code: a key of `reasons.yaml`.
        as_sent: what the sender wrote, if the owner should see it: a sentence or two.
        told: what the code's sentence names, all of it ours.

    Raises:
        KeyError: there is no such code, or its sentence names something else.
    """
    made = Reason(code, told, as_sent)
    made.published(of_people=False)
    return made


def published(reasons: Iterable[Reason], of_people: bool) -> list[str]:
    """Return our sentences, without numbers of rows where these are people."""
    return [one.published(of_people) for one in reasons]


def for_owner(reasons: Iterable[Reason]) -> list[str]:
    """Return our sentences with what was sent."""
    return [one.for_owner() for one in reasons]


@cache
def sentences_by_code() -> Mapping[str, Sentences]:
    """Return the sentences of every code, read once a process.

    Raises:
        ValueError: a sentence tells a number of rows where these are people.
    """
    sent: dict[str, str | dict[str, str]] = from_yaml(_SENTENCES.read_text(encoding="utf-8"))
    codes = {
        code: Sentences(one, one) if isinstance(one, str) else Sentences(one["sentence"], one["of_people"])
        for code, one in sent.items()
    }
    for code, one in codes.items():
        if any(name and _counts_rows(name) for _, name, _, _ in Formatter().parse(one.of_people)):
            raise ValueError(f"{_SENTENCES.name}: {code} tells a number of rows where these are people")
    return codes


def _counts_rows(name: str) -> bool:
    return name.startswith(ROWS)
