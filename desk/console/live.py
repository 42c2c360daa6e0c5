"""What reaches open pages by itself: server-sent events about the desk as a whole, and about one thread."""
import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from clinic.store.cases import DESK
from clinic.store.watch import Watch
from desk.console.door import Door
from desk.console.room import Guest

PING = 15.0
"""Seconds between signs of life, at which it is also looked whether the session still holds."""
Read = Callable[[int], Awaitable[list[tuple[int, str]]]]
"""The messages above a number, as number and HTML."""


class Live:
    def __init__(self, door: Door, watch: Watch) -> None:
        self._door, self._watch = door, watch

    async def desk(self, request: Request, guest: Guest) -> Response:
        """`changed` whenever there may be something new to look at."""
        return _stream(self._events(request, DESK, None, 0))

    async def thread(self, request: Request, conversation: UUID, read: Read) -> Response:
        """`message` with its HTML, each once and in order, and `changed` for what stands beside them."""
        last = request.headers.get("last-event-id") or request.query_params.get("after") or "0"
        after = int(last) if last.isascii() and last.isdigit() and len(last) < 16 else 0
        return _stream(self._events(request, str(conversation), read, after))

    async def _events(self, request: Request, watched: str, read: Read | None, after: int) -> AsyncIterator[str]:
        with self._watch.follow(watched) as news:
            yield ": hello\n\n"
            while not self._watch.ended:
                news.clear()
                for n, html in await self._above(read, after):
                    after = n
                    yield f"id: {n}\nevent: message\ndata: {json.dumps({'n': n, 'html': html})}\n\n"
                yield "event: changed\ndata: {}\n\n"
                while not await self._heard(news):
                    if await self._door.guest(request) is None:
                        return
                    yield ": still here\n\n"

    async def _above(self, read: Read | None, after: int) -> list[tuple[int, str]]:
        # Shielded: a browser that leaves must not tear a query out of its connection.
        return await asyncio.shield(asyncio.ensure_future(read(after))) if read else []

    async def _heard(self, news: asyncio.Event) -> bool:
        try:
            await asyncio.wait_for(news.wait(), PING)
        except TimeoutError:
            return self._watch.ended
        return True


def _stream(events: AsyncIterator[str]) -> Response:
    return StreamingResponse(events, media_type="text/event-stream",
                             headers={"cache-control": "no-store", "x-accel-buffering": "no"})
