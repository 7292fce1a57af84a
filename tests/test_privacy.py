"""What the bot keeps of a person is told to them and erased at their word."""

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


async def test_erasing_leaves_no_word_the_person_wrote(chat: Chat) -> None:
    await _with_an_opinion(chat)
    await chat.sends(tap="/delete_my_data")
    await chat.sends(tap='/delete_my_data{"tell": "now"}')
    assert "lent le soir" not in str(await chat.everything())
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
