"""The bot on WhatsApp, killed at every step from webhook to reply: nothing is lost, nothing answered twice."""

import itertools
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.channels.whatsapp_emulator import Mischief, WhatsAppEmulator
from tests.channels.whatsapp_people import Person
from tests.whole.running import running
from tests.whole.test_dying import dies_at, once

STEPS = (
    "before storing",
    "stored, before the commit",
    "stored, after the commit",
    "claimed",
    "turned, before the commit",
)
"""From the webhook to the commit of the reply; those between them are the same for every channel."""

QUESTION = "Où trouver un espace numérique à Ali Sabieh ?"
LAST_WORD = "/help"
SECONDS = 60.0
numbers = itertools.count(77000000)


@pytest.fixture
async def whatsapp() -> AsyncIterator[WhatsAppEmulator]:
    async with WhatsAppEmulator() as emulator:
        yield emulator


@pytest.fixture
def whatsapp_settings(whatsapp: WhatsAppEmulator) -> dict[str, str]:
    """Of a bot whose webhook stays at one address through all its deaths; Meta delivers there from now on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    whatsapp.deliver_to(f"http://127.0.0.1:{port}/webhooks/whatsapp")
    return whatsapp.settings | {"PORT": port}


def somebody(whatsapp: WhatsAppEmulator) -> Person:
    return whatsapp.person(f"253{next(numbers)}")


async def heard(person: Person) -> list[str]:
    """All the bot has written to the person once it has answered a last word, which is answered last."""
    person.says(LAST_WORD)
    await person.emulator.until(
        lambda: any("À tout moment" in sent.text for sent in person.messages()), SECONDS
    )
    return [sent.text for sent in person.messages()]


async def heard_in_good_health(person: Person) -> list[str]:
    person.says(QUESTION)
    return await heard(person)


async def test_message_outlives_a_death_at_every_step_to_its_commit_and_is_answered_once(
    data_dir: Path, whatsapp: WhatsAppEmulator, whatsapp_settings: dict[str, str]
) -> None:
    amina = somebody(whatsapp)
    amina.says(QUESTION)
    for step in STEPS:
        await dies_at(step, data_dir, whatsapp_settings)
    async with running(data_dir, whatsapp_settings) as bot:
        await bot.ready()
        told, expected = await heard(amina), await heard_in_good_health(somebody(whatsapp))
        assert any("Ali Sabieh" in text for text in told)
        assert told == expected


async def test_webhook_repeated_after_a_death_is_answered_once(
    data_dir: Path, whatsapp: WhatsAppEmulator, whatsapp_settings: dict[str, str]
) -> None:
    """Meta never learned that the bot had it, or delivers twice for reasons of its own."""
    amina = somebody(whatsapp)
    amina.says(QUESTION)
    body = whatsapp.body_of(whatsapp.pending)
    await dies_at("stored, after the commit", data_dir, whatsapp_settings)
    assert not whatsapp.quiet
    async with running(data_dir, whatsapp_settings) as bot:
        await bot.ready()
        await whatsapp.until(lambda: whatsapp.quiet, SECONDS)
        for _ in range(3):
            assert await whatsapp.post(body) == 200
        told = await heard(amina)
        assert await whatsapp.post(body) == 200
        assert told == await heard_in_good_health(somebody(whatsapp))
        assert [sent.text for sent in amina.messages()] == told


@pytest.mark.parametrize("step", ["turned, after the commit", "taken to send", "sent, before recording"])
async def test_reply_is_sent_after_a_death_before_its_end_was_noted(
    data_dir: Path, whatsapp: WhatsAppEmulator, whatsapp_settings: dict[str, str], step: str
) -> None:
    amina = somebody(whatsapp)
    amina.says(QUESTION)
    await dies_at(step, data_dir, whatsapp_settings)
    async with running(data_dir, whatsapp_settings) as bot:
        await bot.ready()
        told, expected = await heard(amina), await heard_in_good_health(somebody(whatsapp))
    assert once(told) == expected
    assert len(told) <= len(expected) + 1


async def test_badly_delivered_webhooks_are_answered_as_good_ones(
    data_dir: Path, whatsapp: WhatsAppEmulator, whatsapp_settings: dict[str, str]
) -> None:
    """Batches of several people, each delivered three times."""
    whatsapp.mischief = Mischief(batch=4, repeats=3)
    people = [somebody(whatsapp) for _ in range(3)]
    async with running(data_dir, whatsapp_settings) as bot:
        await bot.ready()
        for person in people:
            person.says(QUESTION)
        told = [await heard(person) for person in people]
        whatsapp.mischief = Mischief()
        assert told == [await heard_in_good_health(somebody(whatsapp))] * 3
