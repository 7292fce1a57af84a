"""The memory of the bot: the only package that knows SQLAlchemy, PostgreSQL and SQL."""
