"""Whom an audience reaches: every criterion, their combinations, one account each, nobody who stopped."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.audiences import EVERYBODY, Audience, Expression, Is, Not, Trait, combined
from bot.messages import Address, Outgoing
from bot.messages import Kind as MessageKind
from bot.store.audiences import chats_query, people_query
from bot.store.engine import Database, Transaction
from bot.store.outbox_sources import Bulk
from bot.store.tables import OutboxState

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
PEOPLE = {
    "amina": ("fr", "Obock", ["femmes"], "association"),
    "bilan": ("so", "Obock", ["eau"], "coopérative"),
    "chehem": ("aa", "Djibouti-Ville", ["femmes", "eau"], "association"),
    "daher": ("so", None, [], ""),
}


async def _people(tx: Transaction) -> dict[str, int]:
    ids = {}
    for name, (language, region, themes, form) in PEOPLE.items():
        person = await tx.people.find_or_create("plain", name, NOW)
        await tx.people.set_language(person.id, language)
        ids[name] = person.id
        if region:
            values = {
                "name": name,
                "folded_name": name,
                "legal_form": form,
                "region": region,
                "themes": themes,
            }
            await tx.organisations.add({**values, "languages": []}, person.id, NOW)
    return ids


async def _names(tx: Transaction, expression: Expression, ids: dict[str, int]) -> set[str]:
    content = await tx.outbox.add_content(Outgoing(Address("", ""), "x"), NOW)
    rows = await tx.session.execute(people_query(expression, {"fr": content}))
    found = [row.person_id for row in rows]
    assert len(found) == len(set(found))
    return {name for name, number in ids.items() if number in found}


@pytest.mark.parametrize(
    ("wanted", "unwanted", "expected"),
    [
        ([], [], {"amina", "bilan", "chehem", "daher"}),
        ([Is(Trait.REGION, "Obock")], [], {"amina", "bilan"}),
        ([Is(Trait.REGION, "Obock"), Is(Trait.THEME, "femmes")], [], {"amina"}),
        ([Is(Trait.REGION, "Obock"), Is(Trait.REGION, "Djibouti-Ville")], [], {"amina", "bilan", "chehem"}),
        ([Is(Trait.LEGAL_FORM, "coopérative")], [], {"bilan"}),
        ([Is(Trait.LANGUAGE, "somali")], [], {"bilan", "daher"}),
        ([Is(Trait.ORGANISATION, "any")], [], {"amina", "bilan", "chehem"}),
        ([], [Is(Trait.REGION, "Djibouti-Ville")], {"amina", "bilan", "daher"}),
        ([Is(Trait.THEME, "femmes")], [Is(Trait.REGION, "Obock")], {"chehem"}),
        ([Is(Trait.TOPIC, "eau")], [], {"daher"}),
    ],
)
async def test_criteria_choose_the_people_they_name(
    database: Database, wanted: Iterable[Is], unwanted: Iterable[Is], expected: set[str]
) -> None:
    async with database.transaction() as tx:
        ids = await _people(tx)
        await tx.following.follow(ids["daher"], "eau", NOW)
        assert await _names(tx, combined(wanted, unwanted), ids) == expected


async def test_who_stopped_and_who_blocked_are_counted_and_not_written_to(database: Database) -> None:
    async with database.transaction() as tx:
        ids = await _people(tx)
        await tx.people.stop(ids["amina"], NOW)
        await tx.people.mark_reachable("plain", "bilan", False, NOW)
        assert await _names(tx, EVERYBODY, ids) == {"chehem", "daher"}
        reach = await tx.audiences.reach(Audience(EVERYBODY))
    assert (reach.total, reach.stopped, reach.unreachable) == (2, 1, 1)
    assert reach.by_language() == {"so": 1, "aa": 1}
    assert reach.by_channel() == {"plain": 2}


async def test_a_person_of_two_accounts_is_written_to_where_they_wrote_last(database: Database) -> None:
    async with database.transaction() as tx:
        person = await tx.people.find_or_create("plain", "amina", NOW)
        other = await tx.people.find_or_create("other", "amina-2", NOW)
        await tx.session.execute(
            text("UPDATE identity SET person_id = :a WHERE person_id = :b"),
            {"a": person.id, "b": other.id},
        )
        await tx.conversations.lock("plain:amina::", Address("plain", "amina"), NOW)
        await tx.conversations.lock("other:amina-2::", Address("other", "amina-2"), NOW + timedelta(hours=1))
        reach = await tx.audiences.reach(Audience(EVERYBODY))
        assert reach.by_channel() == {"other": 1}
        await tx.people.mark_reachable("other", "amina-2", False, NOW)
        assert (await tx.audiences.reach(Audience(EVERYBODY))).by_channel() == {"plain": 1}


async def test_only_adopted_chats_the_bot_is_still_in_are_reached(database: Database) -> None:
    async with database.transaction() as tx:
        admin = await tx.people.find_or_create("plain", "admin", NOW)
        for chat in ("-1", "-2", "-3"):
            await tx.groups.joined("plain", chat, f"Groupe {chat}", NOW)
        assert await tx.audiences.chats() == []
        assert await tx.audiences.adopt(Address("plain", "-1"), "Groupe -1", admin.id, NOW)
        assert await tx.audiences.adopt(Address("plain", "-2", "7"), "Sujet", admin.id, NOW)
        assert not await tx.audiences.adopt(Address("plain", "-1"), "Groupe -1", admin.id, NOW)
        chats = await tx.audiences.chats()
        assert [chat.address for chat in chats] == [Address("plain", "-1"), Address("plain", "-2", "7")]
        await tx.groups.left("plain", "-1")
        content = await tx.outbox.add_content(Outgoing(Address("", ""), "x"), NOW)
        bulk = Bulk("announcement:1", MessageKind.ANNOUNCEMENT, NOW)
        await tx.outbox.add_bulk(bulk, chats_query([c.id for c in chats], content), NOW)
        rows = [row async for row in tx.outbox.of("announcement:1", [OutboxState.WAITING])]
    assert [row.address for row in rows] == [Address("plain", "-2", "7")]


async def test_nobody_is_everybody_but_everybody(database: Database) -> None:
    async with database.transaction() as tx:
        ids = await _people(tx)
        assert await _names(tx, Not(EVERYBODY), ids) == set()
