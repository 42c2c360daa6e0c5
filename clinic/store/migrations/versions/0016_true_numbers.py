"""Figures by week, counted from time to time; and messages found by their time at next to no cost."""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table("week_figure", sa.Column("week", sa.Date(), primary_key=True),
                    sa.Column("channel", sa.Text(), primary_key=True), sa.Column("figures", JSONB(), nullable=False),
                    sa.Column("counted_at", sa.TIMESTAMP(timezone=True), nullable=False))
    op.create_index("message_by_time", "message", ["at"], postgresql_using="brin",
                    postgresql_with={"autosummarize": "on"})
