"""`frontdesk outbox`: what could not be sent to visitors, why, and what becomes of it."""
from uuid import UUID

from bootstrap import open_house
from clinic.errors import ClinicError
from clinic.settings import Settings
from desk.listing import a_time, book, console_for, table
from desk.refusals import MEANING


class NoSuchDelivery(ClinicError):
    """Nothing that waits for a person goes by that number."""


class WhichOne(ClinicError):
    """Neither a number nor --all was given, or both."""


async def show(settings: Settings) -> None:
    """Print what waits for a person, newest first."""
    async with book(settings) as unit:
        dead = await unit.deliveries.dead()
    listed = table("Not delivered (retry or drop by number)", "Number", "Conversation", "Channel", "State", "Why",
                   "Attempts", "Said")
    for one in dead:
        why = MEANING.get(one.error or "", one.error or "")
        listed.add_row(str(one.id), str(one.conversation), one.channel, one.state, why, str(one.attempts),
                       a_time(one.at))
    console_for().print(listed)


async def send_again(settings: Settings, delivery: int | None, everything: bool) -> None:
    """Queue it, or with *everything* all, once more. Raises NoSuchDelivery, WhichOne."""
    _one(delivery, everything)
    async with open_house(settings) as house, house.store.begin() as unit:
        found = await unit.deliveries.revive(delivery)
        for conversation in found:
            await house.messengers.outbox.send(unit, conversation)
    _report(found, delivery, "is sent again by the running server, in order; `frontdesk outbox list` shows if not")


async def give_up(settings: Settings, delivery: int | None, everything: bool) -> None:
    """It is never sent. Raises NoSuchDelivery, WhichOne."""
    _one(delivery, everything)
    async with book(settings) as unit:
        found = await unit.deliveries.drop(delivery)
    _report(found, delivery, "is dropped")


async def give_back(settings: Settings, conversation: UUID) -> None:
    """The assistant answers in *conversation* again. Raises ConversationUnknown."""
    async with open_house(settings) as house, house.store.begin() as unit:
        await house.takeover.hand_back(unit, conversation, "the command line")
    print(f"{conversation}: the assistant answers again.")


def _one(delivery: int | None, everything: bool) -> None:
    if (delivery is None) != everything:
        raise WhichOne("Give a number from `frontdesk outbox list`, or --all.")


def _report(found: set[UUID], delivery: int | None, what: str) -> None:
    if not found and delivery is not None:
        raise NoSuchDelivery(f"Nothing that waits for a person goes by the number {delivery}.")
    print(f"{'Nothing is listed, so nothing' if not found else 'It' if delivery is not None else 'All of it'} {what}.")
