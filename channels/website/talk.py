"""The chat's own addresses under /v1: open a conversation, post to it, read it, follow it."""
import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from hashlib import sha256
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from channels.continuing import Continuing, tag_of
from channels.inbox import Arrival, Inbox
from channels.limits import Bucket
from channels.problems import Problem
from channels.website.wire import WAIT, conversation_of, number, posted, unknown
from clinic.clock import Clock
from clinic.conversation import Message
from clinic.errors import ConversationUnknown, MessageRejected
from clinic.library import Library
from clinic.notice import notice, notice_parts
from clinic.store.unit import Store
from clinic.store.watch import Watch

PING = 15.0
"""Seconds between signs of life on a quiet stream, so that proxies keep it."""
HIGHEST_N = 2**53


class Talk:
    """The handlers; each checks who is calling first."""

    def __init__(self, store: Store, inbox: Inbox, watch: Watch, library: Library, continuing: Continuing,
                 clock: Clock, *, public_url: str, unsigned: bool) -> None:
        self._store, self._inbox, self._watch, self._library = store, inbox, watch, library
        self._continuing, self._clock, self._public_url, self._unsigned = continuing, clock, public_url, unsigned
        self._openers, self._writers = Bucket(300, 10.0), Bucket(120, 20.0)

    def routes(self) -> list[Route]:
        return [
            Route("/v1/clinic", self.clinic),
            Route("/v1/conversations", self.open, methods=["POST"]),
            Route("/v1/conversations/{conversation}/messages", self.messages, methods=["GET", "POST"]),
            Route("/v1/conversations/{conversation}/messages/{n:int}/dislike", self.dislike, methods=["POST"]),
            Route("/v1/conversations/{conversation}/events", self.follow),
            Route("/v1/conversations/{conversation}/links", self.links, methods=["POST"]),
        ]

    async def clinic(self, request: Request) -> Response:
        """What the chat shows before anything was said."""
        content = self._library.current.content
        return JSONResponse({"name": content.clinic.name, "phone": content.clinic.phone, "mail": content.clinic.mail,
                             "sample": content.clinic.sample, "unsigned": self._unsigned,
                             "notice": notice(content, self._unsigned), "privacy_url": f"{self._public_url}/privacy",
                             **notice_parts(content),
                             "elsewhere": [{"channel": name, "label": label}
                                           for name, label in self._continuing.places().items()]},
                            headers={"cache-control": "max-age=60"})

    async def open(self, request: Request) -> Response:
        _slow_down(self._openers, request.client.host if request.client else "")
        conversation, token = await self._inbox.open("website", tag_of(request.query_params.get("source", "")))
        return JSONResponse({"conversation": str(conversation), "token": token,
                             "notice": notice(self._library.current.content, self._unsigned)}, 201)

    async def messages(self, request: Request) -> Response:
        return await (self.post(request) if request.method == "POST" else self.read(request))

    async def post(self, request: Request) -> Response:
        conversation, token = conversation_of(request)
        _slow_down(self._writers, _writer(conversation, token))
        wait = number(request, "wait", 0.0, WAIT)
        message = await posted(request)
        arrival = Arrival(conversation, message.id, message.text, message.choice)
        with self._watch.follow(str(conversation), arrivals=False) as news:
            try:
                fresh = await self._inbox.accept(arrival, token)
            except ConversationUnknown:
                raise unknown() from None
            except MessageRejected as error:
                raise Problem(422, str(error)) from None
            if not fresh:
                news.set()  # it may be long answered
            replies = await self._replies(arrival, news, wait) if wait else None
        if replies is None:
            return JSONResponse({"id": message.id, "accepted": True}, 202)
        return JSONResponse({"id": message.id, "replies": [reply.as_wire() for reply in replies]})

    async def _replies(self, arrival: Arrival, news: asyncio.Event, wait: float) -> list[Message] | None:
        """The replies to *arrival* once its turn is done; None if that takes longer than *wait* seconds, or we stop."""
        end = time.monotonic() + wait
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(news.wait(), max(0.0, min(1.0, end - time.monotonic())))
            news.clear()
            async with self._store.look() as unit:
                done, _, replies = await unit.messages.outcome(arrival.conversation, arrival.external_id)
            if done:
                return replies
            if time.monotonic() >= end or self._watch.ended:
                return None

    async def links(self, request: Request) -> Response:
        """Ways to go on with the conversation on a messenger. Each time new ones; those from before end."""
        conversation, token = conversation_of(request)
        _slow_down(self._writers, _writer(conversation, token))
        try:
            async with self._store.begin() as unit:
                until, ways = await self._continuing.offer(unit, conversation, token)
        except ConversationUnknown:
            raise unknown() from None
        links = [{"channel": way.channel, "label": way.label, "url": way.url} for way in ways]
        return JSONResponse({"until": until.isoformat(timespec="seconds").replace("+00:00", "Z"), "links": links}, 201,
                            headers={"cache-control": "no-store"})

    async def read(self, request: Request) -> Response:
        conversation = await self._known(request)
        after = int(number(request, "after", 0, HIGHEST_N))
        messages = await self._after(conversation, after)
        return JSONResponse({"messages": [message.as_wire() for message in messages]},
                            headers={"cache-control": "no-store"})

    async def dislike(self, request: Request) -> Response:
        """An answer was of no use. Said once or ten times, it is one gap."""
        conversation, n = await self._known(request), request.path_params["n"]
        _slow_down(self._writers, str(conversation))
        if n <= HIGHEST_N:
            async with self._store.begin() as unit:
                if await unit.gaps.dislike(conversation, n, self._clock()):
                    return Response(status_code=204)
        raise Problem(404, "There is no answer of that number.")

    async def follow(self, request: Request) -> Response:
        conversation = await self._known(request)
        last = request.headers.get("last-event-id") or request.query_params.get("after") or "0"
        if not (last.isascii() and last.isdigit() and len(last) < 20):
            raise Problem(422, "`Last-Event-ID` is the number of a message.")
        return StreamingResponse(self._events(conversation, min(int(last), HIGHEST_N)), media_type="text/event-stream",
                                 headers={"cache-control": "no-store", "x-accel-buffering": "no"})

    async def _events(self, conversation: UUID, after: int) -> AsyncIterator[str]:
        with self._watch.follow(str(conversation)) as news:
            yield ": hello\n\n"
            while not self._watch.ended:
                news.clear()
                # Shielded: a browser that leaves must not tear a query out of its connection.
                messages = await asyncio.shield(asyncio.ensure_future(self._after(conversation, after)))
                for message in messages:
                    after = message.n
                    yield f"id: {message.n}\nevent: message\ndata: {json.dumps(message.as_wire())}\n\n"
                if messages and messages[-1].sender == "visitor":
                    yield "event: typing\ndata: {}\n\n"
                if messages:
                    continue
                try:
                    await asyncio.wait_for(news.wait(), PING)
                except TimeoutError:
                    yield ": still here\n\n"

    async def _after(self, conversation: UUID, after: int) -> list[Message]:
        """What is new, and from now on seen: a reply of a person's need not be mailed any more."""
        async with self._store.look() as unit:
            messages = await unit.messages.after(conversation, after)
        if said := [message.n for message in messages if message.sender == "person"]:
            async with self._store.begin() as unit:
                await unit.conversations.seen(conversation, said[-1])
        return messages

    async def _known(self, request: Request) -> UUID:
        conversation, token = conversation_of(request)
        try:
            async with self._store.look() as unit:
                await unit.conversations.check(conversation, token)
        except ConversationUnknown:
            raise unknown() from None
        return conversation


def _writer(conversation: UUID, token: str) -> str:
    """Who writes, to the bucket: by the token too, so that whoever guesses at one empties no bucket but their own."""
    return sha256(f"{conversation} {token}".encode()).hexdigest()


def _slow_down(bucket: Bucket, sender: str) -> None:
    wait = bucket.take(sender)
    if wait:
        raise Problem(429, "That is faster than we can answer. Please wait a moment.",
                      {"retry-after": str(int(wait) + 1)})
