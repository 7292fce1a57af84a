"""Alembic's entry: runs the revisions on the connection that `bot.store.migrate` hands over."""

from alembic import context

from bot.store import content_tables, tables

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=[tables.Base.metadata, content_tables.Base.metadata][0])
context.run_migrations()
