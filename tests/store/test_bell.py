"""The bell: commits of any process wake the workers of this one, also after a lost connection."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.messages import Address, Outgoing
from bot.store.bell import Bell, listening
from bot.store.engine import Database
from bot.store.inbox import NewIncoming
from bot.store.outbox import NewDelivery

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


@pytest.fixture
async def bell(database: Database) -> AsyncIterator[Bell]:
    """Connected and quiet."""
    async with listening(database) as bell:
        assert await bell.wait("incoming", 5)
        assert await bell.wait("outbox", 5)
        yield bell


async def store_event(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.inbox.store("web", [NewIncoming("1", {}, NOW)])


async def test_stored_event_rings(database: Database, bell: Bell) -> None:
    await store_event(database)
    assert await bell.wait("incoming", 5)


async def test_added_message_rings_the_senders_only(database: Database, bell: Bell) -> None:
    async with database.transaction() as tx:
        await tx.outbox.add([NewDelivery(Outgoing(Address("web", "1"), "a"), NOW)], NOW)
    assert await bell.wait("outbox", 5)
    assert not await bell.wait("incoming", 0)


async def test_redelivered_event_does_not_ring(database: Database, bell: Bell) -> None:
    await store_event(database)
    await bell.wait("incoming", 5)
    await store_event(database)
    assert not await bell.wait("incoming", 0.05)


async def test_what_is_not_committed_does_not_ring(database: Database, bell: Bell) -> None:
    async with database.transaction() as tx:
        await tx.inbox.store("web", [NewIncoming("1", {}, NOW)])
        assert not await bell.wait("incoming", 0.05)


async def test_all_waiting_workers_are_woken(database: Database, bell: Bell) -> None:
    workers = [asyncio.create_task(bell.wait("incoming", 5)) for _ in range(4)]
    await asyncio.sleep(0)
    await store_event(database)
    assert await asyncio.gather(*workers) == [True] * 4


async def test_silence_ends_with_the_time(bell: Bell) -> None:
    assert not await bell.wait("incoming", 0.01)


async def test_lost_connection_rings_when_it_is_back(database: Database, bell: Bell) -> None:
    killer = await database.connect()
    await killer.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE application_name = 'oscbot bell' AND pid <> pg_backend_pid()"
    )
    await killer.close()
    assert await bell.wait("incoming", 5)
    await store_event(database)
    assert await bell.wait("incoming", 5)


async def test_second_listener_knows_that_it_is_not_alone(database: Database, bell: Bell) -> None:
    async with listening(database) as second:
        assert (bell.alone, second.alone) == (True, False)


async def test_message_for_the_web_chat_tells_whose_pages_have_news(database: Database, bell: Bell) -> None:
    news: asyncio.Queue[str] = asyncio.Queue()
    bell.on_news = news.put_nowait
    async with database.transaction() as tx:
        for channel in ("telegram", "web"):
            await tx.outbox.add([NewDelivery(Outgoing(Address(channel, f"{channel}-7"), "a"), NOW)], NOW)
    async with asyncio.timeout(5):
        assert await news.get() == "web-7"
    assert news.empty()
