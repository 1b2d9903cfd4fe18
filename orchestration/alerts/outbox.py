"""The outbox: what is to be told, in one durable file until every channel has it, and what was told before."""

import fcntl
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta

from orchestration.alerts.message import Reminder, Section
from orchestration.alerts.settings import Event
from sources.folder.data_folder import DataFolder
from sources.folder.durable import write_whole
from sources.folder.rights import OWNER_ALONE, make_folder

KEPT = 50
"""Messages that are remembered, the latest ones."""
GIVEN_UP_AFTER = timedelta(days=14)
"""News of that age is told to nobody any more."""


class OutboxError(Exception):
    """The outbox cannot be read; the message says what to do."""


@dataclass
class Message:
    """What is told of one night: to whom it still has to be sent, with what went wrong last, and who has it."""

    message_id: str
    written_at: str
    sections: tuple[Section, ...]
    waiting: dict[str, str] = field(default_factory=dict)
    sent: dict[str, str] = field(default_factory=dict)
    given_up: dict[str, str] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """Return its number, counted from the first message."""
        return int(self.message_id.rpartition("-")[2])


@dataclass
class Outbox:
    """Messages, the oldest first; the keys of what was told and still stands, and of what is told once."""

    messages: list[Message] = field(default_factory=list)
    told: set[str] = field(default_factory=set)
    told_once: list[str] = field(default_factory=list)

    def add(self, sections: Iterable[Section], channels: Iterable[str], now: datetime) -> Message:
        """Put a message to these channels into the outbox."""
        at = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        last = max((one.number for one in self.messages), default=0)
        message = Message(f"{at}-{last + 1}", _text(now), tuple(sections), dict.fromkeys(channels, ""))
        self.messages = [*self.messages, message][-KEPT:]
        return message

    def remember(self, standing: set[str]) -> None:
        """Remember that all of this was told; what stands no longer is news when it comes again."""
        self.told = set(standing)

    def remember_once(self, key: str) -> None:
        """Remember that this was told."""
        self.told_once = [*(one for one in self.told_once if one != key), key][-KEPT:]

    def give_up(self, now: datetime, channels: Iterable[str]) -> None:
        """Stop trying what is too old, or was for a channel that is no longer set."""
        known = set(channels)
        for message in self.messages:
            is_old = datetime.fromisoformat(message.written_at) < now - GIVEN_UP_AFTER
            for channel in [one for one in message.waiting if is_old or one not in known]:
                message.given_up[channel] = message.waiting.pop(channel) or "no longer set"

    def waiting(self) -> list[Message]:
        """Return the messages that somebody does not have yet."""
        return [message for message in self.messages if message.waiting]


def _text(now: datetime) -> str:
    return now.astimezone(UTC).isoformat(timespec="seconds")


def read_outbox(folder: DataFolder) -> Outbox:
    """Return the outbox of a data folder; an empty one where there is none.

    Raises:
        OutboxError: its file is damaged.
    """
    if not folder.outbox.exists():
        return Outbox()
    try:
        content = json.loads(folder.outbox.read_text(encoding="utf-8"))
        messages = [_message(one) for one in content["messages"]]
        return Outbox(messages, set(content["told"]), content["told_once"])
    except (ValueError, KeyError, TypeError) as error:
        raise OutboxError(f"{folder.outbox} cannot be read: remove it; what was told may then be told again") from error


def _message(content: dict[str, object]) -> Message:
    sections = tuple(
        Section(Event(one["event"]), one["headline"], one["text"], tuple(Reminder(**each) for each in one["reminders"]))
        for one in content.pop("sections")  # type: ignore[attr-defined]
    )
    return Message(sections=sections, **content)  # type: ignore[arg-type]


def write_outbox(folder: DataFolder, outbox: Outbox) -> None:
    """Keep the outbox, durably, for its owner alone."""
    messages = [asdict(message) for message in outbox.messages]
    content = {"messages": messages, "told": sorted(outbox.told), "told_once": outbox.told_once}
    write_whole(folder.outbox, json.dumps(content, ensure_ascii=False, indent=1) + "\n", mode=0o600)


@contextmanager
def opened_outbox(folder: DataFolder) -> Iterator[Outbox]:
    """Yield the outbox for one process at a time; a night and Dagster's daemon may want it together."""
    make_folder(folder.alerts, OWNER_ALONE)
    with (folder.alerts / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield read_outbox(folder)
