"""How far a visitor has read on the website, and what they were written to about; marks of what was erased."""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    for name in ("seen_n", "mailed_n"):
        op.add_column("conversation", sa.Column(name, sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("data_request", sa.Column("marks", JSONB()))
