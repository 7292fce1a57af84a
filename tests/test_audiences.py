"""Whom an expression means: kept and read again, read from words, chosen by taps, groups adopted and left."""

from collections.abc import Awaitable, Callable

import pytest

from bot.announcement_ticks import AnnouncementTicks
from bot.audiences import (
    EVERYBODY,
    Audience,
    Expression,
    Is,
    Named,
    NoExpression,
    Not,
    Trait,
    audience_from_json,
    audience_to_json,
    combined,
    criteria,
    from_json,
    from_words,
)
from bot.messages import Address
from bot.store.engine import Database
from tests.announcing import Chats, bulk, coordinator_of, draft, joined, send, start
from tests.fakes import Chat, Clock

Invited = Callable[[str], Awaitable[str]]
OBOCK, WOMEN = Is(Trait.REGION, "Obock"), Is(Trait.THEME, "femmes")


@pytest.mark.parametrize(
    "expression",
    [
        EVERYBODY,
        OBOCK,
        Not(OBOCK),
        combined([OBOCK, WOMEN, Is(Trait.REGION, "Arta")], [Is(Trait.LANGUAGE, "afar")]),
    ],
)
def test_what_is_kept_is_read_again(expression: Expression) -> None:
    audience = Audience(expression, (3, 5))
    assert audience_from_json(audience_to_json(audience)) == audience


def test_what_is_no_expression_is_refused() -> None:
    with pytest.raises(NoExpression):
        from_json({"is": ["shoe size", "43"]})


def test_criteria_come_back_out_of_what_was_combined() -> None:
    wanted, unwanted = (OBOCK, WOMEN), (Is(Trait.REGION, "Arta"),)
    assert criteria(combined(wanted, unwanted)) == (wanted, unwanted)


@pytest.mark.parametrize(
    ("text", "named", "meant"),
    [
        (
            "les associations de femmes à Obock",
            [Named("theme", "femmes", 20), Named("region", "Obock", 29)],
            combined([WOMEN, OBOCK]),
        ),
        (
            "tout le monde sauf Djibouti-Ville",
            [Named("region", "Djibouti-Ville", 19)],
            combined([], [Is(Trait.REGION, "Djibouti-Ville")]),
        ),
        (
            "dhammaan marka laga reebo Obock",
            [Named("region", "Obock", 26)],
            combined([], [OBOCK]),
        ),
        ("les associations", [], Is(Trait.ORGANISATION, "any")),
        ("inkih", [], EVERYBODY),
        ("ceux qui suivent femmes", [Named("theme", "femmes", 17)], Is(Trait.TOPIC, "femmes")),
        ("tout le monde sauf les bleus", [], None),
        ("mes amis", [], None),
    ],
)
def test_words_name_an_audience_or_are_not_guessed(
    text: str, named: list[Named], meant: Expression | None
) -> None:
    assert from_words(text, named) == meant


async def test_audience_is_described_in_words_saved_and_taken_again(chats: Chats, invited: Invited) -> None:
    coordinator = await coordinator_of(chats, invited)
    await draft(coordinator)
    await coordinator.taps("Destinataires")
    await coordinator.taps("Décrire en mots")
    await coordinator.says("les associations de femmes à Obock")
    coordinator.hears("Destinataires : Femmes, Obock")
    await coordinator.taps("Garder sous un nom")
    await coordinator.says("Femmes d'Obock")
    coordinator.hears("gardés sous")
    await draft(coordinator)
    await coordinator.taps("Destinataires")
    await coordinator.taps("Destinataires gardés")
    await coordinator.taps("Femmes d'Obock")
    coordinator.hears("Destinataires : Femmes, Obock")


async def test_words_that_name_nobody_are_explained_and_nothing_is_lost(
    chats: Chats, invited: Invited
) -> None:
    coordinator = await coordinator_of(chats, invited)
    await draft(coordinator)
    await coordinator.taps("Destinataires")
    await coordinator.taps("Décrire en mots")
    await coordinator.says("mes bons amis")
    coordinator.hears("Je n'ai pas compris qui")
    await coordinator.says("tout le monde sauf Djibouti-Ville")
    coordinator.hears("tout le monde sauf Djibouti-Ville")


async def test_criteria_are_added_and_taken_away_by_taps(chats: Chats, invited: Invited) -> None:
    coordinator = await coordinator_of(chats, invited)
    await draft(coordinator)
    await coordinator.taps("Destinataires")
    for kind, value in (("Régions", "Obock"), ("Thèmes", "Droits humains"), ("Sauf…", "Langues")):
        await coordinator.taps(kind)
        await coordinator.taps(value)
    await coordinator.taps("Afar")
    coordinator.hears("Obock, Droits humains sauf Afar")
    await coordinator.taps("Régions")
    await coordinator.taps("✓ Obock")
    coordinator.hears("Destinataires : Droits humains sauf Afar")


async def _added_to(database: Database, clock: Clock, group: str) -> None:
    async with database.transaction() as tx:
        await tx.groups.joined("plain", group, "Groupe des femmes", clock())


async def test_a_group_gets_announcements_only_once_a_coordinator_adopts_it(
    chats: Chats, invited: Invited, database: Database, ticks: AnnouncementTicks
) -> None:
    member, coordinator = await joined(chats("amina")), await coordinator_of(chats, invited)
    await _added_to(database, coordinator.clock, "group-1")
    await member.sends(chat="group-1", text="/adopter")
    assert "réservée" in (await member.everything("group-1"))[-1].text
    async with database.transaction() as tx:
        assert await tx.audiences.chats() == []
    await coordinator.sends(chat="group-1", text="/adopter")
    offer = (await coordinator.everything("group-1"))[-1]
    await member.sends(chat="group-1", tap=offer.buttons[0].payload)
    async with database.transaction() as tx:
        assert await tx.audiences.chats() == []
    await coordinator.sends(chat="group-1", tap=offer.buttons[0].payload)
    assert "peut maintenant recevoir" in (await coordinator.everything("group-1"))[-1].text
    await draft(coordinator)
    await coordinator.taps("Destinataires")
    await coordinator.taps("Groupes et canaux")
    await coordinator.taps("Groupe des femmes")
    await coordinator.taps("C'est tout")
    await send(coordinator)
    await start(coordinator, ticks)
    assert await bulk(database) == ["group-1"]


async def test_an_adopted_group_is_released_by_a_coordinator(
    chats: Chats, invited: Invited, database: Database
) -> None:
    coordinator = await coordinator_of(chats, invited)
    await _added_to(database, coordinator.clock, "group-1")
    await coordinator.sends(chat="group-1", tap='/create_announcement{"tell": "adopt"}')
    await coordinator.sends(chat="group-1", text="/adopter")
    release = (await coordinator.everything("group-1"))[-1].buttons[0].payload
    await coordinator.sends(chat="group-1", tap=release)
    async with database.transaction() as tx:
        assert await tx.audiences.chats() == []


async def test_a_group_the_bot_was_thrown_out_of_is_reached_no_more(
    chats: Chats, invited: Invited, database: Database, ticks: AnnouncementTicks
) -> None:
    coordinator = await coordinator_of(chats, invited)
    await _added_to(database, coordinator.clock, "group-1")
    await draft(coordinator)
    for title in ("Destinataires", "Groupes et canaux", "Groupe des femmes", "Tout le monde", "C'est tout"):
        await coordinator.taps(title)
    await send(coordinator)
    async with database.transaction() as tx:
        await tx.groups.left("plain", "group-1")
    await start(coordinator, ticks)
    assert await bulk(database) == ["coord"]


async def test_adopted_group_that_becomes_another_chat_is_followed(chat: Chat, database: Database) -> None:
    async with database.transaction() as tx:
        person = await tx.people.find_or_create("plain", "amina", chat.clock())
        await tx.groups.joined("plain", "old", "Groupe", chat.clock())
        await tx.audiences.adopt(Address("plain", "old"), "Groupe", person.id, chat.clock())
        await tx.groups.rename_chat("plain", "old", "new")
        await tx.audiences.rename_chat("plain", "old", "new")
        assert [c.address.chat_id for c in await tx.audiences.chats()] == ["new"]
