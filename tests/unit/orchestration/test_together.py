"""Several partnerships on one install: a list of them, one address, a path each, and data folders apart."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn
import websockets
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp
from starlette.websockets import WebSocket

from orchestration.together import Member, TogetherError, read_members
from orchestration.ui import UiError, run_ui
from orchestration.web.front import front
from orchestration.web.services import guarded
from orchestration.writer_lock import writer_lock
from sources.folder.data_folder import DataFolder

MELTON, NORTH = "melton", "north-northamptonshire"


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    for name, title in ((MELTON, "Melton & <Partners>"), (NORTH, "North Northamptonshire")):
        (tmp_path / name / "partnership").mkdir(parents=True)
        (tmp_path / name / "partnership" / "partnership.yaml").write_text(f'name: "{title}"\n')
    file = tmp_path / "partnerships.yaml"
    file.write_text(
        "".join(f"{one}: {{data: {one}/data, partnership: {one}/partnership}}\n" for one in (MELTON, NORTH))
    )
    return file


def test_each_partnership_has_its_folders_and_its_environment(listed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAGSTER_HOME", "/somewhere")
    melton, north = read_members(listed)
    assert (melton.name, north.path) == (MELTON, f"/{NORTH}")
    assert melton.data == listed.parent / MELTON / "data"
    assert north.environment["CSP_DATA_DIR"] == str(north.data)
    assert north.environment["CSP_PARTNERSHIP"] == str(north.partnership)
    assert "DAGSTER_HOME" not in north.environment


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "lists no partnership"),
        ("a: [", "cannot be read"),
        ("Melton: {data: d, partnership: p}", "'Melton' goes into addresses"),
        ("melton: {data: d}", "melton: needs exactly data and partnership"),
        ("melton: {data: d, partnership: nowhere}", "nowhere is no folder"),
        ("a: {data: d, partnership: .}\nb: {data: ./d, partnership: .}", "two partnerships share a data folder"),
    ],
)
def test_a_list_that_cannot_be_used_says_why(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "partnerships.yaml"
    file.write_text(text)
    with pytest.raises(TogetherError, match=told):
        read_members(file)


def test_one_partnership_is_written_while_another_is(listed: Path) -> None:
    melton, north = (DataFolder(member.data) for member in read_members(listed))
    with writer_lock(melton), writer_lock(north):
        assert melton.writer_lock.exists()
        assert north.writer_lock.exists()


def test_the_webserver_is_told_its_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CSP_UI_PATH", "/melton")
    command = guarded(["python", "-m", "dagster_webserver", "--port", "1"])
    assert command[1:] == ["-m", "orchestration.web.server", "--port", "1", "--path-prefix", "/melton"]
    monkeypatch.setenv("CSP_UI_PATH", "")
    assert "--path-prefix" not in guarded(["python", "-m", "dagster_webserver"])
    with pytest.raises(UiError, match="--path 'melton/': give one such as /melton"):
        run_ui(DataFolder(tmp_path), "127.0.0.1", 1, path="melton/")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _serve(app: ASGIApp, port: int) -> uvicorn.Server:
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error"))
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.01)
    return server


def _own_ui(name: str) -> Starlette:
    """Return what stands in for a partnership's Dagster: it says what it was asked."""

    async def answer(request: Request) -> JSONResponse:
        body = (await request.body()).decode()
        return JSONResponse({"of": name, "path": request.url.path, "query": request.url.query, "body": body})

    async def echo(socket: WebSocket) -> None:
        await socket.accept(subprotocol="graphql-ws")
        await socket.send_text(f"{name}: {await socket.receive_text()}")
        await socket.close()

    return Starlette(
        routes=[
            WebSocketRoute(f"/{name}/graphql", echo),
            Route(f"/{name}/{{path:path}}", answer, methods=["GET", "POST"]),
        ]
    )


@pytest.fixture
def address(listed: Path) -> Iterator[str]:
    """The front of two partnerships, of which both have a UI, and of a third, whose UI has not started."""
    members = [*read_members(listed), Member("third", listed.parent / "third", listed.parent)]
    ports = {member.name: _free_port() for member in members}
    port = _free_port()
    servers = [_serve(_own_ui(name), ports[name]) for name in (MELTON, NORTH)]
    servers.append(_serve(front(members, ports, ["127.0.0.1"]), port))
    yield f"127.0.0.1:{port}"
    for server in servers:
        server.should_exit = True


def test_one_address_lists_the_partnerships_and_leads_to_each(address: str) -> None:
    page = httpx.get(f"http://{address}/").text
    assert '<a href="/melton/">Melton &amp; &lt;Partners&gt;</a>' in page
    assert '<a href="/north-northamptonshire/">North Northamptonshire</a>' in page
    for name in (MELTON, NORTH):
        told = httpx.get(f"http://{address}/{name}/runs?a=1%2F2").json()
        assert told == {"of": name, "path": f"/{name}/runs", "query": "a=1%2F2", "body": ""}
        assert httpx.post(f"http://{address}/{name}/graphql", content="{ version }").json()["body"] == "{ version }"
    assert httpx.get(f"http://{address}/third/").status_code == 503
    assert httpx.get(f"http://{address}/fourth/").status_code == 404
    assert httpx.get(f"http://{address}/", headers={"host": "elsewhere.example"}).status_code == 400


def test_websockets_go_through(address: str) -> None:
    async def asked(name: str) -> str:
        async with websockets.connect(
            f"ws://{address}/{name}/graphql", subprotocols=[websockets.Subprotocol("graphql-ws")]
        ) as connection:
            await connection.send("hello")
            return str(await connection.recv())

    assert [asyncio.run(asked(name)) for name in (MELTON, NORTH)] == [f"{name}: hello" for name in (MELTON, NORTH)]
