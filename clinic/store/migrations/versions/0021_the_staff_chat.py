"""The staff's own chat: which of its messages is about which conversation, and which account there is whose."""
import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

TIME = sa.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "staff_chat_message", sa.Column("chat", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("number", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("conversation", sa.UUID(), sa.ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False),
        sa.Column("about", sa.Text(), nullable=False), sa.Column("outgoing", sa.BigInteger()),
        sa.Column("undelivered", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("at", TIME, nullable=False))
    op.create_index("staff_chat_message_of_conversation", "staff_chat_message", ["conversation"])
    op.create_index("staff_chat_message_by_outgoing", "staff_chat_message", ["outgoing"],
                    postgresql_where=sa.text("outgoing is not null"))
    op.create_table(
        "staff_chat_link", sa.Column("staff", sa.BigInteger(), sa.ForeignKey("staff.id", ondelete="CASCADE"),
                                     primary_key=True, autoincrement=False),
        sa.Column("code_hash", sa.LargeBinary()), sa.Column("code_until", TIME),
        sa.Column("account", sa.BigInteger(), unique=True))
