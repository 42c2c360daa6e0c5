"""The desk: who works there, who is signed in, notes to each other, and who read what."""
import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

TIME = sa.TIMESTAMP(timezone=True)


def _id() -> sa.Column:
    return sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True)


def _text(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _conversation(ondelete: str) -> sa.Column:
    return sa.Column("conversation", sa.UUID(), sa.ForeignKey("conversation.id", ondelete=ondelete),
                     nullable=ondelete == "SET NULL")


def upgrade() -> None:
    op.create_table(
        "staff", _id(), _text("name"), _text("role"), _text("password"), _text("totp", nullable=True),
        sa.Column("totp_used", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("created_at", TIME, nullable=False))
    op.create_index("staff_by_name", "staff", [sa.text("lower(name)")], unique=True)
    op.create_table(
        "staff_session", sa.Column("token_hash", sa.LargeBinary(), primary_key=True),
        sa.Column("staff", sa.BigInteger(), sa.ForeignKey("staff.id", ondelete="CASCADE"), nullable=False),
        sa.Column("created_at", TIME, nullable=False), sa.Column("seen_at", TIME, nullable=False),
        sa.Column("before", TIME))
    op.create_index("session_of_staff", "staff_session", ["staff"])
    op.create_table("note", _id(), _conversation("CASCADE"), _text("by"), _text("text"),
                    sa.Column("at", TIME, nullable=False))
    op.create_index("note_of_conversation", "note", ["conversation"])
    op.create_table("thread_reading", _id(), _conversation("SET NULL"), _text("by"),
                    sa.Column("at", TIME, nullable=False))
    op.create_index("reading_of_conversation", "thread_reading", ["conversation"])
    # What the first page looks for, among any number of conversations.
    op.create_index("conversation_raised", "conversation", ["level"],
                    postgresql_where=sa.text("level in ('urgent', 'emergency')"))
    op.create_index("request_open", "request", ["created_at"], postgresql_where=sa.text("state = 'open'"))
