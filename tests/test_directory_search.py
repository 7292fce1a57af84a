"""Looking for organisations and projects in chat: lists, profiles, who sees which number, told later, letters."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.directory_indexes import DirectoryIndexes
from bot.directory_ticks import DirectoryTicks
from bot.directory_words import DirectoryWords
from bot.domain import Domain
from bot.imports import Importing
from bot.organisation import Part
from bot.store.engine import Database
from tests.fakes import Chat
from tests.planners import consenting, coordinating

DATA = Path(__file__).parents[1] / "data"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
OSCS = """name,acronym,region,place,themes,phone,capacities,contact_visibility
Association des femmes de Balbala,AFB,Djibouti-Ville,Balbala,femmes; santé,77831234,animation,public
Femmes d'Obock debout,FOD,Obock,Obock,femmes,77000002,,members
Jeunes connectés d'Obock,JCO,Obock,Obock,numérique; jeunesse,77000004,formation au numérique,
"""
PROJECTS = """title,organisation,themes,region,start,end,partners
Eau propre pour Dikhil,FOD,eau,Dikhil,2023,2024,UNICEF
"""
Invite = Callable[[str], Awaitable[str]]
Chats = Callable[[str], Chat]


async def take(database: Database, *files: str) -> None:
    async with database.transaction() as tx:
        importing = Importing(tx, DirectoryWords.load(DATA), None, NOW)
        await importing.apply(await importing.plan([file.encode() for file in files]), "test")


@pytest.fixture
async def member(database: Database, chats: Chats) -> Chat:
    await take(database, OSCS, PROJECTS)
    return await consenting(chats("amina"))


async def joins(database: Database, chat: Chat, organisation: str, part: Part = Part.CONTACT) -> None:
    async with database.transaction() as tx:
        rows = {row.acronym: row.id for row in await tx.imports.organisations()}
        person = await tx.people.find_or_create("plain", chat.person, NOW, None)
        await tx.memberships.put(rows[organisation], person.id, part, NOW)


async def test_list_is_numbered_and_a_number_opens_the_profile(member: Chat) -> None:
    await member.says("quelles associations travaillent à Obock ?")
    member.hears("Organisations trouvées : 2")
    member.hears("2. Femmes d'Obock debout (FOD) · Obock · Femmes")
    await member.says("1")
    member.hears("Jeunes connectés d'Obock (JCO)")
    member.hears("Sait faire : formation au numérique")
    assert "77000004" not in member.text


async def test_only_match_is_shown_at_once_with_its_public_number(member: Chat) -> None:
    await member.says("contact de l'association AFB")
    member.hears("Association · Balbala, Djibouti-Ville")
    member.hears("Téléphone : +25377831234")


async def test_number_for_members_is_shown_to_members_only(database: Database, member: Chat) -> None:
    await member.sends(tap="/find_osc", text="")
    await member.says("association Femmes d'Obock debout")
    member.hears("réservées aux organisations de l'annuaire")
    await joins(database, member, "AFB")
    await member.says("association Femmes d'Obock debout")
    member.hears("+25377000002")


async def test_coordinator_sees_every_number(member: Chat, chats: Chats, invited: Invite) -> None:
    coordinator = await coordinating(chats("coord"), invited)
    await coordinator.says("association Jeunes connectés d'Obock")
    coordinator.hears("+25377000004")


async def test_projects_are_found_and_lead_to_their_organisation(member: Chat) -> None:
    await member.says("projets sur l'eau à Dikhil")
    member.hears("Eau propre pour Dikhil")
    member.hears("Eau · Dikhil · 2023–2024")
    member.hears("Avec : UNICEF")
    await member.taps("Femmes d'Obock debout")
    member.hears("Projets : Eau propre pour Dikhil (2023–2024)")


async def test_who_can_do_it_there_is_answered_with_what_they_can_do(member: Chat) -> None:
    await member.says("qui peut former au numérique à Obock ?")
    member.hears("Jeunes connectés d'Obock (JCO)")
    member.hears("Sait faire : formation au numérique")


@pytest.mark.parametrize(
    ("words", "heard"),
    [
        ("ururrada haweenka Obock", "Urur · Obock"),
        ("agabuh egla Hayyu", "Egla · Association · Obock"),
        ("sayyih egla Hayyu", "Egla · Association · Obock"),
        ("asso de femmes a obok svp", "Association · Obock"),
    ],
)
async def test_three_languages_find_the_same(member: Chat, words: str, heard: str) -> None:
    await member.says(words)
    member.hears("Femmes d'Obock debout (FOD)")
    member.hears(heard)


async def test_nothing_found_says_what_was_understood_and_widens(member: Chat) -> None:
    await member.says("associations santé à Obock")
    member.hears("Santé · Obock")
    assert member.titles == ["Sans « Santé »", "Sans « Obock »", "Prévenez-moi", "Demander à un coordinateur"]
    await member.taps("Sans « Santé »")
    member.hears("Organisations trouvées : 2")


async def test_nothing_found_is_kept_as_an_unanswered_question(database: Database, member: Chat) -> None:
    await member.says("associations santé à Obock")
    async with database.transaction() as tx:
        (kept,) = await tx.questions.unanswered()
    assert (kept.kind, kept.context["theme"], kept.context["region"]) == ("not_found", "santé", "Obock")


async def test_who_waits_is_told_once_when_one_appears(
    database: Database, domain: Domain, member: Chat
) -> None:
    ticks = DirectoryTicks(database, domain, DirectoryIndexes.load(DATA))
    await member.says("associations santé à Obock")
    await member.taps("Prévenez-moi")
    member.hears("je vous écris une fois")
    await ticks.tell_watchers(member.clock())
    before = len(await member.everything())
    await take(database, "name,region,themes\nDispensaire mobile d'Obock,Obock,santé\n")
    for _ in range(2):
        await ticks.tell_watchers(member.clock())
    news = (await member.everything())[before:]
    assert [m.text for m in news] == [
        "Vous cherchiez : Santé · Obock\nIl y a maintenant dans l'annuaire : Dispensaire mobile d'Obock"
    ]
    await member.taps_last("Voir")
    member.hears("Dispensaire mobile d'Obock")


async def test_next_five_follow_without_gap(database: Database, chats: Chats) -> None:
    rows = "".join(
        f"Club {name},Arta,sport\n" for name in ("Alpha", "Bravo", "Delta", "Echo", "Golf", "Hotel", "Kilo")
    )
    await take(database, f"name,region,themes\n{rows}")
    member = await consenting(chats("amina"))
    await member.says("associations de sport à Arta")
    assert len([t for t in member.titles if t.startswith("Club")]) == 5
    first = set(member.titles)
    await member.taps("Suivants")
    member.hears("6. Club")
    assert len(member.titles) == 2
    assert first & set(member.titles) == set()


async def test_letter_and_answer_pass_without_a_number(
    database: Database, member: Chat, chats: Chats
) -> None:
    other = await consenting(chats("fatouma"), "so")
    await joins(database, other, "JCO")
    await member.says("association Jeunes connectés d'Obock")
    await member.taps("Lui écrire")
    member.hears("jamais avec votre numéro")
    await member.says("Pouvez-vous former dix femmes à Excel ?")
    member.hears("C'est envoyé à Jeunes connectés d'Obock")
    (arrived,) = [m for m in (await other.everything()) if "Excel" in m.text]
    assert "wuxuu u qoray Jeunes connectés d'Obock" in arrived.text
    await other.taps_last("Ka jawaab")
    await other.says("Haa, Sabtida")
    other.hears("Jawaabta waa la diray")
    assert "Jeunes connectés d'Obock vous répond :\n« Haa, Sabtida »" in (await member.everything())[-1].text
    assert "7700" not in arrived.text


async def test_letter_may_be_declined_and_reported(
    database: Database, member: Chat, chats: Chats, invited: Invite
) -> None:
    coordinator = await coordinating(chats("coord"), invited)
    other = await consenting(chats("fatouma"))
    await joins(database, other, "JCO")
    await member.sends(tap=await _write_to(database, "JCO"))
    await member.says("Achetez mes produits !")
    await other.taps_last("Ne pas répondre")
    assert "ne peut pas y répondre" in (await member.everything())[-1].text
    await member.sends(tap=await _write_to(database, "JCO"))
    await member.says("Achetez donc mes produits !")
    await other.taps_last("Signaler")
    other.hears("ne peut plus vous écrire")
    assert "Achetez donc mes produits" in (await coordinator.everything())[-1].text
    await member.sends(tap=await _write_to(database, "JCO"))
    member.hears("ne souhaite plus recevoir vos messages")


async def _write_to(database: Database, acronym: str) -> str:
    async with database.transaction() as tx:
        number = next(row.id for row in await tx.imports.organisations() if row.acronym == acronym)
    return f'/find_osc{{"tell": "write:{number}"}}'


async def test_one_letter_waits_for_its_answer(database: Database, member: Chat, chats: Chats) -> None:
    await joins(database, await consenting(chats("fatouma")), "JCO")
    await member.sends(tap=await _write_to(database, "JCO"))
    await member.says("Bonjour à vous toutes")
    await member.sends(tap=await _write_to(database, "JCO"))
    member.hears("attend encore sa réponse")


async def test_organisation_without_people_cannot_be_written_to(database: Database, member: Chat) -> None:
    await member.sends(tap=await _write_to(database, "JCO"))
    member.hears("Un coordinateur peut transmettre")


async def test_strangers_answer_no_letters(database: Database, member: Chat, chats: Chats) -> None:
    await joins(database, await consenting(chats("fatouma")), "JCO")
    await member.sends(tap=await _write_to(database, "JCO"))
    await member.says("Bonjour à vous toutes")
    (arrived,) = [m for m in await member.everything("fatouma") if "toutes" in m.text]
    stranger = await consenting(chats("omar"))
    for button in arrived.buttons:
        await stranger.sends(tap=button.payload)
        stranger.hears("déjà reçu une suite")


async def test_place_with_its_case_ending_is_no_word_to_look_for(database: Database, chats: Chats) -> None:
    await take(database, "name,region,themes\nEspoir du Nord,Tadjourah,femmes\n")
    member = await consenting(chats("amina"), "aa")
    await member.says("egla Tagorril")
    member.hears("Espoir du Nord")
