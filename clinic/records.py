"""What the clinic writes down during a turn, as its rules see it. `clinic.store` is where it goes."""
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from clinic.booking.appointment import Appointment, Details, State
from clinic.booking.opening import Opening, Taken
from clinic.booking.request import Request
from clinic.booking.waiting import InLine, Wanted
from clinic.booking.waiting import State as Place
from clinic.conversation import Level, Reply
from clinic.safety.rules import Rule


@dataclass(frozen=True, slots=True)
class Locked:
    """A conversation whose row is ours until the transaction ends."""

    id: UUID
    channel: str
    last_n: int
    level: Level
    released_n: int
    """The last message that a person has released."""
    held_by_staff: bool = False


class Conversations(Protocol):
    async def lock(self, conversation: UUID) -> Locked: ...

    async def raise_level(self, locked: Locked, level: Level, rule: str) -> None: ...


class Firings(Protocol):
    async def record(self, conversation: UUID, channel: str, n: int, met: Sequence[Rule], now: datetime) -> None: ...

    async def told(self, conversation: UUID, before: int) -> set[str]: ...


class Cases(Protocol):
    async def hand_over(self, conversation: UUID, n: int, reason: str, now: datetime) -> bool: ...

    async def note_gap(self, conversation: UUID, n: int, need: str, faq: str | None, now: datetime,
                       why: str = "not_covered") -> None: ...

    async def ask_contact(self, conversation: UUID, n: int) -> bool: ...

    async def keep_contact(self, conversation: UUID, n: int, contact: str) -> bool: ...


class Requests(Protocol):
    async def add(self, request: Request, now: datetime) -> str: ...


class Book(Protocol):
    """The appointment book: `clinic.store.book` says what each does and raises."""

    async def taken(self, earliest: datetime, latest: datetime, now: datetime, but_of: UUID | None = None,
                    moving: str | None = None) -> list[Taken]: ...

    async def hold(self, conversation: UUID, opening: Opening, needs: timedelta, until: datetime,
                   now: datetime) -> Appointment: ...

    async def hold_beside(self, conversation: UUID, opening: Opening, needs: timedelta, until: datetime,
                          now: datetime) -> Appointment: ...

    async def hold_to_move(self, conversation: UUID, reference: str, opening: Opening, needs: timedelta,
                           until: datetime, now: datetime) -> None: ...

    async def held(self, conversation: UUID) -> Appointment | None: ...

    async def extend(self, conversation: UUID, until: datetime) -> None: ...

    async def let_go(self, conversation: UUID) -> None: ...

    async def confirm(self, hold: int, state: State, details: Details, now: datetime) -> Appointment: ...

    async def find(self, reference: str, contact: str, asker: UUID) -> Appointment: ...

    async def adopt(self, reference: str, conversation: UUID) -> None: ...

    async def of(self, conversation: UUID, now: datetime) -> list[Appointment]: ...

    async def move(self, reference: str, opening: Opening, needs: timedelta, by: str,
                   now: datetime) -> Appointment: ...

    async def settle(self, reference: str, state: State, by: str, now: datetime) -> Appointment: ...

    async def add(self, opening: Opening, needs: timedelta, details: Details, state: State, now: datetime,
                  reference: str = "", conversation: UUID | None = None) -> Appointment: ...

    async def elsewhere(self, therapist: str, starts: datetime, ends: datetime) -> bool: ...

    async def between(self, earliest: datetime, latest: datetime, with_cli: bool = False) -> list[Appointment]: ...


class Ledger(Protocol):
    """The book as staff read it: `clinic.store.ledger`."""

    async def get(self, reference: str) -> Appointment: ...


class Lookups(Protocol):
    """What was looked for and not found, in any conversation: `clinic.store.lookups`."""

    async def may(self, reference: str, now: datetime) -> bool: ...

    async def failed(self, reference: str, now: datetime) -> bool: ...


class WaitingList(Protocol):
    """Who waits for a time that is not free: `clinic.store.waiting_list`."""

    async def join(self, conversation: UUID, wanted: Wanted, seen: Collection[str], zone: ZoneInfo,
                   now: datetime, latest: datetime | None = None) -> bool: ...

    async def of(self, conversation: UUID) -> list[InLine]: ...

    async def offered_to(self, conversation: UUID) -> InLine | None: ...

    async def reach(self, conversation: UUID, contact: str) -> None: ...

    async def pass_on(self, place: InLine, since: datetime | None = None) -> bool: ...

    async def end(self, places: Sequence[InLine], state: Place) -> None: ...


class Messages(Protocol):
    async def say(self, conversation: UUID, reply: Reply, now: datetime) -> int: ...


class Screenings(Protocol):
    async def begin(self, conversation: UUID, state: dict[str, Any], until: datetime) -> UUID: ...

    async def under_way(self, conversation: UUID, now: datetime) -> UUID | None: ...

    async def answers(self, conversation: UUID) -> dict[str, Any] | None: ...


class Secrets(Protocol):
    async def of(self, name: str) -> str: ...


class DataRequests(Protocol):
    async def ask(self, conversation: UUID | None, wish: str, by: str, now: datetime, state: str) -> str: ...


class Records(Protocol):
    """One transaction's worth of writing."""

    @property
    def conversations(self) -> Conversations: ...

    @property
    def firings(self) -> Firings: ...

    @property
    def cases(self) -> Cases: ...

    @property
    def requests(self) -> Requests: ...

    @property
    def book(self) -> Book: ...

    @property
    def ledger(self) -> Ledger: ...

    @property
    def lookups(self) -> Lookups: ...

    @property
    def waiting_list(self) -> WaitingList: ...

    @property
    def messages(self) -> Messages: ...

    @property
    def screenings(self) -> Screenings: ...

    @property
    def secrets(self) -> Secrets: ...

    @property
    def data_requests(self) -> DataRequests: ...


class Outbox(Protocol):
    """Sends on what was said in a conversation, on channels of others."""

    def writes_to(self, channel: str) -> bool: ...

    async def pass_on(self, records: Records, conversation: UUID, channel: str, above: int) -> None: ...


class Notices(Protocol):
    """Tells the clinic something, after the commit, until it got there."""

    async def queue(self, records: Records, about: str, key: str) -> None: ...

    async def wrote_again(self, records: Records, conversation: UUID) -> None:
        """A visitor writes on while a person has the conversation: tell those who answer from elsewhere than the
        desk."""

    async def mail(self, records: Records, about: str, reference: str, version: int) -> None:
        """Write to the visitor of an appointment, as it is at that version: later ones have mails of their own."""

    async def mail_offer(self, records: Records, place: int, opening: str) -> None:
        """Write to who is at *place* in line that the opening of that key is kept for them."""
