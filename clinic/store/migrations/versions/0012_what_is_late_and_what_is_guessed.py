"""References that were guessed at; and reminders found by their moment, so that a late one is not sent."""
import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table("lookup_failure", sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
                    sa.Column("reference", sa.Text(), nullable=False),
                    sa.Column("at", sa.TIMESTAMP(timezone=True), nullable=False))
    op.create_index("lookup_failure_by_time", "lookup_failure", ["at"])
    op.create_index("reminder_by_moment", "reminder", ["at"])
