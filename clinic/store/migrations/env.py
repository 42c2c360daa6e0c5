"""Alembic's entry: runs on the connection that `clinic.store.schema` hands over."""
from alembic import context

from clinic.store.tables import Row

context.configure(connection=context.config.attributes["connection"], target_metadata=Row.metadata)
with context.begin_transaction():
    context.run_migrations()
