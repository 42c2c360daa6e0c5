"""`frontdesk desk ...`: who may sign in at the console."""
import asyncio
import getpass
import sys
from typing import cast

from clinic.clock import utc_now
from clinic.knowledge.content import load
from clinic.settings import Settings
from clinic.staff import ROLES, Colleague, Role, StaffError, check_name, check_password
from clinic.store.audit import Entry
from clinic.store.staff_chat import GOOD_FOR
from clinic.store.unit import Unit
from desk.console.passwords import hashed, new_secret
from desk.listing import NothingThere, book, console_for, table


async def add(settings: Settings, name: str, role: str, code: bool) -> None:
    """Let *name* sign in; the password is asked for, or read from standard input. Raises StaffError."""
    if role not in ROLES:
        raise StaffError(f"There is no role {role!r}; these are: {', '.join(ROLES)}.")
    name, password = check_name(name), await asyncio.to_thread(_password)
    secret, address = new_secret(name, load(settings.content).clinic.name) if code else (None, "")
    async with book(settings) as unit:
        await unit.staff.add(name, cast(Role, role), hashed(password), secret, utc_now())
    print(f"{name} may sign in at {settings.public_url}/desk as {role}.")
    if secret:
        print(f"For their authenticator, shown only this once:\n{secret}\n{address}")


async def password(settings: Settings, name: str) -> None:
    """Give *name* another password; they are signed out everywhere. Raises NothingThere, StaffError."""
    async with book(settings) as unit:
        colleague = await _known(unit, name)
        await unit.staff.change(colleague.id, password=hashed(await asyncio.to_thread(_password)))
    print(f"{name} has a new password, and is signed out everywhere.")


async def remove(settings: Settings, name: str) -> None:
    """*name* may sign in no more; what they wrote stays theirs. Raises NothingThere."""
    async with book(settings) as unit:
        await unit.staff.change((await _known(unit, name)).id, active=False)
    print(f"{name} may sign in no more.")


async def link_telegram(settings: Settings, name: str) -> None:
    """Print a code for *name* to bring to the staff's chat. Raises NothingThere."""
    if not settings.has_staff_chat:
        raise NothingThere("There is no staff chat: set TELEGRAM_STAFF_CHAT (docs/channels.md says how).")
    async with book(settings) as unit:
        colleague = await _known(unit, name)
        code = await unit.staff_chat.offer_code(colleague.id, utc_now())
        await unit.audit.note(Entry(utc_now(), colleague.name, "changed", "/staff-chat/code"))
    print(f"Within {GOOD_FOR.seconds // 60} minutes {colleague.name} writes in the staff chat:\n/link {code}")


async def end_link(settings: Settings, name: str) -> None:
    """No account in the staff's chat is *name*'s any more. Raises NothingThere."""
    async with book(settings) as unit:
        colleague = await _known(unit, name)
        ended = await unit.staff_chat.unlink(colleague.id)
        await unit.audit.note(Entry(utc_now(), colleague.name, "changed", "/staff-chat/unlink"))
    print(f"{colleague.name} can't answer from the staff chat any more." if ended else
          f"{colleague.name} had no account there.")


async def _known(unit: Unit, name: str) -> Colleague:
    known = await unit.staff.known_as(name)
    if known is None:
        raise NothingThere(f"Nobody called {name} may sign in.")
    return known.colleague


async def show(settings: Settings) -> None:
    """Print who may sign in."""
    async with book(settings) as unit:
        everybody, linked = await unit.staff.everybody(), await unit.staff_chat.linked()
    listed = table("Who may sign in at the desk", "Name", "Role", "Code", "May sign in", "Staff chat")
    for one in everybody:
        listed.add_row(one.name, one.role, "yes" if one.has_totp else "no", "yes" if one.active else "no",
                       "yes" if one.id in linked else "no")
    console_for().print(listed)


def _password() -> str:
    """Asked for twice at a terminal, else the first line of standard input. Raises StaffError."""
    if not sys.stdin.isatty():
        return check_password(sys.stdin.readline().rstrip("\r\n"))
    given = check_password(getpass.getpass("Password: "))
    if getpass.getpass("Again: ") != given:
        raise StaffError("The two are not the same.")
    return given
