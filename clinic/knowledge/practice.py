"""The facts of `clinic.yml`. A fact that is left out is None or empty, and is never guessed."""

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from clinic.knowledge.hours import Holiday, Hours, read_holidays, read_hours
from clinic.knowledge.sheet import Sheet

_TEXTS = (
    "map",
    "directions",
    "parking",
    "access",
    "payment",
    "insurance",
    "cancellation",
    "vouchers",
    "website",
)


@dataclass(frozen=True, slots=True)
class Service:
    """Something that can be booked. The price is in pence; `also` are the words that people use for it."""

    id: str
    name: str
    also: tuple[str, ...]
    length_minutes: int
    price_pence: int
    purpose: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who treats people: a role and a qualification, and a name only if the clinic gives one."""

    id: str
    role: str
    qualification: str
    gender: str
    name: str


@dataclass(frozen=True, slots=True)
class Complaint:
    """What hurts, in the clinic's words and in people's. `general` names no place on the body.

    `in_passing` are words for it that people also use by the way: beside another complaint they ask nothing."""

    id: str
    name: str
    also: tuple[str, ...]
    general: bool
    seen: bool
    in_passing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contact:
    """Who answers for something, by role, and how to reach them."""

    role: str
    contact: str


@dataclass(frozen=True, slots=True)
class ClinicFacts:
    """All of `clinic.yml`. `texts` has the facts told in one or two sentences, by their key."""

    sample: bool
    name: str
    scope: str
    timezone: str
    address: str
    phone: str
    mail: str
    opening_hours: Hours
    reception_hours: Hours
    services: tuple[Service, ...]
    people: tuple[Person, ...]
    complaints: tuple[Complaint, ...]
    guardian: Contact | None
    privacy: Contact | None
    texts: dict[str, str]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


def read_clinic(sheet: Sheet) -> ClinicFacts:
    """The facts on *sheet*; whatever is wrong is noted there, and stands in the result as empty."""
    holidays = read_holidays(sheet.sheets("holidays"))
    facts = ClinicFacts(
        sample=sheet.switch("sample"),
        name=sheet.text("name"),
        scope=sheet.text("scope"),
        timezone=_timezone(sheet),
        address=sheet.text("address"),
        phone=sheet.text("phone"),
        mail=sheet.text("mail"),
        opening_hours=_hours(sheet, "opening_hours", holidays),
        reception_hours=_hours(sheet, "reception_hours", holidays),
        services=tuple(_services(sheet)),
        people=tuple(_people(sheet)),
        complaints=tuple(_complaints(sheet)),
        guardian=_contact(sheet, "guardian"),
        privacy=_contact(sheet, "privacy"),
        texts={key: text for key in _TEXTS if (text := sheet.text(key, required=False))},
    )
    sheet.done()
    return facts


def _timezone(sheet: Sheet) -> str:
    name = sheet.text("timezone")
    try:
        ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        sheet.note(
            f"{name!r} is not a time zone", "Write one such as Europe/London", sheet.line_of("timezone")
        )
        return "UTC"
    return name or "UTC"


def _hours(sheet: Sheet, key: str, holidays: tuple[Holiday, ...]) -> Hours:
    if key not in sheet:
        sheet.sheet(key)
        return Hours(week=((),) * 7)
    return read_hours(sheet.sheet(key), holidays)


def _services(sheet: Sheet) -> Iterator[Service]:
    for entry in _named(sheet, "services"):
        yield Service(
            id=entry.text("id"),
            name=entry.text("name"),
            also=entry.words("also"),
            length_minutes=round(entry.number("length_minutes")),
            price_pence=round(100 * entry.number("price_gbp")),
            purpose=entry.text("for", required=False),
        )
        entry.done()


def _people(sheet: Sheet) -> Iterator[Person]:
    for entry in _named(sheet, "people"):
        yield Person(
            id=entry.text("id"),
            role=entry.text("role"),
            qualification=entry.text("qualification", False),
            gender=entry.text("gender", False),
            name=entry.text("name", False),
        )
        entry.done()


def _complaints(sheet: Sheet) -> Iterator[Complaint]:
    for key in ("sees", "does_not_see"):
        for entry in _named(sheet, key):
            yield Complaint(
                id=entry.text("id"),
                name=entry.text("name"),
                also=entry.words("also"),
                general=entry.switch("general"),
                seen=key == "sees",
                in_passing=entry.words("in_passing"),
            )
            entry.done()


def _contact(sheet: Sheet, key: str) -> Contact | None:
    if key not in sheet:
        sheet.text(key, required=False)
        return None
    entry = sheet.sheet(key)
    contact = Contact(role=entry.text("role"), contact=entry.text("contact"))
    entry.done()
    return contact


def _named(sheet: Sheet, key: str) -> Iterator[Sheet]:
    seen: set[str] = set()
    for entry in sheet.sheets(key):
        name = str(entry.value("id") or "")
        if name in seen:
            entry.note(f"the id {name!r} is used twice in `{key}`", "Give each its own id")
        seen.add(name)
        yield entry
