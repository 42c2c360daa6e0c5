"""Jobs come and go with every message: what they leave behind in the indexes is swept after some hundred, not after a
share of a table that is nearly empty, or each look at the queue reads all of it."""
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    for table in ("procrastinate_jobs", "procrastinate_events", "tracker", "conversation"):
        op.execute(f"alter table {table} set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200)")
