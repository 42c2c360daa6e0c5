"""The tables of channels on which we write to an address: whose it is, and what is on its way."""
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from clinic.store.tables import Row


class CorrespondentRow(Row):
    """Who a conversation is with, on a channel where we write to an address of theirs."""

    __tablename__ = "correspondent"
    conversation: Mapped[UUID] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True)
    channel: Mapped[str]
    address: Mapped[str]
    heard_at: Mapped[datetime | None]
    """When they last wrote: some providers let us answer for a day only."""
    noticed: Mapped[bool] = mapped_column(server_default=sql("false"))
    """They were told that this is a machine."""
    stopped: Mapped[bool] = mapped_column(server_default=sql("false"))
    """They asked for no more messages."""
    gone: Mapped[bool] = mapped_column(server_default=sql("false"))
    """They blocked us: nothing gets there until they write again."""


class AliasRow(Row):
    """An address that a conversation is known by: a number, a provider's own name for the same visitor."""

    __tablename__ = "alias"
    channel: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(primary_key=True)
    conversation: Mapped[UUID] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    __table_args__ = (Index("alias_of_conversation", "conversation"),)


class ContinuationRow(Row):
    """A way to go on with a conversation elsewhere, for whoever brings its token, once. Only a hash of that is kept."""

    __tablename__ = "continuation"
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    conversation: Mapped[UUID] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    expires_at: Mapped[datetime]
    __table_args__ = (Index("continuation_of", "conversation"),)


class ScreeningRow(Row):
    """The check before a booking, answered on our own page rather than in a messenger."""

    __tablename__ = "screening"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    conversation: Mapped[UUID] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    state: Mapped[dict[str, Any]]
    """How far it is, as `clinic.safety.checkup` has it."""
    step: Mapped[int] = mapped_column(server_default="0")
    """How often it was answered: a form that is sent twice counts once."""
    expires_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    __table_args__ = (Index("screening_of_conversation", "conversation"),)


class WarningRow(Row):
    """What the clinic was warned of, and when last: not more often than it can bear."""

    __tablename__ = "warning"
    about: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class DeliveryRow(Row):
    """One thing to send: a message of ours, or a part of it. The attempt is recorded before it is made."""

    __tablename__ = "delivery"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    conversation: Mapped[UUID] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    n: Mapped[int]
    part: Mapped[int]
    channel: Mapped[str]
    kind: Mapped[str | None]
    body: Mapped[dict[str, Any]]
    """What the channel writes: text, choices, how they are shown."""
    state: Mapped[str] = mapped_column(server_default="waiting")
    """waiting, sending, sent, delivered, read; failed or parked (for staff); dropped."""
    attempts: Mapped[int] = mapped_column(server_default="0")
    provider_id: Mapped[str | None]
    error: Mapped[str | None]
    due_at: Mapped[datetime] = mapped_column(server_default=sql("now()"))
    """By the database's clock: not to be tried before."""
    at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("conversation", "n", "part", name="delivery_once"),
        Index("delivery_open", "conversation", "n", "part", postgresql_where=sql("state in ('waiting', 'sending')")),
        Index("delivery_dead", "id", postgresql_where=sql("state in ('failed', 'parked')")),
        Index("delivery_by_provider", "provider_id", postgresql_where=sql("provider_id is not null")),
    )
