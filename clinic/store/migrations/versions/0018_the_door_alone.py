"""What the door has dealt with by itself, as a mark of its own: a turn that runs later can't take it for plain talk."""
import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.add_column("message", sa.Column("door_only", sa.Boolean(), server_default=sa.false(), nullable=False))
