"""The tables. Rows end in `Row` and stay in this room; migrations build what stands here."""
from datetime import datetime
from typing import Any, ClassVar, cast
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, Table, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Row(DeclarativeBase):
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text, datetime: TIMESTAMP(timezone=True), dict[str, Any]: JSONB,
                           list[dict[str, Any]]: JSONB, list[str]: JSONB, int: BigInteger}


def table_of(row: type[Row]) -> Table:
    """The table itself, for statements that need no objects."""
    return cast(Table, row.__table__)


class ConversationRow(Row):
    """One person on one channel. Locking this row is what puts its messages in order."""

    __tablename__ = "conversation"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    channel: Mapped[str]
    token_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    last_n: Mapped[int] = mapped_column(server_default="0")
    level: Mapped[str] = mapped_column(server_default="none")
    """The highest level of concern that was raised here, and that no person has released."""
    raised_by: Mapped[str | None]
    """The safety rule that raised it."""
    released_n: Mapped[int] = mapped_column(server_default="0")
    """The last message that a person had read when they released the level: it adds to no later one."""
    held_by_staff: Mapped[bool] = mapped_column(server_default=sql("false"))
    held_by: Mapped[str | None]
    """Who of the clinic talks here; None too where they wrote by other means than ours."""
    quiet_since: Mapped[datetime | None]
    """Since when whoever holds it has said nothing."""
    seen_n: Mapped[int] = mapped_column(server_default="0")
    """The last message of a person's that its visitor fetched, where they fetch what is said."""
    mailed_n: Mapped[int] = mapped_column(server_default="0")
    """The last one that they were mailed about."""
    moved_to: Mapped[UUID | None] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    """Where its thread goes on, since its visitor took it to another channel."""
    source: Mapped[str | None]
    """The tag of the link by which its visitor first came: a poster, a page."""
    created_at: Mapped[datetime]
    __table_args__ = (Index("conversation_held", "quiet_since", postgresql_where=sql("held_by_staff")),
                      Index("conversation_moved", "moved_to", postgresql_where=sql("moved_to is not null")))


class MessageRow(Row):
    """One message of either side, numbered within its conversation. Those of visitors are the inbox."""

    __tablename__ = "message"
    conversation: Mapped[UUID] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    sender: Mapped[str]  # visitor, bot, person
    external_id: Mapped[str | None]
    answers: Mapped[int | None]
    """For the bot's: the number of the message that it answers."""
    kind: Mapped[str | None]
    text: Mapped[str]
    choice: Mapped[str | None]
    citations: Mapped[list[dict[str, Any]] | None]
    choices: Mapped[list[dict[str, Any]] | None]
    """label, token, and what it means to the dialogue (never sent)."""
    choices_open: Mapped[bool] = mapped_column(server_default=sql("false"))
    level: Mapped[str | None]
    rules: Mapped[list[str] | None]
    intent: Mapped[dict[str, Any] | None]
    """What it was understood as; where its turn failed, the lines of code in `fault`, as `clinic.faults` has them."""
    helped: Mapped[bool] = mapped_column(server_default=sql("false"))
    """Advice on safety was given at the door."""
    door_only: Mapped[bool] = mapped_column(server_default=sql("false"))
    """The door has dealt with it: its turn reads it for danger, and says nothing else."""
    state: Mapped[str | None]  # of a visitor's: waiting, answered, failed
    at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("conversation", "external_id", name="message_once"),
        Index("message_waiting", "conversation", "n", postgresql_where=sql("state = 'waiting'")),
        Index("message_by_time", "at", postgresql_using="brin", postgresql_with={"autosummarize": "on"}),
        Index("message_offering", "conversation", "n", postgresql_where=sql("choices_open")),
    )


class TrackerRow(Row):
    """What Rasa knows of a conversation: a window of events as JSON text."""

    __tablename__ = "tracker"
    conversation: Mapped[UUID] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True)
    events: Mapped[str]


class CaseRow(Row):
    """A conversation handed over to a person, and why."""

    __tablename__ = "case"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    conversation: Mapped[UUID] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    n: Mapped[int]
    reason: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="open")
    """open, taken, handed_back, closed."""
    taken_by: Mapped[str | None]
    taken_at: Mapped[datetime | None]
    settled_by: Mapped[str | None]
    """A name of the clinic's; `silence` or `shift` where the assistant came back by itself."""
    settled_at: Mapped[datetime | None]
    closing: Mapped[str | None]
    """Why it was closed, one word."""
    contact: Mapped[str | None]
    """One way to reach the visitor, if they left one."""
    asked_n: Mapped[int | None]
    """The message at which they were asked for one."""
    created_at: Mapped[datetime]
    __table_args__ = (Index("case_of_conversation", "conversation"),
                      Index("case_waiting", "created_at", postgresql_where=sql("state in ('open', 'taken')")))


class FiringRow(Row):
    """A safety rule that a message met. No words: these are in the conversation, and go with it."""

    __tablename__ = "firing"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    conversation: Mapped[UUID | None] = mapped_column(ForeignKey("conversation.id", ondelete="SET NULL"))
    n: Mapped[int]
    rule: Mapped[str]
    version: Mapped[str]
    level: Mapped[str]
    channel: Mapped[str]
    at: Mapped[datetime]
    __table_args__ = (Index("firing_of_conversation", "conversation"), Index("firing_by_time", "at"))


class ReleaseRow(Row):
    """A person looked at what raised a conversation's level, and let it go on."""

    __tablename__ = "release"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    conversation: Mapped[UUID | None] = mapped_column(ForeignKey("conversation.id", ondelete="SET NULL"))
    level: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]


class GapRow(Row):
    """A question that the clinic has not answered yet, under the FAQ entry that would."""

    __tablename__ = "gap"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    conversation: Mapped[UUID] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    n: Mapped[int]
    need: Mapped[str]
    faq: Mapped[str | None]
    settled: Mapped[str | None]
    """What became of it: answered, not_ours, meant (known already, in other words); None while it is open."""
    settled_by: Mapped[str | None]
    settled_at: Mapped[datetime | None]
    why: Mapped[str] = mapped_column(server_default="not_covered")
    """not_covered, thumbs_down, misunderstood."""
    entry: Mapped[str | None]
    """The FAQ entry that answers it."""
    intent: Mapped[str | None]
    """What it means, by the word of whoever settled it."""
    told_at: Mapped[datetime | None]
    """When whoever asked was told the answer."""
    created_at: Mapped[datetime]
    __table_args__ = (
        Index("gap_open", "created_at", postgresql_where=sql("settled is null")),
        Index("gap_untold", "settled_at",
              postgresql_where=sql("settled = 'answered' and told_at is null and entry is not null")),
        Index("gap_of_conversation", "conversation"))


class ContentRow(Row):
    """One published version of what the clinic says. Never changed after."""

    __tablename__ = "content_version"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    version: Mapped[str]
    body: Mapped[str]
    published_at: Mapped[datetime]


class VectorRow(Row):
    """An encoded text, by a hash of the text and of the encoder."""

    __tablename__ = "vector"
    key: Mapped[str] = mapped_column(primary_key=True)
    vector: Mapped[bytes] = mapped_column(LargeBinary)
