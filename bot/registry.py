"""What is remembered of the person who talks, within one transaction: language, consent, role."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.actions.context import Remembered
from bot.consent import Purpose
from bot.store.engine import Transaction

ROLES = ("member", "partner", "coordinator", "admin")
INVITATION_LIVES = timedelta(days=7)
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


@dataclass(frozen=True, slots=True)
class StoredRegistry:
    tx: Transaction
    person_id: int
    name: str | None
    now: datetime
    version: str = ""

    async def set_language(self, language: str) -> None:
        await self.tx.people.set_language(self.person_id, language)

    async def consent(self) -> None:
        """`version` names the words they agreed to."""
        await self.tx.people.consent(self.person_id, self.now, self.name)
        await self.tx.consents.say(self.person_id, Purpose.PROFILE, True, self.version, self.now)

    async def remembered(self) -> Remembered:
        person = await self.tx.people.get(self.person_id)
        assert person is not None, self.person_id
        organisations = await self.tx.organisations.of_person(self.person_id)
        messages = await self.tx.erasure.count_messages(self.person_id)
        return Remembered(
            person.name,
            person.language,
            person.consented_at is not None,
            person.role,
            len(organisations),
            messages,
            len(await self.tx.enrolments.of_person(self.person_id)),
            len(await self.tx.reminders.planned_of(self.person_id))
            + await self.tx.wishes.count(self.person_id),
        )

    async def forget(self) -> None:
        await self.tx.reminders.forget(self.person_id)
        await self.tx.enrolments.forget(self.person_id)
        await self.tx.announcements.forget(self.person_id)
        await self.tx.following.leave(self.person_id)
        organisations = await self.tx.organisations.of_person(self.person_id)
        await self.tx.erasure.forget(self.person_id)
        for organisation in organisations:
            await self.tx.memberships.hand_over(organisation.id)

    async def redeem(self, code: str) -> str | None:
        role = await self.tx.invitations.redeem(digest_of(code), self.person_id, self.now)
        if role is not None:
            await self.tx.people.set_role(self.person_id, role)
        return role


def new_code() -> str:
    """An invitation to type in a chat: ten letters and digits that are not taken for one another."""
    return "".join(secrets.choice(ALPHABET) for _ in range(10))


def digest_of(code: str) -> str:
    """What the database keeps of a code; case and blanks do not matter."""
    return hashlib.sha256("".join(code.split()).upper().encode()).hexdigest()
