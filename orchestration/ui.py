"""Dagster's webserver and daemon on a data folder, once a folder, and so that a signal ends all of it."""

import fcntl
import json
import os
import re
import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path

from orchestration.dagster_home import prepare_dagster_home
from orchestration.dagster_server import DagsterServerError, require_reachable, server_address
from orchestration.dagster_stores import set_damaged_aside
from orchestration.progress import report
from orchestration.provenance import PROJECT_ROOT
from sources.folder.data_folder import DataFolder

HOSTS_VARIABLE = "CSP_UI_HOSTS"
PATH_VARIABLE = "CSP_UI_PATH"
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_PATH = re.compile(r"/[a-z0-9][a-z0-9-]*")
_NAME = re.compile(r"(\*\.)?[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]")


class UiError(Exception):
    """The UI cannot be started; the message says what is in the way."""


def run_ui(
    folder: DataFolder,
    host: str,
    port: int,
    read_only: bool | None = None,
    names: Sequence[str] = (),
    path: str = "",
) -> None:
    """Become Dagster's webserver, and its daemon unless `read_only` is asked for; SIGTERM or SIGINT ends all of it.

    Args:
        folder: the data folder.
        host: the address to listen on.
        port: its port.
        read_only: True shows and starts nothing, beside another UI of the folder; False lets pages launch and delete;
            None does so on this machine alone, and elsewhere shows pages that only look, with the daemon.
        names: further host names under which browsers reach it, such as that of a proxy before it.
        path: the path below which pages are, such as `/melton` behind a proxy; none for the root.

    Raises:
        UiError: the path or a name is none, the UI of this folder runs already, something else listens on the port, or
            the database of Dagster's runs does not answer.
    """
    if path and not _PATH.fullmatch(path):
        raise UiError(f"--path {path!r}: give one such as /melton, of small letters, digits and hyphens")
    try:
        home = prepare_dagster_home(folder)
        if server := server_address():
            require_reachable(server)
    except DagsterServerError as error:
        raise UiError(str(error)) from error
    if not read_only:
        _hold(home / "ui.json", f"http://{host}:{port}{path}")
        for told in set_damaged_aside(folder):
            report(told)
    with suppress(OSError), socket.create_connection((host, port), timeout=1):
        raise UiError(f"port {port} of {host} is taken, not by the UI of {folder.root}: give another --port")
    shows_only = not is_loopback(host) if read_only is None else read_only
    os.environ[HOSTS_VARIABLE] = ",".join(host_names(host, names))
    os.environ["DAGSTER_WEBSERVER_READ_ONLY"] = "true" if shows_only else "false"
    if shows_only and not read_only:
        report(f"whoever reaches {host} can look and change nothing; `--writable` lets them launch and delete runs")
    # A shell starts a background job with SIGINT ignored, and Dagster takes SIGTERM for SIGINT: it would heed neither.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(PROJECT_ROOT)
    os.environ[PATH_VARIABLE] = path
    below = ["--path-prefix", path] if path and read_only else []  # else the services hand it to the webserver
    program = ["orchestration.web.server"] if read_only else ["orchestration.web.services", "dev"]
    os.execv(sys.executable, [sys.executable, "-m", *program, "--port", str(port), "--host", host, *below])


def is_loopback(host: str) -> bool:
    """Return whether an address to listen on is reached from this machine alone."""
    try:
        addresses = {found[4][0] for found in socket.getaddrinfo(host, None)}
    except OSError:
        return False
    return bool(addresses) and all(ip_address(address).is_loopback for address in addresses)


def host_names(host: str, names: Sequence[str] = ()) -> list[str]:
    """Return the names by which browsers may ask for the UI that listens on `host`.

    Raises:
        UiError: a name is none.
    """
    for name in names:
        if not _NAME.fullmatch(name):
            raise UiError(f"--name {name!r}: give a host name without port, such as indicators.example.org")
    own = [] if is_loopback(host) else [socket.gethostname(), socket.getfqdn()]
    bound = [] if host in {"0.0.0.0", "::"} else [f"[{host}]" if ":" in host else host]
    return list(dict.fromkeys([*LOOPBACK, *bound, *own, *names]))


def running_ui(folder: DataFolder) -> str | None:
    """Return where the UI of a data folder runs, and as which process; None where it does not."""
    file = folder.dagster_home / "ui.json"
    if not file.exists():
        return None
    with file.open("r+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return _told(file)
    return None


def _hold(file: Path, address: str) -> None:
    """Lock a file for as long as this process lives, as whatever program, and note in it who does."""
    lock = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(lock)
        raise UiError(
            f"the UI of this data folder runs already: {_told(file)}. Open it there, or end it first: "
            "a data folder has one scheduler"
        ) from error
    os.ftruncate(lock, 0)
    os.write(lock, json.dumps({"pid": os.getpid(), "address": address}).encode())
    os.set_inheritable(lock, True)


def _told(file: Path) -> str:
    try:
        holder = json.loads(file.read_text())
    except ValueError:
        return "as a process that is just starting"
    return f"{holder['address']}, process {holder['pid']} (`kill {holder['pid']}` ends it)"
