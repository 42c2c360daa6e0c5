"""The waiting list. One place for the same wish in a conversation; who is on it is found in their order."""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0013"
down_revision = "0012"

TIME = sa.TIMESTAMP(timezone=True)
ON_IT = sa.text("state in ('waiting', 'offered')")


def upgrade() -> None:
    op.create_table(
        "waiting", sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("conversation", sa.UUID(), sa.ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("service", "times", "words")),
        *(sa.Column(name, sa.Text()) for name in ("gender", "name", "contact")),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        *(sa.Column(name, TIME, nullable=False) for name in ("consented_at", "since", "until")),
        *(sa.Column(name, JSONB(), server_default="[]", nullable=False) for name in ("seen", "passed")),
        sa.Column("opening", sa.Text()), sa.Column("offered_until", TIME))
    op.create_index("waiting_in_line", "waiting", ["since", "id"], postgresql_where=ON_IT)
    op.create_index("waiting_once", "waiting", ["conversation", "service", "times", sa.text("coalesce(gender, '')")],
                    unique=True, postgresql_where=ON_IT)
