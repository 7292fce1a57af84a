"""How the tables reach their newest form: Alembic run in-process, under a lock, only when there is work."""

from importlib import import_module
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import StartError

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = 0x05CB07  # any number, the same in every process of the bot


def head() -> str:
    """The newest revision; file names are `<revision>_<what>.py`, so that Alembic need not be imported."""
    return max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


async def to_head(engine: AsyncEngine) -> None:
    """Apply what is missing, all or nothing; raises StartError when the database is newer than the bot."""
    async with engine.connect() as connection:
        if await connection.run_sync(_current) == head():
            return
    async with engine.begin() as connection:
        await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        current = await connection.run_sync(_current)
        if current is not None and current > head():
            raise StartError(
                f"the database is at revision {current}, newer than this bot ({head()}): update the bot"
            )
        if current != head():
            await connection.run_sync(_upgrade)


def _current(connection: Connection) -> str | None:
    if connection.execute(text("SELECT to_regclass('alembic_version')")).scalar() is None:
        return None
    revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if revision is None else str(revision)


def _upgrade(connection: Connection) -> None:
    # Imported only now: Alembic costs a quarter of a second that most starts need not pay.
    import_module("bot.store.migrations.upgrade").to_head(connection)
