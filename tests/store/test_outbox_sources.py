"""Rows by what they belong to: one a recipient, in bulk from a query, wanted or not, cancelled, counted, erased."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Select, func, literal, null, select

from bot.messages import Address, Button, Kind, Outgoing
from bot.store.engine import Database
from bot.store.outbox import ClaimedDelivery, NewDelivery, Settled, Step
from bot.store.outbox_sources import Bulk, Outcome
from bot.store.tables import OutboxState

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
SOURCE = "announcement:12"
BULK = Bulk(SOURCE, Kind.ANNOUNCEMENT, NOW)


def personal(
    person_id: int, chat: str = "1", kind: Kind = Kind.REMINDER, source: str = "reminder:7:1d"
) -> NewDelivery:
    message = Outgoing(Address("web", chat), "Demain 9 h", (), kind)
    return NewDelivery(message, NOW, source=source, recipient=f"person:{person_id}", person_id=person_id)


async def person(database: Database, chat: str = "1", channel: str = "web") -> int:
    async with database.transaction() as tx:
        return (await tx.people.find_or_create(channel, chat, NOW)).id


async def add(database: Database, *deliveries: NewDelivery) -> list[int]:
    async with database.transaction() as tx:
        return await tx.outbox.add(deliveries, NOW)


async def claim(database: Database, now: datetime = NOW) -> list[ClaimedDelivery]:
    async with database.transaction() as tx:
        return await tx.outbox.claim(["web"], now, 100)


async def outcomes(database: Database, source: str = SOURCE, *states: OutboxState) -> list[Outcome]:
    async with database.transaction() as tx:
        return [outcome async for outcome in tx.outbox.of(source, states or OutboxState)]


async def states(database: Database, source: str) -> dict[OutboxState, int]:
    async with database.transaction() as tx:
        return {tally.state: tally.count for tally in await tx.outbox.tally(source)}


def everybody(count: int, content_id: int) -> Select[tuple[int]]:
    """As an audience would select them: one row a position, made by the server itself."""
    number = func.generate_series(1, count).column_valued("number")
    return select(
        number.label("position"),
        func.concat("person:", number).label("recipient"),
        literal("web").label("channel"),
        func.concat("chat-", number).label("chat_id"),
        null().label("thread_id"),
        null().label("person_id"),
        literal(content_id).label("content_id"),
        null().label("body"),
    )


async def queue_in_chunks(database: Database, count: int, limit: int, chunks: int = 1000) -> list[int]:
    """Each chunk in a transaction of its own; gives how many were new in each."""
    async with database.transaction() as tx:
        message = Outgoing(Address("web", ""), "Réunion", (Button("Oui", "/affirm"),))
        content_id = await tx.outbox.add_content(message, NOW)
    added, after = [], 0
    for _ in range(chunks):
        async with database.transaction() as tx:
            recipients = everybody(count, content_id)
            chunk = await tx.outbox.add_bulk(BULK, recipients, NOW, after=after, limit=limit)
        if chunk is None:
            break
        added.append(chunk.added)
        after = chunk.last
    return added


async def test_same_source_and_recipient_are_queued_once(database: Database) -> None:
    someone = await person(database)
    assert len(await add(database, personal(someone))) == 1
    assert await add(database, personal(someone), personal(someone)) == []
    assert len(await claim(database)) == 1


async def test_rows_without_a_source_are_never_duplicates(database: Database) -> None:
    message = NewDelivery(Outgoing(Address("web", "1"), "Bonjour"), NOW)
    assert len(await add(database, message, message)) == 2


async def test_bulk_is_queued_in_chunks_and_shares_its_content(database: Database) -> None:
    assert await queue_in_chunks(database, 25, 10) == [10, 10, 5]
    rows = await claim(database)
    assert len(rows) == 25
    assert {(row.message.text, row.message.buttons, row.message.kind) for row in rows} == {
        ("Réunion", (Button("Oui", "/affirm"),), Kind.ANNOUNCEMENT)
    }


async def test_bulk_begun_again_after_a_crash_repeats_nobody(database: Database) -> None:
    await queue_in_chunks(database, 25, 10, chunks=2)
    assert await queue_in_chunks(database, 25, 10) == [0, 0, 5]


async def test_bulk_of_nobody_is_over_at_once(database: Database) -> None:
    assert await queue_in_chunks(database, 0, 10) == []


async def test_row_overlays_the_shared_content(database: Database) -> None:
    async with database.transaction() as tx:
        content_id = await tx.outbox.add_content(Outgoing(Address("web", ""), "Réunion"), NOW)
        recipients = everybody(1, content_id).with_only_columns(
            *[c for c in everybody(1, content_id).selected_columns if c.key != "body"],
            func.jsonb_build_object("text", "Autre").label("body"),
        )
        await tx.outbox.add_bulk(BULK, recipients, NOW)
    assert [row.message.text for row in await claim(database)] == ["Autre"]


async def test_history_shows_shared_content(database: Database) -> None:
    await queue_in_chunks(database, 1, 1)
    async with database.transaction() as tx:
        assert [past.text for past in await tx.outbox.history("web", "chat-1")] == ["Réunion"]


@pytest.mark.parametrize("kind", [Kind.REMINDER, Kind.ANNOUNCEMENT])
async def test_nothing_in_bulk_reaches_a_person_who_stopped(database: Database, kind: Kind) -> None:
    someone = await person(database)
    await add(database, personal(someone, kind=kind, source=SOURCE))
    async with database.transaction() as tx:
        await tx.people.stop(someone, NOW)
    assert await claim(database) == []
    assert await states(database, SOURCE) == {OutboxState.STOPPED: 1}


async def test_reply_reaches_a_person_who_stopped(database: Database) -> None:
    someone = await person(database)
    async with database.transaction() as tx:
        await tx.people.stop(someone, NOW)
    await add(database, personal(someone, kind=Kind.REPLY))
    assert len(await claim(database)) == 1


async def test_stop_holds_for_a_chat_whose_row_names_nobody(database: Database) -> None:
    someone = await person(database, "1")
    async with database.transaction() as tx:
        await tx.people.stop(someone, NOW)
    await add(database, NewDelivery(Outgoing(Address("web", "1"), "Réunion", (), Kind.ANNOUNCEMENT), NOW))
    assert await claim(database) == []


async def test_person_who_comes_back_is_written_to_again(database: Database) -> None:
    someone = await person(database)
    async with database.transaction() as tx:
        await tx.people.stop(someone, NOW)
        await tx.people.welcome_back(someone)
    await add(database, personal(someone))
    assert len(await claim(database)) == 1


@pytest.mark.parametrize(
    ("kind", "source", "reached"),
    [
        (Kind.REMINDER, "reminder:7:1d", False),
        (Kind.REMINDER, "training:5:change:3", True),
        (Kind.ANNOUNCEMENT, "announcement:12", True),
    ],
)
async def test_reminders_off_holds_reminders_only(
    database: Database, kind: Kind, source: str, reached: bool
) -> None:
    someone = await person(database)
    async with database.transaction() as tx:
        await tx.people.stop_reminders(someone, NOW)
    await add(database, personal(someone, kind=kind, source=source))
    assert bool(await claim(database)) is reached


async def test_reminder_is_not_sent_after_its_event(database: Database) -> None:
    message = Outgoing(Address("web", "1"), "Dans 2 h", (), Kind.REMINDER)
    await add(database, NewDelivery(message, NOW, source=SOURCE, recipient="person:1", expires_at=LATER))
    assert await claim(database, LATER) == []
    assert await states(database, SOURCE) == {OutboxState.EXPIRED: 1}


async def test_cancelled_rows_are_not_sent(database: Database) -> None:
    await queue_in_chunks(database, 3, 10)
    async with database.transaction() as tx:
        assert await tx.outbox.cancel(SOURCE) == 3
    assert await claim(database) == []
    assert await states(database, SOURCE) == {OutboxState.CANCELLED: 3}


async def test_tally_counts_by_channel_state_and_reason(database: Database) -> None:
    await queue_in_chunks(database, 3, 10)
    first, second, _ = await claim(database)
    async with database.transaction() as tx:
        sent, failed = Settled(first.id, Step.SENT, "77"), Settled(second.id, Step.FAILED, error="too long")
        await tx.outbox.settle([sent, failed], NOW)
        tallies = await tx.outbox.tally(SOURCE)
    assert {(t.channel, t.state, t.reason, t.count) for t in tallies} == {
        ("web", OutboxState.SENT, None, 1),
        ("web", OutboxState.FAILED, "too long", 1),
        ("web", OutboxState.SENDING, None, 1),
    }


async def test_sent_rows_are_listed_with_their_platform_ids(database: Database) -> None:
    await queue_in_chunks(database, 3, 10)
    (first, *_) = await claim(database)
    async with database.transaction() as tx:
        await tx.outbox.settle([Settled(first.id, Step.SENT, platform_id="77")], NOW)
    (outcome,) = await outcomes(database, SOURCE, OutboxState.SENT)
    assert (outcome.platform_id, outcome.address.chat_id, outcome.recipient) == ("77", "chat-1", "person:1")


async def test_erased_person_is_counted_but_not_named(database: Database) -> None:
    someone = await person(database)
    await add(database, personal(someone), personal(someone, kind=Kind.ANNOUNCEMENT, source=SOURCE))
    async with database.transaction() as tx:
        await tx.erasure.forget(someone)
    (outcome,) = await outcomes(database)
    assert outcome.state is OutboxState.CANCELLED
    assert (outcome.person_id, outcome.address.chat_id, outcome.platform_id) == (None, "", None)
    assert outcome.recipient.startswith("erased:")
    assert await claim(database) == []
