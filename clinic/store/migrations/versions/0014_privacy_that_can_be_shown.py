"""Who read or changed what, in a log that is only added to; requests about somebody's data, and what came of them."""
import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

TIME = sa.TIMESTAMP(timezone=True)
# Whoever owns the database can undo any rule of it. This one keeps the program, and a slip of the hand, from the log.
ONLY_GROWS = """
create function audit_only_grows() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and (new.id, new.at, new."by", new.did, new.page) is not distinct from
                            (old.id, old.at, old."by", old.did, old.page)
       and (new.conversation is null or new.conversation is not distinct from old.conversation)
       and (new.about is null or new.about is not distinct from old.about) then
        return new;  -- whose it was may be forgotten
    end if;
    if tg_op = 'DELETE' and current_setting('frontdesk.sweep', true) = 'on' then
        return old;  -- its time is over
    end if;
    raise exception 'the log of who read or changed what is only added to';
end $$
"""


def _conversation() -> sa.Column:
    return sa.Column("conversation", sa.UUID(), sa.ForeignKey("conversation.id", ondelete="SET NULL"))


def upgrade() -> None:
    op.create_table(
        "audit", sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("at", TIME, nullable=False), sa.Column("by", sa.Text(), nullable=False),
        sa.Column("did", sa.Text(), nullable=False), sa.Column("page", sa.Text(), nullable=False), _conversation(),
        sa.Column("about", sa.Text()))
    op.create_index("audit_of_conversation", "audit", ["conversation"])
    op.create_index("audit_by_whom", "audit", ["by", "at"])
    op.execute("insert into audit (at, by, did, page, conversation) "
               "select at, by, 'read', '/threads/{conversation}', conversation from thread_reading order by id")
    op.drop_table("thread_reading")
    op.execute(ONLY_GROWS)
    op.execute("create trigger audit_only_grows before update or delete on audit "
               "for each row execute function audit_only_grows()")
    op.execute("create trigger audit_is_not_emptied before truncate on audit "
               "for each statement execute function audit_only_grows()")
    op.create_table(
        "data_request", sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True), _conversation(),
        sa.Column("wish", sa.Text(), nullable=False), sa.Column("state", sa.Text(), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False, unique=True), sa.Column("asked_at", TIME, nullable=False),
        sa.Column("by", sa.Text(), nullable=False), sa.Column("done_at", TIME), sa.Column("receipt", sa.dialects.postgresql.JSONB()))
    op.create_index("data_request_of_conversation", "data_request", ["conversation"])
    op.create_index("data_request_open", "data_request", ["asked_at"], postgresql_where=sa.text("state = 'confirmed'"))
    # What the sweep looks for, among any number.
    op.create_index("conversation_by_time", "conversation", ["created_at"])
    op.add_column("appointment", sa.Column("forget", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.create_index("case_by_contact", "case", ["contact"], postgresql_where=sa.text("contact is not null"))
    op.create_index("request_by_contact", "request", ["contact"])
    op.create_index("appointment_by_contact", "appointment", ["contact"])
