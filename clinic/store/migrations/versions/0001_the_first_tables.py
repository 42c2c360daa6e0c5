"""The first tables: conversations, messages, trackers, requests, cases, gaps, content, and Procrastinate's queue."""
import sqlalchemy as sa
from alembic import op
from procrastinate.schema import SchemaManager
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table("content_version",
    sa.Column("number", sa.BigInteger(), autoincrement=True, nullable=False),
    sa.Column("version", sa.Text(), nullable=False),
    sa.Column("body", sa.Text(), nullable=False),
    sa.Column("published_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint("number")
    )
    op.create_table("conversation",
    sa.Column("id", sa.Uuid(), nullable=False),
    sa.Column("channel", sa.Text(), nullable=False),
    sa.Column("token_hash", sa.LargeBinary(), nullable=True),
    sa.Column("last_n", sa.BigInteger(), server_default="0", nullable=False),
    sa.Column("level", sa.Text(), server_default="none", nullable=False),
    sa.Column("held_by_staff", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint("id")
    )
    op.create_table("vector",
    sa.Column("key", sa.Text(), nullable=False),
    sa.Column("vector", sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint("key")
    )
    op.create_table("case",
    sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
    sa.Column("conversation", sa.Uuid(), nullable=False),
    sa.Column("n", sa.BigInteger(), nullable=False),
    sa.Column("reason", sa.Text(), nullable=False),
    sa.Column("state", sa.Text(), server_default="open", nullable=False),
    sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(["conversation"], ["conversation.id"], ondelete="CASCADE"),
    sa.PrimaryKeyConstraint("id")
    )
    op.create_table("gap",
    sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
    sa.Column("conversation", sa.Uuid(), nullable=False),
    sa.Column("n", sa.BigInteger(), nullable=False),
    sa.Column("need", sa.Text(), nullable=False),
    sa.Column("faq", sa.Text(), nullable=True),
    sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(["conversation"], ["conversation.id"], ondelete="CASCADE"),
    sa.PrimaryKeyConstraint("id")
    )
    op.create_table("message",
    sa.Column("conversation", sa.Uuid(), nullable=False),
    sa.Column("n", sa.BigInteger(), nullable=False),
    sa.Column("sender", sa.Text(), nullable=False),
    sa.Column("external_id", sa.Text(), nullable=True),
    sa.Column("answers", sa.BigInteger(), nullable=True),
    sa.Column("kind", sa.Text(), nullable=True),
    sa.Column("text", sa.Text(), nullable=False),
    sa.Column("choice", sa.Text(), nullable=True),
    sa.Column("citations", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column("choices", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column("choices_open", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    sa.Column("level", sa.Text(), nullable=True),
    sa.Column("rules", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column("intent", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column("helped", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    sa.Column("state", sa.Text(), nullable=True),
    sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(["conversation"], ["conversation.id"], ondelete="CASCADE"),
    sa.PrimaryKeyConstraint("conversation", "n"),
    sa.UniqueConstraint("conversation", "external_id", name="message_once")
    )
    op.create_index("message_offering", "message", ["conversation", "n"], unique=False, postgresql_where=sa.text("choices_open"))
    op.create_index("message_waiting", "message", ["conversation", "n"], unique=False, postgresql_where=sa.text("state = 'waiting'"))
    op.create_table("request",
    sa.Column("reference", sa.Text(), nullable=False),
    sa.Column("conversation", sa.Uuid(), nullable=False),
    sa.Column("wish", sa.Text(), nullable=False),
    sa.Column("service", sa.Text(), nullable=True),
    sa.Column("wanted", sa.Text(), nullable=False),
    sa.Column("name", sa.Text(), nullable=False),
    sa.Column("contact", sa.Text(), nullable=False),
    sa.Column("state", sa.Text(), server_default="open", nullable=False),
    sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(["conversation"], ["conversation.id"], ondelete="CASCADE"),
    sa.PrimaryKeyConstraint("reference")
    )
    op.create_index("request_by_time", "request", ["created_at"], unique=False)
    op.create_table("tracker",
    sa.Column("conversation", sa.Uuid(), nullable=False),
    sa.Column("events", sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(["conversation"], ["conversation.id"], ondelete="CASCADE"),
    sa.PrimaryKeyConstraint("conversation")
    )
    # Procrastinate's queue, in the version that the lock pins. A newer one brings migrations of its own.
    op.get_bind().exec_driver_sql(SchemaManager.get_schema().replace("%", "%%"))
    # It looks for the next job of each lock: without this, the longer the queue the slower.
    op.create_index("procrastinate_jobs_next", "procrastinate_jobs", ["lock", sa.text("priority desc"), "id"],
                    postgresql_where=sa.text("status in ('todo', 'doing')"))
