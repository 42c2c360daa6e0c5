"""Where: a clinic may treat people at several places. Null is the one place, or the first of them."""
import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

ON_IT = sa.text("state in ('waiting', 'offered')")
WISH = ("conversation", "service", "times", sa.text("coalesce(gender, '')"), sa.text("coalesce(place, '')"))


def upgrade() -> None:
    for table in ("appointment", "request", "waiting"):
        op.add_column(table, sa.Column("place", sa.Text()))
    op.drop_index("waiting_once", "waiting")
    op.create_index("waiting_once", "waiting", list(WISH), unique=True, postgresql_where=ON_IT)
