"""For those who read the answer to one message before they write the next: the terminal and scripts."""

import asyncio
from collections.abc import Sequence

from bot.channels.port import Inbox, Received
from bot.store.engine import Database

LOOK_EVERY = 0.01


class PatientInbox:
    """An inbox whose `store` returns once every event is handled and every reply to it has been sent."""

    def __init__(self, inbox: Inbox, database: Database) -> None:
        self._inbox = inbox
        self._database = database

    async def store(self, channel: str, events: Sequence[Received]) -> None:
        await self._inbox.store(channel, events)
        for event in events:
            while True:
                if await self._settled(channel, event.external_id):
                    break
                await asyncio.sleep(LOOK_EVERY)

    async def _settled(self, channel: str, external_id: str) -> bool:
        async with self._database.transaction() as tx:
            return await tx.inbox.settled(channel, external_id)
