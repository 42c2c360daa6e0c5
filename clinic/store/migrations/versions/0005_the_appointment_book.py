"""The appointment book. The database itself keeps two people from having the same time: no extension is needed for it,
since a therapist is a range of one number."""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, TSTZRANGE

revision = "0005"
down_revision = "0004"

TIME = sa.TIMESTAMP(timezone=True)
TAKES_TIME = "state in ('held', 'requested', 'booked', 'blocked', 'attended', 'missed')"


def upgrade() -> None:
    op.create_table("resource", sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
                    sa.Column("key", sa.Text(), nullable=False, unique=True))
    op.create_table(
        "appointment", sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("reference", sa.Text(), unique=True), sa.Column("state", sa.Text(), nullable=False),
        sa.Column("service", sa.Text()),
        sa.Column("resource", sa.BigInteger(), sa.ForeignKey("resource.id"), nullable=False),
        sa.Column("starts", TIME, nullable=False), sa.Column("ends", TIME, nullable=False),
        sa.Column("takes", TSTZRANGE(), nullable=False),
        *(sa.Column(name, sa.Text()) for name in ("name", "contact", "wish")),
        sa.Column("screening", JSONB()),
        sa.Column("conversation", sa.UUID(), sa.ForeignKey("conversation.id", ondelete="SET NULL")),
        sa.Column("held_until", TIME), sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.CheckConstraint("starts < ends and ends <= upper(takes) and starts = lower(takes)", "appointment_in_order"))
    op.execute("alter table appointment add constraint appointment_never_twice exclude using gist "
               f"(int8range(resource, resource, '[]') with &&, takes with &&) where ({TAKES_TIME})")
    op.execute(f"create index appointment_in_time on appointment using gist (takes) where {TAKES_TIME}")
    op.create_index("appointment_by_start", "appointment", ["starts"])
    op.create_index("appointment_of_conversation", "appointment", ["conversation"])
    op.create_table(
        "appointment_change", sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("appointment", sa.BigInteger(), sa.ForeignKey("appointment.id", ondelete="CASCADE"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False), sa.Column("starts", TIME, nullable=False),
        sa.Column("by", sa.Text(), nullable=False), sa.Column("at", TIME, nullable=False))
    op.create_index("appointment_change_of", "appointment_change", ["appointment"])
