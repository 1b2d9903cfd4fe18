"""Several partnerships on one install: which there are, and the UI of each under one address."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from orchestration.ui import host_names
from sources.folder.data_folder import ENVIRONMENT_VARIABLE
from sources.partnership.folder import VARIABLE

_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
_KEYS = {"data", "partnership"}


class TogetherError(Exception):
    """The list of partnerships cannot be used; the message names it and says what to do."""


@dataclass(frozen=True)
class Member:
    """A partnership of the install: its name in addresses, its data folder and its own folder."""

    name: str
    data: Path
    partnership: Path

    @property
    def path(self) -> str:
        """The path below which its Dagster answers."""
        return f"/{self.name}"

    @property
    def environment(self) -> dict[str, str]:
        """The environment in which every command is about this partnership alone."""
        inherited = {name: value for name, value in os.environ.items() if name != "DAGSTER_HOME"}
        return {**inherited, ENVIRONMENT_VARIABLE: str(self.data), VARIABLE: str(self.partnership)}


def read_members(file: Path) -> list[Member]:
    """Return the partnerships that a YAML file lists, by name; folders are relative to the file.

    Raises:
        TogetherError: it cannot be read, a name is none, a folder is missing, or two share a data folder.
    """
    try:
        listed = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise TogetherError(f"{file} cannot be read: {' '.join(str(error).split())}") from error
    if not isinstance(listed, dict) or not listed:
        raise TogetherError(
            f"{file} lists no partnership: give each a line such as `melton: {{data: …, partnership: …}}`"
        )
    members = []
    for name, folders in listed.items():
        if not _NAME.fullmatch(str(name)):
            raise TogetherError(f"{file}: {name!r} goes into addresses: small letters, digits and hyphens alone")
        if not isinstance(folders, dict) or folders.keys() != _KEYS:
            raise TogetherError(f"{file}: {name}: needs exactly {' and '.join(sorted(_KEYS))}")
        member = Member(str(name), *((file.parent / str(folders[key])).absolute() for key in sorted(_KEYS)))
        if not member.partnership.is_dir():
            raise TogetherError(f"{file}: {name}: {member.partnership} is no folder")
        members.append(member)
    if len({member.data.resolve() for member in members}) < len(members):
        raise TogetherError(f"{file}: two partnerships share a data folder: each needs its own")
    return members


def run_together(members: Sequence[Member], host: str, port: int, names: Sequence[str] = ()) -> None:
    """Start the UI of each partnership on a port of its own, and a front on `port` that leads to all; until a signal.

    Raises:
        UiError: a name is none.
    """
    import uvicorn  # noqa: PLC0415 - a second to import

    from orchestration.web.front import front  # noqa: PLC0415

    hosts = host_names(host, names)
    ports = {member.name: port + number for number, member in enumerate(members, 1)}
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    started = [_start(member, ports[member.name], hosts) for member in members]
    try:
        uvicorn.run(
            front(members, ports, hosts), host=host, port=port, log_level="warning", timeout_graceful_shutdown=5
        )
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait()


def _start(member: Member, port: int, hosts: Sequence[str]) -> "subprocess.Popen[bytes]":
    named = [part for host in hosts if not host.startswith("[") for part in ("--name", host)]
    csp = Path(sys.executable).with_name("csp")
    command = [str(csp), "ui", "--port", str(port), "--path", member.path, *named]
    return subprocess.Popen(command, env=member.environment)
