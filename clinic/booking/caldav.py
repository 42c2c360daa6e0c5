"""A calendar on a CalDAV server (RFC 4791): what is in it, and putting, changing and taking out events of our own.

A change that somebody made there meanwhile is never written over: the server compares the mark (ETag) that we saw."""
import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree

import httpx

from clinic.booking.feed import FeedUnreadable
from clinic.booking.fetching import SECONDS, check_way, limited

DAV, CAL = "{DAV:}", "{urn:ietf:params:xml:ns:caldav}"
CALENDAR = {"content-type": "text/calendar; charset=utf-8"}
_BETWEEN = """<?xml version="1.0" encoding="utf-8"?>
<c:calendar-query xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">
<d:prop><d:getetag/><c:calendar-data/></d:prop>
<c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">
<c:time-range start="{earliest:%Y%m%dT%H%M%SZ}" end="{latest:%Y%m%dT%H%M%SZ}"/>
</c:comp-filter></c:comp-filter></c:filter></c:calendar-query>"""


class ChangedThere(FeedUnreadable):
    """Somebody changed the event on the server since we saw it; nothing was written."""


@dataclass(frozen=True, slots=True)
class Object:
    """One event with all its exceptions, as the server keeps it."""

    address: str
    etag: str
    text: str


class CalDav:
    """One calendar. Methods raise FeedUnreadable, with a reason that has neither its address nor its password."""

    def __init__(self, address: str, login: tuple[str, str] | None) -> None:
        self._address = address if address.endswith("/") else address + "/"
        self._login = httpx.BasicAuth(*login) if login else None
        check_way(self._address)

    async def between(self, earliest: datetime, latest: datetime) -> list[Object]:
        """Whatever touches the time between two instants."""
        query = _BETWEEN.format(earliest=earliest.astimezone(UTC), latest=latest.astimezone(UTC))
        async with self._asking("REPORT", self._address, {"depth": "1", "content-type": "application/xml"},
                                query) as answer:
            _check(answer, 207)
            body = await limited(answer)
        return [self._object(found) for found in _responses(body)]

    async def put(self, name: str, text: str, over: Object | None) -> str:
        """Write an event as *name*, or *over* one that is there; its new mark, empty where the server tells none.

        Raises ChangedThere."""
        address = over.address if over else self._address + name
        seen = {"if-match": over.etag} if over else {"if-none-match": "*"}
        async with self._asking("PUT", address, {**CALENDAR, **seen}, text) as answer:
            _check(answer, 200, 201, 204)
            return str(answer.headers.get("etag", ""))

    async def delete(self, there: Object) -> None:
        """Take an event out; one that is gone already is fine. Raises ChangedThere."""
        async with self._asking("DELETE", there.address, {"if-match": there.etag}) as answer:
            if answer.status_code not in (404, 410):
                _check(answer, 200, 204)

    def _object(self, found: tuple[str, str, str]) -> Object:
        href, etag, text = found
        ours, named = urlsplit(self._address), urlsplit(urljoin(self._address, href))
        if named.netloc != ours.netloc:
            raise FeedUnreadable("its server names addresses of another one")
        # A server behind a proxy may think that it is at http: our login goes the way that we know to be safe.
        return Object(named._replace(scheme=ours.scheme).geturl(), etag, text)

    @asynccontextmanager
    async def _asking(self, method: str, address: str, headers: Mapping[str, str],
                      body: str = "") -> AsyncIterator[httpx.Response]:
        try:
            async with (asyncio.timeout(SECONDS),
                        httpx.AsyncClient(timeout=SECONDS, trust_env=False, auth=self._login) as client,
                        client.stream(method, address, headers=dict(headers), content=body.encode()) as answer):
                yield answer
        except TimeoutError:
            raise FeedUnreadable(f"it took longer than {SECONDS:.0f} seconds") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise FeedUnreadable(f"it can't be reached ({type(error).__name__})") from None


def _check(answer: httpx.Response, *fine: int) -> None:
    if answer.status_code == 412:
        raise ChangedThere("somebody changed it there meanwhile")
    if answer.status_code not in fine:
        known = {401: "its server does not take the login", 403: "its server does not let us write",
                 404: "there is no such calendar"}
        raise FeedUnreadable(known.get(answer.status_code, f"its server answers {answer.status_code}"))


def _responses(body: bytes) -> list[tuple[str, str, str]]:
    """Address, mark and text of each object that a server tells of."""
    if b"<!DOCTYPE" in body.replace(b"\0", b""):  # no answer has one, and entities can make a little text a huge one
        raise FeedUnreadable("its server does not answer as a calendar's does")
    try:
        told = ElementTree.fromstring(body)  # noqa: S314 - limited in size, and without entities
    except ElementTree.ParseError:
        raise FeedUnreadable("its server does not answer as a calendar's does") from None
    found = [(one.findtext(f"{DAV}href"), one.findtext(f".//{DAV}getetag"), one.findtext(f".//{CAL}calendar-data"))
             for one in told.iter(f"{DAV}response")]
    return [(href, etag, text) for href, etag, text in found if href and etag and text]
