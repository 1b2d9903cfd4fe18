"""A mail server on this machine, and the settings that send alerts to it."""

import socket
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope, Session


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@dataclass
class MailServer:
    """Where it listens, what it was sent, and who may log in."""

    port: int
    envelopes: list[tuple[str, list[str], EmailMessage]] = field(default_factory=list)

    async def handle_DATA(self, server: object, session: Session, envelope: Envelope) -> str:
        mail = message_from_bytes(envelope.content or b"", policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.envelopes.append((envelope.mail_from or "", list(envelope.rcpt_tos), mail))
        return "250 OK"

    @property
    def subjects(self) -> list[str]:
        return [mail["Subject"] for _, _, mail in self.envelopes]


def serving(server: MailServer, **options: Any) -> Controller:
    return Controller(server, hostname="127.0.0.1", port=server.port, **options)


def email(port: int, **others: object) -> dict[str, object]:
    """Return a channel to the mail server on a port."""
    return {
        **{"kind": "email", "host": "127.0.0.1", "port": port, "security": "none"},
        **{"sender": "night@example.org", "to": ["engineer@example.org"]},
        **others,
    }
