"""What the directory keeps: people of organisations, projects, confirmed fields, and every change with its values."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.audiences import Is, Trait
from bot.messages import Address, Outgoing
from bot.organisation import Part, Standing
from bot.registry import StoredRegistry
from bot.store.audiences import people_query
from bot.store.content_tables import OrganisationChangeRow, OrganisationRow
from bot.store.directory import ENTRY, By
from bot.store.engine import Database, Transaction

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
LATER = NOW + timedelta(days=400)


async def _person(tx: Transaction, name: str) -> int:
    return (await tx.people.find_or_create("plain", name, NOW)).id


async def _organisation(tx: Transaction, person_id: int | None, **values: Any) -> OrganisationRow:
    given = {"name": "Amis", "folded_name": "amis", "legal_form": "association", "region": "Obock"}
    return await tx.organisations.add({**given, "themes": ["eau"], **values}, person_id, NOW)


async def _changes(tx: Transaction, organisation_id: int) -> list[OrganisationChangeRow]:
    result = await tx.session.execute(OrganisationChangeRow.__table__.select())
    return [row for row in result.all() if row.organisation_id == organisation_id]  # type: ignore[misc]


async def test_new_entry_has_its_contact_its_first_change_and_confirmed_fields(database: Database) -> None:
    async with database.transaction() as tx:
        amina = await _person(tx, "amina")
        row = await _organisation(tx, amina, phone="+25377831234")
        (contact,) = await tx.memberships.people(row.id)
        assert (contact.person_id, contact.part) == (amina, Part.CONTACT)
        assert [change.field for change in await _changes(tx, row.id)] == [ENTRY]
        confirmed = await tx.organisations.confirmations(row.id)
        assert confirmed["phone"] == NOW
        assert "email" not in confirmed


async def test_change_keeps_the_values_as_they_were_and_confirms_the_field(database: Database) -> None:
    async with database.transaction() as tx:
        row = await _organisation(tx, None)
        await tx.organisations.change(row, "themes", ["eau", "santé"], By(None, LATER, "import:1"))
        change = (await _changes(tx, row.id))[-1]
        assert (change.before, change.after, change.batch) == (["eau"], ["eau", "santé"], "import:1")
        assert (await tx.organisations.confirmations(row.id))["themes"] == LATER


async def test_several_people_of_several_organisations(database: Database) -> None:
    async with database.transaction() as tx:
        amina, bilan = await _person(tx, "amina"), await _person(tx, "bilan")
        first, second = await _organisation(tx, amina), await _organisation(tx, bilan, name="Autres")
        await tx.memberships.put(first.id, bilan, Part.MANAGER, LATER)
        assert [row.id for row in await tx.organisations.of_person(bilan)] == [first.id, second.id]
        assert [p.person_id for p in await tx.memberships.people(first.id)] == [amina, bilan]


async def test_when_the_contact_leaves_the_next_becomes_it(database: Database) -> None:
    async with database.transaction() as tx:
        amina, bilan = await _person(tx, "amina"), await _person(tx, "bilan")
        row = await _organisation(tx, amina)
        await tx.memberships.put(row.id, bilan, Part.MEMBER, LATER)
        assert await tx.memberships.leave(row.id, amina)
        assert not await tx.memberships.leave(row.id, amina)
        assert await tx.memberships.part(row.id, bilan) is Part.CONTACT


async def test_request_to_join_waits_once_and_is_decided_once(database: Database) -> None:
    async with database.transaction() as tx:
        amina, bilan = await _person(tx, "amina"), await _person(tx, "bilan")
        row = await _organisation(tx, amina)
        number = await tx.memberships.ask(row.id, bilan, NOW)
        assert number is not None
        assert await tx.memberships.ask(row.id, bilan, NOW) is None
        assert await tx.memberships.decide(number, True, amina, LATER)
        assert not await tx.memberships.decide(number, False, amina, LATER)
        assert await tx.memberships.request(number) is None
        assert await tx.memberships.ask(row.id, bilan, LATER) is not None


async def test_audience_reaches_all_people_of_listed_organisations(database: Database) -> None:
    async with database.transaction() as tx:
        amina, bilan = await _person(tx, "amina"), await _person(tx, "bilan")
        row = await _organisation(tx, amina)
        await tx.memberships.put(row.id, bilan, Part.MEMBER, NOW)
        content = await tx.outbox.add_content(Outgoing(Address("", ""), "x"), NOW)
        query = people_query(Is(Trait.REGION, "Obock"), {"fr": content})
        assert {r.person_id for r in await tx.session.execute(query)} == {amina, bilan}
        row.status = Standing.MERGED
        await tx.session.flush()
        assert [r.person_id for r in await tx.session.execute(query)] == []


async def test_project_and_its_changes_are_in_the_history_of_the_organisation(database: Database) -> None:
    async with database.transaction() as tx:
        row = await _organisation(tx, None)
        values = {"title": "Un puits", "folded_title": "un puits", "starts_on": date(2025, 1, 1)}
        project = await tx.projects.add(row.id, values, By(None, NOW))
        await tx.projects.change(project, "ends_on", date(2026, 6, 30), By(None, LATER))
        change = (await _changes(tx, row.id))[-1]
        assert (change.project_id, change.before, change.after) == (project.id, None, "2026-06-30")
        assert [p.title for p in await tx.projects.of_organisation(row.id)] == ["Un puits"]


async def test_organisation_others_look_after_outlives_the_data_of_one_person(database: Database) -> None:
    async with database.transaction() as tx:
        amina, bilan = await _person(tx, "amina"), await _person(tx, "bilan")
        shared = await _organisation(tx, amina, contact_name="Amina Ali")
        alone = await _organisation(tx, amina, name="Seule")
        await tx.memberships.put(shared.id, bilan, Part.MEMBER, NOW)
        await StoredRegistry(tx, amina, None, LATER).forget()
    async with database.transaction() as tx:
        assert await tx.organisations.get(alone.id) is None
        kept = await tx.organisations.get(shared.id)
        assert kept is not None
        assert kept.contact_name is None
        assert await tx.memberships.part(shared.id, bilan) is Part.CONTACT
