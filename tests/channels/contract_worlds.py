"""One channel, its emulated platform and one person there, behind the same few words for every platform."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

from bot.channels.port import Channel, Payload
from bot.channels.whatsapp import WhatsAppChannel
from bot.messages import Address, Button, Incoming, Outgoing
from tests.channels.telegram_answers import LOST_AFTER, LOST_BEFORE, Fault
from tests.channels.telegram_bench import NOW, build, options_for
from tests.channels.telegram_emulated_files import EmulatedFiles
from tests.channels.telegram_emulator import TelegramEmulator
from tests.channels.telegram_http import Uploaded
from tests.channels.whatsapp_emulator import WhatsAppEmulator, graph_error

PLATFORMS = ("ptb", "aiogram", "whatsapp")


class World(Protocol):
    """What a contract test may do, whatever the platform; accidents befall the next message of the bot."""

    channel: Channel
    secret: str
    address: Address

    def says(self, text: str) -> None: ...

    def taps(self, title: str) -> None: ...

    def received(self) -> list[Incoming | None]:
        """All the person has done, read by the channel."""

    def seen(self) -> list[str]:
        """The texts the person's chat shows."""

    def leaves(self) -> None: ...

    def keeps_file(self, content: bytes) -> str: ...

    def throttles(self) -> None: ...

    def has_trouble(self, status: int) -> None: ...

    def loses_connection(self, *, obeyed: bool) -> None: ...

    async def goes_away(self) -> None: ...


class TelegramWorld:
    def __init__(self, emulator: TelegramEmulator, library: str) -> None:
        self._emulator = emulator
        self._person = emulator.person(7)
        self.channel: Channel = build(library, options_for(emulator), clock=lambda: NOW)
        self.secret = emulator.token
        self.address = Address("telegram", "7")

    def says(self, text: str) -> None:
        self._person.says(text)

    def taps(self, title: str) -> None:
        self._person.taps(title)

    def received(self) -> list[Incoming | None]:
        return [self.channel.read(update) for update in self._emulator.pending]

    def seen(self) -> list[str]:
        return [sent.text for sent in self._emulator.messages_to(7)]

    def leaves(self) -> None:
        self._person.blocks()

    def keeps_file(self, content: bytes) -> str:
        files: EmulatedFiles = self._emulator.files
        return files.put("document", Uploaded("a.pdf", content))

    def throttles(self) -> None:
        fault = Fault.refusal(429, "Too Many Requests: retry after 14", retry_after=14)
        self._emulator.fail_next("sendMessage", fault)

    def has_trouble(self, status: int) -> None:
        self._emulator.fail_next("sendMessage", Fault.page(status))

    def loses_connection(self, *, obeyed: bool) -> None:
        self._emulator.fail_next("sendMessage", LOST_AFTER if obeyed else LOST_BEFORE)

    async def goes_away(self) -> None:
        await self._emulator.goes_away()


class WhatsAppWorld:
    """The person has written a moment ago: everything may be said to them."""

    def __init__(self, emulator: WhatsAppEmulator) -> None:
        self._emulator = emulator
        self._person = emulator.person()
        self._person.says("slt")
        emulator.pending.clear()
        self.whatsapp = WhatsAppChannel(emulator.options(), clock=lambda: NOW)
        self.channel: Channel = self.whatsapp
        self.secret = emulator.options().token
        self.address = Address("whatsapp", self._person.user_id)

    def says(self, text: str) -> None:
        self._person.says(text)

    def taps(self, title: str) -> None:
        self._person.taps(title)

    def received(self) -> list[Incoming | None]:
        own: list[Payload] = [value for _, value in self._emulator.pending if "messages" in value]
        bodies = [{"object": "whatsapp_business_account", "entry": [_entry(value)]} for value in own]
        events = [event for body in bodies for event in self.whatsapp.events(body)]
        return [self.channel.read(event.payload) for event in events]

    def seen(self) -> list[str]:
        return [sent.text for sent in self._person.messages()]

    def leaves(self) -> None:
        self._person.leaves()

    def keeps_file(self, content: bytes) -> str:
        return self._emulator.keep_file(content, "application/pdf")

    def throttles(self) -> None:
        self._emulator.fail_next("messages", graph_error(130429, 429))

    def has_trouble(self, status: int) -> None:
        self._emulator.fail_next("messages", Fault.page(status))

    def loses_connection(self, *, obeyed: bool) -> None:
        self._emulator.fail_next("messages", LOST_AFTER if obeyed else LOST_BEFORE)

    async def goes_away(self) -> None:
        await self._emulator.goes_away()


def _entry(value: Payload) -> Payload:
    return {"id": "1", "changes": [{"field": "messages", "value": value}]}


@asynccontextmanager
async def world_of(platform: str) -> AsyncIterator[World]:
    if platform == "whatsapp":
        async with WhatsAppEmulator(now=NOW.timestamp) as whatsapp:
            world: World = WhatsAppWorld(whatsapp)
            yield world
            await world.channel.close()
    else:
        async with TelegramEmulator(now=NOW.timestamp) as telegram:
            world = TelegramWorld(telegram, platform)
            yield world
            await world.channel.close()


def words(world: World, text: str = "Bonjour", *buttons: Button) -> Outgoing:
    return Outgoing(world.address, text, tuple(buttons))
