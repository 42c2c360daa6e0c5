"""Answering from one's own phone: the code by which a colleague becomes known in the staff's chat, and its end."""
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from clinic.store.staff_chat import GOOD_FOR
from desk.console.door import Door
from desk.console.room import Guest, Room, go

PHONE = "/desk/phone"


class Phone:
    """Each for themselves."""

    def __init__(self, room: Room, door: Door) -> None:
        self._room, self._door = room, door

    def routes(self) -> list[Route]:
        form = self._door.form
        return [Route("/phone", self._door.page(self.show)), Route("/phone/code", form(self.code), methods=["POST"]),
                Route("/phone/end", form(self.end), methods=["POST"])]

    async def show(self, request: Request, guest: Guest) -> Response:
        return await self._shown(guest)

    async def _shown(self, guest: Guest, code: str = "") -> Response:
        async with self._room.store.begin() as unit:
            linked = guest.colleague.id in await unit.staff_chat.linked()
        return self._room.page("phone.html", guest, linked=linked, code=code, minutes=GOOD_FOR.seconds // 60)

    async def code(self, request: Request, guest: Guest, given: dict[str, str]) -> Response:
        """A new code, shown this once: only its hash is kept."""
        if not self._room.staff_chat:
            return self._room.refuse(guest, 404, "There is no staff chat here.")
        async with self._room.store.begin() as unit:
            code = await unit.staff_chat.offer_code(guest.colleague.id, self._room.clock())
        return await self._shown(guest, code)

    async def end(self, request: Request, guest: Guest, given: dict[str, str]) -> Response:
        async with self._room.store.begin() as unit:
            await unit.staff_chat.unlink(guest.colleague.id)
        return go(PHONE)
