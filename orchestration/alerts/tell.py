"""Telling: a message into the outbox, durably, and then whatever waits there through its channels."""

from collections.abc import Sequence
from datetime import UTC, datetime
from threading import Thread
from time import monotonic

from orchestration.alerts.channels import SendError, send
from orchestration.alerts.facts import NightEnd, Standing, standing_after_a_night
from orchestration.alerts.message import Section, sections
from orchestration.alerts.outbox import Message, Outbox, opened_outbox, write_outbox
from orchestration.alerts.settings import AlertSettings, Email, Event, Other, Webhook, alert_settings
from sources.folder.data_folder import DataFolder

LONGEST_SECONDS = 15
"""That all channels together may take; what is not sent by then waits for the next night."""


def tell_of_a_night(folder: DataFolder, ends: Sequence[NightEnd]) -> list[str]:
    """Tell whoever has asked for it of a night, and try again what waits; return what became of it, a line each.

    Args:
        folder: the data folder.
        ends: how its nights ended, the one that is told of first.

    Raises:
        AlertSettingsError, OutboxError: nobody was told.
    """
    settings = alert_settings(folder)
    if settings is None:
        return []
    try:
        standing = standing_after_a_night(folder)
    except Exception:  # noqa: BLE001 - a ledger or contract that cannot be read made the night fail: that is to be told
        standing = None
    with opened_outbox(folder) as outbox:
        new = sections(ends, standing or Standing(), outbox.told)
        if standing:
            outbox.remember(standing.keys)
        return _tell(folder, settings, outbox, new)


def tell_once(folder: DataFolder, key: str, section: Section) -> list[str]:
    """Tell something that is remembered by a key, unless it was told before; what waits is tried again.

    Raises:
        AlertSettingsError, OutboxError: nobody was told.
    """
    settings = alert_settings(folder)
    if settings is None:
        return []
    with opened_outbox(folder) as outbox:
        new = [] if key in outbox.told_once else [section]
        outbox.remember_once(key)
        return _tell(folder, settings, outbox, new)


def tell_a_trial(folder: DataFolder) -> list[str]:
    """Send a message of no importance through every channel.

    Raises:
        AlertSettingsError, OutboxError: nobody was told.
    """
    settings = alert_settings(folder)
    if settings is None:
        return []
    with opened_outbox(folder) as outbox:
        trial = Section(Event.trial, "a trial", f"Alerts of {folder.root} reach you. Nothing is the matter.")
        return _tell(folder, settings, outbox, [trial])


def _tell(folder: DataFolder, settings: AlertSettings, outbox: Outbox, new: Sequence[Section]) -> list[str]:
    channels, now = settings.labelled(), datetime.now(UTC)
    if new:
        wanting = [label for label, channel in channels.items() if any(channel.wants(one.event) for one in new)]
        outbox.add(new, wanting, now)
    outbox.give_up(now, channels)
    write_outbox(folder, outbox)
    waiting = outbox.waiting()
    if not waiting:
        return []
    told = _send_all(channels, settings, waiting)
    write_outbox(folder, outbox)
    return told


class _Sending(Thread):
    """A channel that sends what waits for it, oldest first, until something goes wrong.

    What it found is kept apart from the outbox: a thread that outlives its time must not change it.
    """

    def __init__(self, label: str, channel: Email | Webhook | Other, settings: AlertSettings, due: list[Message]):
        super().__init__(daemon=True)
        self.label, self.channel, self.settings, self.due = label, channel, settings, due
        self.sent: list[str] = []
        self.failed = ""

    def run(self) -> None:
        for message in self.due:
            try:
                send(self.channel, self.settings, message)
            except SendError as error:
                self.failed = str(error)
                return
            self.sent.append(message.message_id)


def _send_all(
    channels: dict[str, Email | Webhook | Other], settings: AlertSettings, waiting: list[Message]
) -> list[str]:
    """Send through all channels at once, for as long as may be; note in the messages, and say, what became of it."""
    due = {label: [message for message in waiting if label in message.waiting] for label in channels}
    sending = [_Sending(label, channel, settings, due[label]) for label, channel in channels.items() if due[label]]
    ends = monotonic() + LONGEST_SECONDS
    for one in sending:
        one.start()
    told = []
    for one in sending:
        one.join(max(0.0, ends - monotonic()))
        why = "no answer in time" if one.is_alive() else one.failed
        sent, at = set(one.sent), datetime.now(UTC).isoformat(timespec="seconds")
        for message in one.due:
            if message.message_id in sent:
                del message.waiting[one.label]
                message.sent[one.label] = at
            else:
                message.waiting[one.label] = why
        waits = f"; {why}: the next night tries again" if why else ""
        told.append(f"alerts by {one.label}: {len(sent)} of {len(one.due)} sent{waits}")
    return told
