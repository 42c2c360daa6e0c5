"""Processes of clients that work straight at the book, many at once in each."""
import asyncio
import multiprocessing
import random
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.connection import Connection
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.exc import SQLAlchemyError

from clinic.booking.appointment import Details
from clinic.booking.opening import Opening, OpeningTaken
from clinic.clock import utc_now
from clinic.store.unit import Store

CONNECTIONS = 5
"""To the database, of each process: the built-in one takes sixty in all."""
HOLD = timedelta(minutes=10)
SAM = Details("Sam Hill", "+447700900123")
TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class Chase:
    """*talks* go after *opening*, each after a moment of its own within *within* seconds."""

    opening: Opening
    needs: timedelta
    talks: Sequence[UUID]
    within: float

    async def run(self, store: Store) -> list[str]:
        return await asyncio.gather(*(self._one(store, talk) for talk in self.talks))

    async def _one(self, store: Store, talk: UUID) -> str:
        """The reference of what was booked; else `taken`, or what went wrong."""
        await asyncio.sleep(random.random() * self.within)
        try:
            now = utc_now()
            async with store.begin() as unit:
                held = await unit.book.hold(talk, self.opening, self.needs, now + HOLD, now)
            async with store.begin() as unit:
                return (await unit.book.confirm(held.id, "booked", SAM, utc_now())).reference
        except OpeningTaken:
            return TAKEN
        except SQLAlchemyError as error:
            return _wrong(error)


@dataclass(frozen=True, slots=True)
class Confirms:
    """The holds of these numbers are confirmed, all at once; one may be there several times."""

    holds: Sequence[int]

    async def run(self, store: Store) -> list[str]:
        return await asyncio.gather(*(self._one(store, hold) for hold in self.holds))

    async def _one(self, store: Store, hold: int) -> str:
        try:
            async with store.begin() as unit:
                return (await unit.book.confirm(hold, "booked", SAM, utc_now())).reference
        except OpeningTaken:
            return TAKEN
        except SQLAlchemyError as error:
            return _wrong(error)


def _wrong(error: SQLAlchemyError) -> str:
    """An error's name begins with `!`, so that it is no reference."""
    return f"!{type(getattr(error, 'orig', error)).__name__}"


async def open_talks(store: Store, count: int) -> list[UUID]:
    """So many conversations, in which nothing was said."""
    talks = [uuid4() for _ in range(count)]
    async with store.begin() as unit:
        for talk in talks:
            await unit.conversations.open_once(talk, "website", utc_now())
    return talks


class Clients:
    """Processes that wait for work."""

    def __init__(self, lines: Sequence["Connection[Any, Any]"]) -> None:
        self._lines = lines

    def __len__(self) -> int:
        return len(self._lines)

    async def run(self, shares: Sequence[Chase] | Sequence[Confirms]) -> list[str]:
        """What each of the *shares* came to, one for a process, all at once."""
        return await asyncio.to_thread(self._run, shares)

    def _run(self, shares: Sequence[Any]) -> list[str]:
        for line, share in zip(self._lines, shares, strict=True):
            line.send(share)
        return [outcome for line in self._lines for outcome in line.recv()]


@contextmanager
def clients(dsn: str, processes: int) -> Iterator[Clients]:
    """*processes* of them, ended afterwards."""
    context = multiprocessing.get_context("spawn")
    pairs = [context.Pipe() for _ in range(processes)]
    started = [context.Process(target=_serve, args=(dsn, theirs), daemon=True) for _, theirs in pairs]
    for process in started:
        process.start()
    try:
        yield Clients([ours for ours, _ in pairs])
    finally:
        for ours, _ in pairs:
            ours.send(None)
        for process in started:
            process.join()


def _serve(dsn: str, line: "Connection[Any, Any]") -> None:
    with asyncio.Runner() as runner:
        store = Store(dsn, CONNECTIONS)
        while (share := line.recv()) is not None:
            work: Callable[[Store], Coroutine[Any, Any, list[str]]] = share.run
            line.send(runner.run(work(store)))
        runner.run(store.close())
