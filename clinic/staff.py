"""Who works at the desk, and what each of them may do there."""
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from clinic.errors import ClinicError

Role = Literal["reception", "therapist", "manager"]
Duty = Literal["threads", "book", "answers", "manage"]
ROLES: tuple[Role, ...] = ("reception", "therapist", "manager")
DUTIES: dict[Role, frozenset[Duty]] = {
    "therapist": frozenset({"threads"}),
    "reception": frozenset({"threads", "book", "answers"}),
    "manager": frozenset({"threads", "book", "answers", "manage"}),
}
"""threads: read and write conversations; book: requests and appointments; answers: write what the assistant says;
manage: people, and versions of the content."""
CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without those that are taken for others."""
SHORTEST = 10
"""Characters of a password."""
DAY_AT_THE_DESK = timedelta(hours=12)
"""How long a session lasts."""
IDLE = timedelta(hours=2)
"""How long it lasts without a look at any page."""


class StaffError(ClinicError):
    """Somebody can't be added to or changed in the list of those who may sign in; the text says why."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who is signed in, or may sign in."""

    id: int
    name: str
    role: Role
    has_totp: bool = False
    active: bool = True
    before: datetime | None = None
    """When they were last here before this session."""

    def may(self, duty: Duty) -> bool:
        return duty in DUTIES[self.role]


def new_code() -> str:
    """A code to be typed once, 59 random bits."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(12))


def check_name(name: str) -> str:
    """*name* as it is kept. Raises StaffError."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= 60 or not name.isprintable():
        raise StaffError("A name has 1 to 60 characters.")
    return name


def check_password(password: str) -> str:
    """Raises StaffError where *password* is too short to be one."""
    if not SHORTEST <= len(password) <= 200:
        raise StaffError(f"A password has {SHORTEST} to 200 characters. A few words in a row are easy to remember.")
    return password
