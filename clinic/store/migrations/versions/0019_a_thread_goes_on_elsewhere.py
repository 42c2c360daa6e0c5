"""A thread that its visitor takes to another channel, by a token of their own; and by which link they first came."""
import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.add_column("conversation", sa.Column(
        "moved_to", sa.UUID(), sa.ForeignKey("conversation.id", ondelete="CASCADE")))
    op.add_column("conversation", sa.Column("source", sa.Text()))
    op.create_index("conversation_moved", "conversation", ["moved_to"],
                    postgresql_where=sa.text("moved_to is not null"))
    op.create_table(
        "continuation", sa.Column("token_hash", sa.LargeBinary(), primary_key=True),
        sa.Column("conversation", sa.UUID(), sa.ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True), nullable=False))
    op.create_index("continuation_of", "continuation", ["conversation"])
