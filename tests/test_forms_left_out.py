"""Leaving a question of a form without an answer in one's own words; "sax" as the yes it is in Somali."""

from collections.abc import Awaitable, Callable

import pytest

from bot.leaving_words import names_nothing, passes_on
from tests.fakes import Chat
from tests.planners import consenting, coordinating, plan_excel

Invite = Callable[[str], Awaitable[str]]
Chats = Callable[[str], Chat]


@pytest.fixture
async def coordinator(chats: Chats, invited: Invite) -> Chat:
    return await coordinating(chats("coord"), invited)


@pytest.mark.parametrize(
    "words", ["passer", "Passe", "suivant", "skip", "sans", "rien", "Ka bood", "Away hinna", "-", "aucun"]
)
async def test_question_that_may_stay_open_is_left_by_a_word(coordinator: Chat, words: str) -> None:
    await plan_excel(coordinator, until="Titre en somali", opened=False)
    await coordinator.says(words)
    coordinator.hears("Titre en afar")
    assert "n'ai pas reconnu" not in coordinator.text


@pytest.mark.parametrize("words", ["passer", "skip", "rien", "ka bood"])
async def test_question_that_needs_an_answer_says_so(coordinator: Chat, words: str) -> None:
    await plan_excel(coordinator, until="Où exactement", opened=False)
    await coordinator.says(words)
    coordinator.hears("Il me faut cette réponse")
    coordinator.hears("Où exactement")


async def test_going_on_at_the_summary_changes_nothing(coordinator: Chat) -> None:
    await plan_excel(coordinator, until="Vérifiez", opened=False)
    await coordinator.says("suivant")
    coordinator.hears("Il me faut cette réponse")
    coordinator.hears("Vérifiez")


@pytest.mark.parametrize("words", ["passer", "rien", "waxba"])
async def test_message_to_a_person_may_be_short_but_not_empty(chat: Chat, words: str) -> None:
    await consenting(chat)
    await chat.sends(tap="/talk_to_human")
    await chat.says(words)
    chat.hears("Il me faut cette réponse")


async def _registered(chat: Chat, language: str) -> None:
    """An organisation of their own; its questions answered whatever their language."""
    await consenting(chat, language)
    await chat.sends(tap="/register_osc")
    for answer in ("Association des femmes de Balbala", "AFB"):
        await chat.says(answer)
    await chat.says("1")
    await chat.says("Djibouti-Ville")
    await chat.says("Balbala")
    await chat.says("santé")
    await chat.sends(tap="/affirm")
    for answer in ("2012", "Amina Ali"):
        await chat.says(answer)
    await chat.sends(tap="/deny")
    await chat.says("77 83 12 34")
    await chat.says("afb@exemple.dj")


async def test_a_value_is_emptied_by_nothing_and_kept_by_going_on(chat: Chat) -> None:
    await _registered(chat, "fr")
    await chat.says("rien")
    await chat.says("passer")
    await chat.taps("Enregistrer")
    await chat.sends(tap='/update_osc{"slot": "osc_email"}')
    await chat.says("passer")
    chat.hears("Il me faut cette réponse")
    await chat.says("aucun")
    chat.hears("afb@exemple.dj → —")


async def test_sax_is_a_yes_and_correcting_has_a_title_of_its_own(chat: Chat) -> None:
    await _registered(chat, "so")
    await chat.says("ka bood")
    await chat.says("ka bood")
    assert "Wax ka beddel" in chat.titles
    assert "Sax" not in chat.titles
    await chat.says("sax")
    chat.hears("Waa la kaydiyay")


@pytest.mark.parametrize("text", ["Passerelle", "passe-moi un collègue", "sans frontières", "rien que nous"])
def test_words_of_an_answer_are_not_a_leave(text: str) -> None:
    assert not passes_on(text)
    assert not names_nothing(text)


async def test_afar_month_said_alone_is_asked_for_in_figures(chat: Chat) -> None:
    await consenting(chat, "aa")
    await chat.says("Qasa Dirri 5")
    chat.hears("« Qasa Dirri 5 » Alsa? 15/12/2026")
