"""Registering an organisation: every answer checked, steps back, interruptions, leaving and coming back."""

import pytest

from tests.fakes import Chat

ANSWERS = (
    "Association des femmes de Balbala",
    "AFB",
    "Association",
    "Djibouti-Ville",
    "Balbala",
    "femmes, santé",
    "2012",
    "Amina Ali",
    "présidente",
    "77 83 12 34",
    "afb@exemple.dj",
    "français et afar",
    "Nous aidons les femmes du quartier.",
)


async def _begin(chat: Chat) -> None:
    await chat.says("bonjour")
    await chat.taps("Français")
    await chat.taps("D'accord")
    await chat.sends(tap="/register_osc")
    chat.hears("nom complet")


async def _answer(chat: Chat, *answers: str) -> None:
    for answer in answers:
        await chat.says(answer)


async def test_thirteen_answers_and_a_confirmation_register_an_organisation(chat: Chat) -> None:
    await _begin(chat)
    await _answer(chat, *ANSWERS)
    for part in (
        "AFB",
        "Balbala",
        "Femmes, Santé",
        "2012",
        "+25377831234",
        "afb@exemple.dj",
        "Français, Afar",
    ):
        chat.hears(part)
    await chat.taps("Enregistrer")
    chat.hears("C'est enregistré")
    await chat.sends(tap="/show_my_osc")
    chat.hears("pas encore vérifiée")


async def test_nothing_is_saved_before_the_confirmation(chat: Chat) -> None:
    await _begin(chat)
    await _answer(chat, *ANSWERS)
    await chat.taps("Annuler")
    chat.hears("Rien n'a été enregistré")
    await chat.sends(tap="/show_my_osc")
    chat.hears("pas encore inscrit")


async def test_without_consent_the_form_asks_for_it_first_and_ends_on_a_no(chat: Chat) -> None:
    await chat.says("bonjour")
    await chat.taps("Français")
    await chat.taps("Pas maintenant")
    await chat.sends(tap="/register_osc")
    chat.hears("Êtes-vous d'accord")
    await chat.taps("Non")
    chat.hears("je ne garde rien de personnel")


@pytest.mark.parametrize(
    ("given", "bad", "complaint"),
    [
        (0, "?!", "Un nom a entre"),
        (2, "banane", "formes proposées"),
        (6, "l'an dernier", "une année entre"),
        (6, "1820", "une année entre"),
        (9, "77 83", "n'est pas complet"),
        (10, "amina chez exemple", "ne ressemble pas"),
    ],
)
async def test_wrong_answer_is_explained_and_asked_again(
    chat: Chat, given: int, bad: str, complaint: str
) -> None:
    await _begin(chat)
    await _answer(chat, *ANSWERS[:given])
    question = chat.replies[-1].text
    await chat.says(bad)
    chat.hears(complaint)
    assert chat.replies[-1].text.endswith(question.splitlines()[-1])


@pytest.mark.parametrize(
    "phone", ["77831234", "+253 77 83 12 34", "0025377831234", "77-83-12-34", "253 77831234"]
)
async def test_phone_is_understood_in_several_formats(chat: Chat, phone: str) -> None:
    await _begin(chat)
    await _answer(chat, *ANSWERS[:9], phone, *ANSWERS[10:])
    chat.hears("+25377831234")


async def test_optional_answers_are_skipped_by_button(chat: Chat) -> None:
    await _begin(chat)
    await _answer(chat, ANSWERS[0])
    await chat.taps("Passer")
    chat.hears("forme")


async def test_required_answer_cannot_be_skipped(chat: Chat) -> None:
    await _begin(chat)
    await chat.sends(tap="/deny")
    chat.hears("Il me faut cette réponse")


async def test_themes_are_gathered_by_taps_until_that_is_all(chat: Chat) -> None:
    await _begin(chat)
    await _answer(chat, *ANSWERS[:5])
    await chat.taps("Santé")
    await chat.taps("Eau")
    await chat.taps("C'est tout")
    await _answer(chat, *ANSWERS[6:])
    chat.hears("Santé, Eau")


async def test_several_numbers_choose_several_themes(chat: Chat) -> None:
    await _begin(chat)
    await _answer(chat, *ANSWERS[:5], "1, 2", *ANSWERS[6:])
    chat.hears("Éducation, Santé")


async def test_one_step_back_asks_the_previous_question_again(chat: Chat) -> None:
    await _begin(chat)
    await _answer(chat, ANSWERS[0], "AFX")
    await chat.says("corriger")
    chat.hears("sigle")
    await _answer(chat, *ANSWERS[1:])
    chat.hears("AFB")


async def test_one_field_is_corrected_at_the_summary(chat: Chat) -> None:
    await _begin(chat)
    await _answer(chat, *ANSWERS)
    await chat.taps("Corriger")
    await chat.taps("Année")
    await chat.says("2013")
    chat.hears("2013")
    assert "Enregistrer" in chat.titles


async def test_question_in_the_middle_is_answered_and_the_form_goes_on(chat: Chat) -> None:
    await _begin(chat)
    await _answer(chat, *ANSWERS[:2])
    await chat.sends(tap="/ask_identity")
    chat.hears("robot")
    chat.hears("forme")


async def test_question_without_its_mark_is_not_taken_for_an_acronym(chat: Chat) -> None:
    await _begin(chat)
    await _answer(chat, ANSWERS[0])
    chat.hears("sigle")
    await chat.says("où trouver un espace numérique à Balbala")
    chat.hears("Balbala")
    chat.hears("sigle")


async def test_name_that_begins_with_a_question_word_is_a_name(chat: Chat) -> None:
    await _begin(chat)
    await chat.says("Qui Veut Peut")
    chat.hears("sigle")


async def test_stop_inside_a_form_cancels_it(chat: Chat) -> None:
    await _begin(chat)
    await chat.says("annuler")
    chat.hears("annulé")


async def test_form_left_for_two_days_is_offered_again_and_goes_on(chat: Chat) -> None:
    await _begin(chat)
    await _answer(chat, *ANSWERS[:3])
    chat.clock.passes(days=2)
    await chat.says("qui finance le projet ?")
    chat.hears("Union européenne")
    chat.hears("sans finir")
    await chat.taps("Continuer")
    chat.hears("région")


async def test_form_waits_while_a_message_to_a_person_is_written(chat: Chat) -> None:
    await _begin(chat)
    await chat.sends(tap="/talk_to_human")
    await chat.says("Qui peut m'aider à remplir ?")
    chat.hears("gardé")
    chat.hears("nom complet")


async def test_own_contact_card_fills_the_phone_and_a_strangers_does_not(chat: Chat) -> None:
    await _begin(chat)
    await _answer(chat, *ANSWERS[:9])
    await chat.sends(phone="77831234", own=False)
    chat.hears("pas le vôtre")
    await chat.sends(phone="+25377831234", own=True)
    chat.hears("e-mail")


async def test_one_field_of_the_entry_is_changed(chat: Chat) -> None:
    await _begin(chat)
    await _answer(chat, *ANSWERS)
    await chat.taps("Enregistrer")
    await chat.taps("Modifier")
    await chat.taps("Téléphone")
    await chat.says("21 35 00 00")
    chat.hears("+25321350000")
    await chat.taps("Enregistrer")
    await chat.sends(tap="/show_my_osc")
    chat.hears("+25321350000")


async def test_a_yes_that_answers_no_question_of_the_form_shows_no_menu(chat: Chat) -> None:
    await _begin(chat)
    await _answer(chat, *ANSWERS[:2])
    await chat.says("oui")
    chat.hears("pas reconnu")
    assert "Espaces numériques" not in chat.titles


@pytest.mark.parametrize("words", ["tababarradayda", "mes formations", "mes données"])
async def test_asking_for_what_is_mine_is_no_name_of_an_organisation(chat: Chat, words: str) -> None:
    await _begin(chat)
    await chat.says(words)
    chat.hears("nom complet")
