"""Topics followed and left, and STOP in three languages: confirmed once, with a way back."""

import pytest

from bot.store.engine import Database
from tests.announcing import joined
from tests.fakes import Chat


async def _stopped(database: Database, chat: Chat) -> bool:
    async with database.transaction() as tx:
        person = await tx.people.find(chat.channel, "amina")
    assert person is not None
    return person.wishes.stopped_at is not None


async def _topics(database: Database, chat: Chat) -> set[str]:
    async with database.transaction() as tx:
        person = await tx.people.find(chat.channel, "amina")
        assert person is not None
        return set(await tx.following.topics(person.id))


@pytest.mark.parametrize(
    ("language", "words", "answer", "back"),
    [
        ("Français", "STOP", "plus aucune annonce", "Recevoir de nouveau"),
        ("Français", "arrêtez", "plus aucune annonce", "Recevoir de nouveau"),
        ("Soomaali", "jooji", "Waa la joojiyay", "Mar kale hel"),
        ("Qafar", "soolis", "Soolis. Meqeh.", "Qagitak · Recevoir"),
        ("Français", "/stop", "plus aucune annonce", "Recevoir de nouveau"),
    ],
)
async def test_stop_ends_everything_is_confirmed_once_and_can_be_undone(
    chat: Chat, database: Database, language: str, words: str, answer: str, back: str
) -> None:
    await joined(chat, language)
    await chat.says(words)
    chat.hears(answer)
    assert len(chat.replies) == 1
    assert await _stopped(database, chat)
    await chat.taps(back)
    assert not await _stopped(database, chat)


async def test_topics_are_followed_and_left_by_taps(chat: Chat, database: Database) -> None:
    await joined(chat)
    await chat.sends(tap="/subscribe")
    assert len([b for m in chat.replies for b in m.buttons]) == 19
    await chat.taps("Santé")
    chat.hears("vous suivez Santé")
    await chat.taps("Mes sujets")
    await chat.taps("Appels à projets")
    assert await _topics(database, chat) == {"santé", "appels"}
    await chat.taps("Mes sujets")
    await chat.taps("✓ Santé")
    chat.hears("vous ne suivez plus Santé")
    assert await _topics(database, chat) == {"appels"}
    assert not await _stopped(database, chat)


async def test_topics_are_followed_by_words(chat: Chat, database: Database) -> None:
    await joined(chat)
    await chat.says("je veux recevoir les annonces sur la santé")
    assert await _topics(database, chat) == {"santé"}


async def test_erasing_ones_data_leaves_no_topic_and_no_place(chat: Chat, database: Database) -> None:
    await joined(chat)
    await chat.sends(tap='/subscribe{"theme": "eau"}')
    await chat.sends(tap='/delete_my_data{"tell": "now"}')
    assert await _topics(database, chat) == set()
