"""The check before a booking on a page of our own; what the clinic was warned of, and when."""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0020"
down_revision = "0019"

TIME = sa.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "screening", sa.Column("id", sa.UUID(), primary_key=True),
        sa.Column("conversation", sa.UUID(), sa.ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False),
        sa.Column("state", JSONB(), nullable=False), sa.Column("step", sa.BigInteger(), server_default="0",
                                                               nullable=False),
        sa.Column("expires_at", TIME, nullable=False), sa.Column("done_at", TIME))
    op.create_index("screening_of_conversation", "screening", ["conversation"])
    op.create_table("warning", sa.Column("about", sa.Text(), primary_key=True), sa.Column("at", TIME, nullable=False))
