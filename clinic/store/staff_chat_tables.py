"""The tables of the staff's own chat."""
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from clinic.store.tables import Row


class StaffChatMessageRow(Row):
    """A message in the staff's chat that is about a conversation: a notice of ours, or a reply of theirs. No word of
    either is kept here."""

    __tablename__ = "staff_chat_message"
    chat: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """The provider's, within that chat."""
    conversation: Mapped[UUID] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    about: Mapped[str]
    """What a notice is about, in one word; `reply` for what one of the staff wrote to the visitor."""
    outgoing: Mapped[int | None]
    """The number under which that reply waits, or was sent."""
    undelivered: Mapped[bool] = mapped_column(server_default=sql("false"))
    """Staff were told that the reply did not get there."""
    at: Mapped[datetime]
    __table_args__ = (
        Index("staff_chat_message_of_conversation", "conversation"),
        Index("staff_chat_message_by_outgoing", "outgoing", postgresql_where=sql("outgoing is not null")))


class StaffChatLinkRow(Row):
    """Whose account in the staff's chat is whose. Of the code that links one only a hash is kept, and that once."""

    __tablename__ = "staff_chat_link"
    staff: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True,
                                       autoincrement=False)
    code_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    code_until: Mapped[datetime | None]
    account: Mapped[int | None] = mapped_column(unique=True)
    """The provider's number of whoever brought the code."""
