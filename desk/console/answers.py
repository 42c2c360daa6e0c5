"""Answers for the desk: the same content with the same proof, and on the phone the same ear for danger."""
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from channels.rehearsal import Rehearsal
from clinic.safety.guard import Guard
from clinic.safety.reader import Screen
from desk.console.door import Door
from desk.console.room import HEADERS, Guest, Room
from desk.contents import as_rows

LONGEST = 2_000


class Answers:
    def __init__(self, room: Room, door: Door, rehearsal: Rehearsal | None, screen: Screen) -> None:
        self._room, self._door, self._rehearsal, self._screen = room, door, rehearsal, screen

    def routes(self) -> list[Route]:
        return [Route("/answers", self._door.page(self.ask)),
                Route("/quick-replies.csv", self._door.page(self.quick_replies)),
                Route("/answers", self._door.form(self.answer), methods=["POST"])]

    async def ask(self, request: Request, guest: Guest) -> Response:
        thread = request.query_params.get("thread", "")
        return self._room.page("answers.html", guest, asked="", found=None, phone="phone" in request.query_params,
                               thread=thread if _is_key(thread) else "", ready=self._rehearsal is not None)

    async def quick_replies(self, request: Request, guest: Guest) -> Response:
        """Confirmed answers for the WhatsApp Business app."""
        content = self._room.library.current.content
        rows = as_rows(content, self._room.clock().astimezone(content.clinic.zone).date())
        return Response(rows, media_type="text/csv", headers={
            **HEADERS, "content-disposition": 'attachment; filename="quick-replies.csv"'})

    async def answer(self, request: Request, guest: Guest, given: dict[str, str]) -> Response:
        """What the assistant would say. A form, not an address: what a caller says about their health is in no log."""
        asked, phone = given.get("asked", "").strip()[:LONGEST], given.get("phone") == "yes"
        found = await self._rehearsal.ask(asked) if asked and self._rehearsal else None
        asking = Guard(self._screen.rules).asking(found.reading.rules) if found else ""
        thread = given.get("thread", "")
        return self._room.page("answers.html", guest, asked=asked, found=found, phone=phone, asking=asking,
                               thread=thread if _is_key(thread) else "", ready=self._rehearsal is not None)


def _is_key(text: str) -> bool:
    return len(text) == 36 and set(text) <= set("0123456789abcdef-")
