"""The bot is killed at every step of a message's way; after a restart nothing is lost and little said twice."""

import itertools
from pathlib import Path

import pytest

from tests.channels.telegram_answers import SILENT_AFTER
from tests.channels.telegram_emulator import TelegramEmulator
from tests.channels.telegram_people import Person
from tests.whole.running import running

QUESTION = "Où trouver un espace numérique à Ali Sabieh ?"
LAST_WORD = "/help"
UNSENT = (
    "before storing",
    "stored, before the commit",
    "stored, after the commit",
    "claimed",
    "locked",
    "understood",
    "acted",
    "rendered",
    "turned, before the commit",
    "taken to send",
)
PERHAPS_SENT = ("turned, after the commit", "sent, before recording")

numbers = itertools.count(1000)


@pytest.fixture
def fatouma(emulator: TelegramEmulator) -> Person:
    """Somebody the bot of this module has never met."""
    return emulator.person(next(numbers))


@pytest.fixture
def amina(emulator: TelegramEmulator) -> Person:
    """Says the same as Fatouma, to a bot in good health."""
    return emulator.person(next(numbers), "Amina")


async def heard(person: Person) -> list[str]:
    """All the bot has written to the person once it has answered a last word, which is answered last."""
    person.says(LAST_WORD)
    emulator, chat = person.emulator, person.chat.id
    await emulator.until(lambda: any("À tout moment" in m.text for m in emulator.messages_to(chat)))
    return [message.text for message in emulator.messages_to(chat)]


async def heard_in_good_health(amina: Person) -> list[str]:
    amina.says(QUESTION)
    return await heard(amina)


def once(texts: list[str]) -> list[str]:
    """Without what directly repeats."""
    return [text for text, _ in itertools.groupby(texts)]


@pytest.mark.parametrize("step", UNSENT)
async def test_bot_killed_before_it_sent_answers_exactly_once(
    step: str, data_dir: Path, ptb_settings: dict[str, str], fatouma: Person, amina: Person
) -> None:
    async with running(data_dir, ptb_settings, "tests.whole.dying_bot", step) as dying:
        fatouma.says(QUESTION)
        assert await dying.ends() == -9
    async with running(data_dir, ptb_settings):
        assert await heard(fatouma) == await heard_in_good_health(amina)


@pytest.mark.parametrize("step", PERHAPS_SENT)
async def test_bot_killed_around_sending_repeats_at_most_the_message_in_flight(
    step: str, data_dir: Path, settings: dict[str, str], fatouma: Person, amina: Person
) -> None:
    async with running(data_dir, settings, "tests.whole.dying_bot", step) as dying:
        fatouma.says(QUESTION)
        assert await dying.ends() == -9
    async with running(data_dir, settings):
        told, expected = await heard(fatouma), await heard_in_good_health(amina)
    assert once(told) == expected
    assert len(told) <= len(expected) + 1


async def test_bot_killed_while_telegram_keeps_it_waiting_repeats_at_most_that_message(
    data_dir: Path, settings: dict[str, str], fatouma: Person, amina: Person
) -> None:
    fatouma.emulator.fail_next("sendMessage", SILENT_AFTER)
    async with running(data_dir, settings) as bot:
        await bot.ready()
        fatouma.says(QUESTION)
        await fatouma.hears()
        await bot.dies()
    async with running(data_dir, settings):
        told, expected = await heard(fatouma), await heard_in_good_health(amina)
    assert once(told) == expected
    assert len(told) <= len(expected) + 1
