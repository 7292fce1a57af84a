"""Conversations and groups: one turn at a time, saved whole, followed to their chat's new id."""

import asyncio
from datetime import UTC, datetime

from bot.messages import Address
from bot.store.conversations import conversation_key
from bot.store.engine import Database

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
CHAT = Address("telegram", "-5", "3")
KEY = conversation_key(CHAT, "7")


async def test_state_is_found_as_it_was_saved(database: Database) -> None:
    state = {"slots": {"region": "Dikhil"}, "form": None, "history": ["é", 1]}
    async with database.transaction() as tx:
        await tx.conversations.lock(KEY, CHAT, NOW)
        await tx.conversations.save(KEY, state, None, NOW)
    async with database.transaction() as tx:
        found = await tx.conversations.lock(KEY, CHAT, NOW)
    assert (found.state, found.address) == (state, CHAT)


async def test_new_conversation_is_empty(database: Database) -> None:
    async with database.transaction() as tx:
        assert (await tx.conversations.lock(KEY, CHAT, NOW)).state == {}


async def count_up(database: Database) -> None:
    async with database.transaction() as tx:
        found = await tx.conversations.lock(KEY, CHAT, NOW)
        await tx.conversations.save(KEY, {"n": found.state.get("n", 0) + 1}, None, NOW)


async def test_turns_of_one_conversation_do_not_overwrite_each_other(database: Database) -> None:
    await asyncio.gather(*(count_up(database) for _ in range(10)))
    async with database.transaction() as tx:
        found = await tx.conversations.get(KEY)
    assert found is not None
    assert found.state == {"n": 10}


async def test_renamed_chat_takes_its_conversations_along(database: Database) -> None:
    await count_up(database)
    async with database.transaction() as tx:
        await tx.conversations.rename_chat("telegram", "-5", "-1005")
        found = await tx.conversations.get(conversation_key(Address("telegram", "-1005", "3"), "7"))
    assert found is not None
    assert (found.address.chat_id, found.state) == ("-1005", {"n": 1})


async def test_rename_prefers_the_older_conversation(database: Database) -> None:
    await count_up(database)
    new = Address("telegram", "-1005", "3")
    async with database.transaction() as tx:
        await tx.conversations.lock(conversation_key(new, "7"), new, NOW)
        await tx.conversations.rename_chat("telegram", "-5", "-1005")
        found = await tx.conversations.get(conversation_key(new, "7"))
    assert found is not None
    assert found.state == {"n": 1}


async def test_rename_leaves_chats_with_a_longer_id_alone(database: Database) -> None:
    longer = Address("telegram", "-55")
    async with database.transaction() as tx:
        await tx.conversations.lock(conversation_key(longer), longer, NOW)
        await tx.conversations.rename_chat("telegram", "-5", "-1005")
        assert await tx.conversations.get(conversation_key(longer)) is not None


async def test_group_is_known_until_the_bot_leaves(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.groups.joined("telegram", "-5", "OSC Dikhil", NOW)
        joined = await tx.groups.active("telegram")
        await tx.groups.left("telegram", "-5")
        assert await tx.groups.active("telegram") == []
    assert [group.title for group in joined] == ["OSC Dikhil"]


async def test_group_joined_again_keeps_its_title_when_none_is_given(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.groups.joined("telegram", "-5", "OSC Dikhil", NOW)
        await tx.groups.left("telegram", "-5")
        await tx.groups.joined("telegram", "-5", None, NOW)
        assert [group.title for group in await tx.groups.active("telegram")] == ["OSC Dikhil"]


async def test_group_that_moved_is_one_group(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.groups.joined("telegram", "-5", "OSC Dikhil", NOW)
        await tx.groups.joined("telegram", "-1005", None, NOW)
        await tx.groups.rename_chat("telegram", "-5", "-1005")
        await tx.groups.rename_chat("telegram", "-5", "-1005")
        found = await tx.groups.active("telegram")
    assert [(group.chat_id, group.title) for group in found] == [("-1005", "OSC Dikhil")]
