"""What a turn writes down of appointments, as the rules of booking see it. `clinic.store` is where it goes."""
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from clinic.booking.appointment import Appointment, Details, State
from clinic.booking.opening import Opening, Taken
from clinic.booking.request import Request
from clinic.booking.waiting import InLine, Wanted
from clinic.booking.waiting import State as Place


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
