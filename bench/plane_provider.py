"""Telegram and WhatsApp as a stub that takes everything and checks nothing: it must not cost what is measured.
What they would have taken is for the tests (`tests/channels/kit/provider.py`)."""
import asyncio
import itertools
import json
import time

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route


class Stub:
    """*at*: when each visitor was first written to, by `time.perf_counter`."""

    def __init__(self) -> None:
        self.at: dict[str, float] = {}
        self.url = ""
        self._ids = itertools.count(1)

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/tg/bot{token}/{method}", self.telegram, methods=["POST"]),
                                 Route("/wa/{phone}/messages", self.whatsapp, methods=["POST"])])

    async def telegram(self, request: Request) -> Response:
        method = request.path_params["method"]
        if method == "getUpdates":
            await asyncio.sleep(5)
            return JSONResponse({"ok": True, "result": []})
        if method != "sendMessage":
            return JSONResponse({"ok": True, "result": True})
        self._taken(str(json.loads(await request.body())["chat_id"]))
        return JSONResponse({"ok": True, "result": {"message_id": next(self._ids)}})

    async def whatsapp(self, request: Request) -> Response:
        body = json.loads(await request.body())
        if "status" in body:
            return JSONResponse({"success": True})
        self._taken(str(body.get("to") or body.get("recipient")))
        return JSONResponse({"messages": [{"id": f"wamid.{next(self._ids)}"}]})

    def _taken(self, address: str) -> None:
        self.at.setdefault(address, time.perf_counter())
