"""The tables around the book: reminders that went, references that were guessed at, calendars elsewhere, and what makes
an address unguessable."""
from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from clinic.store.tables import Row


class ReminderRow(Row):
    """A reminder that went: so many hours before that start, once. Another start is another reminder."""

    __tablename__ = "reminder"
    appointment: Mapped[int] = mapped_column(ForeignKey("appointment.id", ondelete="CASCADE"), primary_key=True)
    hours: Mapped[int] = mapped_column(primary_key=True)
    starts: Mapped[datetime] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    __table_args__ = (Index("reminder_by_moment", "at"),)


class LookupFailureRow(Row):
    """A reference that was looked for with a contact that is not its own. Who asked is not kept."""

    __tablename__ = "lookup_failure"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    reference: Mapped[str]
    at: Mapped[datetime]
    __table_args__ = (Index("lookup_failure_by_time", "at"),)


class FeedRow(Row):
    """A therapist's calendar elsewhere, and how the last looks at it went."""

    __tablename__ = "feed"
    therapist: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[str]
    """A hash: the address is a secret, and this only tells whether it is another one by now."""
    tried_at: Mapped[datetime]
    fetched_at: Mapped[datetime | None]
    trouble: Mapped[str | None]
    """What was wrong at the last look; None where nothing was."""


class BusyRow(Row):
    """Time that a therapist's calendar elsewhere says is taken. No words of it are kept."""

    __tablename__ = "busy"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    therapist: Mapped[str] = mapped_column(ForeignKey("feed.therapist", ondelete="CASCADE"))
    starts: Mapped[datetime]
    ends: Mapped[datetime]
    __table_args__ = (Index("busy_in_time", "therapist", "ends", "starts"),)


class CalendarCopyRow(Row):
    """What we last wrote of an appointment into a therapist's calendar elsewhere."""

    __tablename__ = "calendar_copy"
    appointment: Mapped[int] = mapped_column(ForeignKey("appointment.id", ondelete="CASCADE"), primary_key=True)
    therapist: Mapped[str] = mapped_column(primary_key=True)
    etag: Mapped[str]
    version: Mapped[int]
    gone: Mapped[bool] = mapped_column(server_default=sql("false"))
    """Somebody took it out there, and staff were told."""
    __table_args__ = (Index("calendar_copy_of_therapist", "therapist"),)


class SecretRow(Row):
    """What makes an address unguessable, by what it is for; made when it is first asked for."""

    __tablename__ = "secret"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
