"""Offers what has come free to who waits for it, in their order, each in a transaction of its own.

It looks at what is free and not at why, so that a time is offered whatever freed it: somebody cancelled or moved, a
hold ran out, a day off was taken back; and after a restart as before."""
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from clinic.booking.availability import Availability
from clinic.booking.opening import Opening, OpeningTaken, Taken
from clinic.booking.reminding import is_quiet
from clinic.booking.tidings import Tidings
from clinic.booking.waiting import InLine, come_free, fitting, kept_until
from clinic.clock import Clock
from clinic.handoff import Handoff
from clinic.knowledge.practice import ClinicFacts
from clinic.library import Library
from clinic.store.unit import Store, Unit

DAY = timedelta(days=1)


class Offering:
    """Several processes may walk at once: one of them offers."""

    def __init__(self, store: Store, library: Library, tidings: Tidings, handoff: Handoff, clock: Clock) -> None:
        self._store, self._library, self._tidings = store, library, tidings
        self._handoff, self._clock = handoff, clock
        self._last: object = None
        """What was looked at when nothing was to be offered: until it changes, nothing is."""

    async def walk(self) -> int:
        """Pass on what nobody answered to, end what is over, offer what is free; how many were offered. Nothing at
        night, or while the chat rests."""
        now = self._clock()
        if is_quiet(now, self._clinic.zone) or self._handoff.presence.paused:
            return 0
        async with self._store.begin() as unit:
            unanswered, over = await unit.waiting_list.unanswered(now), await unit.waiting_list.over(now)
        for place in unanswered:
            await self._pass_on(place, now)
        for place in over:
            await self._end(place, now)
        offered = 0
        while await self._offer_one(now):
            offered += 1
        return offered

    @property
    def _clinic(self) -> ClinicFacts:
        return self._library.current.content.clinic

    async def _offer_one(self, now: datetime) -> bool:
        """Offer one opening to the first whom one is for; whether there was any."""
        async with self._store.begin() as unit:
            if not await unit.waiting_list.alone():
                return False
            in_line = await unit.waiting_list.waiting(now)
            taken = await self._taken(unit, now) if in_line else []
            sight = (now.date(), self._clinic, frozenset(taken), tuple(in_line))
            if not in_line or sight == self._last:
                return False
            fits = [(place, fit) for place in in_line for fit in [self._fit(place, taken, now)]]
            if await self._first(unit, fits, now):
                return True
            for place, fit in fits:  # only now: the book comes first
                await unit.waiting_list.look(place, place.seen & {one.key for one in fit})
        self._last = sight
        return False

    async def _first(self, unit: Unit, fits: Sequence[tuple[InLine, Sequence[Opening]]], now: datetime) -> bool:
        """Offer what has come free to the first whom anything is for; whether there was anything."""
        for place, fit in fits:
            opening = come_free(place, [one for one in fit if self._until(one, now)])
            if opening and await self._offer(unit, place, opening, now):
                return True
        return False

    def _until(self, opening: Opening, now: datetime) -> datetime | None:
        terms = self._clinic.booking
        return kept_until(opening, now, terms.waiting_minutes, terms.lead_hours)

    async def _offer(self, unit: Unit, place: InLine, opening: Opening, now: datetime) -> bool:
        """Hold it and say so; False where somebody was faster, or the visitor holds something by now."""
        service, until = self._clinic.service(opening.service), self._until(opening, now)
        assert service
        assert until
        await unit.book.alone()
        if await unit.book.held(place.conversation):
            return False
        try:
            await unit.book.hold(place.conversation, opening, service.takes, until, now)
        except OpeningTaken:
            return False
        if not await unit.waiting_list.offer(place, opening.key, until):
            await unit.book.let_go(place.conversation)
            return False
        await self._tidings.offer(unit, place, opening, until, now)
        return True

    async def _pass_on(self, place: InLine, now: datetime) -> None:
        """Nobody said yes in time, or they let it go themselves: then there is nothing to tell them."""
        assert place.offered_until
        lapsed = place.offered_until <= now
        async with self._store.begin() as unit:
            await unit.book.alone()
            held = await unit.book.held(place.conversation)
            if held and not held.is_over(now):
                return  # they are deciding after all
            if not await unit.waiting_list.pass_on(place, since=now if lapsed else None):
                return
            if held:
                await unit.book.let_go(place.conversation)
            if lapsed and place.until > now:
                await self._tidings.say(unit, place.conversation, "waiting_lapsed", now)

    async def _end(self, place: InLine, now: datetime) -> None:
        async with self._store.begin() as unit:
            if await unit.waiting_list.alone() and place.id in [one.id for one in await unit.waiting_list.over(now)]:
                await unit.waiting_list.end([place], "over")
                if place.until <= now:  # else the appointment is off or another's, and that was said
                    about = "waiting_over_moving" if place.wanted.moving else "waiting_over"
                    await self._tidings.say(unit, place.conversation, about, now)

    async def _taken(self, unit: Unit, now: datetime) -> list[Taken]:
        earliest, latest = Availability(self._clinic).window(now)
        return await unit.book.taken(earliest - DAY, latest + DAY, now)

    def _fit(self, place: InLine, taken: Collection[Taken], now: datetime) -> list[Opening]:
        """What is free and fits."""
        service, availability = self._clinic.service(place.wanted.service), Availability(self._clinic)
        if service is None:
            return []
        times = place.wanted.times
        days = (min(begins.date() for begins, _ in times), max(ends.date() for _, ends in times))
        free = availability.openings(service, taken, now, days=days, at=place.wanted.at,
                                     therapists=availability.who(service, place.wanted.gender))
        return fitting(place.wanted, free, self._clinic.zone)
