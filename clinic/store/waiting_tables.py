"""The waiting list's table."""
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from clinic.store.tables import Row


class WaitingRow(Row):
    """Somebody who asked to hear, in their conversation, of a time that comes free."""

    __tablename__ = "waiting"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    conversation: Mapped[UUID] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    service: Mapped[str]
    times: Mapped[str]
    """Local minutes at the clinic, as one line (`clinic.booking.choosing.as_line`)."""
    words: Mapped[str]
    gender: Mapped[str | None]
    name: Mapped[str | None]
    contact: Mapped[str | None]
    place: Mapped[str | None]
    """Where it may be: ids with a space between them, null for anywhere."""
    moving: Mapped[str | None]
    """The reference of the appointment that is to have the time instead of its own."""
    state: Mapped[str] = mapped_column(server_default="waiting")
    """waiting, offered; booked, left or over, and then it is off the list."""
    consented_at: Mapped[datetime]
    """When they said yes to being told, in this conversation and on its channel."""
    since: Mapped[datetime]
    """What orders the list: who has let an offer lapse is behind those who wait."""
    until: Mapped[datetime]
    seen: Mapped[list[str]] = mapped_column(server_default=sql("'[]'"))
    passed: Mapped[list[str]] = mapped_column(server_default=sql("'[]'"))
    opening: Mapped[str | None]
    offered_until: Mapped[datetime | None]
    __table_args__ = (
        Index("waiting_in_line", "since", "id", postgresql_where=sql("state in ('waiting', 'offered')")),
        Index("waiting_once", "conversation", "service", "times", sql("coalesce(gender, '')"),
              sql("coalesce(place, '')"), sql("coalesce(moving, '')"), unique=True,
              postgresql_where=sql("state in ('waiting', 'offered')")),
    )
