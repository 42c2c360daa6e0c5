"""Those who may sign in at the desk, and their sessions."""
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from clinic.staff import DAY_AT_THE_DESK, IDLE, Colleague, Role, StaffError
from clinic.store.desk_tables import SessionRow, StaffRow
from clinic.store.hashing import hash_of
from clinic.store.staff_chat_tables import StaffChatLinkRow
from clinic.store.tables import table_of

ROW, SESSION, LINK = table_of(StaffRow), table_of(SessionRow), table_of(StaffChatLinkRow)


@dataclass(frozen=True, slots=True)
class Secrets:
    """What somebody proves themselves with."""

    colleague: Colleague
    password: str
    """argon2's hash."""
    totp: str | None
    totp_used: int


class Staff:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, name: str, role: Role, password: str, totp: str | None, now: datetime) -> int:
        """Let *name* sign in; *password* is argon2's hash. Raises StaffError where the name is somebody's."""
        try:
            async with self._connection.begin_nested():
                return int(await self._connection.scalar(insert(ROW).values(
                    name=name, role=role, password=password, totp=totp, created_at=now).returning(ROW.c.id)) or 0)
        except IntegrityError as error:
            raise StaffError(f"There is a {name} already.") from error

    async def everybody(self) -> list[Colleague]:
        rows = await self._connection.execute(select(ROW).order_by(func.lower(ROW.c.name)))
        return [Colleague(row.id, row.name, row.role, row.totp is not None, row.active) for row in rows]

    async def known_as(self, name: str) -> Secrets | None:
        """What whoever says to be *name* has to prove; None where nobody of that name may sign in."""
        row = (await self._connection.execute(
            select(ROW).where(func.lower(ROW.c.name) == name.lower(), ROW.c.active).with_for_update())).first()
        if row is None:
            return None
        return Secrets(Colleague(row.id, row.name, row.role, row.totp is not None), row.password, row.totp,
                       row.totp_used)

    async def used_code(self, colleague: int, counter: int) -> None:
        """The second factor's code of half minute *counter* was used: it and those before it count no more."""
        await self._connection.execute(update(ROW).where(ROW.c.id == colleague).values(totp_used=counter))

    async def change(self, colleague: int, *, role: Role | None = None, active: bool | None = None,
                     password: str | None = None) -> None:
        """Give them another role or password, or let them in no more. All their sessions end; but for another role
        alone, so does what ties an account in the staff's chat to them."""
        given = {"role": role, "active": active, "password": password}
        await self._connection.execute(update(ROW).where(ROW.c.id == colleague).values(
            {key: value for key, value in given.items() if value is not None}))
        await self._connection.execute(delete(SESSION).where(SESSION.c.staff == colleague))
        if password is not None or active is False:
            await self._connection.execute(delete(LINK).where(LINK.c.staff == colleague))

    async def sign_in(self, colleague: int, token: str, now: datetime) -> None:
        """A new session under *token*, of which a hash is kept; those that have run out go."""
        before = await self._connection.scalar(select(func.max(SESSION.c.seen_at)).where(SESSION.c.staff == colleague))
        await self._connection.execute(delete(SESSION).where(SESSION.c.created_at <= now - DAY_AT_THE_DESK * 14))
        await self._connection.execute(insert(SESSION).values(
            token_hash=hash_of(token), staff=colleague, created_at=now, seen_at=now, before=before))

    async def signed_in(self, token: str, now: datetime) -> Colleague | None:
        """Who the session under *token* is, from now on seen at *now*; None where it has run out or never was."""
        row = (await self._connection.execute(
            update(SESSION).where(SESSION.c.token_hash == hash_of(token), SESSION.c.created_at > now - DAY_AT_THE_DESK,
                                  SESSION.c.seen_at > now - IDLE, ROW.c.id == SESSION.c.staff, ROW.c.active)
            .values(seen_at=now).returning(ROW.c.id, ROW.c.name, ROW.c.role, ROW.c.totp, SESSION.c.before))).first()
        return None if row is None else Colleague(row.id, row.name, row.role, row.totp is not None, True, row.before)

    async def sign_out(self, token: str) -> None:
        await self._connection.execute(update(SESSION).where(SESSION.c.token_hash == hash_of(token)).values(
            created_at=func.to_timestamp(0)))
