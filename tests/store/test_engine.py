"""The way in: one clear line when the server is not usable, nothing half done, tables as declared."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, make_url, select
from sqlalchemy.ext.asyncio import create_async_engine

from bot.errors import StartError
from bot.store import migrate
from bot.store.base import Base
from bot.store.content_tables import OrganisationChangeRow
from bot.store.engine import Database, DatabaseAway, parse_url
from bot.store.inbox import NewIncoming
from bot.store.tables import IncomingState

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


async def test_unreachable_server_is_one_line_without_the_password() -> None:
    with pytest.raises(StartError) as caught:
        await Database.open("postgresql://bot:s3cret@127.0.0.1:1/oscbot")
    assert str(caught.value).startswith(
        "the database at postgresql+asyncpg://bot:***@127.0.0.1:1/oscbot cannot"
    )
    assert "\n" not in str(caught.value)


async def test_missing_database_is_one_line(database_url: str) -> None:
    url = make_url(database_url).set(database="nowhere").render_as_string(hide_password=False)
    with pytest.raises(StartError, match='refuses the bot: database "nowhere" does not exist'):
        await Database.open(url)


async def test_address_of_something_else_is_refused() -> None:
    with pytest.raises(StartError, match="must name a PostgreSQL server, not sqlite"):
        await Database.open("sqlite:///bot.db")


async def test_nonsense_address_is_not_repeated() -> None:
    with pytest.raises(StartError) as caught:
        await Database.open("s3cret")
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg2", "postgresql+asyncpg"])
def test_usual_spellings_of_the_address_are_accepted(scheme: str) -> None:
    assert parse_url(f"{scheme}://a@b/c").drivername == "postgresql+asyncpg"


def test_sslmode_is_passed_on_as_asyncpg_calls_it() -> None:
    assert dict(parse_url("postgresql://a@b/c?sslmode=require").query) == {"ssl": "require"}


async def store_and_fail(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.inbox.store("web", [NewIncoming("1", {}, NOW)])
        raise KeyError


async def test_error_undoes_the_whole_transaction(database: Database) -> None:
    with pytest.raises(KeyError):
        await store_and_fail(database)
    async with database.transaction() as tx:
        assert await tx.inbox.count(IncomingState.WAITING) == 0


async def count_on_a_cut_connection(database: Database) -> None:
    killer = await database.connect()
    async with database.transaction() as tx:
        await tx.inbox.count(IncomingState.WAITING)
        await killer.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = 'oscbot' AND state = 'idle in transaction'"
        )
        await killer.close()
        await tx.inbox.count(IncomingState.WAITING)


async def test_lost_connection_is_told_as_database_away(database: Database) -> None:
    with pytest.raises(DatabaseAway):
        await count_on_a_cut_connection(database)
    async with database.transaction() as tx:
        assert await tx.inbox.count(IncomingState.WAITING) == 0


OLD_DIRECTORY = (
    "INSERT INTO person (id, created_at) VALUES (1, now())",
    "INSERT INTO organisation (id, name, folded_name, legal_form, region, created_by, created_at, updated_at) "
    "VALUES (1, 'Amis', 'amis', 'association', 'Obock', 1, '2025-01-01', now())",
    "INSERT INTO organisation_change (organisation_id, person_id, field, before, after, at) "
    "VALUES (1, 1, 'themes', 'eau', 'eau; santé', now()), (1, 1, 'year', NULL, '2012', now())",
)


@pytest.fixture
async def empty_url(database_url: str) -> AsyncIterator[str]:
    """A database of its own, without tables."""
    admin = create_async_engine(parse_url(database_url), isolation_level="AUTOCOMMIT")
    async with admin.connect() as connection:
        await connection.exec_driver_sql("DROP DATABASE IF EXISTS oscbot_empty WITH (FORCE)")
        await connection.exec_driver_sql("CREATE DATABASE oscbot_empty")
        yield parse_url(database_url).set(database="oscbot_empty").render_as_string(hide_password=False)
        await connection.exec_driver_sql("DROP DATABASE oscbot_empty WITH (FORCE)")
    await admin.dispose()


async def test_processes_that_migrate_at_once_do_not_collide(empty_url: str) -> None:
    databases = [await Database.open(empty_url) for _ in range(3)]
    await asyncio.gather(*(database.migrate() for database in databases))
    async with databases[0].transaction() as tx:
        assert await tx.inbox.count(IncomingState.WAITING) == 0
    for database in databases:
        await database.close()


async def test_database_of_a_newer_bot_is_refused(empty_url: str) -> None:
    database = await Database.open(empty_url)
    await database.migrate()
    connection = await database.connect()
    await connection.execute("UPDATE alembic_version SET version_num = '9999'")
    await connection.close()
    with pytest.raises(StartError, match="newer than this bot"):
        await database.migrate()
    await database.close()


async def test_directory_of_an_older_bot_is_taken_over(empty_url: str) -> None:
    """0008: who registered an organisation is its contact; old values in words become values again."""

    def to_0007(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(migrate.MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "0007")

    engine = create_async_engine(parse_url(empty_url))
    async with engine.begin() as connection:
        await connection.run_sync(to_0007)
        for statement in OLD_DIRECTORY:
            await connection.exec_driver_sql(statement)
    await engine.dispose()
    database = await Database.open(empty_url)
    await database.migrate()
    async with database.transaction() as tx:
        (row,) = await tx.organisations.of_person(1)
        assert (await tx.organisations.confirmations(row.id))["name"].year == 2025
        changes = list(await tx.session.scalars(select(OrganisationChangeRow).order_by("id")))
        assert [(c.before, c.after) for c in changes] == [(["eau"], ["eau", "santé"]), (None, 2012)]
    await database.close()


async def test_tables_are_as_declared(database: Database, database_url: str) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        return list(compare_metadata(context, Base.metadata))

    engine = create_async_engine(parse_url(database_url))
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


def test_head_is_what_alembic_calls_head() -> None:
    assert ScriptDirectory(str(migrate.MIGRATIONS)).get_current_head() == migrate.head()
