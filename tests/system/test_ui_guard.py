"""Who may do what through the UI: names and pages that it does not know, and auditors, for whom it only shows."""

import json
import os
import signal
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from dagster import DagsterRunStatus
from dagster._core.test_utils import create_run_for_test
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from orchestration.instance import open_instance
from sources.folder.data_folder import DataFolder
from tests.csp import Installation
from tests.dbt_parse import give_parse
from tests.system.test_ui import RunningUi, running_ui, wait_for

DELETION = 'mutation {{ deleteRun(runId: "{}") {{ __typename }} }}'
WRITING = [
    'mutation { launchRun(executionParams: {selector: {repositoryName: "__repository__", '
    'repositoryLocationName: "indicator_warehouse", pipelineName: "intake"}}) { __typename } }',
    'mutation { wipeAssets(assetPartitionRanges: [{assetKey: {path: ["release"]}}]) { __typename } }',
    "mutation { reloadWorkspace { __typename } }",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """A folder with no night yet."""
    return parsed_in(tmp_path_factory.mktemp("guarded"), tmp_path_factory)


def parsed_in(root: Path, factory: pytest.TempPathFactory) -> Installation:
    folder = Installation(root / "data")
    give_parse(factory, folder.root)
    return folder


@pytest.fixture(scope="module")
def ui(folder: Installation) -> Iterator[RunningUi]:
    """The UI on every address of the machine: its pages can change nothing."""
    with running_ui(folder, "--host", "0.0.0.0", "--name", "indicators.example.org") as started:
        yield started


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


def test_on_this_machine_its_own_pages_can_delete_and_no_others_until_an_interrupt_ends_it(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A shell starts a background job with SIGINT ignored; by SIGTERM one ends in `test_ui`."""
    with running_ui(parsed_in(tmp_path, tmp_path_factory)) as writable:
        run_id = run_in(writable.folder)
        for headers in ({"Origin": "http://evil.example"}, {"Sec_Fetch_Site": "cross-site"}, {"Host": "evil.example"}):
            for by_get in (False, True):
                assert ask(writable, DELETION.format(run_id), by_get, **headers)[0] in {400, 403}
        assert has_run(writable.folder, run_id)
        assert "DeletePipelineRunSuccess" in ask(writable, DELETION.format(run_id), Origin=writable.address)[1]
        assert not has_run(writable.folder, run_id)
        os.kill(writable.process, signal.SIGINT)
        wait_for(writable.has_ended, "every process has ended")
