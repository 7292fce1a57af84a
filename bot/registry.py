"""What is remembered of the person who talks, within one transaction: language, consent, role."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

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

    async def set_language(self, language: str) -> None:
        await self.tx.people.set_language(self.person_id, language)

    async def consent(self) -> None:
        await self.tx.people.consent(self.person_id, self.now, self.name)

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
