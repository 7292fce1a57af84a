"""Attachments for the channels: from the database, or fetched once from the platform that has them."""

from datetime import UTC, datetime

import pytest

from bot.channels.port import Channel
from bot.errors import Refused
from bot.files import StoredFiles
from bot.store.engine import Database
from tests.fakes import PlainChannel

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


async def kept(database: Database, content: bytes | None, *copies: tuple[str, str]) -> str:
    async with database.transaction() as tx:
        attachment = await tx.files.add("recu.jpg", "image/jpeg", content, NOW)
        for channel, platform_id in copies:
            await tx.files.remember(attachment.key, channel, platform_id)
    return attachment.key


async def test_file_of_ours_is_read_from_the_database(database: Database) -> None:
    key = await kept(database, b"bytes")
    attachment, content = await StoredFiles(database, {}).get(key)
    assert (attachment.name, content) == ("recu.jpg", b"bytes")


async def test_file_somebody_sent_is_fetched_once(database: Database) -> None:
    channels: dict[str, Channel] = {"plain": PlainChannel()}
    key = await kept(database, None, ("plain", "AgAD"))
    assert await StoredFiles(database, channels).content(key) == b"bytes of AgAD"
    assert await StoredFiles(database, {}).content(key) == b"bytes of AgAD"


async def test_file_nobody_has_is_refused(database: Database) -> None:
    files = StoredFiles(database, {})
    with pytest.raises(Refused):
        await files.content("unknown")
    key = await kept(database, None, ("whatsapp", "1"))
    with pytest.raises(Refused):
        await files.content(key)


async def test_what_a_platform_calls_a_file_is_remembered(database: Database) -> None:
    files = StoredFiles(database, {})
    key = await kept(database, b"bytes")
    assert await files.known_as(key, "telegram") is None
    await files.remember(key, "telegram", "AgAD")
    assert await files.known_as(key, "telegram") == "AgAD"
    assert await StoredFiles(database, {}).known_as(key, "telegram") == "AgAD"
