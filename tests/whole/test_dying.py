"""The bot is killed at every step of a message's way; after a restart nothing is lost and little said twice."""

import itertools
import signal
from pathlib import Path

import pytest

from tests.channels.telegram_answers import SILENT_AFTER
from tests.channels.telegram_emulator import TelegramEmulator
from tests.channels.telegram_people import Person
from tests.whole.running import running

QUESTION = "Où trouver un espace numérique à Ali Sabieh ?"
LAST_WORD = "/help"
UNCOMMITTED = (
    "before storing",
    "stored, before the commit",
    "stored, after the commit",
    "claimed",
    "locked",
    "understood",
    "acted",
    "rendered",
    "turned, before the commit",
)
"""In the order a message meets them; the steps of `bot.turn` among them."""

numbers = itertools.count(1000)


@pytest.fixture
def fatouma(emulator: TelegramEmulator) -> Person:
    """Somebody the bot of this module has never met."""
    return emulator.person(next(numbers))


@pytest.fixture
def amina(emulator: TelegramEmulator) -> Person:
    """Says the same as Fatouma, to a bot in good health."""
    return emulator.person(next(numbers), "Amina")


async def dies_at(step: str, data_dir: Path, settings: dict[str, str]) -> None:
    async with running(data_dir, settings, "tests.whole.dying_bot", step) as dying:
        assert await dying.ends() == -signal.SIGKILL


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


async def test_message_outlives_a_death_at_every_step_to_its_commit_and_is_answered_once(
    data_dir: Path, ptb_settings: dict[str, str], fatouma: Person, amina: Person
) -> None:
    fatouma.says(QUESTION)
    for step in UNCOMMITTED:
        await dies_at(step, data_dir, ptb_settings)
    async with running(data_dir, ptb_settings):
        assert await heard(fatouma) == await heard_in_good_health(amina)


async def test_reply_taken_but_not_sent_is_sent_once(
    data_dir: Path, ptb_settings: dict[str, str], fatouma: Person, amina: Person
) -> None:
    fatouma.says(QUESTION)
    await dies_at("taken to send", data_dir, ptb_settings)
    async with running(data_dir, ptb_settings):
        assert await heard(fatouma) == await heard_in_good_health(amina)


async def test_reply_committed_is_sent_after_a_death_before_its_delivery(
    data_dir: Path, ptb_settings: dict[str, str], fatouma: Person, amina: Person
) -> None:
    fatouma.says(QUESTION)
    await dies_at("turned, after the commit", data_dir, ptb_settings)
    async with running(data_dir, ptb_settings):
        told, expected = await heard(fatouma), await heard_in_good_health(amina)
    # The sender may have been quicker than the death of the turn's worker.
    assert once(told) == expected
    assert len(told) <= len(expected) + 1


async def test_reply_sent_but_not_recorded_is_repeated_at_most_once(
    data_dir: Path, settings: dict[str, str], fatouma: Person, amina: Person
) -> None:
    fatouma.says(QUESTION)
    await dies_at("sent, before recording", data_dir, settings)
    assert len(fatouma.emulator.messages_to(fatouma.chat.id)) == 1
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
