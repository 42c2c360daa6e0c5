"""What we wrote into therapists' calendars elsewhere, so that a change made there is known from one made here."""
import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "calendar_copy",
        sa.Column("appointment", sa.BigInteger(), sa.ForeignKey("appointment.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("therapist", sa.Text(), primary_key=True), sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("gone", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.create_index("calendar_copy_of_therapist", "calendar_copy", ["therapist"])
