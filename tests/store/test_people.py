"""People: one person behind an account, nothing personal before consent."""

import asyncio
from datetime import UTC, datetime

from bot.store.engine import Database
from bot.store.people import Person

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


async def find(database: Database, external_id: str = "7", name: str | None = None) -> Person:
    async with database.transaction() as tx:
        return await tx.people.find_or_create("telegram", external_id, NOW, name)


async def test_same_account_is_the_same_person(database: Database) -> None:
    assert await find(database) == await find(database)


async def test_another_account_is_another_person(database: Database) -> None:
    assert (await find(database)).id != (await find(database, "8")).id


async def test_account_met_by_many_turns_at_once_is_one_person(database: Database) -> None:
    people = await asyncio.gather(*(find(database) for _ in range(8)))
    assert len({person.id for person in people}) == 1


async def test_name_is_not_kept_before_consent(database: Database) -> None:
    assert (await find(database, name="Hodan")).name is None


async def test_name_is_kept_and_followed_after_consent(database: Database) -> None:
    person = await find(database)
    async with database.transaction() as tx:
        await tx.people.consent(person.id, NOW, "Hodan")
    assert (await find(database, name="Hodan Ali")).name == "Hodan Ali"
    assert (await find(database)).name == "Hodan Ali"


async def test_language_is_seen_at_once_in_the_same_turn(database: Database) -> None:
    async with database.transaction() as tx:
        person = await tx.people.find_or_create("telegram", "7", NOW)
        await tx.people.set_language(person.id, "so")
        changed = await tx.people.get(person.id)
    assert changed is not None
    assert changed.language == "so"


async def test_coordinators_are_found_with_their_accounts(database: Database) -> None:
    person, _ = await find(database), await find(database, "8")
    async with database.transaction() as tx:
        await tx.people.set_role(person.id, "coordinator")
        found = await tx.people.with_role("coordinator")
    assert [(identity.external_id, identity.reachable) for identity in found] == [("7", True)]


async def test_blocked_account_is_marked_until_it_writes_again(database: Database) -> None:
    person = await find(database)
    reachable = []
    async with database.transaction() as tx:
        for state in (False, True):
            await tx.people.mark_reachable("telegram", "7", state, NOW)
            reachable += [identity.reachable for identity in await tx.people.identities(person.id)]
    assert reachable == [False, True]
