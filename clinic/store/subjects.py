"""Whose data it is: all that is kept of one person, found by a conversation, a reference, or a way to reach them."""
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from clinic.errors import ClinicError
from clinic.store.booking_tables import AppointmentRow, RequestRow
from clinic.store.outbox_tables import AliasRow, CorrespondentRow
from clinic.store.tables import CaseRow, ConversationRow, table_of

TALK, ALIAS, WHO, CASE = (table_of(row) for row in (ConversationRow, AliasRow, CorrespondentRow, CaseRow))
APPOINTMENT, REQUEST = table_of(AppointmentRow), table_of(RequestRow)
LEAST = 5
"""Characters of an address that is worth looking for: a shorter one is found in everything."""


class NobodyFound(ClinicError):
    """Nothing is kept under that name."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One person's conversations and appointments, and what they are known by."""

    conversations: tuple[UUID, ...]
    appointments: tuple[int, ...]
    references: tuple[str, ...]
    """Of their appointments and requests."""
    addresses: tuple[str, ...]
    """Where we write to them, and the contact that they were found by: nobody else's."""
    alike: tuple[str, ...]
    """Names and contacts that they gave: others may have the same."""

    @property
    def keys(self) -> dict[str, list[Any]]:
        """What the SQL in `holdings` is filled with."""
        return {"conversations": list(self.conversations), "appointments": list(self.appointments),
                "references": list(self.references), "keys": [str(key) for key in self.conversations]}

    @property
    def marks(self) -> tuple[str, ...]:
        """Numbers of ours that are theirs alone."""
        return tuple(dict.fromkeys([*(str(key) for key in self.conversations), *self.references]))

    @property
    def ways(self) -> tuple[str, ...]:
        """Their addresses in every spelling in which they may be kept."""
        found = [way for address in self.addresses for way in spellings(address) if len(way) >= LEAST]
        return tuple(dict.fromkeys(found))


class Subjects:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of_conversation(self, conversation: UUID) -> Subject:
        """Whoever talks in *conversation*: proven by it alone, so that no other conversation is theirs. Raises
        NobodyFound."""
        if await self._connection.scalar(select(TALK.c.id).where(TALK.c.id == conversation)) is None:
            raise NobodyFound(f"There is no conversation {conversation}.")
        return await self._gathered({conversation}, (), ())

    async def found(self, who: str) -> Subject:
        """The person with the conversation, reference, phone number, mail address or other address *who*. Contacts that
        turn up on the way lead no further: people share them. Raises NobodyFound."""
        who = who.strip()
        if (key := _uuid(who)) is not None:
            return await self.of_conversation(key)
        ways = [way.lower() for way in spellings(who)]
        talks: set[UUID] = set()
        for column in (ALIAS.c.address, WHO.c.address, CASE.c.contact):
            talks |= set(await self._connection.scalars(select(column.table.c.conversation).where(
                func.lower(column).in_(ways))))
        for table in (APPOINTMENT, REQUEST):
            talks |= set(await self._connection.scalars(select(table.c.conversation).where(
                or_(func.lower(table.c.contact).in_(ways), table.c.reference == who.upper()),
                table.c.conversation.is_not(None))))
        subject = await self._gathered(talks, (who.upper(),), ways)
        if not subject.conversations and not subject.references:
            raise NobodyFound("Nothing is kept of anybody under that.")
        return subject

    async def _gathered(self, talks: set[UUID], references: Sequence[str], ways: Sequence[str]) -> Subject:
        kept: list[Any] = []
        appointments: list[int] = []
        for table in (APPOINTMENT, REQUEST):
            rows = (await self._connection.execute(select(table).where(or_(
                table.c.conversation.in_(talks), table.c.reference.in_(references),
                func.lower(table.c.contact).in_(ways))))).all()
            kept += rows
            appointments += [row.id for row in rows if table is APPOINTMENT]
        addresses, given = set(ways), {one for row in kept for one in (row.contact, row.name) if one}
        for column, into in ((ALIAS.c.address, addresses), (WHO.c.address, addresses), (CASE.c.contact, given)):
            into |= set(await self._connection.scalars(select(column).where(
                column.table.c.conversation.in_(talks), column.is_not(None))))
        known = {way.lower() for address in addresses for way in spellings(address)}
        return Subject(tuple(sorted(talks)), tuple(sorted(appointments)),
                       tuple(sorted({row.reference for row in kept if row.reference})), tuple(sorted(addresses)),
                       tuple(sorted(one for one in given if one.lower() not in known)))


def spellings(contact: str) -> list[str]:
    """A contact as it may be kept: as it is, and a phone number with and without its country and its plus."""
    plain = re.sub(r"^(?:whatsapp|sms|tel):", "", contact)
    if "@" in plain or not re.fullmatch(r"\+?[\d\s().-]{7,}", plain):
        return [contact, plain]
    digits = re.sub(r"\D", "", plain)
    if digits.startswith("0"):
        digits = f"44{digits[1:]}"
    national = [f"0{digits[2:]}"] if digits.startswith("44") else []
    return [contact, f"+{digits}", digits, f"whatsapp:+{digits}", *national]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
