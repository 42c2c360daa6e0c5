"""A place in line may be for another time of an appointment that one has."""
import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

ON_IT = sa.text("state in ('waiting', 'offered')")
WISH = [sa.text(part) for part in ("conversation", "service", "times", "coalesce(gender, '')", "coalesce(place, '')",
                                   "coalesce(moving, '')")]


def upgrade() -> None:
    op.add_column("waiting", sa.Column("moving", sa.Text()))
    op.drop_index("waiting_once", "waiting")
    op.create_index("waiting_once", "waiting", WISH, unique=True, postgresql_where=ON_IT)
