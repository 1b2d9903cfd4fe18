"""One address for the Dagster of several partnerships: a page that lists them, and a way on to each by its path."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from html import escape

import httpx
import websockets
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.types import ASGIApp
from starlette.websockets import WebSocket, WebSocketDisconnect

from orchestration.releases import current_id
from orchestration.together import Member
from orchestration.web.guard import guarded
from sources.folder.data_folder import DataFolder
from sources.partnership.folder import FolderError, PartnershipFolder

_OF_ONE_HOP = {"connection", "keep-alive", "transfer-encoding", "upgrade", "content-length", "content-encoding"}


def front(members: Sequence[Member], ports: Mapping[str, int], hosts: Sequence[str]) -> ASGIApp:
    """Return the app that answers for partnerships whose own UIs listen on these ports of this machine."""
    ways = [Mount(member.path, routes=_way_to(ports[member.name])) for member in members]
    return guarded(Starlette(routes=[Route("/", lambda _: HTMLResponse(page_of(members))), *ways]), hosts)


def page_of(members: Sequence[Member]) -> str:
    """Return the page that lists the partnerships with the release that readers of each see."""
    rows = "".join(
        f'<tr><th scope="row"><a href="{member.path}/">{escape(_title(member))}</a></th>'
        f"<td>{escape(current_id(DataFolder(member.data)) or 'nothing published yet')}</td>"
        f"<td><code>{escape(str(member.data))}</code></td></tr>"
        for member in members
    )
    return (
        '<!doctype html><html lang="en-GB"><meta charset="utf-8"><title>Partnerships</title>'
        "<style>body{font:16px/1.5 system-ui;margin:2rem}th,td{text-align:left;padding:.3rem 1.5rem .3rem 0}</style>"
        "<h1>Partnerships</h1><table><thead>"
        "<tr><th>Dagster of</th><th>Readers see release</th><th>Data folder</th></tr>"
        f"</thead><tbody>{rows}</tbody></table></html>"
    )


def _title(member: Member) -> str:
    try:
        return PartnershipFolder(member.partnership).settings().name
    except FolderError:
        return member.name


def _way_to(port: int) -> list[Route | WebSocketRoute]:
    client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=None)
    methods = ["GET", "HEAD", "POST", "OPTIONS"]

    async def hand_on(request: Request) -> Response:
        headers = [pair for pair in request.headers.raw if pair[0] != b"accept-encoding"]
        asked = client.build_request(
            request.method,
            httpx.URL(path=request.url.path, query=request.url.query.encode()),
            headers=headers,
            content=await request.body(),
        )
        try:
            answer = await client.send(asked, stream=True)
        except httpx.TransportError:
            return PlainTextResponse("This partnership's Dagster is still starting, or has ended.\n", status_code=503)
        kept = {name: value for name, value in answer.headers.items() if name not in _OF_ONE_HOP}
        return StreamingResponse(answer.aiter_raw(), answer.status_code, kept, background=BackgroundTask(answer.aclose))

    async def connect(socket: WebSocket) -> None:
        address = f"ws://127.0.0.1:{port}{socket.url.path}"
        protocols = [websockets.Subprotocol(one) for one in socket.scope.get("subprotocols", [])]
        async with websockets.connect(address, subprotocols=protocols or None, max_size=None) as beyond:
            await socket.accept(subprotocol=beyond.subprotocol)
            ways = [asyncio.create_task(_there(socket, beyond)), asyncio.create_task(_back(socket, beyond))]
            _, open_still = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for way in open_still:
                way.cancel()

    return [WebSocketRoute("/{path:path}", connect), Route("/{path:path}", hand_on, methods=methods)]


async def _there(socket: WebSocket, beyond: websockets.ClientConnection) -> None:
    with suppress(WebSocketDisconnect, websockets.ConnectionClosed):
        while True:
            await beyond.send(await socket.receive_text())


async def _back(socket: WebSocket, beyond: websockets.ClientConnection) -> None:
    with suppress(WebSocketDisconnect, websockets.ConnectionClosed):
        async for message in beyond:
            await socket.send_text(message if isinstance(message, str) else message.decode())
