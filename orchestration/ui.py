"""Dagster's webserver and daemon on a data folder, once a folder, and so that a signal ends all of it."""

import fcntl
import json
import os
import signal
import socket
import sys
from pathlib import Path

from orchestration.dagster_home import prepare_dagster_home
from orchestration.dagster_stores import set_damaged_aside
from orchestration.progress import report
from orchestration.provenance import PROJECT_ROOT
from sources.folder.data_folder import DataFolder


class UiError(Exception):
    """The UI cannot be started; the message says what is in the way."""


def run_ui(folder: DataFolder, host: str, port: int) -> None:
    """Become `dg dev`, which ends webserver, daemon and code servers when SIGTERM or SIGINT ends it.

    Raises:
        UiError: the UI of this folder runs already, or something else listens on the port.
    """
    home = prepare_dagster_home(folder)
    _hold(home / "ui.json", f"http://{host}:{port}")
    for told in set_damaged_aside(folder):
        report(told)
    with socket.socket() as probe:
        if probe.connect_ex((host, port)) == 0:
            raise UiError(f"port {port} of {host} is taken, not by the UI of {folder.root}: give another --port")
    # A shell starts a background job with SIGINT ignored, and Dagster takes SIGTERM for SIGINT: it would heed neither.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(PROJECT_ROOT)
    dg = str(Path(sys.executable).with_name("dg"))
    os.execv(dg, [dg, "dev", "--port", str(port), "--host", host])


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
