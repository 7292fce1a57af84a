"""The log of what people with a role did: written once, never changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.tables import AuditRow


@dataclass(frozen=True, slots=True)
class Act:
    """`act` is a verb ("training.cancel"), `subject` what it was done to ("training:12").

    `person_id` None: the bot itself, or somebody whose data was erased.
    """

    act: str
    subject: str
    person_id: int | None
    details: dict[str, Any]
    at: datetime


class Audit:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, act: Act) -> None:
        row = AuditRow(**{name: getattr(act, name) for name in Act.__slots__})
        self._session.add(row)
        await self._session.flush()

    async def about(self, subject: str, limit: int = 50) -> Sequence[Act]:
        """The last acts on this subject, the newest first."""
        rows = await self._session.scalars(
            select(AuditRow).where(AuditRow.subject == subject).order_by(AuditRow.id.desc()).limit(limit)
        )
        return [Act(**{name: getattr(row, name) for name in Act.__slots__}) for row in rows]
