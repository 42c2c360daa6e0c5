"""The providers' door: a post is weighed, verified, read and kept before anybody says thank you."""
import asyncio
from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from channels.contract import Channel, Event, Incoming, Malformed
from channels.limits import Bucket
from channels.problems import Problem
from channels.reception import Reception
from channels.seeing import Seeing

SLOWEST = 10.0
"""Seconds in which a post must be here: providers send theirs at once."""


class Door:
    """`/webhooks/{channel}` for each channel that is set up; 404 for all others."""

    def __init__(self, channels: Mapping[str, Channel], reception: Reception, seeing: Seeing) -> None:
        self._channels, self._reception, self._seeing = channels, reception, seeing
        self._strangers, self._visitors = Bucket(30, 0.5), Bucket(60, 2.0)

    def routes(self) -> list[Route]:
        return [Route("/webhooks/{channel}", self.webhook, methods=["GET", "POST"])]

    async def webhook(self, request: Request) -> Response:
        channel = self._channels.get(request.path_params["channel"])
        if channel is None:
            raise Problem(404, "This channel is not set up here.")
        return self._handshake(channel, request) if request.method != "POST" else await self._post(channel, request)

    def _handshake(self, channel: Channel, request: Request) -> Response:
        answer = channel.handshake(request.query_params)
        if answer is None:
            raise self._turned_away(request)
        return PlainTextResponse(answer)

    async def _post(self, channel: Channel, request: Request) -> Response:
        if not channel.verify(request.headers, None):
            raise self._turned_away(request)
        body = await _body(request, channel.limits.body)
        if not channel.verify(request.headers, body):
            raise self._turned_away(request)
        try:
            events = channel.read(body)
        except Malformed as error:
            raise Problem(400, str(error)) from None
        self._slow_down(channel, events)
        fresh = [event for event in events
                 if await self._reception.take(channel.name, event)]
        if seen := [event for event in fresh if isinstance(event, Incoming)]:
            self._seeing.soon(channel, seen)
        return Response(status_code=200)

    def _turned_away(self, request: Request) -> Problem:
        """Whoever can't prove to be the provider hears why; whoever goes on knocking, less and less."""
        wait = self._strangers.take(request.client.host if request.client else "")
        if wait:
            return Problem(429, "Too many unsigned posts.", {"retry-after": str(int(wait) + 1), "connection": "close"})
        return Problem(401 if request.method == "POST" else 403, "This is not signed as the provider would.",
                      {"connection": "close"})

    def _slow_down(self, channel: Channel, events: Sequence[Event]) -> None:
        """A visitor who floods us is kept by the provider for later: nothing is lost, and others come first. A post
        counts once for each visitor in it: one that holds many messages would be refused for ever."""
        visitors = dict.fromkeys(event.addresses[0] for event in events if isinstance(event, Incoming))
        waits = [self._visitors.take(f"{channel.name} {visitor}") for visitor in visitors]
        if wait := max(waits, default=0.0):
            raise Problem(429, "One visitor writes faster than we can answer.", {"retry-after": str(int(wait) + 1)})


async def _body(request: Request, most: int) -> bytes:
    """All of the body. Raises Problem: 413 before more than *most* bytes are held, 408 where it only drips."""
    length = request.headers.get("content-length", "0")
    too_large = Problem(413, f"A post has at most {most:,} bytes.", {"connection": "close"})
    if not length.isdigit() or int(length) > most:
        raise too_large
    body = bytearray()
    try:
        async with asyncio.timeout(SLOWEST):
            async for chunk in request.stream():
                body += chunk
                if len(body) > most:
                    raise too_large
    except TimeoutError:
        raise Problem(408, "The post did not arrive in time.", {"connection": "close"}) from None
    return bytes(body)
