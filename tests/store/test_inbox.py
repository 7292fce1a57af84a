"""Incoming messages: stored once, handled in the order of their conversation, by one worker at a time."""

import asyncio
import sys
from datetime import UTC, datetime, timedelta

import pytest

from bot.store.engine import Database
from bot.store.inbox import ClaimedIncoming, NewIncoming
from bot.store.tables import IncomingState

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
CHANNELS = ("web", "telegram")


def event(external_id: str, conversation: str | None = "web:a::", at: datetime = NOW) -> NewIncoming:
    return NewIncoming(external_id, {"text": external_id}, at, conversation)


async def store(database: Database, *events: NewIncoming) -> int:
    async with database.transaction() as tx:
        return await tx.inbox.store("web", events)


async def claimed(database: Database, now: datetime = NOW) -> str | None:
    """What one worker would take now; released again."""
    async with database.transaction() as tx:
        row = await tx.inbox.claim(now, CHANNELS)
        return row.external_id if row else None


async def handle_next(database: Database, order: list[str]) -> bool:
    async with database.transaction() as tx:
        row = await tx.inbox.claim(NOW, CHANNELS)
        if row is None:
            return False
        await asyncio.sleep(0)
        order.append(row.external_id)
        await tx.inbox.handled(row.id, NOW)
    return True


async def test_redelivered_event_is_stored_once(database: Database) -> None:
    await store(database, event("1"))
    assert await store(database, event("1"), event("2")) == 1


async def test_same_id_on_another_channel_is_another_event(database: Database) -> None:
    await store(database, event("1"))
    async with database.transaction() as tx:
        assert await tx.inbox.store("telegram", [event("1")]) == 1


async def test_event_twice_in_one_batch_is_stored_once(database: Database) -> None:
    assert await store(database, event("1"), event("1")) == 1


async def test_payload_comes_back_as_it_was_stored(database: Database) -> None:
    payload = {"text": "Ḍaat \U0001f600", "nested": {"n": 2**53, "list": [1, None]}}
    await store(database, NewIncoming("1", payload, NOW, None))
    async with database.transaction() as tx:
        row = await tx.inbox.claim(NOW, CHANNELS)
    assert row is not None
    assert row.payload == payload


async def test_oldest_message_is_claimed_first(database: Database) -> None:
    await store(database, event("1"), event("2", "web:b::"))
    assert await claimed(database) == "1"


async def test_second_message_of_a_conversation_waits_for_the_first(database: Database) -> None:
    await store(database, event("1"), event("2"))
    async with database.transaction() as tx:
        assert await tx.inbox.claim(NOW, CHANNELS)
        assert await claimed(database) is None


async def test_other_conversation_goes_on_meanwhile(database: Database) -> None:
    await store(database, event("1"), event("2", "web:b::"))
    async with database.transaction() as tx:
        assert await tx.inbox.claim(NOW, CHANNELS)
        assert await claimed(database) == "2"


async def test_messages_without_conversation_are_independent(database: Database) -> None:
    await store(database, event("1", None), event("2", None))
    async with database.transaction() as tx:
        assert await tx.inbox.claim(NOW, CHANNELS)
        assert await claimed(database) == "2"


async def handle_and_fail(database: Database) -> None:
    async with database.transaction() as tx:
        row = await tx.inbox.claim(NOW, CHANNELS)
        assert row is not None
        await tx.inbox.handled(row.id, NOW)
        raise RuntimeError


async def test_claim_undone_by_an_error_is_claimed_again(database: Database) -> None:
    await store(database, event("1"))
    with pytest.raises(RuntimeError):
        await handle_and_fail(database)
    assert await claimed(database) == "1"


async def first_row(database: Database) -> ClaimedIncoming:
    async with database.transaction() as tx:
        row = await tx.inbox.claim(NOW, CHANNELS)
    assert row is not None
    return row


async def test_failed_message_holds_back_the_next_until_due(database: Database) -> None:
    await store(database, event("1"), event("2"))
    row = await first_row(database)
    async with database.transaction() as tx:
        await tx.inbox.failed(row.id, "ValueError", NOW + timedelta(seconds=10))
    assert await claimed(database) is None
    assert await claimed(database, NOW + timedelta(seconds=10)) == "1"


async def test_failure_is_counted(database: Database) -> None:
    await store(database, event("1"))
    row = await first_row(database)
    async with database.transaction() as tx:
        await tx.inbox.failed(row.id, "ValueError", NOW)
    assert (await first_row(database)).attempts == 1


async def test_set_aside_message_lets_the_next_pass(database: Database) -> None:
    await store(database, event("1"), event("2"))
    row = await first_row(database)
    async with database.transaction() as tx:
        await tx.inbox.set_aside(row.id, "ValueError", NOW)
    assert await claimed(database) == "2"


async def test_quarantined_event_is_kept_and_never_claimed(database: Database) -> None:
    await store(database, NewIncoming("1", {}, NOW, None, IncomingState.QUARANTINED, "no chat"))
    assert await claimed(database) is None
    async with database.transaction() as tx:
        assert await tx.inbox.count(IncomingState.QUARANTINED) == 1


async def test_eight_workers_keep_the_order_of_each_conversation(database: Database) -> None:
    await store(database, *(event(f"{n}", f"web:{n % 5}::") for n in range(60)))
    order: list[str] = []

    async def work() -> None:
        while len(order) < 60:
            await handle_next(database, order)

    await asyncio.gather(*(work() for _ in range(8)))
    for conversation in range(5):
        mine = [int(n) for n in order if int(n) % 5 == conversation]
        assert mine == sorted(mine)
    assert len(order) == 60


async def test_backlog_tells_depth_and_age(database: Database) -> None:
    await store(database, event("1"), event("2"))
    async with database.transaction() as tx:
        backlog = await tx.inbox.backlog(NOW + timedelta(seconds=7))
    assert (backlog.depth, backlog.oldest_seconds) == (2, 7.0)


async def test_history_is_the_last_messages_oldest_first(database: Database) -> None:
    await store(database, *(event(str(n)) for n in range(4)), event("other", "web:b::"))
    async with database.transaction() as tx:
        past = await tx.inbox.history("web:a::", limit=2)
    assert [row.payload["text"] for row in past] == ["2", "3"]


async def test_naive_time_is_refused(database: Database) -> None:
    with pytest.raises(Exception, match="naive datetime refused"):
        await store(database, event("1", at=datetime(2026, 3, 1, 8, 0)))


async def test_times_come_back_in_utc(database: Database) -> None:
    djibouti = datetime.fromisoformat("2026-03-01T11:00:00+03:00")
    await store(database, event("1", at=djibouti))
    row = await first_row(database)
    assert row.received_at == NOW
    assert row.received_at.tzinfo is UTC


async def handled_by_a_process(url: str) -> list[str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.store.worker", url, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    return said.decode().split()


async def test_two_processes_never_handle_the_same_row(database: Database, database_url: str) -> None:
    await store(database, *(event(str(n), f"web:{n}::") for n in range(300)))
    first, second = await asyncio.gather(*(handled_by_a_process(database_url) for _ in range(2)))
    assert sorted(first + second, key=int) == [str(n) for n in range(300)]


async def test_event_of_a_channel_that_another_process_serves_is_left_to_it(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.inbox.store("console", [event("1", "console:a::")])
    assert await claimed(database) is None
    async with database.transaction() as tx:
        row = await tx.inbox.claim(NOW, ["console"])
    assert row is not None
    assert row.external_id == "1"
