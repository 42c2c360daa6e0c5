"""How time in the book is taken. That nobody has a time twice is kept by the database (`appointment_never_twice`); here
each write that may clash sits in a savepoint, so that the turn around it goes on with an honest answer. Who writes does
so alone until their transaction ends: two at the same moment would wait for each other in the constraint."""
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, delete, select, text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from clinic.booking.opening import Opening, OpeningTaken
from clinic.store.appointments import REHEARSAL, RESOURCE, ROW
from clinic.store.tables import ConversationRow, table_of

TALK = table_of(ConversationRow)
CLASH = "appointment_never_twice"
_ALONE = text("select pg_advisory_xact_lock(7005, 0)")


async def alone(connection: AsyncConnection) -> None:
    """Wait until nobody else writes. Outside of any savepoint, and before any row is locked."""
    await connection.execute(_ALONE)


@asynccontextmanager
async def savepoint(connection: AsyncConnection) -> AsyncIterator[None]:
    """A clash in here is an OpeningTaken, with everything in here undone."""
    try:
        async with connection.begin_nested():
            yield
    except IntegrityError as error:
        if CLASH in str(error.orig):
            raise OpeningTaken("somebody else has this time") from None
        raise


async def make_room(connection: AsyncConnection, opening: Opening, takes: "Range[datetime]", conversation: UUID | None,
                    now: datetime) -> int:
    """Free what others hold there past its time; the number of whose time it is: the therapist's, or, where
    *conversation* is one of the command line's, that of their stand-in."""
    rehearsal = conversation is not None and await rehearses(connection, conversation)
    resource = await resource_of(connection, REHEARSAL * rehearsal + opening.therapist)
    await connection.execute(delete(ROW).where(run_out(now), ROW.c.resource == resource, ROW.c.takes.op("&&")(takes)))
    return resource


async def rehearses(connection: AsyncConnection, conversation: UUID) -> bool:
    """Whether it is one of the command line's own."""
    return await connection.scalar(select(TALK.c.channel).where(TALK.c.id == conversation)) == "cli"


async def resource_of(connection: AsyncConnection, key: str) -> int:
    """The number of who has that *key*; a new one at first."""
    number = select(RESOURCE.c.id).where(RESOURCE.c.key == key)
    found = (await connection.execute(number)).scalar()
    if found is None:
        await connection.execute(upsert(RESOURCE).values(key=key).on_conflict_do_nothing())
        found = (await connection.execute(number)).scalar_one()
    return int(found)


def taken_by(opening: Opening, needs: timedelta) -> "Range[datetime]":
    """The time of the therapist's that *opening* takes, who can't be had for as long as it *needs*."""
    return Range(opening.starts, max(opening.ends, opening.starts + needs))


def without(takes: "Range[datetime]", own: "Range[datetime] | None") -> list["Range[datetime]"]:
    """What lies in *takes* and not in *own*: no piece, one or two."""
    if own is None or not takes.overlaps(own):
        return [takes]
    pieces = (Range(takes.lower, own.lower), Range(own.upper, takes.upper))
    return [piece for piece in pieces if piece.lower and piece.upper and piece.lower < piece.upper]


def run_out(now: datetime) -> Any:
    """Holds whose time is over."""
    return and_(ROW.c.state == "held", ROW.c.held_until <= now)
