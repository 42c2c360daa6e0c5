"""Why a question is a gap, which entry answers it, and who was told; answers that wait for a second person."""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0015"
down_revision = "0014"

TIME = sa.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.add_column("gap", sa.Column("why", sa.Text(), server_default="not_covered", nullable=False))
    op.add_column("gap", sa.Column("entry", sa.Text()))
    op.add_column("gap", sa.Column("told_at", TIME))
    op.create_index("gap_untold", "gap", ["settled_at"],
                    postgresql_where=sa.text("settled = 'answered' and told_at is null and entry is not null"))
    op.create_index("gap_of_conversation", "gap", ["conversation"])
    op.create_table(
        "proposal", sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("entry", JSONB(), nullable=False), sa.Column("gaps", JSONB(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False), sa.Column("at", TIME, nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("decided_by", sa.Text()), sa.Column("decided_at", TIME))
