"""Calendars of others: secrets in the addresses that they read, reminders that went, and what their feeds say is taken."""
import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

TIME = sa.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table("secret", sa.Column("name", sa.Text(), primary_key=True),
                    sa.Column("value", sa.Text(), nullable=False))
    op.create_table(
        "reminder",
        sa.Column("appointment", sa.BigInteger(), sa.ForeignKey("appointment.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("hours", sa.BigInteger(), primary_key=True), sa.Column("starts", TIME, primary_key=True),
        sa.Column("at", TIME, nullable=False))
    op.create_table(
        "feed", sa.Column("therapist", sa.Text(), primary_key=True), sa.Column("address", sa.Text(), nullable=False),
        sa.Column("tried_at", TIME, nullable=False), sa.Column("fetched_at", TIME), sa.Column("trouble", sa.Text()))
    op.create_table(
        "busy", sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("therapist", sa.Text(), sa.ForeignKey("feed.therapist", ondelete="CASCADE"), nullable=False),
        sa.Column("starts", TIME, nullable=False), sa.Column("ends", TIME, nullable=False),
        sa.CheckConstraint("starts < ends", "busy_in_order"))
    op.create_index("busy_in_time", "busy", ["therapist", "ends", "starts"])
