"""What every page of the console shares: how it is rendered, what it may do, and how a form is read."""
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from clinic.clock import Clock
from clinic.library import Library
from clinic.staff import Colleague
from clinic.store.unit import Store
from desk.lines import storable
from desk.refusals import held_up

HERE = Path(__file__).parent
BODY = 64 * 1024
"""Bytes that a form may have."""
FIELDS = 60
WRITTEN = {"whatsapp": "WhatsApp"}
"""Channels that are written otherwise than with one capital."""
HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                               "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "cache-control": "no-store",
    "referrer-policy": "same-origin",  # with none at all, a browser does not say where a form comes from
}


@dataclass(frozen=True, slots=True)
class Guest:
    """Whoever a page is made for: a colleague, and what proves that a form is theirs."""

    colleague: Colleague
    token: str
    csrf: str


class Room:
    """Pages of one clinic, in its own time."""

    def __init__(self, store: Store, library: Library, clock: Clock, public_url: str, *, staff_chat: bool) -> None:
        """*staff_chat*: whether staff have a chat of their own, where they may answer too."""
        self.staff_chat = staff_chat
        self.store, self.library, self.clock = store, library, clock
        self.public = urlsplit(public_url)
        self._templates = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=select_autoescape(),
                                      trim_blocks=True, lstrip_blocks=True)
        self._templates.filters |= {"when": self.when, "clock": self.clock_time, "plain": plain, "channel": channel,
                                    "json": json.dumps, "held_up": held_up}

    @property
    def secure(self) -> bool:
        return self.public.scheme == "https"

    def when(self, moment: datetime | None) -> str:
        """A moment at the clinic, as short as is clear: `14:05` today, else with its day."""
        if moment is None:
            return ""
        zone = self.library.current.content.clinic.zone
        local, today = moment.astimezone(zone), self.clock().astimezone(zone)
        if local.date() == today.date():
            return f"{local:%H:%M}"
        return f"{local:%a} {local.day} {local:%b} {local:%H:%M}" if local.year == today.year else (
            f"{local.day} {local:%b %Y} {local:%H:%M}")

    def clock_time(self, moment: datetime) -> str:
        return f"{moment.astimezone(self.library.current.content.clinic.zone):%H:%M}"

    def page(self, name: str, guest: Guest | None, status: int = 200, **values: Any) -> Response:
        clinic = self.library.current.content.clinic
        html = self._templates.get_template(name).render(
            clinic=clinic, guest=guest, me=guest.colleague if guest else None, csrf=guest.csrf if guest else "",
            now=self.clock(), staff_chat=self.staff_chat, **values)
        return HTMLResponse(html, status, HEADERS)

    def fragment(self, name: str, guest: Guest, **values: Any) -> str:
        """A part of a page, for the script to put in its place."""
        return self._templates.get_template(name).render(me=guest.colleague, csrf=guest.csrf, now=self.clock(),
                                                         **values)

    def refuse(self, guest: Guest | None, status: int, why: str) -> Response:
        return self.page("problem.html", guest, status, why=why)


def go(path: str) -> Response:
    """On to another page of the console, after a form."""
    return RedirectResponse(path, 303, HEADERS)


async def form(request: Request) -> dict[str, str]:
    """The fields of a form, each once. Raises HTTPException: 413 too large, 400 unreadable."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY:
            raise HTTPException(413, "That is too much for one form.")
    try:
        fields = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=FIELDS)
    except (ValueError, UnicodeDecodeError):
        raise HTTPException(400, "The form can't be read.") from None
    return {name: storable(value) or "" for name, value in fields}


def channel(name: str) -> str:
    """A channel as people write it."""
    return WRITTEN.get(name, name.capitalize())


def plain(word: str) -> str:
    """A word of ours for people: `asked_for_person` as `asked for person`."""
    return word.replace("_", " ")
