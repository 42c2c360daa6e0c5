"""A trail of safety rules that fired, who released a conversation, and what the check before a request came to."""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"

TIME = sa.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.add_column("conversation", sa.Column("raised_by", sa.Text()))
    op.add_column("conversation", sa.Column("released_n", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("request", sa.Column("screening", JSONB()))
    op.create_table(
        "firing", sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("conversation", sa.UUID(), sa.ForeignKey("conversation.id", ondelete="SET NULL")),
        sa.Column("n", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("rule", "version", "level", "channel")),
        sa.Column("at", TIME, nullable=False))
    op.create_index("firing_of_conversation", "firing", ["conversation"])
    op.create_index("firing_by_time", "firing", ["at"])
    op.create_table(
        "release", sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("conversation", sa.UUID(), sa.ForeignKey("conversation.id", ondelete="SET NULL")),
        sa.Column("level", sa.Text(), nullable=False), sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False))
