"""The public door: one ASGI app. Channels are rooms behind it."""
import asyncio
from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import urlsplit

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from channels import problems
from channels.website.description import DESCRIPTION

Ready = Callable[[], Awaitable[str | None]]
"""None when a message would be answered, else what is missing."""
HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                               "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; "
                               "frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class Headers:
    """Puts the security headers on every response that has none of its own, outermost: on that of a fault too."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._headers = [(name.encode(), value.encode()) for name, value in HEADERS.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = list(message.get("headers", ()))
                names = {name for name, _ in given}
                message["headers"] = [*given, *(header for header in self._headers if header[0] not in names)]
            await send(message)

        await self._app(scope, receive, sending)


class LetGo:
    """A request that the server calls off, since it stops and waits no longer, ends without a stack trace."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = False

        async def sending(message: Message) -> None:
            nonlocal began
            began = True
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except asyncio.CancelledError:
            if scope["type"] == "http" and not began:
                await problems.respond(503, "The chat is being restarted. Please try again in a moment.")(
                    scope, receive, send)


def make_app(routes: Sequence[BaseRoute], ready: Ready, *, public_url: str, origins: Sequence[str]) -> ASGIApp:
    """The app that serves *routes*; *origins* are the pages that may embed the chat, beside our own."""
    own = urlsplit(public_url)
    rooms = Starlette(
        routes=[Route("/healthz", healthz), Route("/readyz", _readyz(ready)), Route("/metrics", metrics),
                Route("/openapi.json", openapi), *routes],
        exception_handlers={problems.Problem: problems.on_problem, HTTPException: on_http_error,
                            ClientDisconnect: on_gone, 500: on_fault},
    )
    # Around it: Starlette answers a fault outside of its own middleware, and a page must be able to read that too.
    return Headers(CORSMiddleware(LetGo(rooms), allow_origins=[f"{own.scheme}://{own.netloc}", *origins],
                                  allow_methods=["GET", "POST"], max_age=3600,
                                  allow_headers=["authorization", "content-type", "last-event-id"]))


async def healthz(request: Request) -> Response:
    """The process runs."""
    return PlainTextResponse("ok")


def _readyz(ready: Ready) -> Callable[[Request], Awaitable[Response]]:
    async def readyz(request: Request) -> Response:
        """A message would be answered."""
        missing = await ready()
        return problems.respond(503, missing) if missing else PlainTextResponse("ready")

    return readyz


async def metrics(request: Request) -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


async def openapi(request: Request) -> Response:
    return JSONResponse(DESCRIPTION)


async def on_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return problems.respond(error.status_code, error.detail, error.headers)


async def on_gone(request: Request, error: Exception) -> Response:
    return problems.respond(400, "The request broke off.")  # nobody hears it; for whoever counts answers


async def on_fault(request: Request, error: Exception) -> Response:
    return problems.respond(500, "Something went wrong on our side. It has been logged; please try again.")
