"""Requests about somebody's data: what is kept of whom, a copy for them, its end; the receipts, and the log."""
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from clinic.errors import ClinicError
from clinic.privacy.document import document, public_words
from clinic.store.audit import Entry
from desk.console.door import Door
from desk.console.home import A_MONTH
from desk.console.room import HEADERS, Guest, Room
from desk.privacy import erased

LONGEST = 200


class Privacy:
    def __init__(self, room: Room, door: Door) -> None:
        self._room, self._door = room, door

    def routes(self) -> list[Route]:
        page, form = self._door.page, self._door.form
        return [Route("/privacy", page(self.show, "manage")),
                Route("/privacy/look", form(self.look, "manage"), methods=["POST"]),
                Route("/privacy/export", form(self.export, "manage"), methods=["POST"]),
                Route("/privacy/erase", form(self.erase, "manage"), methods=["POST"])]

    async def show(self, request: Request, guest: Guest) -> Response:
        return await self._shown(guest, request.query_params.get("who", "")[:LONGEST])

    async def _shown(self, guest: Guest, who: str = "", wrong: str = "", status: int = 200,
                     found: dict[str, object] | None = None) -> Response:
        now = self._room.clock()
        async with self._room.store.begin() as unit:
            asked = [case for case in await unit.cases.waiting() if case.reason == "data_request"]
            wishes, entries = await unit.data_requests.newest(50), await unit.audit.entries()
        clocks = [(case, (case.created_at + A_MONTH - now).days) for case in asked]
        return self._room.page("privacy.html", guest, status, who=who, wrong=wrong, found=found, clocks=clocks,
                               wishes=wishes, entries=entries, register=self._room.library.current.content.privacy)

    async def look(self, request: Request, guest: Guest, given: dict[str, str]) -> Response:
        """What is kept of somebody, in numbers. A form, not an address: whom it is about is in no log."""
        who = given.get("who", "").strip()[:LONGEST]
        try:
            async with self._room.store.begin() as unit:
                subject = await unit.subjects.found(who)
                rows, said = await unit.erasing.rows(subject), await unit.erasing.said_elsewhere(subject)
        except ClinicError as error:
            return await self._shown(guest, who, str(error), 404)
        return await self._shown(guest, who, found={
            "conversations": subject.conversations, "references": subject.references, "alike": subject.alike,
            "said": said,
            "rows": {table: n for table, n in rows.items() if n}})

    async def export(self, request: Request, guest: Guest, given: dict[str, str]) -> Response:
        content, now, who = self._room.library.current.content, self._room.clock(), given.get("who", "")[:LONGEST]
        try:
            async with self._room.store.begin() as unit:
                subject = await unit.subjects.found(who)
                data = await unit.exporting.of(subject, public_words(content))
                for conversation in subject.conversations or (None,):
                    await unit.audit.note(Entry(now, guest.colleague.name, "exported", "/privacy", conversation))
        except ClinicError as error:
            return await self._shown(guest, who, str(error), 404)
        return Response(document(content, data, now), media_type="application/json", headers={
            **HEADERS, "content-disposition": 'attachment; filename="their-data.json"'})

    async def erase(self, request: Request, guest: Guest, given: dict[str, str]) -> Response:
        who = given.get("who", "").strip()[:LONGEST]
        if given.get("checked") != "yes":
            return await self._shown(guest, who, "Make sure that it is they who ask, and say so.", 400)
        try:
            async with self._room.store.begin() as unit:
                receipt = await erased(unit, who, guest.colleague.name, self._room.clock())
        except ClinicError as error:
            return await self._shown(guest, who, str(error), 409)
        return self._room.page("receipt.html", guest, receipt=receipt,
                               register=self._room.library.current.content.privacy)
