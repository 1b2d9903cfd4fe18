"""The channels: e-mail by SMTP, the webhooks of Slack and Teams, and whatever `apprise` reaches."""

import json
import logging
import smtplib
import ssl
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

from orchestration.alerts.message import Reminder, Section, file_name_of, subject_of, text_of
from orchestration.alerts.outbox import Message
from orchestration.alerts.settings import AlertSettings, AlertSettingsError, Channel, Email, Other, Webhook

SECONDS = 5
"""That a channel waits for an answer."""
_SLACK_TEXT = 35_000
_TEAMS_TEXT = 20_000
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class SendError(Exception):
    """A message could not be sent; the text holds no secret."""


def send(channel: Channel, settings: AlertSettings, message: Message) -> None:
    """Send a message through a channel, with the sections that it wants; nothing where it wants none.

    Raises:
        SendError: the service did not take it.
    """
    told = [section for section in message.sections if channel.wants(section.event)]
    if not told:
        return
    secrets: list[str] = []
    try:
        match channel:
            case Email():
                _send_email(channel, settings, message, told, secrets)
            case Webhook():
                url = _read(channel.url, secrets)
                _post(url, _FORMS[channel.kind](subject_of(settings.name, told), text_of(told, with_reminders=True)))
            case Other():
                url = _read(channel.url, secrets)
                _send_by_apprise(url, subject_of(settings.name, told), text_of(told, with_reminders=True))
    except Exception as error:  # noqa: BLE001 - whatever a library raises, it was not sent
        raise SendError(_without(secrets, f"{type(error).__name__}: {error}")) from None


def _read(secret: Any, secrets: list[str]) -> str:
    text: str = secret.read()
    secrets.append(text)
    return text


def _without(secrets: Sequence[str], text: str) -> str:
    for form in chain.from_iterable(map(_forms, secrets)):
        text = text.replace(form, "…") if len(form) > 1 else text
    return " ".join(text.split())


def _forms(secret: str) -> Iterator[str]:
    """Yield what a library may say of a secret: all of it, or of an address what stands behind its host."""
    yield from (secret, secret.encode().hex())
    with suppress(ValueError):  # no address, though it should be one
        parts = urlsplit(secret)
        yield from (parts.path, parts.query)


def email_of(channel: Email, settings: AlertSettings, message: Message, told: Sequence[Section]) -> EmailMessage:
    """Return the e-mail of a message, with each reminder as a letter that opens ready to be sent."""
    mail = EmailMessage()
    mail["Subject"] = subject_of(settings.name, told)
    mail["From"] = channel.sender
    mail["To"] = ", ".join(channel.to)
    mail["Date"] = format_datetime(datetime.fromisoformat(message.written_at))
    # The same however often it is tried: a mail that came twice is seen to be one.
    mail["Message-ID"] = f"<{message.message_id}.{channel.name or channel.kind}@{channel.sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text_of(told, with_reminders=False))
    reminders = [one for section in told for one in section.reminders]
    for number, reminder in enumerate(reminders, start=1):
        letter = _letter(channel, settings.agencies, reminder)
        mail.add_attachment(letter, filename=file_name_of(reminder, number))
    return mail


def _letter(channel: Email, addresses: Mapping[str, str], reminder: Reminder) -> EmailMessage:
    letter = EmailMessage()
    letter["Subject"] = reminder.subject
    if address := addresses.get(reminder.agency):
        letter["To"] = address
    letter["From"] = channel.to[0]
    letter["X-Unsent"] = "1"  # mail programs open it as a draft
    letter.set_content(reminder.text)
    return letter


def _send_email(
    channel: Email, settings: AlertSettings, message: Message, told: Sequence[Section], secrets: list[str]
) -> None:
    mail = email_of(channel, settings, message, told)
    context = ssl.create_default_context()
    if channel.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(channel.host, channel.port, timeout=SECONDS, context=context)
    else:
        server = smtplib.SMTP(channel.host, channel.port, timeout=SECONDS)
    with server:
        if channel.security == "starttls":
            server.starttls(context=context)
        if channel.user and channel.password:
            server.login(channel.user, _read(channel.password, secrets))
        if refused := server.send_message(mail, channel.sender, channel.to):
            raise SendError(f"refused for {len(refused)} of {len(channel.to)} recipients")


def slack_form(subject: str, text: str) -> dict[str, Any]:
    """Return a message as Slack's webhooks take it; &, < and > steer it."""
    whole = f"*{subject}*\n{text}".replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return {"text": _cut(whole, _SLACK_TEXT)}


def teams_form(subject: str, text: str) -> dict[str, Any]:
    """Return a message as the workflows of Teams take it: an adaptive card."""
    blocks = [
        {"type": "TextBlock", "text": subject, "weight": "Bolder", "size": "Medium", "wrap": True},
        *({"type": "TextBlock", "text": part, "wrap": True} for part in _cut(text, _TEAMS_TEXT).split("\n\n")),
    ]
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": blocks,
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}


_FORMS = {"slack": slack_form, "teams": teams_form}


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}\n… the rest: `csp alerts`"


def _post(url: str, content: Mapping[str, Any]) -> None:
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise AlertSettingsError("the address of a webhook begins with https://")
    asked = urllib.request.Request(url, json.dumps(content).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(asked, timeout=SECONDS) as answer:
        answer.read(1000)


def _send_by_apprise(url: str, subject: str, text: str) -> None:
    try:
        import apprise  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise AlertSettingsError("needs the package apprise: pip install 'csp-indicator-warehouse[alerts]'") from error
    # Its own lines may hold the address.
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    service = apprise.Apprise()
    if not service.add(url):
        raise AlertSettingsError("apprise knows no service of such an address")
    if not service.notify(title=subject, body=text, body_format=apprise.NotifyFormat.TEXT):
        raise SendError("the service did not take it")
