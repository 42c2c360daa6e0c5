"""All providers in one small server on the loopback: takes our calls, holds them against the providers' documents, and
answers as they do; or, when a test says so, as they do on a bad day."""
import asyncio
import json
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Protocol
from urllib.parse import parse_qsl

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from bench.server import free_port
from tests.channels.kit import specs


@dataclass(frozen=True)
class Taken:
    """A message that a provider took from us."""

    channel: str
    to: str
    text: str
    id: str
    labels: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()
    style: str = "text"
    answers: str = ""
    """The message there under which it stands."""


class Drop(Response):
    """The line breaks after the message was taken."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"99")]})
        await send({"type": "http.response.body", "body": b"{", "more_body": False})


@dataclass
class Provider:
    """*taken*: what got through. *faults*: what the documents don't allow. *moods*: how the next messages are met."""

    taken: list[Taken] = field(default_factory=list)
    other: list[tuple[str, Any]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    moods: deque[Callable[[], Response] | None] = field(default_factory=deque)
    updates: deque[dict[str, Any]] = field(default_factory=deque)
    attempts: int = 0
    confirmed: int = 0
    token_ends: int = 0
    """When WhatsApp's token ends, in seconds since 1970."""
    bot: str = ""
    """Whose the updates are, by its token."""
    groups: dict[int, str] = field(default_factory=dict)
    """Those that Telegram's bot is in."""
    url: str = ""
    _ids: Any = field(default_factory=lambda: count(1000))

    def clear(self) -> None:
        for one in (self.taken, self.other, self.faults, self.moods, self.updates):
            one.clear()
        self.attempts = self.confirmed = self.token_ends = 0
        self.bot = ""
        self.groups = {}

    def to(self, address: str) -> list[Taken]:
        return [taken for taken in self.taken if taken.to == address]

    def _met(self, take: Callable[[str], Taken]) -> tuple[Taken | None, Response | None]:
        """The message, if it is taken; what is answered instead of the usual."""
        self.attempts += 1
        mood = self.moods.popleft() if self.moods else None
        answer = mood() if mood else None
        if answer is not None and not isinstance(answer, Drop):
            return None, answer
        taken = take(str(next(self._ids)))
        self.taken.append(taken)
        return taken, answer

    async def telegram(self, request: Request) -> Response:
        method, raw = request.path_params["method"], await request.body()
        body = json.loads(raw or b"{}")
        if request.path_params["token"].endswith("withdrawn"):
            return JSONResponse({"ok": False, "error_code": 401, "description": "Unauthorized"}, 401)
        if wrong := specs.telegram(method, body):
            self.faults += wrong
            return JSONResponse({"ok": False, "error_code": 400, "description": "Bad Request: " + wrong[0]}, 400)
        if method == "getUpdates":
            found = await self._updates(body, request.path_params["token"])
            return JSONResponse({"ok": True, "result": found})
        if method == "deleteWebhook":
            return JSONResponse({"ok": True, "result": True})
        if method == "getMe":
            return JSONResponse({"ok": True, "result": {"id": 1, "is_bot": True, "username": "clinic_bot"}})
        if method == "getChat":
            return self._chat(body["chat_id"])
        if method != "sendMessage":
            self.other.append((method, body))
            return JSONResponse({"ok": True, "result": True})
        keys = [key for row in body.get("reply_markup", {}).get("inline_keyboard", []) for key in row]
        taken, answer = self._met(lambda id: Taken(
            "telegram", str(body["chat_id"]), body["text"], id, tuple(key["text"] for key in keys),
            tuple(key["callback_data"] for key in keys), "buttons" if keys else "text",
            str(body.get("reply_parameters", {}).get("message_id", ""))))
        number, chat = int(taken.id if taken else 0), {"id": body["chat_id"], "type": "private"}
        return answer or JSONResponse({"ok": True, "result": {"message_id": number, "date": 0, "chat": chat}})

    def _chat(self, chat: int) -> Response:
        """A group, if the bot is in it."""
        if chat not in self.groups:
            return JSONResponse({"ok": False, "error_code": 400, "description": "Bad Request: chat not found"}, 400)
        return JSONResponse({"ok": True, "result": {"id": chat, "type": "supergroup", "title": self.groups[chat]}})

    async def _updates(self, body: dict[str, Any], bot: str) -> list[dict[str, Any]]:
        """Those from the offset on, which confirms all before it; as soon as there is one."""
        end = time.monotonic() + body.get("timeout", 0)
        if bot == self.bot:
            self.confirmed = max(self.confirmed, body.get("offset", 0))
        while True:
            found = [one for one in list(self.updates) if bot == self.bot and one["update_id"] >= body.get("offset", 0)]
            if found or time.monotonic() > end:
                return found
            await asyncio.sleep(0.02)

    async def whatsapp(self, request: Request) -> Response:
        body = await request.json()
        if request.headers.get("authorization") != "Bearer wa-token":
            return JSONResponse({"error": {"code": 190, "message": "Invalid OAuth access token"}}, 401)
        if wrong := specs.whatsapp(body):
            self.faults += wrong
            return JSONResponse({"error": {"code": 100, "message": "Invalid parameter: " + wrong[0]}}, 400)
        if "status" in body:
            self.other.append(("seen", body))
            return JSONResponse({"success": True})
        taken, answer = self._met(lambda id: _of_whatsapp(body, id))
        return answer or JSONResponse({
            "messaging_product": "whatsapp", "contacts": [{"input": _whom(body), "wa_id": _whom(body)}],
            "messages": [{"id": f"wamid.{taken.id if taken else ''}"}]})

    async def twilio(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
        if wrong := specs.twilio(form):
            self.faults += wrong
            return JSONResponse({"code": 21601, "message": wrong[0], "status": 400}, 400)
        taken, answer = self._met(lambda id: Taken("twilio", form["To"], form["Body"], id))
        return answer or JSONResponse({"sid": f"SM{int(taken.id if taken else 0):032x}", "status": "queued"}, 201)

    async def number(self, request: Request) -> Response:
        return JSONResponse({"display_phone_number": "+44 1632 960000", "verified_name": "Clinic", "id": "1"})

    async def token(self, request: Request) -> Response:
        """What Meta says of a token that asks about itself: 0 is one that does not end."""
        if request.headers.get("authorization") != f"Bearer {request.query_params['input_token']}":
            return JSONResponse({"error": {"code": 190, "message": "Invalid OAuth access token"}}, 400)
        return JSONResponse({"data": {"is_valid": True, "type": "SYSTEM_USER", "expires_at": self.token_ends,
                                      "scopes": ["whatsapp_business_messaging"]}})

    async def account(self, request: Request) -> Response:
        return JSONResponse({"friendly_name": "Clinic", "status": "active"})

    async def loft(self, request: Request) -> Response:
        body = await request.json()
        taken, answer = self._met(lambda id: Taken("pigeon", body["to"], body["words"], id))
        return answer or JSONResponse({"bird": taken.id if taken else ""})

    def app(self) -> Starlette:
        return Starlette(routes=[
            Route("/tg/bot{token}/{method}", self.telegram, methods=["POST"]),
            Route("/wa/debug_token", self.token), Route("/wa/{phone}", self.number),
            Route("/tw/2010-04-01/Accounts/{account}.json", self.account),
            Route("/wa/{phone}/messages", self.whatsapp, methods=["POST"]),
            Route("/loft/fly", self.loft, methods=["POST"]),
            Route("/tw/2010-04-01/Accounts/{account}/Messages.json", self.twilio, methods=["POST"])])


def _whom(body: dict[str, Any]) -> str:
    return str(body.get("to") or body.get("recipient"))


def _of_whatsapp(body: dict[str, Any], id: str) -> Taken:
    if body["type"] == "template":
        return Taken("whatsapp", _whom(body), body["template"]["name"], id, style="template")
    if body["type"] == "text":
        return Taken("whatsapp", _whom(body), body["text"]["body"], id)
    shown = body["interactive"]
    keys = ([button["reply"] for button in shown["action"].get("buttons", ())]
            or [row for section in shown["action"]["sections"] for row in section["rows"]])
    return Taken("whatsapp", _whom(body), shown["body"]["text"], id, tuple(key["title"] for key in keys),
                 tuple(key["id"] for key in keys), "buttons" if shown["type"] == "button" else "list")


def refusing(status: int, body: dict[str, Any] | None = None, **headers: str) -> Callable[[], Response]:
    return lambda: JSONResponse(body or {}, status, {key.replace("_", "-"): value for key, value in headers.items()})


def dropping() -> Response:
    return Drop()


class Served(Protocol):
    """Whatever answers as providers do; it is told where it can be reached."""

    url: str

    def app(self) -> Starlette: ...


class Running:
    """The server, in a thread of its own."""

    def __init__(self, provider: Served) -> None:
        port = free_port()
        self._server = uvicorn.Server(uvicorn.Config(provider.app(), port=port, log_level="critical"))
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        provider.url = f"http://127.0.0.1:{port}"

    def start(self) -> None:
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(5)
