"""Figures also by the tag of the link that somebody came by; what a person said that a question means."""
import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.add_column("week_figure", sa.Column("source", sa.Text(), server_default="all", nullable=False))
    op.drop_constraint("week_figure_pkey", "week_figure", type_="primary")
    op.create_primary_key("week_figure_pkey", "week_figure", ["week", "channel", "source"])
    op.add_column("gap", sa.Column("intent", sa.Text()))
