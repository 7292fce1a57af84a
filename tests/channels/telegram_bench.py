"""What the Telegram tests put around a channel: both libraries, a remembering inbox, pauses without sleep."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

from bot.channels.port import Received
from bot.channels.telegram_api import TelegramOptions
from bot.channels.telegram_channel import TelegramChannel
from bot.channels.telegram_patience import Rhythm
from bot.messages import Address, Button, Incoming, Outgoing
from tests.channels.telegram_emulator import TOKEN, TelegramEmulator

LIBRARIES = ("ptb", "aiogram")
CLASSES = {
    "ptb": ("bot.channels.telegram_ptb", "TelegramPtb"),
    "aiogram": ("bot.channels.telegram_aiogram", "TelegramAiogram"),
}
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PRIVATE = Address("telegram", "7")


@dataclass(slots=True)
class Pauses:
    """Notes every pause and takes none."""

    taken: list[float] = field(default_factory=list)
    _one_more: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)
        self._one_more.set()
        await asyncio.sleep(0)

    async def reach(self, count: int) -> None:
        while len(self.taken) < count:
            self._one_more.clear()
            await self._one_more.wait()

    def rhythm(self) -> Rhythm:
        return Rhythm(self, jitter=lambda: 0.0)


@dataclass(slots=True)
class RememberingInbox:
    """Keeps what is stored, in order; refuses `refusals` times, like a database away; `crashing` then."""

    channel: TelegramChannel
    refusals: int = 0
    events: list[Received] = field(default_factory=list)
    attempts: int = 0
    crashing: bool = False
    stored: asyncio.Event = field(default_factory=asyncio.Event)

    async def store(self, channel: str, events: Sequence[Received]) -> None:
        assert channel == "telegram"
        self.attempts += 1
        if self.refusals > 0:
            self.refusals -= 1
            raise ConnectionError("the database is away")
        self.events.extend(events)
        self.stored.set()
        if self.crashing:
            await asyncio.Event().wait()

    @property
    def read(self) -> list[Incoming | None]:
        return [self.channel.read(event.payload) for event in self.events]


def build(library: str, options: TelegramOptions, **more: Any) -> TelegramChannel:
    """A channel through the named library, which is imported only now."""
    module, name = CLASSES[library]
    channel: TelegramChannel = getattr(import_module(module), name)(options, **more)
    return channel


def options_for(emulator: TelegramEmulator, **more: Any) -> TelegramOptions:
    return TelegramOptions(emulator.token, emulator.api_url, **more)


def unconnected(library: str) -> TelegramChannel:
    """For reading only; the bot's username is not known to it."""
    return build(library, TelegramOptions(TOKEN, "http://127.0.0.1:9"), clock=lambda: NOW)


@asynccontextmanager
async def receiving(channel: TelegramChannel, inbox: RememberingInbox) -> AsyncIterator[None]:
    task = asyncio.create_task(channel.run(inbox))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def words(text: str = "Bonjour", *buttons: Button, to: Address = PRIVATE) -> Outgoing:
    return Outgoing(to, text, tuple(buttons))
