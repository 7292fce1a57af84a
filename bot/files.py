"""Attachments for the channels: bytes from the database, or fetched once from the platform that has them."""

from collections.abc import Mapping

from bot.channels.port import Channel
from bot.errors import Refused
from bot.messages import Attachment
from bot.store.engine import Database

MOST_KNOWN = 500
"""Platform ids kept in memory: an announcement asks for the same file thousands of times."""


class StoredFiles:
    """`bot.channels.port.Files` over the database; `channels` may be filled later."""

    def __init__(self, database: Database, channels: Mapping[str, Channel]) -> None:
        self._database = database
        self._channels = channels
        self._known: dict[tuple[str, str], str] = {}

    async def content(self, key: str) -> bytes:
        """Raises Refused when no such file is kept or no platform has it any more; TryLater."""
        _, content = await self.get(key)
        return content

    async def get(self, key: str) -> tuple[Attachment, bytes]:
        """A file with its name; raises as `content`."""
        async with self._database.transaction() as tx:
            file = await tx.files.get(key)
        if file is None:
            raise Refused("the file is not kept")
        if file.content is not None:
            return file.attachment, file.content
        content = await self._fetched(file.copies)
        async with self._database.transaction() as tx:
            await tx.files.fill(key, content)
        return file.attachment, content

    async def _fetched(self, copies: tuple[tuple[str, str], ...]) -> bytes:
        for channel, platform_id in copies:
            if channel in self._channels:
                return await self._channels[channel].fetch(platform_id)
        raise Refused("no platform has the file")

    async def known_as(self, key: str, channel: str) -> str | None:
        if (key, channel) not in self._known:
            async with self._database.transaction() as tx:
                file = await tx.files.get(key)
            if file is None:
                return None
            for name, platform_id in file.copies:
                self._note(key, name, platform_id)
        return self._known.get((key, channel))

    async def remember(self, key: str, channel: str, platform_id: str) -> None:
        if self._known.get((key, channel)) == platform_id:
            return
        async with self._database.transaction() as tx:
            await tx.files.remember(key, channel, platform_id)
        self._note(key, channel, platform_id)

    def _note(self, key: str, channel: str, platform_id: str) -> None:
        self._known[(key, channel)] = platform_id
        if len(self._known) > MOST_KNOWN:
            self._known.pop(next(iter(self._known)))
