"""Consents as rows: what each person said last, and all they said."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.consent import Consent, Purpose
from bot.store.consent_tables import ConsentRow


class Consents:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def say(self, person_id: int, purpose: Purpose, given: bool, version: str, now: datetime) -> None:
        """Keep a word, unless it is what they said last to the same text."""
        last = await self.last(person_id, purpose)
        if last is not None and (last.given, last.version) == (given, version):
            return
        row = ConsentRow(person_id=person_id, purpose=purpose, given=given, version=version, at=now)
        self._session.add(row)
        await self._session.flush()

    async def last(self, person_id: int, purpose: Purpose) -> Consent | None:
        row = await self._session.scalar(
            select(ConsentRow)
            .where(ConsentRow.person_id == person_id, ConsentRow.purpose == purpose)
            .order_by(ConsentRow.id.desc())
            .limit(1)
        )
        return None if row is None else _consent(row)

    async def all_of(self, person_id: int) -> Sequence[Consent]:
        """The oldest first."""
        rows = await self._session.scalars(
            select(ConsentRow).where(ConsentRow.person_id == person_id).order_by(ConsentRow.id)
        )
        return [_consent(row) for row in rows]


def _consent(row: ConsentRow) -> Consent:
    return Consent(Purpose(row.purpose), row.given, row.version, row.at)
