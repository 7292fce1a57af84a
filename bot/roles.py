"""Who may be given which role, by whom, and what is written down of it; topics, STOP and quiet hours of one person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.actions.announcement_port import Known
from bot.actions.context import Person
from bot.errors import NotAllowed
from bot.messages import Address
from bot.quiet import NIGHT, Hours
from bot.registry import INVITATION_LIVES, ROLES, digest_of, new_code
from bot.store.audit import Act
from bot.store.engine import Transaction
from bot.unasked import stop_writing, write_again


@dataclass(frozen=True, slots=True)
class StoredRoles:
    """`bot.actions.announcement_port.Roles` within one transaction."""

    tx: Transaction
    person: Person
    now: datetime

    def _check(self) -> None:
        if self.person.role != "admin":
            raise NotAllowed(self.person.role)

    async def people(self) -> Sequence[Known]:
        self._check()
        found = await self.tx.people.for_roles(20)
        return [Known(p.id, p.role, p.name, channel) for p, channel in found]

    async def person_named(self, person_id: int) -> Known | None:
        self._check()
        person = await self.tx.people.get(person_id)
        if person is None:
            return None
        reachable = [i for i in await self.tx.people.identities(person_id) if i.reachable]
        address = Address(reachable[0].channel, reachable[0].external_id) if reachable else None
        channel = reachable[0].channel if reachable else ""
        return Known(person_id, person.role, person.name, channel, address, person.language or "fr")

    async def give(self, person_id: int, role: str) -> bool:
        """The admins are locked together: two who take each other's role away leave one."""
        self._check()
        assert role in ROLES, role
        admins = await self.tx.people.lock_role("admin")
        if self.person.id not in admins:
            raise NotAllowed("no admin any more")
        if role != "admin" and set(admins) <= {person_id}:
            return False
        before = await self.tx.people.get(person_id)
        if before is None:
            return False
        await self.tx.people.set_role(person_id, role)
        details = {"before": before.role, "after": role}
        await self.tx.audit.add(Act("role.give", f"person:{person_id}", self.person.id, details, self.now))
        return True

    async def code(self, role: str) -> str:
        self._check()
        code = new_code()
        await self.tx.invitations.add(digest_of(code), role, self.now + INVITATION_LIVES)
        await self.tx.audit.add(Act("role.invite", f"role:{role}", self.person.id, {}, self.now))
        return code


@dataclass(frozen=True, slots=True)
class StoredFollowing:
    """`bot.actions.announcement_port.Following` within one transaction."""

    tx: Transaction
    person_id: int
    now: datetime
    usual_quiet: Hours = NIGHT

    async def quiet(self) -> Hours | None:
        person = await self.tx.people.get(self.person_id)
        wishes = person.wishes if person else None
        if wishes is None or wishes.quiet_from is None or wishes.quiet_until is None:
            return None
        return Hours(wishes.quiet_from, wishes.quiet_until)

    async def keep_quiet(self, hours: Hours | None) -> None:
        begin, end = (hours.begin, hours.end) if hours else (None, None)
        await self.tx.people.keep_quiet(self.person_id, begin, end)

    async def topics(self) -> Sequence[str]:
        return await self.tx.following.topics(self.person_id)

    async def follow(self, topic: str) -> None:
        await self.tx.following.follow(self.person_id, topic, self.now)

    async def leave(self, topic: str) -> None:
        await self.tx.following.leave(self.person_id, topic)

    async def stopped(self) -> bool:
        person = await self.tx.people.get(self.person_id)
        return person is not None and person.wishes.stopped_at is not None

    async def stop(self) -> None:
        """Topics stay, so that coming back needs one tap."""
        await stop_writing(self.tx, self.person_id, self.now)

    async def come_back(self) -> None:
        await write_again(self.tx, self.person_id, self.now)
