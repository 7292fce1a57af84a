"""An organisation's profile in chat: seen, completed, shared by several people, and every change taken back."""

from collections.abc import Callable

import pytest

from tests.announcing import joined
from tests.directory import registered
from tests.fakes import Chat

Chats = Callable[[str], Chat]


async def test_profile_says_how_complete_it_is_and_the_one_next_thing(chat: Chat) -> None:
    await registered(chat)
    chat.hears("déclarée")
    chat.hears("+25377831234 (aujourd'hui)")
    chat.hears("À ajouter maintenant : N° de récépissé")
    chat.hears("Renseignements vérifiés aujourd'hui")


async def test_the_next_thing_is_added_by_its_button(chat: Chat) -> None:
    await registered(chat)
    await chat.taps("+ N° de récépissé")
    await chat.says("123/AN/20")
    await chat.taps("Enregistrer")
    chat.hears("C'est enregistré")
    assert "+ Description" in chat.titles
    await chat.sends(tap="/show_my_osc")
    chat.hears("N° de récépissé : 123/AN/20")


async def test_capacities_are_tapped_and_said_in_own_words(chat: Chat) -> None:
    number = await registered(chat)
    await chat.sends(tap=f'/update_osc{{"id": "{number}", "slot": "osc_capacities"}}')
    chat.hears("séparés par des virgules")
    await chat.taps("Formation")
    await chat.taps("Plaidoyer")
    await chat.taps("C'est tout")
    chat.hears("— → Formation, Plaidoyer")
    await chat.taps("Corriger")
    await chat.says("comptabilité, couture")
    chat.hears("→ Comptabilité, couture")
    await chat.taps("Enregistrer")
    await chat.sends(tap="/show_my_osc")
    chat.hears("Savoir-faire : Comptabilité, couture")


async def test_field_named_in_the_message_is_asked_at_once(chat: Chat) -> None:
    await registered(chat)
    await chat.says("changer le téléphone de mon association")
    chat.hears("Téléphone : +25377831234")
    await chat.says("21 35 00 00")
    chat.hears("→ +25321350000")


async def test_region_and_themes_are_changed_by_words_too(chat: Chat) -> None:
    number = await registered(chat)
    await chat.sends(tap=f'/update_osc{{"id": "{number}", "slot": "osc_region"}}')
    await chat.says("Obock")
    await chat.taps("Enregistrer")
    await chat.sends(tap=f'/update_osc{{"id": "{number}", "slot": "osc_themes"}}')
    await chat.says("santé et femmes")
    await chat.taps("Enregistrer")
    await chat.sends(tap="/show_my_osc")
    chat.hears("Région : Obock")
    chat.hears("Domaines : Santé, Femmes")


async def test_optional_field_is_emptied_and_a_required_one_is_not(chat: Chat) -> None:
    number = await registered(chat)
    await chat.sends(tap=f'/update_osc{{"id": "{number}", "slot": "osc_phone"}}')
    await chat.taps("Effacer")
    await chat.taps("Enregistrer")
    await chat.sends(tap="/show_my_osc")
    assert "+253" not in chat.text
    await chat.sends(tap=f'/update_osc{{"id": "{number}", "slot": "osc_name"}}')
    assert "Effacer" not in chat.titles


async def test_logo_is_a_photo_and_shown_with_the_profile(chat: Chat) -> None:
    number = await registered(chat)
    await chat.sends(tap=f'/update_osc{{"id": "{number}", "slot": "osc_logo_key"}}')
    await chat.says("mon logo")
    chat.hears("Il me faut une photo")
    await chat.sends(media="photo", file_id="logo-1")
    await chat.taps("Enregistrer")
    await chat.sends(tap="/show_my_osc")
    assert any(message.attachment for message in chat.replies)


async def test_second_person_joins_after_the_contact_says_yes(chats: Chats) -> None:
    amina, bilan = chats("amina"), chats("bilan")
    await registered(amina)
    await joined(bilan)
    await bilan.sends(tap="/show_my_osc")
    await bilan.taps("Rejoindre une OSC")
    await bilan.says("balbala")
    await bilan.taps("Amis de Balbala (Djibouti-Ville)")
    bilan.hears("Votre demande est partie")
    await amina.taps_last("Oui, gestionnaire")
    amina.hears("fait partie")
    assert "Bienvenue dans Amis de Balbala" in (await bilan.everything())[-1].text
    await bilan.sends(tap="/show_my_osc")
    await bilan.taps("Modifier")
    await bilan.taps("Téléphone")
    await bilan.says("21 35 00 00")
    await bilan.taps("Enregistrer")
    await amina.sends(tap="/show_my_osc")
    amina.hears("+25321350000")


async def test_member_sees_and_does_not_change(chats: Chats) -> None:
    amina, bilan = chats("amina"), chats("bilan")
    number = await registered(amina)
    await joined(bilan)
    await bilan.sends(tap=f'/show_my_osc{{"tell": "join:{number}"}}')
    await amina.taps_last("Oui, membre")
    await bilan.sends(tap="/show_my_osc")
    assert "Modifier" not in bilan.titles
    await bilan.sends(tap="/update_osc")
    bilan.hears("seuls le contact et les gestionnaires")


async def test_refused_request_is_told_and_a_second_answer_changes_nothing(chats: Chats) -> None:
    amina, bilan = chats("amina"), chats("bilan")
    number = await registered(amina)
    await joined(bilan)
    await bilan.sends(tap=f'/show_my_osc{{"tell": "join:{number}"}}')
    await bilan.sends(tap=f'/show_my_osc{{"tell": "join:{number}"}}')
    bilan.hears("attend déjà une réponse")
    await amina.taps_last("Non")
    assert "n'a pas accepté" in (await bilan.everything())[-1].text
    await bilan.sends(tap=f'/show_my_osc{{"tell": "people:{number}"}}')
    bilan.hears("pas encore inscrit")


async def test_stranger_decides_nothing_and_sees_no_profile(chats: Chats) -> None:
    amina, bilan, eve = chats("amina"), chats("bilan"), chats("eve")
    number = await registered(amina)
    await joined(bilan)
    await joined(eve)
    await bilan.sends(tap=f'/show_my_osc{{"tell": "join:{number}"}}')
    request = (await amina.everything())[-1].buttons[0].payload
    await eve.sends(tap=request)
    eve.hears("ne vous concerne pas")
    for tell in (f"people:{number}", f"history:{number}:0", f"leave:{number}", f"set:{number}:1:contact"):
        await eve.sends(tap=f'/show_my_osc{{"tell": "{tell}"}}')
        assert "+253" not in eve.text
        assert "Amina" not in eve.text


async def test_several_organisations_are_chosen_by_name(chat: Chat) -> None:
    await registered(chat, "Amis de Balbala")
    await registered(chat, "Jeunes d'Arhiba", phone="21 35 99 00")
    await chat.sends(tap="/show_my_osc")
    chat.hears("Laquelle")
    await chat.taps("Jeunes d'Arhiba")
    chat.hears("Jeunes d'Arhiba")
    await chat.sends(tap="/update_osc")
    await chat.taps("Amis de Balbala")
    chat.hears("Que voulez-vous changer dans la fiche de Amis de Balbala")


async def test_who_leaves_last_is_told_what_stays_and_coordinators_are_told(chat: Chat) -> None:
    number = await registered(chat)
    await chat.sends(tap=f'/show_my_osc{{"tell": "leave:{number}"}}')
    chat.hears("la seule personne")
    await chat.taps("Oui, quitter")
    chat.hears("vous n'êtes plus dans")
    await chat.sends(tap="/show_my_osc")
    chat.hears("pas encore inscrit")


async def test_contact_hands_over_and_sends_away(chats: Chats) -> None:
    amina, bilan = chats("amina"), chats("bilan")
    number = await registered(amina)
    await joined(bilan)
    await bilan.sends(tap=f'/show_my_osc{{"tell": "join:{number}"}}')
    await amina.taps_last("Oui, gestionnaire")
    await amina.sends(tap=f'/show_my_osc{{"tell": "people:{number}"}}')
    await amina.taps("(sans nom)")
    await amina.taps("En faire le contact")
    amina.hears("gestionnaire")
    await bilan.sends(tap=f'/show_my_osc{{"tell": "people:{number}"}}')
    await bilan.taps("(sans nom)")
    await bilan.taps("Retirer")
    await amina.sends(tap="/show_my_osc")
    amina.hears("pas encore inscrit")


async def test_history_says_who_when_from_to_and_a_change_is_undone_once(chat: Chat) -> None:
    number = await registered(chat)
    await chat.sends(tap=f'/update_osc{{"id": "{number}", "slot": "osc_phone"}}')
    await chat.says("21 35 00 00")
    await chat.taps("Enregistrer")
    await chat.sends(tap=f'/show_my_osc{{"tell": "history:{number}:0"}}')
    chat.hears("24/11/2026 12:0")
    chat.hears("Téléphone : +25377831234 → +25321350000")
    chat.hears("inscription : Amis de Balbala")
    undo = next(b.payload for m in chat.replies for b in m.buttons if b.title == "Annuler le n° 1")
    await chat.sends(tap=undo)
    chat.hears("l'ancienne valeur est revenue")
    chat.hears("(annulé)")
    await chat.sends(tap=undo)
    chat.hears("ne peut pas être annulé")
    await chat.sends(tap="/show_my_osc")
    chat.hears("+25377831234")


async def test_value_changed_again_since_is_not_undone(chat: Chat) -> None:
    number = await registered(chat)
    for phone in ("21 35 00 00", "21 35 11 11"):
        await chat.sends(tap=f'/update_osc{{"id": "{number}", "slot": "osc_phone"}}')
        await chat.says(phone)
        await chat.taps("Enregistrer")
    await chat.sends(tap=f'/show_my_osc{{"tell": "history:{number}:0"}}')
    await chat.taps("Annuler le n° 2")
    chat.hears("annulez d'abord le dernier")


@pytest.mark.parametrize(
    ("language", "title", "heard"),
    [("Soomaali", "+ Lam. rasiidh", "Waa la kaydiyay"), ("Qafar", "+ N° de récépissé", "Aslaage")],
)
async def test_profile_in_somali_and_afar(chat: Chat, language: str, title: str, heard: str) -> None:
    await registered(chat, language=language)
    await chat.taps(title)
    await chat.says("123/AN/20")
    await chat.sends(tap="/affirm")
    chat.hears(heard)
