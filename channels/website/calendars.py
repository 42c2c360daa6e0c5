"""Calendars to fetch: the book for staff who subscribe to it, and one appointment for its visitor. Whoever has the
address may read it, so nobody can guess one, and a wrong one is answered like one that never was."""
import hmac
from datetime import timedelta

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from channels.limits import Bucket
from channels.problems import Problem
from clinic.booking import ical, links
from clinic.booking.opening import AppointmentUnknown
from clinic.clock import Clock
from clinic.library import Library
from clinic.store.unit import Store

PAST = timedelta(days=31)
"""How far back the book's calendar goes."""
HEADERS = {"cache-control": "private, no-store", "x-robots-tag": "noindex"}


class Calendars:
    def __init__(self, store: Store, library: Library, clock: Clock) -> None:
        self._store, self._library, self._clock = store, library, clock
        self._readers = Bucket(60, 2.0)

    def routes(self) -> list[BaseRoute]:
        return [Route("/calendar/{secret}.ics", self.book),
                Route("/appointments/{reference}/{key}.ics", self.appointment)]

    async def book(self, request: Request) -> Response:
        """All that takes time, of one therapist or of everybody."""
        self._slow_down(request)
        therapist, now = request.query_params.get("therapist"), self._clock()
        async with self._store.begin() as unit:
            secret = await unit.secrets.of(links.OF_THE_BOOK)
            if not hmac.compare_digest(secret.encode(), request.path_params["secret"].encode("utf-8", "replace")):
                raise HTTPException(404, "There is no such calendar.")
            kept = await unit.ledger.kept(now - PAST)
        mine = [one for one in kept if therapist in (None, one.therapist)]
        return _calendar(ical.for_staff(mine, self._library.current.content.clinic, now), "book.ics")

    async def appointment(self, request: Request) -> Response:
        """One appointment as it is now; a cancelled one says that it is."""
        self._slow_down(request)
        reference = request.path_params["reference"]
        async with self._store.begin() as unit:
            secret = await unit.secrets.of(links.OF_APPOINTMENTS)
            if not links.opens(request.path_params["key"], reference, secret):
                raise HTTPException(404, "There is no such appointment.")
            try:
                appointment = await unit.ledger.get(reference)
            except AppointmentUnknown:
                raise HTTPException(404, "There is no such appointment.") from None
        body = ical.for_visitor(appointment, self._library.current.content, self._clock())
        return _calendar(body, f"appointment-{appointment.reference}.ics")

    def _slow_down(self, request: Request) -> None:
        wait = self._readers.take(request.client.host if request.client else "")
        if wait:
            raise Problem(429, "That is faster than we can answer. Please wait a moment.",
                          {"retry-after": str(int(wait) + 1)})


def _calendar(body: bytes, name: str) -> Response:
    return Response(body, media_type="text/calendar; charset=utf-8",
                    headers={**HEADERS, "content-disposition": f'attachment; filename="{name}"'})
