"""Profiles of organisations: who may see and change them, who belongs to them, and how a change is undone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.actions.context import Person
from bot.actions.directory_port import (
    Asked,
    Changed,
    Colleague,
    Contactable,
    JoinDecided,
    Joined,
    Joining,
    Left,
    OrganisationCard,
    Profile,
    Proof,
    Undoing,
    Undone,
)
from bot.directory import card_of, fold_name, set_field, wake
from bot.merging import FIELD as MERGED
from bot.merging import undo_merge
from bot.messages import Address, Attachment, Media
from bot.organisation import EDITORS, LISTED, Part, Standing
from bot.store.audit import Act
from bot.store.directory import ENTRY, By
from bot.store.engine import Transaction
from bot.store.history import Change
from bot.store.memberships import JoinRequest

COORDINATORS = ("coordinator", "admin")
MOST_FOUND = 5
STILL_TRUE = "yes"
DATES = ("starts_on", "ends_on")
KEPT_BY_TRUST = ("status", MERGED)
"""Fields only coordinators undo."""


@dataclass(frozen=True, slots=True)
class StoredProfiles:
    """Speaks for one person within one transaction, writing from one address."""

    tx: Transaction
    person: Person
    address: Address
    now: datetime

    @property
    def _by(self) -> By:
        return By(self.person.id, self.now)

    def _coordinates(self) -> bool:
        return self.person.role in COORDINATORS

    async def _edits(self, organisation_id: int) -> bool:
        return await self.tx.memberships.part(organisation_id, self.person.id) in EDITORS

    async def profile(self, organisation_id: int) -> Profile | None:
        row = await self.tx.organisations.get(organisation_id)
        part = await self.tx.memberships.part(organisation_id, self.person.id)
        if row is None or (part is None and not self._coordinates()):
            return None
        people = await self.tx.memberships.people(organisation_id)
        return Profile(
            card_of(row),
            part,
            await self.tx.organisations.confirmations(organisation_id),
            [Colleague(p.person_id, p.name, p.part, p.since) for p in people],
            await self._proof(organisation_id),
            await self._picture(row.logo_key),
        )

    async def _proof(self, organisation_id: int) -> Proof:
        projects = await self.tx.projects.of_organisation(organisation_id)
        trainings = await self.tx.memberships.trainings_attended(organisation_id)
        return Proof(len(projects), tuple(trainings))

    async def _picture(self, key: str | None) -> Attachment | None:
        file = await self.tx.files.get(key) if key else None
        return file.attachment if file else None

    async def answer_freshness(self, number: int, answer: str) -> Asked | None:
        asked = await self.tx.freshness.get(number)
        if asked is None or not await self._edits(asked.organisation_id):
            return None
        row = await self.tx.organisations.lock(asked.organisation_id)
        if row is None or row.status == Standing.MERGED:
            return None
        await self.tx.freshness.answer(number, answer, self.now)
        if answer == STILL_TRUE:
            await self.tx.organisations.confirm(row.id, [asked.field], self._by)
        return Asked(row.id, row.name, asked.field, await wake(self.tx, row, self._by))

    async def keep_picture(self, media: Media) -> str | None:
        if media.media != "photo" or media.file_id is None:
            return None
        kept = await self.tx.files.add("photo.jpg", "image/jpeg", None, self.now)
        await self.tx.files.remember(kept.key, self.address.channel, media.file_id)
        return kept.key

    async def find(self, words: str) -> Sequence[OrganisationCard]:
        folded = fold_name(words)
        rows = await self.tx.organisations.named_about(folded, MOST_FOUND) if folded else ()
        return [card_of(row) for row in rows]

    async def ask_to_join(self, organisation_id: int) -> Joining:
        row = await self.tx.organisations.get(organisation_id)
        if row is None or row.status not in LISTED:
            return Joining(Joined.UNKNOWN)
        if await self.tx.memberships.part(organisation_id, self.person.id) is not None:
            return Joining(Joined.ALREADY, row.name)
        number = await self.tx.memberships.ask(organisation_id, self.person.id, self.now)
        if number is None:
            return Joining(Joined.WAITING, row.name)
        return Joining(Joined.ASKED, row.name, number, await self._deciders(organisation_id))

    async def _deciders(self, organisation_id: int) -> Sequence[Contactable]:
        people = await self.tx.memberships.people(organisation_id)
        contacts = await self._reachable([p.person_id for p in people if p.part is Part.CONTACT])
        return contacts or await self._coordinators()

    async def _reachable(self, person_ids: Sequence[int]) -> Sequence[Contactable]:
        found = await self.tx.enrolments.people(person_ids)
        return [Contactable(p.address, p.language) for p in found if p.address is not None]

    async def _coordinators(self) -> Sequence[Contactable]:
        found = await self.tx.enrolments.planners()
        return [Contactable(p.address, p.language) for p in found if p.address is not None]

    async def decide_join(self, number: int, part: Part | None) -> JoinDecided | None:
        request = await self.tx.memberships.request(number)
        if request is None or not await self._decides(request.organisation_id):
            return None
        row = await self.tx.organisations.get(request.organisation_id)
        accepted = part is not None
        if row is None or not await self.tx.memberships.decide(number, accepted, self.person.id, self.now):
            return None
        if part is not None:
            await self._welcome(request, part)
        await self._log("organisation.join", request.organisation_id, accepted=accepted)
        told = await self._reachable([request.person_id])
        return JoinDecided(row.name, request.name, told[0] if told else None)

    async def _welcome(self, request: JoinRequest, part: Part) -> None:
        """The first person of an organisation nobody looks after becomes its contact."""
        await self.tx.memberships.put(request.organisation_id, request.person_id, part, self.now)
        await self.tx.memberships.hand_over(request.organisation_id)

    async def _decides(self, organisation_id: int) -> bool:
        own = await self.tx.memberships.part(organisation_id, self.person.id)
        return own is Part.CONTACT or self._coordinates()

    async def set_part(self, organisation_id: int, person_id: int, part: Part | None) -> bool:
        """A new contact takes the place of the old one, who stays as manager."""
        known = await self.tx.memberships.part(organisation_id, person_id)
        if known is None or not await self._decides(organisation_id):
            return False
        if part is None:
            return await self.tx.memberships.leave(organisation_id, person_id)
        if part is Part.CONTACT:
            for other in await self.tx.memberships.people(organisation_id):
                if other.part is Part.CONTACT:
                    await self.tx.memberships.put(organisation_id, other.person_id, Part.MANAGER, self.now)
        await self.tx.memberships.put(organisation_id, person_id, part, self.now)
        await self.tx.memberships.hand_over(organisation_id)
        await self._log("organisation.part", organisation_id, part=part)
        return True

    async def leave(self, organisation_id: int) -> Left | None:
        row = await self.tx.organisations.get(organisation_id)
        if row is None or not await self.tx.memberships.leave(organisation_id, self.person.id):
            return None
        return Left(row.name, not await self.tx.memberships.people(organisation_id))

    async def history(self, organisation_id: int, offset: int, limit: int) -> Sequence[Changed]:
        if not (self._coordinates() or await self._edits(organisation_id)):
            return ()
        found = await self.tx.history.of_organisation(organisation_id, offset, limit)
        return [_changed(change) for change in found]

    async def undo(self, change_id: int) -> Undoing:
        """What the field held before comes back, unless it was changed again since."""
        change = await self.tx.history.get(change_id)
        if change is None or change.undone_at or change.field == ENTRY or not await self._may_undo(change):
            return Undoing(Undone.GONE)
        if change.field == MERGED:
            return await self._unmerge(change)
        row = await self.tx.organisations.lock(change.organisation_id)
        target: Any = row
        if change.project_id is not None:
            target = await self.tx.projects.get(change.project_id)
        if target is None or row is None:
            return Undoing(Undone.GONE)
        if _plain(getattr(target, change.field)) != change.after:
            return Undoing(Undone.CHANGED_SINCE, row.id)
        await self._put_back(target, change)
        await self.tx.history.mark_undone(change.id, self.person.id, self.now)
        await self._log("organisation.undo", row.id, change=change.id, field=change.field)
        return Undoing(Undone.DONE, row.id)

    async def _unmerge(self, change: Change) -> Undoing:
        if not await undo_merge(self.tx, change, self._by):
            return Undoing(Undone.CHANGED_SINCE)
        await self.tx.history.mark_undone(change.id, self.person.id, self.now)
        await self._log("organisation.unmerge", change.organisation_id, out_of=change.after["into"])
        return Undoing(Undone.DONE, change.after["into"])

    async def _put_back(self, target: Any, change: Change) -> None:
        before = change.before
        if change.project_id is not None:
            value = date.fromisoformat(before) if before and change.field in DATES else before
            await self.tx.projects.change(target, change.field, value, self._by)
            target.folded_title = fold_name(target.title)
        else:
            await set_field(self.tx.organisations, target, (change.field, before), self._by)

    async def _may_undo(self, change: Change) -> bool:
        if self._coordinates():
            return True
        return change.field not in KEPT_BY_TRUST and await self._edits(change.organisation_id)

    async def _log(self, act: str, organisation_id: int, **details: Any) -> None:
        """Acts of coordinators in organisations that are not theirs."""
        if self._coordinates():
            subject = f"organisation:{organisation_id}"
            await self.tx.audit.add(Act(act, subject, self.person.id, details, self.now))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _changed(change: Change) -> Changed:
    return Changed(
        change.id,
        change.at,
        change.name,
        change.role,
        change.field,
        change.before,
        change.after,
        change.undone_at is not None,
        change.project,
    )
