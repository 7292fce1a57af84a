"""Outgoing rows: claimed in the order of their chat, replies first, settled once, resumed after a crash."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.messages import Address, Button, Kind, Outgoing
from bot.store.engine import Database
from bot.store.outbox import ClaimedDelivery, NewDelivery, Settled, Step
from bot.store.tables import OutboxState

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


def delivery(text: str, chat: str = "1", kind: Kind = Kind.REPLY, due: datetime = NOW) -> NewDelivery:
    return NewDelivery(Outgoing(Address("web", chat), text, (), kind), due)


async def add(database: Database, *deliveries: NewDelivery) -> list[int]:
    async with database.transaction() as tx:
        return await tx.outbox.add(deliveries, NOW)


async def claim(database: Database, now: datetime = NOW, limit: int = 10) -> list[ClaimedDelivery]:
    async with database.transaction() as tx:
        return await tx.outbox.claim(["web"], now, limit)


async def claim_texts(database: Database, now: datetime = NOW, limit: int = 10) -> list[str]:
    return [row.message.text for row in await claim(database, now, limit)]


async def settle(database: Database, *outcomes: Settled) -> None:
    async with database.transaction() as tx:
        await tx.outbox.settle(outcomes, NOW)


async def state_of(database: Database, delivery_id: int) -> OutboxState | None:
    async with database.transaction() as tx:
        return await tx.outbox.state_of(delivery_id)


async def test_message_comes_back_as_it_was_written(database: Database) -> None:
    buttons = (
        Button("Oui", "/affirm"),
        Button("Site", url="https://example.org"),
        Button("☎", asks_contact=True),
    )
    message = Outgoing(Address("web", "1", "7"), "Waa hagaag 👍", buttons, Kind.REMINDER)
    await add(database, NewDelivery(message, NOW))
    assert [row.message for row in await claim(database)] == [message]


async def test_one_message_a_chat_at_a_time(database: Database) -> None:
    await add(database, delivery("a1", "a"), delivery("a2", "a"), delivery("b1", "b"))
    assert await claim_texts(database) == ["a1", "b1"]
    assert await claim_texts(database) == []


async def test_next_of_the_chat_follows_once_the_first_is_sent(database: Database) -> None:
    first, _ = await add(database, delivery("a1"), delivery("a2"))
    await claim(database)
    await settle(database, Settled(first, Step.SENT, platform_id="77"))
    assert await claim_texts(database) == ["a2"]


async def test_replies_before_reminders_before_announcements(database: Database) -> None:
    await add(
        database,
        delivery("announcement", "a", Kind.ANNOUNCEMENT),
        delivery("reminder", "b", Kind.REMINDER),
        delivery("reply", "c"),
    )
    assert [await claim_texts(database, limit=1) for _ in range(3)] == [
        ["reply"],
        ["reminder"],
        ["announcement"],
    ]


async def test_reply_overtakes_an_announcement_of_its_chat(database: Database) -> None:
    await add(database, delivery("announcement", kind=Kind.ANNOUNCEMENT), delivery("reply"))
    assert await claim_texts(database) == ["reply"]


async def test_message_of_next_week_holds_nothing_back(database: Database) -> None:
    await add(
        database,
        delivery("next week", kind=Kind.REMINDER, due=NOW + timedelta(days=7)),
        delivery("today", kind=Kind.REMINDER),
    )
    assert await claim_texts(database) == ["today"]


async def test_retried_message_is_not_overtaken(database: Database) -> None:
    first, _ = await add(database, delivery("a1"), delivery("a2"))
    await claim(database)
    await settle(database, Settled(first, Step.RETRY, due_at=LATER, error="429"))
    assert await claim_texts(database) == []
    assert await claim_texts(database, LATER) == ["a1"]


async def test_other_channels_are_left_alone(database: Database) -> None:
    await add(database, delivery("a"))
    async with database.transaction() as tx:
        assert await tx.outbox.claim(["telegram"], NOW, 10) == []


async def test_throttled_try_is_not_counted(database: Database) -> None:
    (row,) = await add(database, delivery("a"))
    await claim(database)
    await settle(database, Settled(row, Step.RETRY, due_at=NOW, burnt=False))
    assert [claimed.attempts for claimed in await claim(database)] == [0]


async def test_doubtful_reply_is_sent_once_more_then_unknown(database: Database) -> None:
    (row,) = await add(database, delivery("a"))
    await claim(database)
    await settle(database, Settled(row, Step.DOUBT, due_at=NOW))
    assert [claimed.doubts for claimed in await claim(database)] == [1]
    await settle(database, Settled(row, Step.DOUBT, due_at=NOW))
    assert await state_of(database, row) is OutboxState.UNKNOWN


async def test_doubtful_announcement_is_only_counted(database: Database) -> None:
    (row,) = await add(database, delivery("a", kind=Kind.ANNOUNCEMENT))
    await claim(database)
    await settle(database, Settled(row, Step.DOUBT, due_at=NOW))
    assert await state_of(database, row) is OutboxState.UNKNOWN


async def test_row_already_settled_stays_as_it_is(database: Database) -> None:
    (row,) = await add(database, delivery("a"))
    await claim(database)
    await settle(database, Settled(row, Step.SENT, platform_id="1"))
    await settle(database, Settled(row, Step.DOUBT, due_at=NOW))
    assert await state_of(database, row) is OutboxState.SENT


@pytest.mark.parametrize("kind", Kind)
async def test_row_of_a_crashed_sender_is_taken_back(database: Database, kind: Kind) -> None:
    (row,) = await add(database, delivery("a", kind=kind))
    await claim(database)
    async with database.transaction() as tx:
        assert await tx.outbox.resume(LATER, LATER) == 1
    assert await state_of(database, row) is OutboxState.WAITING


async def test_row_of_a_living_sender_is_not_taken_back(database: Database) -> None:
    await add(database, delivery("a"))
    await claim(database)
    async with database.transaction() as tx:
        assert await tx.outbox.resume(NOW, LATER) == 0


async def test_renamed_chat_keeps_its_history_and_its_queue(database: Database) -> None:
    await add(database, delivery("a", "-1"))
    async with database.transaction() as tx:
        await tx.outbox.rename_chat("web", "-1", "-100")
        past = await tx.outbox.history("web", "-100")
    assert [item.text for item in past] == ["a"]
    assert [row.message.address.chat_id for row in await claim(database)] == ["-100"]


async def test_history_after_an_id_is_what_came_since(database: Database) -> None:
    first, *_ = await add(database, delivery("1"), delivery("2"), delivery("3"), delivery("other", "2"))
    async with database.transaction() as tx:
        past = await tx.outbox.history("web", "1", after_id=first)
    assert [item.text for item in past] == ["2", "3"]


async def test_backlog_counts_what_is_due_by_kind(database: Database) -> None:
    await add(database, delivery("1"), delivery("2"), delivery("3", due=LATER))
    async with database.transaction() as tx:
        backlog = await tx.outbox.backlog(NOW + timedelta(seconds=3))
    assert (backlog[Kind.REPLY].depth, backlog[Kind.REPLY].oldest_seconds) == (2, 3.0)
    assert backlog[Kind.ANNOUNCEMENT].depth == 0


async def test_thousands_of_messages_are_queued_at_once(database: Database) -> None:
    """More than PostgreSQL takes parameters of: a training with 3,000 people is moved in one turn."""
    assert len(await add(database, *(delivery("changed", str(n)) for n in range(3000)))) == 3000
