"""`csp ui` in the background, and what a page or whoever else reaches it may ask."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

import pytest
from dagster import DagsterRunStatus
from dagster._core.test_utils import create_run_for_test

from orchestration.instance import open_instance
from sources.folder.data_folder import DataFolder
from tests.csp import CSP, Installation, has_ended

DELETION = 'mutation {{ deleteRun(runId: "{}") {{ __typename }} }}'
PATIENCE_SECONDS = 180  # to start; a code server that lost its webserver ends by itself within half a minute


def wait_for(condition: Callable[[], bool], what: str) -> None:
    for _ in range(PATIENCE_SECONDS):
        if condition():
            return
        time.sleep(1)
    pytest.fail(f"not after {PATIENCE_SECONDS} s: {what}")


@dataclass(frozen=True)
class RunningUi:
    """`csp ui` in the background of a shell."""

    folder: Installation
    port: int
    process: int
    group: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answers(self) -> bool:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.address}/server_info"):
            return True
        return False

    def has_ended(self) -> bool:
        return has_ended(self.group)


@contextlib.contextmanager
def running_ui(folder: Installation, *options: str) -> Iterator[RunningUi]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with subprocess.Popen(
        ["sh", "-c", f"'{CSP}' ui --port {port} {' '.join(options)} >/dev/null 2>&1 & echo $!; wait"],
        env=folder.environment,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as shell:
        try:
            assert shell.stdout is not None
            ui = RunningUi(folder, port, int(shell.stdout.readline()), shell.pid)
            wait_for(ui.answers, "the UI answers")
            yield ui
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(shell.pid, signal.SIGKILL)


def ask(ui: RunningUi, query: str, by_get: bool = False, **headers: str) -> tuple[int, str]:
    """Return status and answer of a GraphQL request."""
    address = f"{ui.address}/graphql"
    request = urllib.request.Request(
        f"{address}?query={quote(query)}" if by_get else address,
        data=None if by_get else json.dumps({"query": query}).encode(),
        headers={
            "Content-Type": "application/json",
            **{name.replace("_", "-"): text for name, text in headers.items()},
        },
    )
    try:
        with urllib.request.urlopen(request) as answered:
            return answered.status, answered.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def run_in(folder: Installation) -> str:
    with open_instance(DataFolder(folder.root)) as instance:
        return create_run_for_test(instance, job_name="intake", status=DagsterRunStatus.SUCCESS).run_id


def has_run(folder: Installation, run_id: str) -> bool:
    with open_instance(DataFolder(folder.root)) as instance:
        return instance.has_run(run_id)
