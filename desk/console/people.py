"""Those who work here, and what they may do: for the manager."""
import asyncio
from typing import cast

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from clinic.staff import ROLES, Role, StaffError, check_name, check_password
from desk.console.door import Door
from desk.console.passwords import hashed
from desk.console.room import Guest, Room, go

PEOPLE = "/desk/people"


class People:
    def __init__(self, room: Room, door: Door) -> None:
        self._room, self._door = room, door

    def routes(self) -> list[Route]:
        form, page = self._door.form, self._door.page
        return [Route("/people", page(self.show, "manage")),
                Route("/people", form(self.add, "manage"), methods=["POST"]),
                Route("/people/{key:int}", form(self.change, "manage"), methods=["POST"])]

    async def show(self, request: Request, guest: Guest) -> Response:
        return await self._shown(guest)

    async def _shown(self, guest: Guest, wrong: str = "", status: int = 200) -> Response:
        async with self._room.store.begin() as unit:
            everybody = await unit.staff.everybody()
        return self._room.page("people.html", guest, status, everybody=everybody, roles=ROLES, wrong=wrong)

    async def add(self, request: Request, guest: Guest, given: dict[str, str]) -> Response:
        try:
            name, role = check_name(given.get("name", "")), _role(given.get("role", ""))
            password = await asyncio.to_thread(hashed, check_password(given.get("password", "")))
            async with self._room.store.begin() as unit:
                await unit.staff.add(name, role, password, None, self._room.clock())
        except StaffError as error:
            return await self._shown(guest, str(error), 400)
        return go(PEOPLE)

    async def change(self, request: Request, guest: Guest, given: dict[str, str]) -> Response:
        """Another role, in or out. Nobody does it to themselves: somebody has to stay who can."""
        key = request.path_params["key"]
        if key == guest.colleague.id:
            return await self._shown(guest, "Another manager changes what you may do.", 400)
        try:
            role = _role(given["role"]) if "role" in given else None
        except StaffError as error:
            return await self._shown(guest, str(error), 400)
        active = {"yes": True, "no": False}.get(given.get("active", ""))
        if role is not None or active is not None:
            async with self._room.store.begin() as unit:
                await unit.staff.change(key, role=role, active=active)
        return go(PEOPLE)


def _role(role: str) -> Role:
    """Raises StaffError."""
    if role not in ROLES:
        raise StaffError(f"There is no role {role!r}; these are: {', '.join(ROLES)}.")
    return cast(Role, role)
