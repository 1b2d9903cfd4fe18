"""Who is told, of what and how: the section `alerts` of a YAML file.

The file is the one that CSP_ALERTS names, or else `alerts.yaml` in the data folder or in the partnership's; without it
nobody is told. It is no part of what decides figures, so that a change of it rebuilds nothing. Other sections of the
file are none of ours. Passwords and addresses that are secret stand in the environment or in files of
their own, never here.
"""

import os
from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from sources.folder.data_folder import DataFolder
from sources.partnership.folder import FolderError, partnership_folder

FILE_VARIABLE = "CSP_ALERTS"
FILE_NAME = "alerts.yaml"


class AlertSettingsError(Exception):
    """The settings of the alerts cannot be used; the message names the place and what is expected."""


class Event(StrEnum):
    """What someone is told of."""

    held = "held"
    failed = "failed"
    missing = "missing"
    recovered = "recovered"
    late = "late"
    signal = "signal"
    quarantine = "quarantine"
    trial = "trial"


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Secret(_Model):
    """Where a password or a secret address stands: in a variable of the environment, or in a file."""

    environment: str | None = None
    file: Path | None = None

    @model_validator(mode="after")
    def _is_one(self) -> "Secret":
        if (self.environment is None) == (self.file is None):
            raise ValueError("give `environment: NAME` or `file: PATH`, and not the secret itself")
        return self

    def read(self) -> str:
        """Return the secret.

        Raises:
            AlertSettingsError: the variable is not set, or the file cannot be read.
        """
        if self.file is None:
            if secret := os.environ.get(self.environment or "", "").strip():
                return secret
            raise AlertSettingsError(f"the variable {self.environment} is not set")
        try:
            return self.file.read_text().strip()
        except OSError as error:
            raise AlertSettingsError(f"{self.file} cannot be read ({error.strerror})") from error


class Channel(_Model):
    """One way to reach someone."""

    name: str | None = None
    events: frozenset[Event] = frozenset(Event)

    def wants(self, event: Event) -> bool:
        """Return whether this channel is to tell of an event; of a trial every one does."""
        return event is Event.trial or event in self.events

    def require_secrets(self) -> None:
        """See that each secret of the channel is where the settings say.

        Raises:
            AlertSettingsError: one is not.
        """
        for _, value in self:
            if isinstance(value, Secret):
                value.read()


class Email(Channel):
    """E-mail, through a mail server."""

    kind: Literal["email"]
    host: str
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = None
    password: Secret | None = None
    sender: str
    to: Annotated[tuple[str, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _protects_its_password(self) -> "Email":
        if self.password and self.security == "none":
            raise ValueError("a password is sent over an encrypted connection alone: security starttls or tls")
        return self


class Webhook(Channel):
    """An address that takes messages for a channel of Slack or Teams."""

    kind: Literal["slack", "teams"]
    url: Secret


class Other(Channel):
    """Any other service that the package `apprise` reaches, by its address there."""

    kind: Literal["apprise"]
    url: Secret


class AlertSettings(_Model):
    """All that is set of alerts."""

    name: str = "Indicator warehouse"
    """What the subject of a message begins with: that of the partnership, where there are several."""
    agencies: dict[str, str] = {}
    """E-mail address of each agency, to which a reminder is addressed."""
    channels: tuple[Annotated[Email | Webhook | Other, Field(discriminator="kind")], ...]

    def labelled(self) -> dict[str, Email | Webhook | Other]:
        """Return the channels by name; one without is called by its kind."""
        return {channel.name or channel.kind: channel for channel in self.channels}

    @model_validator(mode="after")
    def _has_names(self) -> "AlertSettings":
        counted = Counter(channel.name or channel.kind for channel in self.channels)
        if repeated := [name for name, count in counted.items() if count > 1]:
            raise ValueError(f"several channels are called {repeated[0]}: give each a `name` of its own")
        return self


def settings_file(folder: DataFolder) -> Path:
    """Return where the settings stand, or would stand."""
    if named := os.environ.get(FILE_VARIABLE):
        return Path(named)
    of_data = folder.root / FILE_NAME
    try:
        of_partnership = partnership_folder().root / FILE_NAME
    except FolderError:
        return of_data  # the night says what is wrong with the folder
    return of_partnership if of_partnership.is_file() and not of_data.is_file() else of_data


def alert_settings(folder: DataFolder) -> AlertSettings | None:
    """Return who is told of the nights of a data folder; None where nobody has asked for it.

    Raises:
        AlertSettingsError: the file cannot be read, or says what it may not.
    """
    file = settings_file(folder)
    if not file.exists() and not os.environ.get(FILE_VARIABLE):
        return None
    try:
        content = yaml.safe_load(file.read_text())
    except OSError as error:
        raise AlertSettingsError(f"{file} cannot be read ({error.strerror})") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise AlertSettingsError(f"{file} is no YAML ({' '.join(str(error).split())})") from error
    section = content.get("alerts") if isinstance(content, dict) else None
    if section is None:
        return None
    try:
        return AlertSettings.model_validate(section)
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()[:3])
        raise AlertSettingsError(f"{file}: alerts.{told}; see docs/operate.md") from error
