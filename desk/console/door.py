"""Who comes in: signing in and out, sessions, and that every form is one of ours."""
import asyncio
import hmac
import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from clinic.staff import DAY_AT_THE_DESK, Colleague, Duty
from clinic.store.audit import Entry
from desk.console.passwords import Proof, counter_of, fits
from desk.console.room import Guest, Room, form, go
from desk.console.tries import Tries

COOKIE = "desk"
HOME = "/desk"
Handler = Callable[[Request, Guest], Awaitable[Response]]
FormHandler = Callable[[Request, Guest, dict[str, str]], Awaitable[Response]]


class Door:
    """Lets colleagues in, and wraps what they may do."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._tries = Tries(room.store)

    def routes(self) -> list[Route]:
        return [Route("/sign-in", self.sign_in, methods=["GET", "POST"]),
                Route("/sign-out", self.form(self.sign_out), methods=["POST"])]

    async def sign_in(self, request: Request) -> Response:
        if request.method != "POST":
            return self._room.page("sign_in.html", None, wrong="", wanted=_wanted(request.query_params.get("to", "")))
        if not self._ours(request):
            return self._room.refuse(None, 403, "This form was not sent from the desk.")
        given = await form(request)
        name, wanted = given.get("name", "").strip(), _wanted(given.get("to", ""))
        if await self._tries.too_many(request, name):
            return self._room.page("sign_in.html", None, 429, wanted=wanted, wrong="Too many tries. Wait a minute.")
        colleague = await self._proved(name, Proof(given.get("password", "")[:200], given.get("code", "")[:20]))
        if colleague is None:
            await self._log_failed(name)
            return self._room.page("sign_in.html", None, 401, wanted=wanted, wrong="That is not right. Name, password "
                                   "or code: for your safety we don't say which.")
        return await self._welcome(request, colleague, wanted)

    async def _proved(self, name: str, proof: Proof) -> Colleague | None:
        async with self._room.store.begin() as unit:
            known = await unit.staff.known_as(name)
            right = await asyncio.to_thread(fits, proof.password, known.password if known else None)
            if known is None or not right:
                return None
            if known.totp is not None:
                counter = counter_of(proof.code, known.totp, self._room.clock())
                if counter is None or counter <= known.totp_used:
                    return None
                await unit.staff.used_code(known.colleague.id, counter)
            return known.colleague

    async def _log_failed(self, name: str) -> None:
        """That somebody tried to be a colleague; of any other name nothing, since it may be a password."""
        async with self._room.store.begin() as unit:
            known = await unit.staff.known_as(name)
            if known:
                await unit.audit.note(Entry(self._room.clock(), known.colleague.name, "not_let_in", "/sign-in"))

    async def _welcome(self, request: Request, colleague: Colleague, wanted: str) -> Response:
        """A token of its own for each time somebody signs in: one that was planted before is worth nothing."""
        token = secrets.token_urlsafe(32)
        async with self._room.store.begin() as unit:
            await unit.staff.sign_in(colleague.id, token, self._room.clock())
            await unit.audit.note(Entry(self._room.clock(), colleague.name, "signed_in", "/sign-in"))
        response = go(wanted)
        response.set_cookie(COOKIE, token, max_age=int(DAY_AT_THE_DESK.total_seconds()), path=HOME, httponly=True,
                            samesite="strict", secure=self._room.secure)
        await self._tries.remember(request, response, colleague.name, self._room.secure)
        return response

    async def sign_out(self, request: Request, guest: Guest, given: dict[str, str]) -> Response:
        async with self._room.store.begin() as unit:
            await unit.staff.sign_out(guest.token)
        response = go(f"{HOME}/sign-in")
        response.delete_cookie(COOKIE, path=HOME)
        return response

    async def guest(self, request: Request) -> Guest | None:
        """Who is asking; None where nobody is signed in."""
        token = request.cookies.get(COOKIE, "")
        if not token:
            return None
        async with self._room.store.begin() as unit:
            colleague = await unit.staff.signed_in(token, self._room.clock())
        return Guest(colleague, token, csrf_of(token)) if colleague else None

    def page(self, handler: Handler, duty: Duty = "threads", *, part_of: str = "",
             ) -> Callable[[Request], Awaitable[Response]]:
        """*handler* for those whose duty it is; that they read it is logged before they see it. *part_of*: the page of
        which it is a part that is asked for again and again."""
        async def look(request: Request) -> Response:
            guest = await self.guest(request)
            if guest is None:
                return go(f"{HOME}/sign-in?to={request.url.path}")
            if not _storable(request):
                return self._room.refuse(guest, 404, "There is no such page at the desk.")
            if not guest.colleague.may(duty):
                await self._log(request, guest, "refused")
                return self._room.refuse(guest, 403, "Your role does not include this page.")
            try:
                response = await handler(request, guest)
            except HTTPException as error:
                return self._room.refuse(guest, error.status_code, error.detail)
            await self._log(request, guest, "read" if response.status_code < 400 else "tried", part_of)
            return response

        return look

    def form(self, handler: FormHandler, duty: Duty = "threads") -> Callable[[Request], Awaitable[Response]]:
        """*handler* for a form of ours, filled in by somebody whose duty it is."""
        async def take(request: Request) -> Response:
            guest = await self.guest(request)
            if guest is None:
                return go(f"{HOME}/sign-in")
            given = await form(request)
            if not _storable(request):
                return self._room.refuse(guest, 404, "There is no such page at the desk.")
            if not self._ours(request) or not hmac.compare_digest(given.get("csrf", "").encode(), guest.csrf.encode()):
                return self._room.refuse(guest, 403, "This form was not sent from the desk, or is too old. Go back, "
                                         "load the page again and repeat it.")
            if not guest.colleague.may(duty):
                await self._log(request, guest, "refused")
                return self._room.refuse(guest, 403, "Your role does not include this.")
            try:
                response = await handler(request, guest, given)
            except HTTPException as error:
                return self._room.refuse(guest, error.status_code, error.detail)
            await self._log(request, guest, "changed" if response.status_code < 400 else "tried")
            return response

        return take

    async def _log(self, request: Request, guest: Guest, did: str, part_of: str = "") -> None:
        """Keep who did what where. Of the address only its pattern, and of what was typed nothing."""
        given = request.path_params
        page = request.url.path.removeprefix(HOME) or "/"
        for name, value in given.items():
            page = page.replace(str(value), f"{{{name}}}")
        about = given.get("reference", given.get("key")) if did in ("read", "changed") else None  # else it is anything
        entry = Entry(self._room.clock(), guest.colleague.name, did, part_of or page, given.get("conversation"),
                      None if about is None else str(about)[:40])
        async with self._room.store.begin() as unit:
            await (unit.audit.follows(entry) if part_of else unit.audit.note(entry))

    def _ours(self, request: Request) -> bool:
        """Whether a browser sent this from our own page, as far as it says."""
        origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site", "same-origin")
        hosts = {request.headers.get("host", ""), self._room.public.netloc}
        return site == "same-origin" and (origin is None or urlsplit(origin).netloc in hosts)


def csrf_of(token: str) -> str:
    """What the forms of a session carry: made from its token, which no page shows."""
    return hmac.new(token.encode(), b"form", "sha256").hexdigest()


def _storable(request: Request) -> bool:
    """Whether an address is without a NUL, which the database takes nowhere: nothing has one in its name."""
    return "\0" not in request.scope["path"] and not any("\0" in said for said in request.query_params.values())


def _wanted(path: str) -> str:
    """*path* if it is one of the console's own, else its first page: nobody is led elsewhere."""
    inside = path == HOME or path.startswith(f"{HOME}/")
    return path if inside and "//" not in path and "\\" not in path and path.isprintable() else HOME
