"""People who write in another language, who mix two, and who only name a place or a theme."""

from collections.abc import Callable

import pytest

from tests.fakes import Chat
from tests.planners import consenting

Chats = Callable[[str], Chat]
ENGLISH = "hello, do you speak English?"


async def test_stranger_who_writes_english_is_told_the_three_languages(chat: Chat) -> None:
    await chat.says(ENGLISH)
    chat.hears("I only speak French, Somali and Afar")
    assert {"Français", "Soomaali", "Qafar"} <= set(chat.titles)
    assert chat.text.count("robot") == 2
    await chat.taps("Soomaali")
    await chat.says("iska warran")
    chat.hears("Salaan")


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "je parle français"), ("so", "waxaan ku hadlaa"), ("aa", "Magan, uktub")]
)
@pytest.mark.parametrize(
    "text", [ENGLISH, "what trainings do you have", "kayfa haluk ya akhi", "selam dehna neh"]
)
async def test_another_language_is_answered_politely_and_changes_nothing(
    chats: Chats, language: str, words: str, text: str
) -> None:
    member = await consenting(chats("amina"), language)
    await member.says(text)
    member.hears("I only speak French, Somali and Afar")
    member.hears(words)
    await member.sends(tap="/help")
    assert {"fr": "Formations", "so": "Tababarro", "aa": "Aydakaakan"}[language] in member.titles


async def test_what_was_understood_of_english_is_one_tap_away(chats: Chats) -> None:
    member = await consenting(chats("amina"))
    await member.says("where can I find internet in Balbala please")
    await member.taps(member.titles[3])
    member.hears("Internet")


@pytest.mark.parametrize("text", ["thank you", "bye bye"])
async def test_a_word_of_english_that_all_know_is_answered_as_ours(chats: Chats, text: str) -> None:
    member = await consenting(chats("amina"))
    await member.says(text)
    assert "English" not in member.text
    assert "I only speak" not in member.text


async def test_english_words_answer_a_question_of_a_form(chats: Chats) -> None:
    member = await consenting(chats("amina"))
    await member.sends(tap="/register_osc")
    await member.says("Youth for Change and Peace")
    assert "I only speak" not in member.text
    await member.sends(tap="/cancel")


@pytest.mark.parametrize(
    "text",
    [
        "waxaan rabaa formation-ka informatique ee Balbala",
        "projet-ka plaidoyer numérique maxaa ku jira?",
        "connexion internet xaggee ka helnaa quartier-ka",
    ],
)
async def test_somali_with_french_words_gets_somali(chats: Chats, text: str) -> None:
    member = await consenting(chats("amina"))
    await member.says(text)
    await member.sends(tap="/help")
    assert "Tababarro" in member.titles


@pytest.mark.parametrize(
    ("language", "text", "words", "button"),
    [
        ("fr", "Obock", "Obock : que cherchez-vous ?", "Formations"),
        ("fr", "Djibouti", "Djibouti-Ville : que cherchez-vous ?", "Espaces numériques"),
        ("fr", "à arhiba", "Arhiba : que cherchez-vous ?", "Espaces numériques"),
        ("fr", "femmes", "Femmes : que cherchez-vous ?", "Chercher une organisation"),
        ("fr", "les jeunes à Obock", "Jeunesse · Obock", "Formations"),
        ("so", "Tajuura", "Tadjourah: maxaad raadinaysaa?", "Tababarro"),
        ("aa", "Tagorri", "Tadjourah · Doorit", "Aydakaakan"),
        ("aa", "Obokka", "Obock", "Internet araca"),
    ],
)
async def test_a_place_or_a_theme_alone_offers_what_there_may_be(
    chats: Chats, language: str, text: str, words: str, button: str
) -> None:
    member = await consenting(chats("amina"), language)
    await member.says(text)
    member.hears(words)
    await member.taps(button)
    assert member.text


async def test_a_place_alone_goes_on_with_the_last_question(chats: Chats) -> None:
    member = await consenting(chats("amina"))
    await member.says("où y a-t-il un espace numérique à Obock ?")
    await member.says("et à Dikhil ?")
    member.hears("Dikhil")
    assert "que cherchez-vous" not in member.text
    member.clock.passes(minutes=30)
    await member.says("Arta")
    member.hears("Arta : que cherchez-vous ?")
