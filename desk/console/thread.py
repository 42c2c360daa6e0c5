"""One conversation: read, taken over, answered, noted, given back, closed."""
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from channels.contract import Limits
from channels.inbox import LONGEST
from channels.rehearsal import Rehearsal
from channels.takeover import Takeover
from clinic import summary
from clinic.errors import ClinicError
from clinic.safety.reading import ALARMS
from clinic.store.threads import Said, Thread
from clinic.store.unit import Unit
from desk.console.door import Door
from desk.console.live import Live
from desk.console.room import HEADERS, Guest, Room, go
from desk.releasing import release_level

CLOSINGS = ("answered", "booked", "called_back", "passed_on", "not_ours", "no_reply", "abuse")
LISTED = 200
"""Ready answers that are offered."""


class Threads:
    def __init__(self, room: Room, door: Door, live: Live, takeover: Takeover, rehearsal: Rehearsal | None,
                 limits: Mapping[str, Limits]) -> None:
        self._room, self._door, self._live, self._takeover = room, door, live, takeover
        self._rehearsal, self._limits = rehearsal, limits

    def routes(self) -> list[Route]:
        page, form, one = self._door.page, self._door.form, "/threads/{conversation:uuid}"
        posts = {"take": self.take, "reply": self.reply, "undo": self.undo, "note": self.note, "back": self.hand_back,
                 "close": self.close, "release": self.release, "compose": self.compose}
        whole = "/threads/{conversation}"
        return [Route(one, page(self._followed(self.show))), Route(f"{one}/events", page(self.events, part_of=whole)),
                Route(f"{one}/side", page(self.side, part_of=whole)),
                *(Route(f"{one}/{name}", form(self._followed(handler)), methods=["POST"])
                  for name, handler in posts.items())]

    def _followed(self, handler: Callable[..., Awaitable[Response]]) -> Callable[..., Awaitable[Response]]:
        """*handler*, or the thread where this one goes on, since its visitor took it to another channel: what is
        written here would not reach them."""
        async def followed(request: Request, *given: Any) -> Response:
            async with self._room.store.begin() as unit:
                moved = await unit.continuations.moved(_key(request))
            return go(f"/desk/threads/{moved}") if moved else await handler(request, *given)

        return followed

    async def show(self, request: Request, guest: Guest) -> Response:
        return await self._page(request, guest, await self._begun(request))

    async def compose(self, request: Request, guest: Guest, given: dict[str, str]) -> Response:
        """The same page with a text to go on with: nothing is sent."""
        return await self._page(request, guest, given.get("text", ""))

    async def _page(self, request: Request, guest: Guest, text: str) -> Response:
        key = _key(request)
        async with self._room.store.begin() as unit:
            thread = await thread_of(unit, key)
            said, authors = await unit.threads.said(key), await unit.outgoing.authors(key)
            side = await self._beside(unit, thread, said)
        today = self._room.clock().astimezone(self._room.library.current.content.clinic.zone).date()
        ready = [faq for faq in self._room.library.current.content.faqs if faq.spoken(today)]
        return self._room.page("thread.html", guest, said=said, authors=authors, text=text, ready=ready[:LISTED],
                               longest=LONGEST, drafts=self._rehearsal is not None, last=said[-1].n if said else 0,
                               **side)

    async def _begun(self, request: Request) -> str:
        """The text that the field begins with: one that was taken back, a ready answer, or the assistant's own."""
        asked, key = request.query_params, _key(request)
        if (undone := asked.get("undone", "")).isdigit() and len(undone) < 16:
            async with self._room.store.begin() as unit:
                return await unit.outgoing.undone(key, int(undone)) or ""
        if faq := self._room.library.current.content.faq(asked.get("ready", "")):
            return faq.text if faq.status == "confirmed" else ""
        if "draft" in asked and self._rehearsal:
            async with self._room.store.begin() as unit:
                said = [one.text for one in await unit.threads.said(key) if one.sender == "visitor"]
            if said:
                found = await self._rehearsal.ask(said[-1])
                return found.advice or "\n\n".join(reply.text for reply in found.replies)
        return ""

    async def events(self, request: Request, guest: Guest) -> Response:
        key = _key(request)

        async def read(after: int) -> list[tuple[int, str]]:
            async with self._room.store.begin() as unit:
                said, authors = await unit.threads.said(key, after), await unit.outgoing.authors(key)
            return [(one.n, self._room.fragment("_message.html", guest, one=one, authors=authors)) for one in said]

        async with self._room.store.begin() as unit:
            await thread_of(unit, key)
        return await self._live.thread(request, key, read)

    async def side(self, request: Request, guest: Guest) -> Response:
        """What stands beside the messages, for a page that is open."""
        key = _key(request)
        async with self._room.store.begin() as unit:
            thread = await thread_of(unit, key)
            side = await self._beside(unit, thread, await unit.threads.said(key))
        return HTMLResponse(self._room.fragment("_side.html", guest, **side), headers=HEADERS)

    async def _beside(self, unit: Unit, thread: Thread, said: list[Said]) -> dict[str, Any]:
        now, key = self._room.clock(), thread.id
        cases = await unit.cases.of(key)
        return {"thread": thread, "cases": cases, "quotes": summary.quotes(said), "slots": summary.slots(thread.events),
                "appointments": await unit.book.of(key, now), "notes": await unit.threads.notes(key),
                "pending": await unit.outgoing.waiting(key), "window": self._window(thread, now),
                "alarmed": thread.level in ALARMS, "closings": CLOSINGS,
                "waits": any(case.state in ("open", "taken") for case in cases)}

    def _window(self, thread: Thread, now: datetime) -> dict[str, Any]:
        """What the channel allows: whether we have an address there, and until when we may write freely."""
        limits = self._limits.get(thread.channel)
        until = thread.heard_at + limits.window if limits and limits.window and thread.heard_at else None
        return {"writes": limits is not None, "limited": bool(limits and limits.window), "until": until,
                "closed": until is not None and until <= now, "longest": limits.text if limits else None}

    async def take(self, request: Request, guest: Guest, given: dict[str, str]) -> Response:
        async with self._room.store.begin() as unit:
            await self._takeover.take(unit, (await thread_of(unit, _key(request))).id, guest.colleague.name)
        return _back(request)

    async def reply(self, request: Request, guest: Guest, given: dict[str, str]) -> Response:
        text = given.get("text", "").replace("\r\n", "\n").strip()
        if not text or len(text) > LONGEST:
            return await self._page(request, guest, text)
        async with self._room.store.begin() as unit:
            await self._takeover.write(unit, (await thread_of(unit, _key(request))).id, text, guest.colleague.name)
        return _back(request)

    async def undo(self, request: Request, guest: Guest, given: dict[str, str]) -> Response:
        key = given.get("written", "")
        if not key.isdigit() or len(key) > 15:
            return self._room.refuse(guest, 400, "There is no such reply.")
        async with self._room.store.begin() as unit:
            taken_back = await unit.outgoing.undo(_key(request), int(key))
        return _back(request, f"?undone={key}" if taken_back is not None else "?late=1")

    async def note(self, request: Request, guest: Guest, given: dict[str, str]) -> Response:
        if text := given.get("text", "").strip()[:LONGEST]:
            async with self._room.store.begin() as unit:
                thread = await thread_of(unit, _key(request))
                await unit.threads.note(thread.id, guest.colleague.name, text, self._room.clock())
        return _back(request)

    async def hand_back(self, request: Request, guest: Guest, given: dict[str, str]) -> Response:
        async with self._room.store.begin() as unit:
            await self._takeover.hand_back(unit, (await thread_of(unit, _key(request))).id, guest.colleague.name)
        return _back(request)

    async def close(self, request: Request, guest: Guest, given: dict[str, str]) -> Response:
        if given.get("closing") not in CLOSINGS:
            return self._room.refuse(guest, 400, "Say how it ended: choose one of the reasons.")
        async with self._room.store.begin() as unit:
            thread = await thread_of(unit, _key(request))
            await self._takeover.close(unit, thread.id, guest.colleague.name, given["closing"])
        return _back(request)

    async def release(self, request: Request, guest: Guest, given: dict[str, str]) -> Response:
        """Somebody has looked at the red flag: appointments are possible here again."""
        try:
            async with self._room.store.begin() as unit:
                await release_level(unit, _key(request), guest.colleague.name, self._room.clock())
        except ClinicError as error:
            return self._room.refuse(guest, 409, str(error))
        return _back(request)


async def thread_of(unit: Unit, key: UUID) -> Thread:
    """Raises HTTPException 404: those of the command line are no visitors' and not shown."""
    thread = await unit.threads.thread(key)
    if thread is None or thread.channel == "cli":
        raise HTTPException(404, "There is no such conversation.")
    return thread


def _key(request: Request) -> UUID:
    key = request.path_params["conversation"]
    assert isinstance(key, UUID)
    return key


def _back(request: Request, query: str = "") -> Response:
    return go(f"/desk/threads/{_key(request)}{query}#end")
