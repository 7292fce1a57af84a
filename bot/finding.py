"""Finding others in the directory: who sees which contact details, what is told later, what is passed on."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from bot.actions.announcement_port import COORDINATORS
from bot.actions.context import Person
from bot.actions.finding_port import (
    Contact,
    FoundOsc,
    FoundProject,
    Letter,
    MayWrite,
    OscPage,
    ProjectPage,
)
from bot.directory_index import Results, Sought
from bot.directory_indexes import DirectoryIndexes
from bot.domain import Domain
from bot.errors import NotAllowed
from bot.exporting import MEDIA_TYPES, Exporting, Form
from bot.messages import Address, Attachment
from bot.organisation import EDITORS, Visibility, may_see_contacts
from bot.store.audit import Act
from bot.store.content_tables import OrganisationRow
from bot.store.directory_tables import ProjectRow
from bot.store.engine import Transaction
from bot.store.exchange_tables import DirectoryRelayRow, RelayState
from bot.store.relays import NewRelay

MOST_WATCHES = 10
MOST_LETTERS_A_DAY = 5
PROJECTS_SHOWN = 3
MOST_NAMED = 5
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class StoredFinding:
    """`bot.actions.finding_port.Finding` within one transaction. `key`: the conversation; a group sees less."""

    tx: Transaction
    domain: Domain
    indexes: DirectoryIndexes
    person: Person
    key: str
    language: str
    now: datetime
    in_group: bool = False

    async def organisations(self, sought: Sought, offset: int, limit: int) -> OscPage:
        found = (await self.indexes.organisations(self.tx, self.now)).search(sought, self.language)
        return await self._osc_page(found, found.ids[offset : offset + limit])

    async def named(self, text: str) -> OscPage:
        found = (await self.indexes.organisations(self.tx, self.now)).named(text, self.language)
        return await self._osc_page(found, found.ids[:MOST_NAMED])

    async def _osc_page(self, found: Results, page: Sequence[int]) -> OscPage:
        rows = await self.tx.directory_search.some(page) if page else {}
        items = [_brief(*rows[id]) for id in page if id in rows]
        return OscPage(items, len(found.ids), found.understood)

    async def projects(self, sought: Sought, offset: int, limit: int) -> ProjectPage:
        found = (await self.indexes.projects(self.tx, self.now)).search(sought, self.language)
        page = found.ids[offset : offset + limit]
        rows = await self.tx.directory_search.some_projects(page)
        return ProjectPage(
            [_project(*rows[id]) for id in page if id in rows], len(found.ids), found.understood
        )

    async def organisation(self, organisation_id: int) -> FoundOsc | None:
        found = (await self.tx.directory_search.some([organisation_id])).get(organisation_id)
        if found is None:
            return None
        row, confirmed = found
        own = await self.tx.directory_search.belongs(self.person.id)
        projects = await self.tx.projects.of_organisation(row.id)
        return replace(
            _brief(row, confirmed),
            contact=_contact(row) if self._sees(row, own) else None,
            listens=bool(await self._editors(row.id)),
            mine=row.id in own,
            projects=[_project(project, row.name) for project in projects[:PROJECTS_SHOWN]],
        )

    def _sees(self, row: OrganisationRow, own: set[int]) -> bool:
        """What the organisation allows; before a group only what is for everybody."""
        if self.in_group:
            return row.contact_visibility == Visibility.PUBLIC
        return may_see_contacts(
            row.contact_visibility, self.person.role, in_an_organisation=bool(own), its_own=row.id in own
        )

    async def project(self, project_id: int) -> FoundProject | None:
        found = (await self.tx.directory_search.some_projects([project_id])).get(project_id)
        return _project(*found) if found else None

    async def take_away(self, form: str, *, all_contacts: bool) -> Attachment:
        if all_contacts and self.person.role not in COORDINATORS:
            raise NotAllowed(self.person.role)
        exporting = Exporting(self.domain, self.indexes.words)
        snapshot = await exporting.snapshot(self.tx, self.now, all_contacts=all_contacts)
        if all_contacts:
            await self.tx.audit.add(
                Act("directory.export", "directory", self.person.id, {"form": form}, self.now)
            )
        content = exporting.written(snapshot, Form(form))
        name = f"annuaire-{self.now:%Y-%m-%d}.{form}"
        return await self.tx.files.add(name, MEDIA_TYPES[Form(form)], content, self.now)

    async def watch(self, kind: str, sought: Sought) -> bool:
        query = {"kind": kind, **{name: value for name, value in asdict(sought).items() if value}}
        waiting = await self.tx.relays.watches_of(self.person.id)
        if any(dict(watch.query) == query for watch in waiting):
            return False
        for oldest in waiting[: max(0, len(waiting) + 1 - MOST_WATCHES)]:
            await self.tx.relays.told(oldest.id, self.now)
        await self.tx.relays.watch(self.person.id, self.key, query, self.now)
        return True

    async def _editors(self, organisation_id: int) -> Sequence[tuple[Address, str]]:
        """Who answers for an organisation and can be reached, not counting this person."""
        people = await self.tx.memberships.people(organisation_id)
        ids = [p.person_id for p in people if p.part in EDITORS and p.person_id != self.person.id]
        found = await self.tx.enrolments.people(ids)
        return [(who.address, who.language) for who in found if who.address and not who.stopped]

    async def may_write(self, organisation_id: int) -> MayWrite:
        states = await self.tx.relays.states(self.person.id, organisation_id)
        if any(state == RelayState.REPORTED for state, _ in states):
            return MayWrite.BLOCKED
        if any(state == RelayState.SENT and self.now - sent < DAY for state, sent in states):
            return MayWrite.WAITING
        if await self.tx.relays.count(self.person.id, self.now - DAY) >= MOST_LETTERS_A_DAY:
            return MayWrite.TOO_MANY
        return MayWrite.YES if await self._editors(organisation_id) else MayWrite.NOBODY

    async def write(self, organisation_id: int, text: str) -> Letter | None:
        if await self.may_write(organisation_id) is not MayWrite.YES:
            return None
        new = NewRelay(self.person.id, self.key, organisation_id, text, self.language)
        row = await self.tx.relays.get(await self.tx.relays.add(new, self.now))
        return await self._letter(row, await self._editors(organisation_id)) if row else None

    async def letter(self, number: int) -> Letter | None:
        row = await self.tx.relays.get(number)
        if row is None or row.state != RelayState.SENT or not await self._answers_for(row):
            return None
        return await self._letter(row)

    async def settle(self, number: int, state: str) -> Letter | None:
        row = await self.tx.relays.get(number)
        if row is None or not await self._answers_for(row):
            return None
        if not await self.tx.relays.settle(number, RelayState(state), self.person.id, self.now):
            return None
        return await self._letter(row)

    async def _answers_for(self, row: DirectoryRelayRow) -> bool:
        return await self.tx.memberships.part(row.organisation_id, self.person.id) in EDITORS

    async def _letter(self, row: DirectoryRelayRow, to: Sequence[tuple[Address, str]] = ()) -> Letter | None:
        conversation = await self.tx.conversations.get(row.conversation_key)
        organisation = await self.tx.organisations.get(row.organisation_id)
        sender = await self.tx.people.get(row.person_id)
        if conversation is None or organisation is None or sender is None:
            return None  # whoever wrote it had everything erased
        name, language = sender.name, sender.language or row.language
        back = conversation.address
        return Letter(row.id, organisation.id, organisation.name, row.text, name, back, language, to)


def _brief(row: OrganisationRow, confirmed: datetime | None) -> FoundOsc:
    return FoundOsc(
        id=row.id,
        name=row.name,
        status=row.status,
        region=row.region,
        themes=tuple(row.themes),
        acronym=row.acronym,
        legal_form=row.legal_form,
        place=row.place,
        year=row.year,
        description=row.description,
        capacities=tuple(row.capacities),
        target_groups=tuple(row.target_groups),
        verified=confirmed,
        contact_visibility=row.contact_visibility,
    )


def _contact(row: OrganisationRow) -> Contact:
    return Contact(row.contact_name, row.contact_role, row.phone, row.email, tuple(row.social_pages))


def _project(row: ProjectRow, organisation: str) -> FoundProject:
    return FoundProject(
        id=row.id,
        title=row.title,
        organisation_id=row.organisation_id,
        organisation=organisation,
        theme=row.theme,
        region=row.region,
        place=row.place,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        status=row.status,
        partners=tuple(row.partners),
        funders=tuple(row.funders),
        result=row.result,
    )
