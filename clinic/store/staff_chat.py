"""The staff's own chat: which message there is about which conversation, and whose account is whose."""
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, literal, select, union, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from clinic.staff import Colleague, new_code
from clinic.store.booking_tables import AppointmentRow, RequestRow
from clinic.store.desk_tables import OutgoingRow, StaffRow
from clinic.store.hashing import hash_of
from clinic.store.staff_chat_tables import StaffChatLinkRow, StaffChatMessageRow
from clinic.store.tables import ConversationRow, table_of

ROW, LINK = table_of(StaffChatMessageRow), table_of(StaffChatLinkRow)
STAFF, OUTGOING, TALK = table_of(StaffRow), table_of(OutgoingRow), table_of(ConversationRow)
APPOINTMENT, REQUEST = table_of(AppointmentRow), table_of(RequestRow)
GOOD_FOR = timedelta(minutes=15)
"""How long a code may be brought."""
REPLY, WROTE_AGAIN = "reply", "wrote_again"
TOLD_AGAIN = timedelta(minutes=5)
"""How long nobody is told again that a visitor writes on, unless they replied meanwhile."""


@dataclass(frozen=True, slots=True)
class About:
    """A conversation that something in the staff's chat is about."""

    conversation: UUID
    channel: str


class StaffChat:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def about(self, key: str) -> About | None:
        """The conversation that a notice's *key* names: by itself, or by a request or an appointment made in it; where
        its visitor took it elsewhere, the one in which it goes on."""
        ours = union(select(REQUEST.c.conversation).where(REQUEST.c.reference == key),
                     select(APPOINTMENT.c.conversation).where(APPOINTMENT.c.reference == key)).subquery()
        named = select(func.coalesce(TALK.c.moved_to, TALK.c.id)).where(
            TALK.c.id == _uuid(key) if _uuid(key) else TALK.c.id.in_(select(ours.c.conversation)))
        return await self._found(TALK.c.id.in_(named))

    async def about_message(self, chat: int, number: int) -> About | None:
        """The conversation that message *number* of *chat* is about; None where it is about none that is kept."""
        return await self._found(TALK.c.id == select(ROW.c.conversation).where(
            ROW.c.chat == chat, ROW.c.number == number).scalar_subquery())

    async def _found(self, which: object) -> About | None:
        row = (await self._connection.execute(select(TALK.c.id, TALK.c.channel).where(which))).first()  # type: ignore[arg-type]
        return About(row.id, row.channel) if row else None

    async def keep(self, chat: int, number: int, conversation: UUID, about: str, now: datetime) -> bool:
        """Message *number* of *chat* is about *conversation*; False where that was known, or the conversation is kept
        no more."""
        there = select(literal(chat), literal(number), TALK.c.id, literal(about), literal(now)).where(
            TALK.c.id == conversation)
        return await self._connection.scalar(
            upsert(ROW).from_select(["chat", "number", "conversation", "about", "at"], there)
            .on_conflict_do_nothing().returning(ROW.c.number)) is not None

    async def is_reply(self, chat: int, number: int) -> bool:
        """Whether message *number* of *chat* went to a visitor."""
        return await self._connection.scalar(select(ROW.c.number).where(
            ROW.c.chat == chat, ROW.c.number == number, ROW.c.about == REPLY)) is not None

    async def written(self, chat: int, number: int, outgoing: int) -> None:
        """That reply waits under the number *outgoing*."""
        await self._connection.execute(update(ROW).where(ROW.c.chat == chat, ROW.c.number == number)
                                       .values(outgoing=outgoing))

    async def undelivered(self, conversation: UUID, n: int) -> int | None:
        """The message in the staff's chat that became message *n* of *conversation* and does not get there; None where
        there is none, or they were told."""
        sent = select(OUTGOING.c.id).where(OUTGOING.c.conversation == conversation, OUTGOING.c.n == n)
        found = await self._connection.scalar(
            update(ROW).where(ROW.c.conversation == conversation, ROW.c.outgoing.in_(sent), ~ROW.c.undelivered)
            .values(undelivered=True).returning(ROW.c.number))
        return None if found is None else int(found)

    async def answers(self, conversation: UUID) -> bool:
        """Whether who has *conversation* wrote there last from the staff's chat, and not from the desk."""
        last = select(func.max(OUTGOING.c.id)).where(OUTGOING.c.conversation == conversation).scalar_subquery()
        held = select(TALK.c.id).where(TALK.c.id == conversation, TALK.c.held_by_staff).exists()
        return await self._connection.scalar(
            select(ROW.c.number).where(ROW.c.conversation == conversation, ROW.c.outgoing == last, held)) is not None

    async def wrote_again(self, conversation: UUID, now: datetime) -> bool:
        """Whether they are to be told there that the visitor writes on: not twice before they reply, or some minutes
        are over."""
        if not await self.answers(conversation):
            return False
        last = (await self._connection.execute(
            select(ROW.c.about, ROW.c.at).where(ROW.c.conversation == conversation,
                                                ROW.c.about.in_((REPLY, WROTE_AGAIN)))
            .order_by(ROW.c.at.desc(), ROW.c.number.desc()).limit(1))).first()
        return last is None or last.about == REPLY or last.at <= now - TOLD_AGAIN

    async def offer_code(self, staff: int, now: datetime) -> str:
        """A new code: whoever brings it in time is *staff* from then on. One from before ends."""
        code = new_code()
        given = {"code_hash": hash_of(code), "code_until": now + GOOD_FOR}
        await self._connection.execute(upsert(LINK).values(staff=staff, **given)
                                       .on_conflict_do_update(index_elements=[LINK.c.staff], set_=given))
        return code

    async def link(self, code: str, account: int, now: datetime) -> Colleague | None:
        """*account* brings *code*: whose it is from now on; None where the code is nobody's, or no longer good."""
        staff = await self._connection.scalar(
            update(LINK).where(LINK.c.code_hash == hash_of(code), LINK.c.code_until > now)
            .values(code_hash=None, code_until=None, account=None).returning(LINK.c.staff))
        if staff is None:
            return None
        await self._connection.execute(update(LINK).where(LINK.c.account == account).values(account=None))
        await self._connection.execute(update(LINK).where(LINK.c.staff == staff).values(account=account))
        return await self.colleague(account)

    async def colleague(self, account: int) -> Colleague | None:
        """Who *account* is; None where it is nobody's who may still sign in."""
        row = (await self._connection.execute(
            select(STAFF).join(LINK, LINK.c.staff == STAFF.c.id)
            .where(LINK.c.account == account, STAFF.c.active))).first()
        return Colleague(row.id, row.name, row.role) if row else None

    async def unlink(self, staff: int) -> bool:
        """No account is *staff*'s any more, and no code makes one so; whether one was."""
        found = await self._connection.scalar(delete(LINK).where(LINK.c.staff == staff).returning(LINK.c.account))
        return found is not None

    async def linked(self) -> set[int]:
        """Those who have an account there."""
        return set(await self._connection.scalars(select(LINK.c.staff).where(LINK.c.account.is_not(None))))


def _uuid(key: str) -> UUID | None:
    try:
        return UUID(key)
    except ValueError:
        return None
