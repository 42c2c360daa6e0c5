"""Where a conversation's visitor is written to on a channel of somebody else's, and what is on its way to them."""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"

TIME = sa.TIMESTAMP(timezone=True)


def _flag(name: str) -> sa.Column:
    return sa.Column(name, sa.Boolean(), server_default=sa.text("false"), nullable=False)


def _conversation(primary_key: bool = False) -> sa.Column:
    return sa.Column("conversation", sa.UUID(), sa.ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False,
                     primary_key=primary_key)


def upgrade() -> None:
    op.create_table(
        "correspondent", _conversation(primary_key=True),
        sa.Column("channel", sa.Text(), nullable=False), sa.Column("address", sa.Text(), nullable=False),
        sa.Column("heard_at", TIME), _flag("noticed"), _flag("stopped"), _flag("gone"))
    op.create_table(
        "alias", sa.Column("channel", sa.Text(), primary_key=True), sa.Column("address", sa.Text(), primary_key=True),
        _conversation())
    op.create_index("alias_of_conversation", "alias", ["conversation"])
    op.create_table(
        "delivery", sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True), _conversation(),
        sa.Column("n", sa.BigInteger(), nullable=False), sa.Column("part", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False), sa.Column("kind", sa.Text()),
        sa.Column("body", JSONB(), nullable=False), sa.Column("state", sa.Text(), server_default="waiting",
                                                              nullable=False),
        sa.Column("attempts", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("provider_id", sa.Text()), sa.Column("error", sa.Text()),
        sa.Column("due_at", TIME, server_default=sa.func.now(), nullable=False), sa.Column("at", TIME, nullable=False),
        sa.UniqueConstraint("conversation", "n", "part", name="delivery_once"))
    op.create_index("delivery_open", "delivery", ["conversation", "n", "part"],
                    postgresql_where=sa.text("state in ('waiting', 'sending')"))
    op.create_index("delivery_dead", "delivery", ["id"], postgresql_where=sa.text("state in ('failed', 'parked')"))
    op.create_index("delivery_by_provider", "delivery", ["provider_id"],
                    postgresql_where=sa.text("provider_id is not null"))
    for table in ("correspondent", "delivery"):
        op.execute(f"alter table {table} set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200)")
