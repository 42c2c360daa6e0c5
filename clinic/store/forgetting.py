"""What people asked us to forget, and what is over its time: done by itself, a little after."""
import logging
from datetime import datetime, timedelta

from clinic.clock import Clock
from clinic.handoff import Handoff
from clinic.library import Library
from clinic.safety.reading import ALARMS
from clinic.store.audit import Entry
from clinic.store.data_requests import DataRequest
from clinic.store.erasing import StillAtWork
from clinic.store.subjects import NobodyFound
from clinic.store.sweeping import LOT
from clinic.store.unit import Store, Unit

log = logging.getLogger("frontdesk.privacy")
SWEEP_EVERY = timedelta(hours=1)
BY_ITSELF = "visitor"


class Forgetting:
    def __init__(self, store: Store, library: Library, handoff: Handoff, clock: Clock) -> None:
        self._store, self._library, self._handoff, self._clock = store, library, handoff, clock
        self._swept: datetime | None = None

    async def erase_asked(self) -> int:
        """Erase what visitors said yes to, each in a transaction of its own; how many."""
        now, erased = self._clock(), 0
        async with self._store.begin() as unit:
            wishes = await unit.data_requests.confirmed(now)
        for wish in wishes:
            try:
                async with self._store.begin() as unit:
                    erased += await self._erase(unit, wish, now)
            except StillAtWork:
                log.info("data request %s waits for what is being done", wish.id)
        return erased

    async def _erase(self, unit: Unit, wish: DataRequest, now: datetime) -> bool:
        if wish.conversation is None:
            await unit.data_requests.done(wish.id, None, now)
            return False
        await unit.conversations.hold_turn(wish.conversation)  # in this order: so does a turn
        locked = await unit.conversations.lock(wish.conversation)
        if locked.level in ALARMS or locked.held_by_staff:  # somebody may be in danger, or is being spoken with
            await unit.data_requests.hand_over(wish.id)
            await self._handoff.take_over(unit, locked.id, locked.channel, locked.last_n, "data_request", now)
            return False
        try:
            subject = await unit.subjects.of_conversation(wish.conversation)
        except NobodyFound:
            return False
        receipt = await unit.erasing.erase(subject, BY_ITSELF, now)
        await unit.data_requests.done(wish.id, receipt, now, subject.conversations)
        await unit.audit.note(Entry(now, receipt.by, "erased", "/privacy", about=str(wish.id)))
        log.info("data request %s: erased, %s rows left", wish.id, receipt.left)
        return True

    async def sweep(self) -> dict[str, int]:
        """Let go of what is over its time, by the hour; how many rows of each kind."""
        now = self._clock()
        if self._swept is not None and now - self._swept < SWEEP_EVERY:
            return {}
        register = self._library.current.content.privacy
        async with self._store.begin() as unit:
            gone = await unit.sweeping.sweep(register, now)
        if any(gone.values()):
            log.info("over its time and deleted: %s", ", ".join(f"{kind} {n}" for kind, n in gone.items() if n))
        self._swept = now if max(gone.values()) < LOT else None  # there may be another lot
        return gone
