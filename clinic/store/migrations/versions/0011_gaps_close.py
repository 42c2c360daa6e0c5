"""What became of a question that nobody had answered, and who changed what the assistant says."""
import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

TIME = sa.TIMESTAMP(timezone=True)


def upgrade() -> None:
    for column in (sa.Column("settled", sa.Text()), sa.Column("settled_by", sa.Text()), sa.Column("settled_at", TIME)):
        op.add_column("gap", column)
    op.create_index("gap_open", "gap", ["created_at"], postgresql_where=sa.text("settled is null"))
    op.create_table(
        "content_change", sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("place", sa.Text(), nullable=False), sa.Column("before", sa.Text()), sa.Column("after", sa.Text()),
        sa.Column("version", sa.Text(), nullable=False), sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False))
