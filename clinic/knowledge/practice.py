"""What a clinic says of itself. A fact that is left out is None or empty, and is never guessed."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from clinic.knowledge.hours import Hours

LOOPBACK = ("localhost", "127.0.0.1", "::1")
"""Hosts that need no encryption on the way: a calendar that runs on this machine."""


@dataclass(frozen=True, slots=True)
class Service:
    """Something that can be booked. The price is in pence; `also` are the words that people use for it."""

    id: str
    name: str
    also: tuple[str, ...]
    length_minutes: int
    price_pence: int
    purpose: str
    buffer_minutes: int = 0
    """What the therapist needs after it before the next one."""
    booking: str = "request"
    """How true a booking is: `request` (staff confirm it), `confirm` (it stands at once), `link` (made elsewhere)."""
    link: str = ""
    by: tuple[str, ...] = ()
    """Ids of those who give it; empty: everybody does."""
    at: tuple[str, ...] = ()
    """Ids of the places where it is given; empty: at each."""

    @property
    def takes(self) -> timedelta:
        """How long nobody else can have the therapist."""
        return timedelta(minutes=self.length_minutes + self.buffer_minutes)


@dataclass(frozen=True, slots=True)
class Place:
    """One of the addresses at which a clinic treats people, where it has several; `also` are other words for it.

    `texts` has what is told of it alone (parking, directions ...), by the keys that the clinic's own have."""

    id: str
    name: str
    also: tuple[str, ...]
    address: str
    opening_hours: Hours | None
    """None: as the clinic's."""
    texts: dict[str, str]


@dataclass(frozen=True, slots=True)
class WorksAt:
    """When somebody works at the place of that id; without hours, whenever it is open."""

    place: str
    hours: Hours | None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who treats people: a role and a qualification, and a name only if the clinic gives one."""

    id: str
    role: str
    qualification: str
    gender: str
    name: str
    hours: Hours | None = None
    """When they work; None: whenever the clinic is open."""
    days_off: tuple[tuple[date, date], ...] = ()
    """First and last day of each absence."""
    calendar: str = ""
    """Where their calendar elsewhere can be read, a secret address; what is in it closes openings."""
    caldav: str = ""
    """Where it can be written as well; its login is a setting. One of the two."""
    at: tuple[WorksAt, ...] = ()
    """Where they work and when, at a clinic with several places; there `hours` is None."""

    @property
    def elsewhere(self) -> str:
        """Where their calendar is that this book is not; empty for nowhere."""
        return self.calendar or self.caldav

    def is_off(self, day: date) -> bool:
        return any(first <= day <= last for first, last in self.days_off)


@dataclass(frozen=True, slots=True)
class Terms:
    """How the clinic lets its time be booked."""

    lead_hours: float = 2
    """From how long before."""
    horizon_days: int = 60
    """Up to how many days ahead."""
    hold_minutes: int = 10
    """How long a time is kept for somebody who is still deciding."""
    waiting_minutes: int = 120
    """How long a time that came free is kept for the first on the waiting list."""
    every_minutes: int = 15
    """The steps at which appointments begin."""
    change_hours: float = 24
    """Up to how long before one can move or cancel by oneself."""
    only_diary: bool = False
    """Whether this book is the clinic's one diary: only then can a booking stand at once."""
    wear: str = ""
    companion: str = ""
    calendar_names: bool = False
    """Whether the calendar that staff subscribe to has visitors' names."""


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
    booking: Terms = Terms()
    two_for_health: bool = False
    """Whether a second person reads an answer about health before it is said."""
    places: tuple[Place, ...] = ()
    """Where it treats people, if there is more than the one `address`."""

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def service(self, key: str | None) -> Service | None:
        """The service with that id."""
        return next((service for service in self.services if service.id == key), None)

    def person(self, key: str) -> Person | None:
        """Whoever treats people under that id."""
        return next((person for person in self.people if person.id == key), None)

    def place(self, key: str) -> Place | None:
        """The place with that id. What was written down before there were several names none: that is the first."""
        return next((place for place in self.places if place.id == key or not key), None)

    def name_of(self, key: str) -> str:
        """What the place with that id is called; empty where there is no other to tell it from."""
        found = self.place(key) if len(self.places) > 1 else None
        return found.name if found else ""

    def address_of(self, key: str) -> str:
        """The address of the place with that id; the clinic's own where it has no such place."""
        found = self.place(key)
        return found.address if found else self.address

    def at(self, place: Place) -> "ClinicFacts":
        """The facts as they are at *place*."""
        return replace(self, address=place.address, opening_hours=place.opening_hours or self.opening_hours,
                       texts=self.texts | place.texts)
