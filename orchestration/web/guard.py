"""What a request must be before Dagster's webserver sees it, as an ASGI layer around it.

The webserver has no accounts, so that whoever can send it a request may do all that it does. A page of another site
can have a browser send one: to this machine by its address, or by a name of its own that it points here.
"""

from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers, QueryParams
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send


def guarded(app: ASGIApp, hosts: Sequence[str]) -> ASGIApp:
    """Return an app that answers requests to these host names alone, and none that another site's page has sent."""
    return TrustedHostMiddleware(OwnPagesOnly(app), allowed_hosts=hosts, www_redirect=False)


class OwnPagesOnly:
    """Refuses what a page of another origin has a browser send; a program that is no browser is not affected."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request or a WebSocket with 403, or hand it on."""
        refused = refusal(scope) if scope["type"] in {"http", "websocket"} else None
        if refused is None:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": refused})
        else:
            await PlainTextResponse(f"{refused}\n", status_code=403)(scope, receive, send)


def refusal(scope: Scope) -> str | None:
    """Return why a request is refused; None where it is not."""
    headers = Headers(scope=scope)
    host = headers.get("host", "").lower()
    if len(headers.getlist("host")) > 1:
        return "Refused: two hosts are named"
    if any(urlsplit(origin).netloc.lower() != host for origin in headers.getlist("origin")):
        return "Refused: a page of another address sent this"
    is_read = scope.get("method") in {"GET", "HEAD"}
    # Someone who follows a link to a page here comes from another site too.
    opens_page = is_read and (headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest")) == ("navigate", "document")
    if headers.get("sec-fetch-site") in {"cross-site", "same-site"} and not opens_page:
        return "Refused: a page of another site sent this"
    # An image or a link can make a browser send it, and Dagster runs mutations that come so.
    if is_read and scope["path"].rstrip("/").endswith("/graphql") and "query" in QueryParams(scope["query_string"]):
        return "Refused: send GraphQL by POST"
    return None
