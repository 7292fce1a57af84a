"""Messages changed or taken back: wherever the first one is when it happens, the chat ends as wanted."""

from datetime import UTC, datetime

from sqlalchemy import literal, null, select

from bot.messages import Address, Attachment, Kind, Outgoing
from bot.store.engine import Database
from bot.store.outbox import ClaimedDelivery, NewDelivery, Settled, Step
from bot.store.outbox_sources import Bulk
from bot.store.tables import OutboxState

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
CHAT = Address("web", "1")


def says(text: str) -> Outgoing:
    return Outgoing(CHAT, text)


async def queued(database: Database, text: str = "1 sur 10") -> int:
    async with database.transaction() as tx:
        return (await tx.outbox.add([NewDelivery(says(text), NOW)], NOW))[0]


async def claim(database: Database) -> list[ClaimedDelivery]:
    async with database.transaction() as tx:
        return await tx.outbox.claim(["web"], NOW, 10)


async def sent(database: Database, row: ClaimedDelivery, platform_id: str) -> None:
    async with database.transaction() as tx:
        await tx.outbox.settle([Settled(row.id, Step.SENT, platform_id=platform_id)], NOW)


async def change(database: Database, delivery_id: int, text: str) -> None:
    async with database.transaction() as tx:
        await tx.outbox.change(delivery_id, says(text), NOW)


async def shown(database: Database) -> list[str]:
    async with database.transaction() as tx:
        return [past.text for past in await tx.outbox.history("web", "1")]


async def test_message_not_sent_yet_is_sent_as_changed(database: Database) -> None:
    first = await queued(database)
    await change(database, first, "2 sur 10")
    (row,) = await claim(database)
    assert (row.message.text, row.message.edits) == ("2 sur 10", None)
    await sent(database, row, "m1")
    assert await claim(database) == []


async def test_message_sent_is_changed_where_it_stands(database: Database) -> None:
    first = await queued(database)
    (row,) = await claim(database)
    await sent(database, row, "m1")
    await change(database, first, "10 sur 10")
    (edit,) = await claim(database)
    assert (edit.message.text, edit.message.edits) == ("10 sur 10", "m1")
    assert await shown(database) == ["10 sur 10"]


async def test_message_on_its_way_is_changed_once_it_has_arrived(database: Database) -> None:
    first = await queued(database)
    (row,) = await claim(database)
    await change(database, first, "2 sur 10")
    assert await claim(database) == []
    await sent(database, row, "m1")
    assert [edit.message.edits for edit in await claim(database)] == ["m1"]


async def test_changes_faster_than_the_platform_become_one(database: Database) -> None:
    first = await queued(database)
    (row,) = await claim(database)
    await sent(database, row, "m1")
    for step in range(2, 6):
        await change(database, first, f"{step} sur 10")
    assert [edit.message.text for edit in await claim(database)] == ["5 sur 10"]


async def test_change_of_what_never_arrived_is_dropped(database: Database) -> None:
    first = await queued(database)
    (row,) = await claim(database)
    await change(database, first, "2 sur 10")
    async with database.transaction() as tx:
        await tx.outbox.settle([Settled(row.id, Step.UNREACHABLE, error="blocked")], NOW)
    assert await claim(database) == []


async def test_message_taken_back_leaves_the_chat(database: Database) -> None:
    first = await queued(database)
    (row,) = await claim(database)
    await sent(database, row, "m1")
    async with database.transaction() as tx:
        await tx.outbox.withdraw(first, NOW)
    assert [gone.message.withdraws for gone in await claim(database)] == ["m1"]
    assert await shown(database) == []


async def test_message_waiting_and_taken_back_is_never_sent(database: Database) -> None:
    first = await queued(database)
    async with database.transaction() as tx:
        await tx.outbox.withdraw(first, NOW)
        state = await tx.outbox.state_of(first)
    assert (state, await claim(database)) == (OutboxState.CANCELLED, [])


async def bulk(database: Database, text: str) -> int:
    """Three recipients of one announcement; gives the content they share."""
    async with database.transaction() as tx:
        content = await tx.outbox.add_content(Outgoing(Address("web", ""), text), NOW)
        people = select(literal(1).label("position"), literal("1").label("chat_id")).union_all(
            select(literal(2), literal("2")), select(literal(3), literal("3"))
        )
        chats = people.subquery()
        recipients = select(
            chats.c.position,
            (literal("person:") + chats.c.chat_id).label("recipient"),
            literal("web").label("channel"),
            chats.c.chat_id,
            null().label("thread_id"),
            null().label("person_id"),
            literal(content).label("content_id"),
            null().label("body"),
        )
        await tx.outbox.add_bulk(Bulk("announcement:1", Kind.ANNOUNCEMENT, NOW), recipients, NOW)
    return content


async def test_announcement_is_corrected_for_those_who_have_it_and_those_who_wait(database: Database) -> None:
    old = await bulk(database, "lundi")
    async with database.transaction() as tx:
        first, second = await tx.outbox.claim(["web"], NOW, 2)
    await sent(database, first, "m1")
    async with database.transaction() as tx:
        new = await tx.outbox.add_content(Outgoing(Address("web", ""), "mardi"), NOW)
        assert await tx.outbox.change_contents("announcement:1", {old: new}, NOW) == 2
    await sent(database, second, "m2")
    told = {(row.message.text, row.message.edits) for row in await claim(database)}
    assert told == {("mardi", "m1"), ("mardi", "m2"), ("mardi", None)}


async def test_announcement_is_taken_back(database: Database) -> None:
    await bulk(database, "erreur")
    async with database.transaction() as tx:
        first, second = await tx.outbox.claim(["web"], NOW, 2)
    await sent(database, first, "m1")
    await sent(database, second, "m2")
    async with database.transaction() as tx:
        assert await tx.outbox.withdraw_all("announcement:1", NOW) == 2
    assert {row.message.withdraws for row in await claim(database)} == {"m1", "m2"}


async def test_attachment_comes_back_as_it_was_queued(database: Database) -> None:
    async with database.transaction() as tx:
        picture = await tx.files.add("affiche.png", "image/png", b"\x89PNG", NOW)
        await tx.outbox.add([NewDelivery(Outgoing(CHAT, "Voici", attachment=picture), NOW)], NOW)
    (row,) = await claim(database)
    assert row.message.attachment == Attachment(picture.key, "affiche.png", "image/png")


async def test_file_is_known_by_what_each_platform_calls_it(database: Database) -> None:
    async with database.transaction() as tx:
        kept = await tx.files.add("recu.jpg", "image/jpeg", None, NOW)
        await tx.files.remember(kept.key, "telegram", "old")
        await tx.files.remember(kept.key, "telegram", "AgAD")
    async with database.transaction() as tx:
        await tx.files.fill(kept.key, b"\xff\xd8")
    async with database.transaction() as tx:
        file = await tx.files.get(kept.key)
        assert await tx.files.get("nothing") is None
    assert file is not None
    assert (file.content, file.copies) == (b"\xff\xd8", (("telegram", "AgAD"),))


async def test_edits_of_a_day_ago_do_not_hide_what_was_said(database: Database) -> None:
    first = await queued(database)
    (row,) = await claim(database)
    await sent(database, row, "m1")
    for step in range(60):
        await change(database, first, f"{step} sur 60")
        (edit,) = await claim(database)
        await sent(database, edit, "m1")
    async with database.transaction() as tx:
        (past,) = await tx.outbox.history("web", "1", limit=5)
    assert (past.text, past.edited) == ("59 sur 60", True)
