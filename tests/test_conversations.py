"""Conversations as people have them, in three languages, with the real content, model and database."""

from collections.abc import Awaitable, Callable

import pytest

from tests.fakes import Chat

FIRST_WORDS = {
    "fr": ("bonjour", "Français", "Que cherchez-vous"),
    "so": ("salaan", "Soomaali", "Maxaad raadinaysaa"),
    "aa": ("Salaamata", "Qafar", "Maca faxxaah"),
}


async def _settle(chat: Chat, language: str = "fr") -> None:
    """First contact until the menu, consent given."""
    greeting, button, menu = FIRST_WORDS[language]
    await chat.says(greeting)
    await chat.taps(button)
    await chat.says("1")
    chat.hears(menu)


@pytest.mark.parametrize("language", ["fr", "so", "aa"])
async def test_first_contact_leads_by_language_and_consent_to_the_menu(chat: Chat, language: str) -> None:
    greeting, button, menu = FIRST_WORDS[language]
    await chat.says(greeting)
    assert chat.titles == ["Français", "Soomaali", "Qafar"]
    await chat.taps(button)
    assert len(chat.titles) == 2
    await chat.sends(tap="/affirm")
    chat.hears(menu)


async def test_declined_consent_keeps_nothing_and_still_answers(chat: Chat) -> None:
    await chat.says("bonjour")
    await chat.taps("Français")
    await chat.taps("Pas maintenant")
    chat.hears("je ne garde rien de personnel")
    await chat.says("qui finance le projet ?")
    chat.hears("Union européenne")


async def test_first_message_that_is_a_question_is_answered_at_once(chat: Chat) -> None:
    await chat.says("qui finance le projet ?")
    chat.hears("Union européenne")
    assert "Soomaali" in chat.titles


@pytest.mark.parametrize(
    ("tap", "expected"),
    [
        ("/find_digital_space", "Source"),
        ("/find_internet_offer", "Source"),
        ("/find_equipment", "Source"),
        ("/find_toolkit", "Source"),
        ("/find_funding", "Source"),
        ("/find_legal_info", "107/AN/24"),
        ("/find_training", "Source"),
        ("/find_resource", ""),
        ("/ask_project", "plaidoyer"),
        ("/ask_project_partners", "Union européenne"),
        ("/ask_project_calendar", "Source"),
        ("/ask_needs", "Source"),
        ("/ask_identity", "robot"),
        ("/help", "espaces numériques"),
    ],
)
async def test_each_topic_of_the_menu_has_an_answer(chat: Chat, tap: str, expected: str) -> None:
    await _settle(chat)
    await chat.sends(tap=tap)
    assert chat.replies
    chat.hears(expected)


async def test_details_and_next_results_follow_from_a_list(chat: Chat) -> None:
    await _settle(chat)
    await chat.sends(tap="/find_legal_info")
    first = chat.text
    await chat.taps("Suivants")
    assert chat.text
    assert chat.text != first


async def test_words_of_a_button_and_its_number_do_what_the_tap_does(chat: Chat) -> None:
    await _settle(chat)
    await chat.says("le projet de plaidoyer")
    by_words = chat.text
    await chat.sends(tap="/help")
    await chat.says("7")
    assert chat.text == by_words


async def test_language_switches_in_the_middle_of_a_form_and_the_form_stays(chat: Chat) -> None:
    await _settle(chat)
    await chat.sends(tap="/register_osc")
    chat.hears("nom complet")
    await chat.sends(tap='/switch_language{"language": "somali"}')
    chat.hears("magaca buuxa")


async def test_gibberish_is_kept_for_review_and_not_guessed(chat: Chat) -> None:
    await _settle(chat)
    await chat.says("zxqv wkjh qqzz")
    chat.hears("je n'ai pas compris")


async def test_arabic_script_gets_a_polite_answer_in_arabic(chat: Chat) -> None:
    await _settle(chat)
    await chat.says("السلام عليكم")
    chat.hears("من فضلك")


@pytest.mark.parametrize(
    "content", [{"media": "voice"}, {"media": "sticker"}, {"phone": "77831234", "own": True}]
)
async def test_what_cannot_be_read_is_answered_politely(chat: Chat, content: dict[str, object]) -> None:
    await _settle(chat)
    await chat.sends(**content)
    chat.hears("que du texte")


async def test_overlong_text_is_refused_with_the_limit(chat: Chat) -> None:
    await _settle(chat)
    await chat.says("a" * 2001)
    chat.hears("2000")


async def test_message_delivered_twice_is_answered_once(chat: Chat) -> None:
    event = {"id": "same", "from": "amina", "at": chat.clock().isoformat(), "text": "bonjour"}
    await chat.receives(event)
    await chat.receives(event)
    assert len(await chat.everything()) == 1


async def test_person_reaches_a_coordinator_and_the_answer_comes_back(
    chats: Callable[[str], Chat], invited: Callable[[str], Awaitable[str]]
) -> None:
    coordinator, member = chats("coord"), chats("amina")
    await _settle(member)
    await coordinator.says(f"/start {await invited('coordinator')}")
    coordinator.hears("coordinateur")
    await member.sends(tap="/talk_to_human")
    await member.says("Notre récépissé est perdu, que faire ?")
    member.hears("transmis")
    received = (await coordinator.everything())[-1]
    assert "récépissé est perdu" in received.text
    await coordinator.sends(tap=received.buttons[0].payload)
    await coordinator.says("Passez au ministère avec une copie.")
    assert "Passez au ministère" in (await member.everything())[-1].text


async def test_member_cannot_use_a_coordinators_command(chat: Chat) -> None:
    await _settle(chat)
    await chat.sends(tap="/review_messages")
    chat.hears("réservée aux coordinateurs")


async def test_feedback_is_kept(chat: Chat) -> None:
    await _settle(chat)
    await chat.sends(tap="/give_feedback")
    await chat.says("c'est bien mais lent")
    chat.hears("votre avis est gardé")


async def test_in_a_group_no_form_is_started(chat: Chat) -> None:
    await chat.sends(chat="group-1", tap="/register_osc")
    assert "en privé" in (await chat.everything("group-1"))[-1].text


@pytest.mark.parametrize("number", ["5", "12", "107"])
async def test_a_number_of_no_button_finds_no_fact_that_happens_to_hold_it(chat: Chat, number: str) -> None:
    await _settle(chat)
    await chat.sends(tap="/goodbye")
    await chat.says(number)
    chat.hears("je n'ai pas compris")
