"""`frontdesk requests`: what waits for a person, newest first."""
import getpass
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from clinic.booking import spoken
from clinic.booking.appointment import Appointment
from clinic.booking.request import Request
from clinic.clock import utc_now
from clinic.errors import ClinicError, SettingsError
from clinic.settings import Settings
from clinic.store.audit import Entry
from clinic.store.embedded import database
from clinic.store.schema import migrate
from clinic.store.unit import Store, Unit
from desk.when import zone_of

WIDE = 160
"""Columns where nobody looks at a terminal: a pipe, a file."""


class NothingThere(ClinicError):
    """No request and no conversation goes by that name."""


async def list_requests(settings: Settings, everything: bool) -> None:
    """Print requests for appointments, cases for a person, and turns that failed."""
    async with book(settings) as unit:
        wishes = await unit.requests.newest(with_cli=everything)
        cases = await unit.cases.open_cases()
        failed = await unit.messages.failed()
        kept = await unit.ledger.requested(with_cli=everything)
    console = console_for()
    asked = table("Requests for an appointment", "Reference", "Received", "Service", "When", "Name", "Contact",
                   "Before hands-on work", "State")
    for wish in wishes:
        where = f" (at {', '.join(wish.at)})" if wish.at else ""
        asked.add_row(wish.reference, a_time(wish.created_at), wish.service or "", f"{wish.wanted}{where}", wish.name,
                      wish.contact, _checked(wish), wish.state)
    handed = table("For a person (--read shows the conversation, --done puts it away)", "Conversation", "Message",
                    "Why", "Received")
    for conversation, n, reason, at in cases:
        handed.add_row(str(conversation), str(n), reason.replace("_", " "), a_time(at))
    broken = table("Not answered, something went wrong", "Conversation", "Message", "Received")
    for conversation, n, at in failed:
        broken.add_row(str(conversation), str(n), a_time(at))
    for listed in (*([_to_confirm(kept, settings)] if kept else []), asked, handed, *([broken] if failed else [])):
        console.print(listed)


def _to_confirm(kept: list[Appointment], settings: Settings) -> Table:
    listed = table("Times kept for somebody who waits for your word (`frontdesk book confirm`, decline or "
                   "move REFERENCE)", "Reference", "When", "Therapist", "Service", "Name", "Contact",
                   "Before hands-on work")
    try:
        zone = zone_of(settings.content)
    except SettingsError:
        zone = ZoneInfo("UTC")
    for one in kept:
        listed.add_row(one.reference, spoken.there(spoken.in_full(one.starts, zone), one.place), one.therapist,
                       one.service or "", one.name or "", one.contact or "", _checked(one))
    return listed


async def read_conversation(settings: Settings, conversation: UUID) -> None:
    """Print what was said, oldest first. Raises NothingThere."""
    async with book(settings) as unit:
        said = await unit.messages.after(conversation, 0)
        await unit.audit.note(Entry(utc_now(), by_the_command_line(), "read", "/threads/{conversation}", conversation))
    if not said:
        raise NothingThere(f"There is no conversation {conversation}.")
    console = console_for()
    for message in said:
        console.print(f"{a_time(message.at)}  {message.sender}: {message.text}", highlight=False)


async def put_away(settings: Settings, key: str) -> None:
    """Mark a request (by its reference) or a conversation's cases as dealt with. Raises NothingThere."""
    async with book(settings) as unit:
        conversation = _uuid(key)
        found = (await unit.cases.close(conversation, "the command line", "dealt_with", utc_now())
                 if conversation else await unit.requests.settle(key))
    if not found:
        raise NothingThere(f"Nothing waits under {key}.")
    print(f"{key}: done.")


@asynccontextmanager
async def book(settings: Settings) -> AsyncIterator[Unit]:
    """One transaction on the clinic's records, beside a running server or without one."""
    async with database(settings.database_url, settings.home) as dsn:
        migrate(dsn)
        store = Store(dsn)
        try:
            async with store.begin() as unit:
                yield unit
        finally:
            await store.close()


def _checked(wish: Request | Appointment) -> str:
    """What the check before the request came to; the answers stand in the conversation."""
    if wish.screening is None:
        return ""
    return ": ".join(filter(None, [wish.screening["outcome"], ", ".join(wish.screening["names"])]))


def _uuid(key: str) -> UUID | None:
    try:
        return UUID(key)
    except ValueError:
        return None


def console_for() -> Console:
    console = Console(markup=False)  # what visitors wrote is shown as they wrote it
    if not console.is_terminal:
        console.width = max(console.width, WIDE)
    return console


def table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def a_time(moment: object) -> str:
    return f"{moment:%d %b %H:%M} UTC" if moment else ""


def by_the_command_line() -> str:
    """Who the log says it was: whoever the machine knows them as."""
    try:
        return f"command line ({getpass.getuser()})"
    except (KeyError, OSError):
        return "command line"
