"""`csp ui` in the background of a shell: one a data folder, and a signal ends all of it."""

import contextlib
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable

import pytest

from tests.system.conftest import CSP, Warehouse

pytestmark = pytest.mark.system
PATIENCE_SECONDS = 180  # to start; a code server that lost its webserver ends by itself within half a minute


def wait_for(condition: Callable[[], bool], what: str) -> None:
    for _ in range(PATIENCE_SECONDS):
        if condition():
            return
        time.sleep(1)
    pytest.fail(f"not after {PATIENCE_SECONDS} s: {what}")


def answers(address: str) -> bool:
    with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/server_info"):
        return True
    return False


def processes_of_group(group: int) -> list[str]:
    listed = subprocess.run(["ps", "-eo", "pgid=,stat=,args="], capture_output=True, text=True, check=True).stdout
    rows = [line.split(maxsplit=2) for line in listed.splitlines()]
    return [row[2] for row in rows if row[0] == str(group) and not row[1].startswith("Z")]


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_whole_of_it(warehouse: Warehouse, sent: signal.Signals) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    shell = subprocess.Popen(
        ["sh", "-c", f"'{CSP}' ui --port {port} >/dev/null 2>&1 & echo $!; wait"],
        env=warehouse.environment,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert shell.stdout is not None
        started = int(shell.stdout.readline())
        wait_for(lambda: answers(f"http://127.0.0.1:{port}"), "the UI answers")
        second = warehouse.csp("ui", "--port", str(port))
        assert second.returncode == 1
        assert f"http://127.0.0.1:{port}, process {started} (`kill {started}` ends it)" in second.stderr
        os.kill(started, sent)
        wait_for(lambda: not processes_of_group(shell.pid), "every process has ended")
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(shell.pid, signal.SIGKILL)
        shell.wait()


def test_a_port_that_something_else_has_is_named(warehouse: Warehouse) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ended = warehouse.csp("ui", "--port", str(port))
    assert ended.returncode == 1
    assert f"port {port} of 127.0.0.1 is taken" in ended.stderr
