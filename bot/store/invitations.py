"""One-time codes that give a role; only their digests are stored."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.tables import InvitationRow


class Invitations:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, digest: str, role: str, expires_at: datetime) -> None:
        await self._session.execute(
            insert(InvitationRow).values(digest=digest, role=role, expires_at=expires_at)
        )

    async def redeem(self, digest: str, person_id: int, now: datetime) -> str | None:
        """The role, once; None for a code unknown, used or expired."""
        return await self._session.scalar(
            update(InvitationRow)
            .where(
                InvitationRow.digest == digest,
                InvitationRow.used_at.is_(None),
                InvitationRow.expires_at > now,
            )
            .values(used_at=now, used_by=person_id)
            .returning(InvitationRow.role)
        )
