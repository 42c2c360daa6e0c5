"""Procrastinate writes a line of history at every change of a job. Ours are deleted once they are done, and nobody reads
their history: three rows fewer a message."""
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    for change in ("insert", "update"):
        op.execute(f"drop trigger procrastinate_trigger_status_events_{change}_v1 on procrastinate_jobs")
    op.execute("truncate procrastinate_events")
