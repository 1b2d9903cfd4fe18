"""What reaches Dagster's webserver, and under which names it answers."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.types import Message
from starlette.websockets import WebSocket

from orchestration.ui import UiError, host_names, is_loopback
from orchestration.web.guard import guarded
from orchestration.web.services import guarded as guarded_service


async def _page(_: object) -> PlainTextResponse:
    return PlainTextResponse("reached")


async def _socket(websocket: WebSocket) -> None:
    await websocket.accept()


ROUTES = [
    *(Route(path, _page, methods=["GET", "POST"]) for path in ("/", "/graphql", "/prefix/graphql")),
    WebSocketRoute("/graphql", _socket),
]
APP = guarded(Starlette(routes=ROUTES), host_names("127.0.0.1"))
OWN = {"host": "127.0.0.1:3000"}


def answer(headers: Mapping[str, str], method: str = "GET", target: str = "/", kind: str = "http") -> int | str:
    """Return the status of a request, or the first message to a WebSocket."""
    path, _, query = target.partition("?")
    scope: dict[str, Any] = {
        "type": kind,
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "scheme": "ws" if kind == "websocket" else "http",
        "subprotocols": [],
    }
    if kind == "websocket":
        del scope["method"]
        scope["extensions"] = {"websocket.http.response": {}}
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect" if kind == "websocket" else "http.request", "body": b""}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(APP(scope, receive, send))
    return sent[0].get("status", sent[0]["type"])


@pytest.mark.parametrize("host", ["127.0.0.1:3000", "localhost:3000", "LOCALHOST", "[::1]:3000"])
def test_its_own_names_are_answered(host: str) -> None:
    assert answer({"host": host}) == 200
    assert answer({"host": host, "origin": f"http://{host}"}, "POST", "/graphql") == 200
    assert answer({"host": host, "origin": f"http://{host}"}, kind="websocket", target="/graphql") == "websocket.accept"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:3000", "127.0.0.1.evil.example", "169.254.1.1", ""])
def test_a_foreign_name_is_refused_because_it_may_be_pointed_here(host: str) -> None:
    for kind in ("http", "websocket"):
        assert answer({"host": host}, target="/graphql", kind=kind) == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "http://127.0.0.1:8000"},
        {"origin": "http://localhost:3000"},
        {"origin": "null"},
        {"origin": ""},
        {"origin": "http://127.0.0.1:3000@evil.example"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"},
        {"sec-fetch-site": "same-site", "sec-fetch-mode": "cors", "sec-fetch-dest": "empty"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"},
    ],
)
def test_what_a_foreign_page_sends_is_refused(headers: dict[str, str]) -> None:
    for method in ("GET", "POST"):
        assert answer(OWN | headers, method, "/graphql") == 403
    assert answer(OWN | headers, kind="websocket", target="/graphql") == "websocket.close"


def test_two_hosts_are_one_too_many() -> None:
    assert answer({"host": "127.0.0.1:3000", "Host": "evil.example"}) == 403


def test_a_link_to_a_page_may_be_followed_and_a_form_not_sent() -> None:
    followed = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    assert answer(OWN | followed) == 200
    assert answer(OWN | followed, "POST") == 403


@pytest.mark.parametrize("path", ["/graphql", "/graphql/", "/prefix/graphql"])
def test_nothing_is_run_by_a_get(path: str) -> None:
    """An image in an old browser's page sends neither an origin nor a site."""
    assert answer(OWN, target=f"{path}?query=mutation%7Bx%7D") == 403
    assert answer(OWN, target="/graphql") == 200


def test_the_names_are_those_of_the_address_and_those_given() -> None:
    assert host_names("localhost") == ["localhost", "127.0.0.1", "[::1]"]
    assert "indicators.example.org" in host_names("0.0.0.0", ["indicators.example.org"])
    assert "0.0.0.0" not in host_names("0.0.0.0")
    assert "[2001:db8::1]" in host_names("2001:db8::1")
    for name in ("*", "http://x", "x:80", "", "a,b"):
        with pytest.raises(UiError, match="give a host name"):
            host_names("127.0.0.1", [name])


def test_only_this_machine_is_this_machine() -> None:
    assert [is_loopback(host) for host in ("127.0.0.1", "127.9.9.9", "localhost", "::1")] == [True] * 4
    assert [is_loopback(host) for host in ("0.0.0.0", "::", "192.0.2.1", "no such name")] == [False] * 4


def test_a_webserver_is_never_started_without_its_guard() -> None:
    assert guarded_service(["python", "-m", "dagster_webserver", "--port", "3000"]) == [
        *("python", "-m", "orchestration.web.server", "--port", "3000")
    ]
    daemon = ["python", "-m", "dagster._daemon", "run"]
    assert guarded_service(daemon) == daemon
    for unknown in (["python", "-m", "dagster_webserver.cli"], ["python", "/opt/bin/dagster-webserver"]):
        with pytest.raises(SystemExit, match="cannot guard"):
            guarded_service(unknown)
