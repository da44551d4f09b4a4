"""Run the migrations on the connection that `tutor.journal.schema` hands over."""

from alembic import context

from tutor.journal.tables import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
with context.begin_transaction():
    context.run_migrations()
