"""Fixtures of the Telegram tests; each test that takes `library` runs through both."""

from collections.abc import AsyncIterator

import pytest

from bot.channels.telegram_channel import TelegramChannel
from tests.channels.telegram_bench import LIBRARIES, NOW, Pauses, RememberingInbox, build, options_for
from tests.channels.telegram_emulator import TelegramEmulator
from tests.channels.telegram_people import Person


@pytest.fixture(params=LIBRARIES)
def library(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def emulator() -> AsyncIterator[TelegramEmulator]:
    async with TelegramEmulator(now=NOW.timestamp) as emulator:
        yield emulator


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


@pytest.fixture
async def channel(library: str, emulator: TelegramEmulator, pauses: Pauses) -> AsyncIterator[TelegramChannel]:
    options = options_for(emulator)
    channel = build(library, options, rhythm=pauses.rhythm(), clock=lambda: NOW)
    yield channel
    await channel.close()


@pytest.fixture
def inbox(channel: TelegramChannel) -> RememberingInbox:
    return RememberingInbox(channel)


@pytest.fixture
def fatouma(emulator: TelegramEmulator) -> Person:
    return emulator.person(7)
