"""Organisations and trainings by their names in conversation, and how the interpreter learns of new ones."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from bot.interpreters import OwnInterpreter
from bot.names import NamesTold
from bot.store.bell import Bell, listening
from bot.store.directory import By
from bot.store.engine import Database
from bot.turn import Room
from tests.fakes import Chat
from tests.planners import consenting, coordinating, plan_excel
from tests.test_directory_search import take

Invite = Callable[[str], Awaitable[str]]
Chats = Callable[[str], Chat]
OSCS = """name,acronym,region,place,themes
Union Nationale des Femmes,UNFX,Djibouti-Ville,,femmes
Réseau Nagaad,RNG,Arta,,eau
Groupement Nagaad de Dikhil,RNG,Dikhil,,eau
"""


@pytest.fixture
async def names(database: Database, room: Room, interpreter: OwnInterpreter) -> AsyncIterator[NamesTold]:
    """Tells the interpreter of all tests, which forgets at the end."""
    yield NamesTold(database, interpreter, room.clock)
    interpreter.know(())


@pytest.fixture
async def coordinator(chats: Chats, invited: Invite) -> Chat:
    return await coordinating(chats("coord"), invited)


@pytest.fixture
async def bell(database: Database) -> AsyncIterator[Bell]:
    """Quiet."""
    async with listening(database) as bell:
        assert await bell.wait("names", 5)
        yield bell


async def planned(coordinator: Chat, names: NamesTold, *titles: str) -> None:
    for title in titles:
        await plan_excel(coordinator, title=title)
    await names.refresh()


async def test_training_is_taken_by_its_name_among_others(
    coordinator: Chat, chats: Chats, names: NamesTold
) -> None:
    await planned(coordinator, names, "Word avancé", "Word pour débutants")
    member = await consenting(chats("amina"))
    await member.says("je veux m'inscrire à la formation Word avancé")
    member.hears("Word avancé")
    await member.sends(tap="/my_trainings")
    member.hears("Word avancé")
    assert "débutants" not in member.text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "c'est quand la formation word avancee ?"),
        ("so", "tababarka Word avancé goorma ayuu yahay?"),
        ("aa", "Word avancé aydakaakan mawaqdi?"),
        ("fr", "Word avancé"),
    ],
)
async def test_training_is_told_of_by_its_name(
    coordinator: Chat, chats: Chats, names: NamesTold, language: str, text: str
) -> None:
    await planned(coordinator, names, "Word avancé", "Excel pour trésoriers")
    member = await consenting(chats("amina"), language)
    await member.says(text)
    member.hears("Word avancé")
    member.hears("15/12/2026")
    assert "Excel" not in member.text


async def test_name_of_two_trainings_is_asked(coordinator: Chat, chats: Chats, names: NamesTold) -> None:
    await planned(coordinator, names, "Word avancé", "Word avancé", "Excel pour trésoriers")
    member = await consenting(chats("amina"))
    await member.says("inscris moi à la formation word avancé")
    assert [title for title in member.titles if title.startswith("Word avancé")] == [
        "Word avancé · 15/12"
    ] * 2
    assert not any("Excel" in title for title in member.titles)


@pytest.mark.parametrize(
    "text", ["le contact de l'unfx", "Union nationale des femmes", "je cherche union national des femmes"]
)
async def test_organisation_is_shown_by_its_name(
    database: Database, chats: Chats, names: NamesTold, text: str
) -> None:
    await take(database, OSCS)
    await names.refresh()
    member = await consenting(chats("amina"))
    await member.says(text)
    member.hears("Union Nationale des Femmes (UNFX)")


async def test_acronym_of_two_organisations_is_asked(
    database: Database, chats: Chats, names: NamesTold
) -> None:
    await take(database, OSCS)
    await names.refresh()
    member = await consenting(chats("amina"))
    await member.says("je cherche l'association RNG")
    member.hears("1. Réseau Nagaad (RNG)")
    await member.says("2")
    member.hears("Groupement Nagaad de Dikhil (RNG)")


async def test_new_and_changed_names_ring_in_every_process(
    database: Database, bell: Bell, coordinator: Chat
) -> None:
    await take(database, OSCS)
    assert await bell.wait("names", 5)
    await plan_excel(coordinator, title="Word avancé")
    assert await bell.wait("names", 5)


async def test_other_changes_do_not_ring(database: Database, bell: Bell) -> None:
    await take(database, OSCS)
    assert await bell.wait("names", 5)
    async with database.transaction() as tx:
        row = next(row for row in await tx.imports.organisations() if row.acronym == "UNFX")
        await tx.organisations.change(row, "phone", "+25377000009", By(None, row.updated_at))
    assert not await bell.wait("names", 0.05)


async def test_cancelled_training_and_merged_organisation_have_no_name(
    database: Database, room: Room, names: NamesTold
) -> None:
    await take(database, OSCS)
    async with database.transaction() as tx:
        rows = await tx.imports.organisations()
        await tx.organisations.change(rows[0], "status", "merged", By(None, room.clock()))
        assert [o.name for o in await tx.names.organisations()] == [row.name for row in rows[1:]]


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("fr", "y a-t-il des formations prévues la semaine du 15 décembre ?", True),
        ("fr", "y a-t-il des formations prévues la semaine prochaine ?", False),
        ("fr", "les formations à la mi-décembre", True),
        ("fr", "des formations fin décembre ?", False),
        ("so", "tababarrada bisha soo socota", True),
        ("so", "tababar ma jiraa toddobaadka soo socda?", False),
    ],
)
async def test_trainings_are_found_by_stretches_of_days(
    coordinator: Chat, chats: Chats, names: NamesTold, language: str, text: str, found: bool
) -> None:
    await planned(coordinator, names, "Word avancé")
    member = await consenting(chats("amina"), language)
    await member.says(text)
    member.hears("Word avancé")
    nothing = {"fr": "Aucune formation prévue", "so": "Tababar sidaas ah lama qorshayn"}[language]
    assert (nothing not in member.text) == found


async def test_month_in_afar_is_asked(coordinator: Chat, chats: Chats, names: NamesTold) -> None:
    await planned(coordinator, names, "Word avancé", "Excel pour trésoriers")
    member = await consenting(chats("amina"), "aa")
    await member.says("qunxa garablul aydakaakan maca tan?")
    member.hears("« qunxa garablul » Alsa?")
    member.hears("Excel pour trésoriers")
