"""`frontdesk desk ...`: who may sign in at the console."""
import asyncio
import getpass
import sys
from typing import cast

from clinic.clock import utc_now
from clinic.knowledge.content import load
from clinic.settings import Settings
from clinic.staff import ROLES, Role, StaffError, check_name, check_password
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
        known = await unit.staff.known_as(name)
        if known is None:
            raise NothingThere(f"Nobody called {name} may sign in.")
        await unit.staff.change(known.colleague.id, password=hashed(await asyncio.to_thread(_password)))
    print(f"{name} has a new password, and is signed out everywhere.")


async def remove(settings: Settings, name: str) -> None:
    """*name* may sign in no more; what they wrote stays theirs. Raises NothingThere."""
    async with book(settings) as unit:
        known = await unit.staff.known_as(name)
        if known is None:
            raise NothingThere(f"Nobody called {name} may sign in.")
        await unit.staff.change(known.colleague.id, active=False)
    print(f"{name} may sign in no more.")


async def show(settings: Settings) -> None:
    """Print who may sign in."""
    async with book(settings) as unit:
        everybody = await unit.staff.everybody()
    listed = table("Who may sign in at the desk", "Name", "Role", "Code", "May sign in")
    for one in everybody:
        listed.add_row(one.name, one.role, "yes" if one.has_totp else "no", "yes" if one.active else "no")
    console_for().print(listed)


def _password() -> str:
    """Asked for twice at a terminal, else the first line of standard input. Raises StaffError."""
    if not sys.stdin.isatty():
        return check_password(sys.stdin.readline().rstrip("\r\n"))
    given = check_password(getpass.getpass("Password: "))
    if getpass.getpass("Again: ") != given:
        raise StaffError("The two are not the same.")
    return given
