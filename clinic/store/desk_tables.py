"""The desk's own tables: who works there, who is signed in, what they note, and which threads they opened."""
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from clinic.store.tables import Row


class StaffRow(Row):
    """Somebody who may sign in at the desk. Of the password only argon2's hash is kept."""

    __tablename__ = "staff"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    name: Mapped[str]
    role: Mapped[str]  # reception, therapist, manager
    password: Mapped[str]
    totp: Mapped[str | None]
    """The secret of their second factor, if they have one."""
    totp_used: Mapped[int] = mapped_column(server_default="0")
    """The last half minute whose code was used: no code counts twice."""
    active: Mapped[bool] = mapped_column(server_default=sql("true"))
    created_at: Mapped[datetime]
    __table_args__ = (Index("staff_by_name", sql("lower(name)"), unique=True),)


class SessionRow(Row):
    """Somebody signed in, until it expires. Of its token only a hash is kept."""

    __tablename__ = "staff_session"
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    staff: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    before: Mapped[datetime | None]
    """When they were last here before this session: what came since is new to them."""
    __table_args__ = (Index("session_of_staff", "staff"),)


class NoteRow(Row):
    """What staff write to each other about a conversation. Never shown to its visitor."""

    __tablename__ = "note"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    conversation: Mapped[UUID] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    by: Mapped[str]
    text: Mapped[str]
    at: Mapped[datetime]
    __table_args__ = (Index("note_of_conversation", "conversation"),)


class AuditRow(Row):
    """Who read or changed what, and when. Only ever added to: the migration has the trigger that keeps it so."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    by: Mapped[str]
    did: Mapped[str]  # read, changed
    page: Mapped[str]
    """Which page or form, as a pattern: no word and no reference is in it."""
    conversation: Mapped[UUID | None] = mapped_column(ForeignKey("conversation.id", ondelete="SET NULL"))
    about: Mapped[str | None]
    """An appointment's reference, a colleague's number."""
    __table_args__ = (Index("audit_of_conversation", "conversation"), Index("audit_by_whom", "by", "at"))


class DataRequestRow(Row):
    """Somebody asked for their data, or for its end; and what came of it. Of its key only a hash is kept."""

    __tablename__ = "data_request"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    conversation: Mapped[UUID | None] = mapped_column(ForeignKey("conversation.id", ondelete="SET NULL"))
    wish: Mapped[str]  # export, erase
    state: Mapped[str]  # open (a link that waits), confirmed (to be erased), done
    key_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    asked_at: Mapped[datetime]
    by: Mapped[str]
    """`visitor`, or who of the clinic."""
    done_at: Mapped[datetime | None]
    receipt: Mapped[dict[str, Any] | None]
    marks: Mapped[list[str] | None]
    """Hashes of the numbers of the conversations that were erased: they name nobody, and tell one that comes back."""
    __table_args__ = (Index("data_request_of_conversation", "conversation"),
                      Index("data_request_open", "asked_at", postgresql_where=sql("state = 'confirmed'")))


class ContentChangeRow(Row):
    """A file of what the clinic says that somebody changed at the desk: as it was, and as it is."""

    __tablename__ = "content_change"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    place: Mapped[str]
    before: Mapped[str | None]
    """None: there was no such file."""
    after: Mapped[str | None]
    """None: there is none any more."""
    version: Mapped[str]
    """The content's, once it was live."""
    by: Mapped[str]
    at: Mapped[datetime]


class ProposalRow(Row):
    """An answer that somebody wrote, and that a second person is to read before it is said; or of which there is only a
    draft: `entry` has nothing but its words."""

    __tablename__ = "proposal"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    entry: Mapped[dict[str, Any]]
    gaps: Mapped[list[int]] = mapped_column(JSONB)
    """The numbers of the questions that it answers."""
    by: Mapped[str]
    at: Mapped[datetime]
    state: Mapped[str] = mapped_column(server_default="waiting")  # waiting, approved, sent_back, replaced; draft, used
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]


class OutgoingRow(Row):
    """What a person at the clinic wrote, while it can still be taken back; then it is a message."""

    __tablename__ = "outgoing"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    conversation: Mapped[UUID] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    text: Mapped[str]
    by: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="waiting")  # waiting, sent, undone
    n: Mapped[int | None]
    """Its number once it is a message."""
    due_at: Mapped[datetime]
    at: Mapped[datetime]
    __table_args__ = (Index("outgoing_of_conversation", "conversation"),)


class WeekFigureRow(Row):
    """What was counted of a week on a channel, of those from one source: how often what, and of nobody."""

    __tablename__ = "week_figure"
    week: Mapped[date] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True, server_default="all")
    figures: Mapped[dict[str, Any]]
    counted_at: Mapped[datetime]


class PresenceRow(Row):
    """Whether anybody is at the desk: `away` and `paused`, each until an instant or until somebody ends it."""

    __tablename__ = "presence"
    name: Mapped[str] = mapped_column(primary_key=True)
    until: Mapped[datetime | None]
    by: Mapped[str]
    at: Mapped[datetime]
