"""What the bot keeps of a person is told to them and erased at their word."""

from bot.store.engine import Database
from tests.fakes import Chat


async def _with_an_opinion(chat: Chat) -> None:
    await chat.says("bonjour")
    await chat.taps("Français")
    await chat.taps("D'accord")
    await chat.sends(tap="/give_feedback")
    await chat.says("le bot est lent le soir")


async def test_person_reads_what_is_kept(chat: Chat) -> None:
    await _with_an_opinion(chat)
    await chat.sends(tap="/my_data")
    chat.hears("accord pour garder vos données : oui")


async def test_nothing_is_erased_without_a_second_yes(chat: Chat) -> None:
    await _with_an_opinion(chat)
    await chat.sends(tap="/delete_my_data")
    await chat.taps("Non, garder")
    await chat.sends(tap="/my_data")
    chat.hears("accord pour garder vos données : oui")


async def _tables_with(database: Database, words: str) -> list[str]:
    """The tables that hold these words in any column."""
    connection = await database.connect()
    try:
        names = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        found = []
        for (name,) in names:
            if await connection.fetchval(
                f'SELECT count(*) FROM "{name}" AS r WHERE r::text LIKE $1', f"%{words}%"
            ):
                found.append(name)
        return sorted(found)
    finally:
        await connection.close()


async def test_erasing_leaves_no_word_the_person_wrote(chat: Chat, database: Database) -> None:
    await _with_an_opinion(chat)
    assert "question" in await _tables_with(database, "lent le soir")
    await chat.sends(tap="/delete_my_data")
    await chat.sends(tap='/delete_my_data{"tell": "now"}')
    assert await _tables_with(database, "lent le soir") == []
    await chat.sends(tap="/my_data")
    chat.hears("accord pour garder vos données : non")


async def test_a_typed_yes_to_the_last_question_erases(chat: Chat) -> None:
    await _with_an_opinion(chat)
    await chat.sends(tap="/delete_my_data")
    await chat.says("oui")
    await chat.sends(tap="/my_data")
    chat.hears("accord pour garder vos données : non")


async def test_a_yes_later_erases_nothing(chat: Chat) -> None:
    await _with_an_opinion(chat)
    await chat.sends(tap="/delete_my_data")
    await chat.taps("Non, garder")
    await chat.says("oui")
    await chat.sends(tap="/my_data")
    chat.hears("accord pour garder vos données : oui")


async def test_the_language_is_told_by_its_name(chat: Chat) -> None:
    await _with_an_opinion(chat)
    await chat.sends(tap="/my_data")
    chat.hears("langue : Français")


async def test_erasing_ends_the_reminders_a_person_asked_for(chat: Chat, database: Database) -> None:
    await _with_an_opinion(chat)
    await chat.says("rappelle-moi d'envoyer le dossier demain à 9h")
    await chat.says("oui")
    assert "reminder" in await _tables_with(database, "envoyer le dossier")
    await chat.sends(tap="/delete_my_data")
    await chat.sends(tap='/delete_my_data{"tell": "now"}')
    # Replies not sent yet go when the conversation is erased again.
    assert await _tables_with(database, "envoyer le dossier") in ([], ["outbox"])
