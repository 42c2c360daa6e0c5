"""The check before a booking as a page of ours, for people who write to us on somebody else's channel: one question at
a time, by a link that ends with its last answer. All that is written there is read for danger, like any message."""
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from channels.inbox import LONGEST, Arrival, Inbox
from channels.limits import Bucket
from channels.problems import Problem
from channels.website.pages import Pages
from clinic import gate
from clinic.booking import links
from clinic.booking.diary import Diary
from clinic.clock import Clock
from clinic.handoff import Handoff
from clinic.library import Library
from clinic.safety.checkup import Checkup, State
from clinic.safety.page import SECRET
from clinic.safety.reader import Screen
from clinic.safety.reading import Reading
from clinic.store.screenings import Screening
from clinic.store.unit import Store, Unit

BODY = 64 * 1024
FIELDS = 40
DONE = {"intent": "inform", "entities": {"check": "done"}}
"""What the choice in the chat means that goes on after it."""
HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; "
                               "form-action 'self'; frame-ancestors 'none'",
    "cache-control": "no-store", "x-robots-tag": "noindex",
}


class CheckRoom:
    def __init__(self, store: Store, library: Library, screen: Screen, handoff: Handoff, inbox: Inbox, pages: Pages,
                 clock: Clock) -> None:
        self._store, self._library, self._screen, self._handoff = store, library, screen, handoff
        self._inbox, self._pages, self._clock, self._checkup = inbox, pages, clock, Checkup(screen)
        self._comers = Bucket(60, 1.0)

    def routes(self) -> list[BaseRoute]:
        return [Route("/check/{id:uuid}/{key}", self.come, methods=["GET", "POST"])]

    async def come(self, request: Request) -> Response:
        if wait := self._comers.take(request.client.host if request.client else ""):
            raise Problem(429, "That is faster than we can answer. Please wait a moment.",
                          {"retry-after": str(int(wait) + 1)})
        given = await _form(request) if request.method == "POST" else None
        async with self._store.begin() as unit:
            secret, key = await unit.secrets.of(SECRET), request.path_params["id"]
            if not links.opens(request.path_params["key"], str(key), secret):
                raise HTTPException(404, "There is no such page.")
            found = await unit.screenings.open(UUID(str(key)), self._clock())
            if found is None:
                return self._page(self._said["check_ended"], status=410)
            if given is None or given.get("step") != [str(found.step)]:
                return self._asked(found.step, State.from_slot(found.state))
            return await self._answered(unit, found, given)

    async def _answered(self, unit: Unit, found: Screening, given: Mapping[str, Sequence[str]]) -> Response:
        text, values, now = given.get("text", [""])[0].strip(), given.get("value", ()), self._clock()
        reading = await self._read(unit, found, text)
        state = State.from_slot(found.state)
        if reading.helped:
            state = self._checkup.take(state, ["person"], "", None, now)
        else:
            state = self._next(state, values, text)
        done = state.step == "done"
        await unit.screenings.keep(found, state.as_slot(), now if done else None)
        await Diary(self._library.current.content.clinic, unit.book, now).extend(found.conversation)
        if not done:
            return self._asked(found.step + 1, state)
        if reading.helped:  # help is the whole answer: the chat goes on when they do
            return self._page("", advice=self._screen.advice(reading, self._handoff.desk_back(now)))
        await self._go_on(unit, found)
        return self._page("\n".join(filter(None, [self._checkup.says(state), self._said["check_over"]])))

    def _next(self, state: State, values: Sequence[str], text: str) -> State:
        """After what was ticked or pressed and what was written: neither hides the other."""
        now = self._clock()
        if text and values and state.step == "list":
            told = self._checkup.take(state, (), text, None, now)
            state = state if told.unread else told
            text = ""
        return self._checkup.take(state, list(values), text, None, now)

    async def _read(self, unit: Unit, found: Screening, text: str) -> Reading:
        """*text* read for danger together with what they wrote in the chat, and kept like a message's."""
        locked, now = await unit.conversations.lock(found.conversation), self._clock()
        earlier = await unit.messages.earlier(locked.id, locked.last_n, locked.released_n, now)
        reading = await self._inbox.read(text, earlier) if text else Reading("none")
        alarms = [rule for rule in reading.met if rule.level != "contraindication"]  # that is what is asked about here
        await gate.keep(unit, self._handoff, locked, locked.last_n, alarms, now)
        return reading

    async def _go_on(self, unit: Unit, found: Screening) -> None:
        """The chat hears that it is done, as if its choice had been tapped."""
        token = await unit.messages.token_of(found.conversation, DONE)
        if token:
            await self._inbox.take(unit, Arrival(found.conversation, f"check {found.id}", choice=token, own=False))

    @property
    def _said(self) -> Mapping[str, str]:
        return self._library.current.content.words.said

    def _asked(self, step: int, state: State) -> Response:
        text, choices = self._checkup.question(state)
        offered = [{"label": choice.label, "value": choice.value} for choice in choices]
        groups = [one for one in offered if state.step == "list" and one["value"] not in ("none", "person")]
        return self._page(text, step=step, boxes=groups, field=state.step != "consent",
                          buttons=[one for one in offered if one not in groups])

    def _page(self, text: str, *, step: int | None = None, status: int = 200, advice: str = "", field: bool = False,
              **shown: Any) -> Response:
        body = self._pages.render("check.html", said=self._said, text=text, step=step, advice=advice, field=field,
                                  **shown)
        return HTMLResponse(body, status, headers=HEADERS)


async def _form(request: Request) -> dict[str, list[str]]:
    """The fields of a form. Raises Problem 413, 400."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY:
            raise Problem(413, f"A form has at most {BODY:,} bytes.", {"connection": "close"})
    try:
        given = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=FIELDS)
    except ValueError:
        raise Problem(400, "This is no form.") from None
    return {name: [one.replace("\x00", "")[:LONGEST] for one in values] for name, values in given.items()}
