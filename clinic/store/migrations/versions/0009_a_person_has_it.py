"""A hand-off that keeps its word: who took it, how it ended; what a person wrote; whether anybody is at the desk."""
import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

TIME = sa.TIMESTAMP(timezone=True)


def upgrade() -> None:
    for column in (sa.Column("held_by", sa.Text()), sa.Column("quiet_since", TIME)):
        op.add_column("conversation", column)
    op.execute("update conversation set quiet_since = now() where held_by_staff")
    op.create_index("conversation_held", "conversation", ["quiet_since"], postgresql_where=sa.text("held_by_staff"))
    for name in ("taken_by", "settled_by", "closing", "contact"):
        op.add_column("case", sa.Column(name, sa.Text()))
    for name in ("taken_at", "settled_at"):
        op.add_column("case", sa.Column(name, TIME))
    op.add_column("case", sa.Column("asked_n", sa.BigInteger()))
    op.create_index("case_of_conversation", "case", ["conversation"])
    op.create_index("case_waiting", "case", ["created_at"], postgresql_where=sa.text("state in ('open', 'taken')"))
    op.create_table(
        "outgoing", sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("conversation", sa.UUID(), sa.ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False), sa.Column("by", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False), sa.Column("n", sa.BigInteger()),
        sa.Column("due_at", TIME, nullable=False), sa.Column("at", TIME, nullable=False))
    op.create_index("outgoing_of_conversation", "outgoing", ["conversation"])
    op.create_table("presence", sa.Column("name", sa.Text(), primary_key=True), sa.Column("until", TIME),
                    sa.Column("by", sa.Text(), nullable=False), sa.Column("at", TIME, nullable=False))
