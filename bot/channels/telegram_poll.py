"""The poll loop: updates are asked for raw, stored, and only then confirmed by moving the offset.

Neither library's own loop is used: one update that their types refuse stops both for good, and aiogram
confirms before anything is handled.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from bot.channels.port import Inbox, Payload, Received
from bot.channels.telegram_api import ALLOWED_UPDATES, NoAnswer, Params, Rejected, Wire
from bot.channels.telegram_patience import Rhythm, insist

logger = logging.getLogger(__name__)

LONG_POLL = 30
"""Seconds getUpdates may wait for something to happen; a quiet bot then costs two requests a minute."""

ANSWER_MARGIN = 15.0
BATCH = 100


@dataclass(frozen=True, slots=True)
class Poller:
    """`stored` is told each update once it is safe. Runs until cancelled; nothing else ends it."""

    wire: Wire
    rhythm: Rhythm
    stored: Callable[[Payload], None]

    async def run(self, inbox: Inbox) -> None:
        await insist(self.wire, self.rhythm, self._drop_webhook)
        offset: int | None = None
        while True:
            updates = await self._next(offset)
            if updates:
                await self._store(inbox, updates)
                offset = updates[-1]["update_id"] + 1
                for update in updates:
                    self.stored(update)

    async def _drop_webhook(self) -> None:
        """A webhook left by an earlier life would answer every getUpdates with 409. Pending updates stay."""
        await self.wire.call("deleteWebhook", {"drop_pending_updates": False}, ANSWER_MARGIN)

    async def _next(self, offset: int | None) -> list[Payload]:
        params: Params = {
            "timeout": LONG_POLL,
            "limit": BATCH,
            "allowed_updates": list(ALLOWED_UPDATES),
        } | ({} if offset is None else {"offset": offset})
        return await insist(self.wire, self.rhythm, lambda: self._ask(params))

    async def _ask(self, params: Params) -> list[Payload]:
        try:
            updates = await self.wire.call("getUpdates", params, LONG_POLL + ANSWER_MARGIN)
        except Rejected as failure:
            if failure.code == 409 and failure.says("webhook"):
                await self._drop_webhook()
            raise
        if not isinstance(updates, list) or not all(_is_update(update) for update in updates):
            raise NoAnswer("getUpdates answered something other than a list of updates")
        return updates

    async def _store(self, inbox: Inbox, updates: list[Payload]) -> None:
        """The offset waits for the database, whatever it complains of: only stored updates are confirmed."""
        events = [Received(str(update["update_id"]), update) for update in updates]
        failures = 0
        while True:
            try:
                await inbox.store("telegram", events)
            except Exception:
                wait = self.rhythm.growing(failures)
                logger.exception("%d updates could not be stored; next try in %.1f s", len(events), wait)
            else:
                return
            failures += 1
            await self.rhythm.pause(wait)


def _is_update(update: object) -> bool:
    return isinstance(update, dict) and isinstance(update.get("update_id"), int)


async def finish(tasks: set[asyncio.Task[None]]) -> None:
    """Cancel what is still under way and wait for it to end."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
