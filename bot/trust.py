"""How far an organisation is trusted: who may vouch, verify, refuse, ask back and merge, and who is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.actions.context import Person
from bot.actions.directory_port import Contactable, OrganisationCard
from bot.actions.trust_port import Alike, Answered, Asking, Judged, ReviewCard, Verdict
from bot.duplicates import Known, Roll
from bot.merging import merge
from bot.organisation import EDITORS, LISTED, Standing
from bot.profiles import COORDINATORS, StoredProfiles
from bot.store.audit import Act
from bot.store.content_tables import OrganisationRow
from bot.store.directory import By
from bot.store.engine import Transaction

ATTESTING = 2
"""Coordinators whose word makes an entry attested; of verified organisations one is enough."""
OVER = Verdict(Judged.OVER)


@dataclass(frozen=True, slots=True)
class StoredTrust:
    """Speaks for one person within one transaction."""

    tx: Transaction
    profiles: StoredProfiles
    person: Person
    now: datetime

    @property
    def _by(self) -> By:
        return By(self.person.id, self.now)

    def _coordinates(self) -> bool:
        return self.person.role in COORDINATORS

    async def waiting(self) -> int:
        return await self.tx.trust.waiting() if self._coordinates() else 0

    async def next(self, after: int | None) -> ReviewCard | None:
        if not self._coordinates():
            return None
        row = await self.tx.organisations.get(after) if after else None
        place = (int(row.created_by is None), row.id) if row else None
        found = await self.tx.trust.next(place) or await self.tx.trust.next(None)
        return None if found is None else await self.card(found[1])

    async def card(self, organisation_id: int) -> ReviewCard | None:
        profile = await self.profiles.profile(organisation_id) if self._coordinates() else None
        row = await self.tx.organisations.get(organisation_id)
        if profile is None or row is None:
            return None
        vouches = await self.tx.trust.vouches(organisation_id)
        receipt = await self.tx.files.get(row.receipt_key) if row.receipt_key else None
        return ReviewCard(
            profile,
            await self.tx.trust.waiting(),
            vouches.coordinators,
            vouches.organisations,
            [Asking(q.text, q.answer) for q in await self.tx.trust.questions(organisation_id)],
            await self.alike(profile.card),
            receipt.attachment if receipt else None,
        )

    async def alike(self, card: OrganisationCard) -> Sequence[Alike]:
        named = {one.id: one for one in await self.tx.trust.named()}
        roll = Roll(Known(n.id, n.name, n.acronym, n.region, n.phone, n.email) for n in named.values())
        wanted = Known(card.id or 0, card.name, card.acronym, card.region or None, card.phone, card.email)
        found = roll.like(wanted)
        return [Alike(c.id, named[c.id].name, named[c.id].region, tuple(c.reasons)) for c in found]

    async def accept(self, organisation_id: int) -> Verdict:
        return await self._settle(organisation_id, Standing.VERIFIED, "organisation.verify")

    async def refuse(self, organisation_id: int, reason: str) -> Verdict:
        return await self._settle(organisation_id, Standing.REFUSED, "organisation.refuse", reason=reason)

    async def _settle(self, organisation_id: int, status: Standing, act: str, **details: Any) -> Verdict:
        row = await self.tx.organisations.lock(organisation_id) if self._coordinates() else None
        if row is None or row.status in (status, Standing.MERGED):
            return OVER
        await self.tx.organisations.change(row, "status", status, self._by)
        await self._log(act, row.id, **details)
        return await self._verdict(row)

    async def attest(self, organisation_id: int) -> Verdict:
        row = await self.tx.organisations.lock(organisation_id) if self._coordinates() else None
        if row is None or row.status != Standing.DECLARED:
            return OVER
        if not await self.tx.trust.vouch(row.id, (self.person.id, None), self.now):
            return Verdict(Judged.BEFORE, row.name)
        await self._log("organisation.attest", row.id)
        if (await self.tx.trust.vouches(row.id)).coordinators < ATTESTING:
            return Verdict(Judged.ONCE, row.name)
        await self.tx.organisations.change(row, "status", Standing.ATTESTED, self._by)
        return await self._verdict(row)

    async def ask(self, organisation_id: int, text: str) -> Verdict:
        row = await self.tx.organisations.lock(organisation_id) if self._coordinates() else None
        if row is None or row.status == Standing.MERGED:
            return OVER
        number = await self.tx.trust.ask(row.id, text, self.person.id, self.now)
        await self._log("organisation.ask", row.id, question=number)
        return await self._verdict(row, number)

    async def question(self, number: int) -> str | None:
        asked = await self.tx.trust.question(number)
        if asked is None or asked.answer is not None or not await self._belongs(asked.organisation_id):
            return None
        return asked.text

    async def answer(self, number: int, text: str) -> Answered | None:
        asked = await self.tx.trust.question(number)
        if asked is None or not await self._belongs(asked.organisation_id):
            return None
        row = await self.tx.organisations.get(asked.organisation_id)
        if row is None or not await self.tx.trust.answer(number, text, self.person.id, self.now):
            return None
        askers = await self._reachable([asked.asked_by] if asked.asked_by else [])
        return Answered(row.id, row.name, askers[0] if askers else None)

    async def _belongs(self, organisation_id: int) -> bool:
        return await self.tx.memberships.part(organisation_id, self.person.id) is not None

    async def _edits(self, organisation_id: int) -> bool:
        return await self.tx.memberships.part(organisation_id, self.person.id) in EDITORS

    async def ask_to_vouch(self, organisation_id: int, voucher_id: int) -> Verdict:
        row = await self.tx.organisations.get(organisation_id)
        voucher = await self.tx.organisations.get(voucher_id)
        if row is None or voucher is None or not await self._edits(organisation_id):
            return OVER
        if voucher.status != Standing.VERIFIED or row.status != Standing.DECLARED or row.id == voucher.id:
            return OVER
        return Verdict(Judged.DONE, row.name, await self._people(voucher.id), status=voucher.name)

    async def vouch(self, organisation_id: int, voucher_id: int) -> Verdict:
        row = await self.tx.organisations.lock(organisation_id)
        voucher = await self.tx.organisations.get(voucher_id)
        if row is None or voucher is None or not await self._edits(voucher_id) or row.id == voucher.id:
            return OVER
        if voucher.status != Standing.VERIFIED or row.status != Standing.DECLARED:
            return OVER
        if not await self.tx.trust.vouch(row.id, (self.person.id, voucher.id), self.now):
            return Verdict(Judged.BEFORE, row.name)
        await self.tx.organisations.change(row, "status", Standing.ATTESTED, self._by)
        return await self._verdict(row)

    async def merge(self, duplicate_id: int, kept_id: int) -> Verdict:
        if not self._coordinates() or duplicate_id == kept_id:
            return OVER
        first, second = sorted((duplicate_id, kept_id))
        locked = {n: await self.tx.organisations.lock(n) for n in (first, second)}
        duplicate, kept = locked[duplicate_id], locked[kept_id]
        if duplicate is None or kept is None:
            return OVER
        if duplicate.status == Standing.MERGED or kept.status not in LISTED:
            return OVER
        await merge(self.tx, duplicate, kept, self._by)
        await self._log("organisation.merge", duplicate.id, into=kept.id)
        return await self._verdict(kept)

    async def _verdict(self, row: OrganisationRow, number: int = 0) -> Verdict:
        return Verdict(Judged.DONE, row.name, await self._people(row.id), number, row.status)

    async def _people(self, organisation_id: int) -> Sequence[Contactable]:
        people = await self.tx.memberships.people(organisation_id)
        return await self._reachable([p.person_id for p in people if p.part in EDITORS])

    async def _reachable(self, person_ids: Sequence[int]) -> Sequence[Contactable]:
        found = await self.tx.enrolments.people(person_ids)
        return [Contactable(p.address, p.language) for p in found if p.address is not None]

    async def _log(self, act: str, organisation_id: int, **details: Any) -> None:
        subject = f"organisation:{organisation_id}"
        await self.tx.audit.add(Act(act, subject, self.person.id, details, self.now))
