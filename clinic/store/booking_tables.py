"""The tables of the book: appointments with whose time they take, what happened to them, and wishes for one."""
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import TSTZRANGE
from sqlalchemy.orm import Mapped, mapped_column

from clinic.store.tables import Row


class RequestRow(Row):
    """A wish for an appointment, for staff to confirm."""

    __tablename__ = "request"
    reference: Mapped[str] = mapped_column(primary_key=True)
    conversation: Mapped[UUID] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    wish: Mapped[str]  # book, change, cancel
    service: Mapped[str | None]
    wanted: Mapped[str]
    name: Mapped[str]
    contact: Mapped[str]
    place: Mapped[str | None]
    """Where it may be: ids with a space between them, null for anywhere."""
    screening: Mapped[dict[str, Any] | None]
    """What the check before a request came to: outcome, answers, consent with the wording's version. For staff only."""
    state: Mapped[str] = mapped_column(server_default="open")
    created_at: Mapped[datetime]
    __table_args__ = (Index("request_by_time", "created_at"),)


class ResourceRow(Row):
    """Whoever can be booked, as a number: a range of one number is what a constraint can compare without extensions."""

    __tablename__ = "resource"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(unique=True)


class AppointmentRow(Row):
    """A therapist's time that somebody has, or holds for a while. `takes` is with what is needed afterwards.

    The migration adds the constraint that makes a double booking impossible, and the index by time."""

    __tablename__ = "appointment"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    reference: Mapped[str | None] = mapped_column(unique=True)
    state: Mapped[str]
    service: Mapped[str | None]
    resource: Mapped[int] = mapped_column(ForeignKey("resource.id"))
    starts: Mapped[datetime]
    ends: Mapped[datetime]
    takes: Mapped[Any] = mapped_column(TSTZRANGE)
    name: Mapped[str | None]
    contact: Mapped[str | None]
    wish: Mapped[str | None]
    screening: Mapped[dict[str, Any] | None]
    conversation: Mapped[UUID | None] = mapped_column(ForeignKey("conversation.id", ondelete="SET NULL"))
    held_until: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default="1")
    place: Mapped[str | None]
    """Where, by its id; null at a clinic with one place, and what was made before it had several."""
    forget: Mapped[bool] = mapped_column(server_default=sql("false"))
    """Whose it is asked to be forgotten, and is once it is over."""
    created_at: Mapped[datetime]
    __table_args__ = (Index("appointment_by_start", "starts"), Index("appointment_of_conversation", "conversation"))


class AppointmentChangeRow(Row):
    """What happened to an appointment, when, and by whom: visitor, staff, timer."""

    __tablename__ = "appointment_change"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    appointment: Mapped[int] = mapped_column(ForeignKey("appointment.id", ondelete="CASCADE"))
    state: Mapped[str]
    starts: Mapped[datetime]
    by: Mapped[str]
    at: Mapped[datetime]
    __table_args__ = (Index("appointment_change_of", "appointment"),)
