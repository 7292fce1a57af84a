"""The database that tests run on: an embedded server of the session, or the one the environment names."""

import os
from collections.abc import AsyncIterator

import pytest

from bot.store.base import Base
from bot.store.embedded import embedded_postgres
from bot.store.engine import Database


@pytest.fixture(scope="session")
async def database_url(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """OSCBOT_TEST_DATABASE_URL names another server; its tables are emptied by the tests."""
    named = os.environ.get("OSCBOT_TEST_DATABASE_URL")
    if named:
        yield named
        return
    async with embedded_postgres(tmp_path_factory.mktemp("data")) as url:
        yield url


@pytest.fixture(scope="session")
async def migrated(database_url: str) -> AsyncIterator[Database]:
    """One open database for the whole session; tests ask for `database`, which is empty."""
    database = await Database.open(database_url)
    await database.migrate()
    yield database
    await database.close()


@pytest.fixture
async def database(migrated: Database) -> Database:
    """All tables there, all of them empty."""
    connection = await migrated.connect()
    await connection.execute(
        "; ".join(f"DELETE FROM {table.name}" for table in reversed(Base.metadata.sorted_tables))
    )
    await connection.close()
    return migrated
