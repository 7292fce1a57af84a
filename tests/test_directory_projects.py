"""Projects are declared with what is known, corrected, closed with their result, and stay as proof."""

from collections.abc import Awaitable, Callable

import pytest

from tests.announcing import joined
from tests.directory import registered
from tests.fakes import Chat

Chats = Callable[[str], Chat]
Invited = Callable[[str], Awaitable[str]]

ANSWERS = (
    "Un puits pour Wea",
    "eau",
    "Arta",
    "Wea",
    "de mars 2025 à juin 2026",
    "mairie, ADDS",
    "Union européenne",
)


async def _declared(chat: Chat) -> int:
    number = await registered(chat)
    chat.clock.passes(minutes=2)
    await chat.sends(tap="/declare_project")
    chat.hears("titre du projet de Amis de Balbala")
    for answer in ANSWERS:
        await chat.says(answer)
    await chat.taps("En cours")
    await chat.taps("Je ne sais pas")
    await chat.taps("Enregistrer")
    return number


async def test_project_is_declared_and_shown(chat: Chat) -> None:
    await _declared(chat)
    chat.hears("C'est enregistré : Un puits pour Wea")
    for line in (
        "Domaine : Eau",
        "Région : Arta",
        "01/03/2025 → 30/06/2026",
        "Partenaires : mairie, ADDS",
        "État : En cours",
    ):
        chat.hears(line)
    assert "Résultat" not in chat.text
    await chat.sends(tap="/show_my_osc")
    chat.hears("Projets déclarés : 1")


async def test_only_the_title_is_needed(chat: Chat) -> None:
    await registered(chat)
    chat.clock.passes(minutes=2)
    await chat.sends(tap="/declare_project")
    await chat.says("Plage propre")
    for _ in range(8):
        await chat.taps("Je ne sais pas")
    chat.hears("Titre : Plage propre")
    await chat.taps("Enregistrer")
    chat.hears("Plage propre")


async def test_wrong_period_is_explained_and_one_step_back_works(chat: Chat) -> None:
    await registered(chat)
    chat.clock.passes(minutes=2)
    await chat.sends(tap="/declare_project")
    for answer in ANSWERS[:4]:
        await chat.says(answer)
    await chat.says("bientôt")
    chat.hears("Je n'ai pas trouvé de date")
    await chat.says("corriger")
    chat.hears("En quel lieu")


async def test_one_field_is_corrected_and_the_history_has_it(chat: Chat) -> None:
    number = await _declared(chat)
    chat.clock.passes(minutes=2)
    await chat.taps("Modifier")
    await chat.taps("Financement")
    chat.hears("Union européenne")
    await chat.says("UNICEF")
    chat.hears("Financement : UNICEF")
    await chat.sends(tap=f'/show_my_osc{{"tell": "history:{number}:0"}}')
    chat.hears("Un puits pour Wea · Financement : Union européenne → UNICEF")
    await chat.taps("Annuler le n° 1")
    await chat.sends(tap=f'/declare_project{{"id": "{number}", "tell": "list"}}')
    await chat.taps("Un puits pour Wea")
    chat.hears("Financement : Union européenne")


async def test_closing_asks_for_the_result_and_the_project_stays(chat: Chat) -> None:
    number = await _declared(chat)
    chat.clock.passes(minutes=2)
    await chat.taps("Terminé")
    chat.hears("qu'est-ce que cela a donné")
    await chat.says("300 familles ont de l'eau.")
    chat.hears("État : Terminé")
    chat.hears("Résultat : 300 familles ont de l'eau.")
    assert "Terminé" not in chat.titles
    await chat.sends(tap=f'/declare_project{{"id": "{number}", "tell": "list"}}')
    chat.hears("• Un puits pour Wea · Terminé")


async def test_who_has_no_organisation_declares_nothing(chat: Chat) -> None:
    await joined(chat)
    await chat.says("je veux ajouter un projet de mon association")
    chat.hears("pas encore inscrit")


async def test_stranger_changes_no_project(chats: Chats) -> None:
    amina, eve = chats("amina"), chats("eve")
    await _declared(amina)
    project = next(
        b.payload for m in amina.replies for b in m.buttons if b.payload and '"tell": "fix:' in b.payload
    )
    await joined(eve)
    await eve.sends(tap=project)
    eve.hears("Un puits pour Wea")
    assert "Modifier" not in eve.titles
    await eve.sends(tap=project.replace("fix:", "close:"))
    assert "qu'est-ce que cela a donné" not in eve.text


@pytest.mark.parametrize(
    ("language", "status", "unknown"),
    [("Soomaali", "Socda", "Ma garanayo"), ("Qafar", "Away · En cours", "Anu maaxiga")],
)
async def test_project_in_somali_and_afar(chat: Chat, language: str, status: str, unknown: str) -> None:
    await registered(chat, language=language)
    chat.clock.passes(minutes=2)
    await chat.sends(tap="/declare_project")
    await chat.says("Ceel biyood")
    for _ in range(6):
        await chat.taps(unknown)
    await chat.taps(status)
    await chat.taps(unknown)
    await chat.sends(tap="/affirm")
    chat.hears("Ceel biyood")
