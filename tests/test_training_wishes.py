"""Being told when a training opens: asked for, told once to those it concerns, taken back."""

from collections.abc import Awaitable, Callable

import pytest

from bot.store.engine import Database
from tests.fakes import Chat
from tests.planners import FIRST_WORDS, consenting, coordinating, plan_excel

Invite = Callable[[str], Awaitable[str]]
Chats = Callable[[str], Chat]


@pytest.fixture
async def coordinator(chats: Chats, invited: Invite) -> Chat:
    return await coordinating(chats("coord"), invited)


async def wishing(chat: Chat, wish: str = "wish::") -> None:
    await chat.sends(tap=f'/find_training{{"tell": "{wish}"}}')


async def heard(chat: Chat) -> list[str]:
    return [m.text for m in await chat.everything() if "Excel pour trésoriers" in m.text]


async def test_who_found_nothing_is_told_once_when_one_opens_and_enrols_with_one_tap(
    chats: Chats, coordinator: Chat
) -> None:
    member = await consenting(chats("amina"))
    await member.sends(tap='/find_training{"theme": "numérique", "region": "Djibouti-Ville"}')
    await member.says("oui")
    member.hears("je vous écrirai une fois")
    member.hears("Numérique, Djibouti-Ville")
    await plan_excel(coordinator)
    told = (await member.everything())[-1]
    assert "Une formation que vous attendiez s'ouvre" in told.text
    await member.taps_last("M'inscrire")
    member.hears("15/12/2026")
    before = len(await heard(member))
    await plan_excel(coordinator)
    assert len(await heard(member)) == before


async def test_other_theme_or_region_is_not_told_and_a_draft_neither(chats: Chats, coordinator: Chat) -> None:
    people = []
    for name, wish in (("amina", "wish:sante:"), ("bile", "wish::Obock"), ("ebla", "wish:numerique:")):
        people.append(await consenting(chats(name)))
        await wishing(people[-1], wish)
    await plan_excel(coordinator, opened=False)
    assert [len(await heard(p)) for p in people] == [0, 0, 0]
    await coordinator.taps("Ouvrir les inscriptions")
    assert [len(await heard(p)) for p in people] == [0, 0, 1]


async def test_consent_is_asked_first(chat: Chat) -> None:
    await chat.says("bonjour")
    await chat.taps("Français")
    await wishing(chat)
    chat.hears("D'accord ?")
    await chat.taps("Oui, prévenez-moi")
    chat.hears("je vous écrirai une fois")


async def test_who_stopped_is_not_told_and_keeps_the_wish(
    chats: Chats, coordinator: Chat, database: Database
) -> None:
    member = await consenting(chats("amina"))
    await wishing(member)
    await member.says("STOP")
    await plan_excel(coordinator)
    assert await heard(member) == []
    await member.taps("Recevoir de nouveau")
    await member.sends(tap="/my_trainings")
    member.hears("À prévenir · formations : toutes")


async def test_wish_is_listed_taken_back_and_erased(chat: Chat, coordinator: Chat) -> None:
    await consenting(chat)
    await wishing(chat, "wish:sante:Arta")
    await wishing(chat, "wish:sante:Arta")
    await chat.says("mes données")
    chat.hears("rappels demandés : 1")
    await chat.sends(tap="/my_trainings")
    chat.hears("Santé, Arta")
    await chat.taps("Ne plus me prévenir")
    chat.hears("je ne vous préviendrai pas")
    await wishing(chat)
    await chat.sends(tap='/delete_my_data{"tell": "now"}')
    await plan_excel(coordinator)
    assert await heard(chat) == []


@pytest.mark.parametrize(("language", "words"), [("so", "la furay"), ("aa", "Qusba aydakaakan")])
async def test_told_in_their_language(language: str, words: str, chats: Chats, coordinator: Chat) -> None:
    assert language in FIRST_WORDS
    member = await consenting(chats("amina"), language)
    await wishing(member)
    await plan_excel(coordinator)
    assert words in (await heard(member))[-1]
