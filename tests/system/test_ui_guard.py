"""Who may do what through the UI: names and pages that it does not know, and auditors, for whom it only shows."""

import json
import os
import signal
import socket
from collections.abc import Iterator

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.csp import Installation
from tests.dbt_parse import give_parse
from tests.system.running_ui import DELETION, RunningUi, ask, has_run, run_in, running_ui, wait_for

WRITING = [
    'mutation { launchRun(executionParams: {selector: {repositoryName: "__repository__", '
    'repositoryLocationName: "indicator_warehouse", pipelineName: "intake"}}) { __typename } }',
    'mutation { wipeAssets(assetPartitionRanges: [{assetKey: {path: ["release"]}}]) { __typename } }',
    "mutation { reloadWorkspace { __typename } }",
]


@pytest.fixture(scope="module")
def ui(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningUi]:
    """The UI of a folder with no night yet, on every address of the machine: its pages can change nothing."""
    folder = Installation(tmp_path_factory.mktemp("guarded") / "data")
    give_parse(tmp_path_factory, folder.root)
    with running_ui(folder, "--host", "0.0.0.0", "--name", "indicators.example.org") as started:
        yield started


def test_foreign_hosts_and_pages_are_refused_and_its_own_are_answered(ui: RunningUi) -> None:
    assert ask(ui, "{ version }")[0] == 200
    assert ask(ui, "{ version }", Origin=ui.address)[0] == 200
    assert ask(ui, "{ version }", Host="indicators.example.org", Origin="https://indicators.example.org")[0] == 200
    assert ask(ui, "{ version }", Host="evil.example")[0] == 400
    for by_get in (False, True):
        assert ask(ui, "{ version }", by_get, Origin="http://evil.example")[0] == 403
    assert ask(ui, "{ version }", by_get=True)[0] == 403


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [("", "", 0), ("", "http://evil.example", 403), ("evil.example", "http://evil.example", 400)],
)
def test_a_web_socket_is_guarded_too(ui: RunningUi, host: str, origin: str, status: int) -> None:
    with socket.create_connection(("127.0.0.1", ui.port)) as connected:
        address = f"ws://{host or '127.0.0.1'}:{ui.port}/graphql"
        try:
            with connect(address, sock=connected, origin=origin or ui.address, subprotocols=["graphql-ws"]) as opened:  # type: ignore[arg-type,list-item]
                opened.send(json.dumps({"type": "connection_init"}))
                assert json.loads(opened.recv())["type"] == "connection_ack"
                found = 0
        except InvalidStatus as refused:
            found = refused.response.status_code
    assert found == status


def test_whoever_reaches_it_from_elsewhere_can_change_nothing(ui: RunningUi) -> None:
    run_id = run_in(ui.folder)
    for mutation in (DELETION.format(run_id), *WRITING):
        assert "UnauthorizedError" in ask(ui, mutation)[1]
    assert has_run(ui.folder, run_id)


def test_auditors_have_pages_beside_it_that_change_nothing(ui: RunningUi) -> None:
    run_id = run_in(ui.folder)
    with running_ui(ui.folder, "--read-only") as for_auditors:
        assert run_id in ask(for_auditors, "{ runsOrError { ... on Runs { results { runId } } } }")[1]
        for mutation in (DELETION.format(run_id), *WRITING):
            assert "UnauthorizedError" in ask(for_auditors, mutation)[1]
    assert has_run(ui.folder, run_id)


def test_an_interrupt_ends_it(ui: RunningUi) -> None:
    """A shell starts a background job with SIGINT ignored; by SIGTERM one ends in `test_ui`."""
    os.kill(ui.process, signal.SIGINT)
    wait_for(ui.has_ended, "every process has ended")
