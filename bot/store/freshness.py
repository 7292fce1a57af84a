"""What organisations were asked about the freshness of their entry, and which are to be asked now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.organisation import Standing
from bot.store.content_tables import OrganisationRow
from bot.store.directory_tables import (
    FieldConfirmationRow,
    FreshnessQuestionRow,
    OrganisationPersonRow,
)

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
ASKED = (Standing.DECLARED, Standing.ATTESTED, Standing.VERIFIED)


@dataclass(frozen=True, slots=True)
class Question:
    id: int
    organisation_id: int
    field: str
    person_id: int | None
    asked_at: datetime
    answer: str | None


class Freshness:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def due(self, cutoffs: Mapping[str, datetime], last: datetime, limit: int) -> Sequence[int]:
        """Organisations with people and a field confirmed before its cutoff, not asked anything since `last`."""
        stale = or_(
            *(
                and_(FieldConfirmationRow.field == field, FieldConfirmationRow.confirmed_at < before)
                for field, before in cutoffs.items()
            )
        )
        ids = await self._session.scalars(
            select(OrganisationRow.id)
            .where(
                OrganisationRow.status.in_(ASKED),
                exists().where(FieldConfirmationRow.organisation_id == OrganisationRow.id, stale),
                exists().where(OrganisationPersonRow.organisation_id == OrganisationRow.id),
                ~exists().where(
                    FreshnessQuestionRow.organisation_id == OrganisationRow.id,
                    FreshnessQuestionRow.asked_at > last,
                ),
            )
            .order_by(OrganisationRow.id)
            .limit(limit)
        )
        return ids.all()

    async def last_asked(self, organisation_id: int) -> datetime | None:
        found: datetime | None = await self._session.scalar(
            select(func.max(FreshnessQuestionRow.asked_at)).where(
                FreshnessQuestionRow.organisation_id == organisation_id
            )
        )
        return found

    async def unanswered(self, organisation_id: int) -> Mapping[int, int]:
        """How often each person was asked in vain since the organisation last answered."""
        answered = (
            select(func.max(FreshnessQuestionRow.answered_at))
            .where(FreshnessQuestionRow.organisation_id == organisation_id)
            .scalar_subquery()
        )
        rows = await self._session.execute(
            select(FreshnessQuestionRow.person_id, func.count())
            .where(
                FreshnessQuestionRow.organisation_id == organisation_id,
                FreshnessQuestionRow.person_id.is_not(None),
                FreshnessQuestionRow.asked_at > func.coalesce(answered, LONG_AGO),
            )
            .group_by(FreshnessQuestionRow.person_id)
        )
        return {person: count for person, count in rows if person is not None}

    async def ask(self, organisation_id: int, field: str, person_id: int, now: datetime) -> int:
        row = FreshnessQuestionRow(
            organisation_id=organisation_id, field=field, person_id=person_id, asked_at=now
        )
        self._session.add(row)
        await self._session.flush()
        return row.id

    async def get(self, number: int) -> Question | None:
        row = await self._session.get(FreshnessQuestionRow, number)
        if row is None:
            return None
        return Question(row.id, row.organisation_id, row.field, row.person_id, row.asked_at, row.answer)

    async def answer(self, number: int, answer: str, now: datetime) -> None:
        """`answer`: "yes" or "corrected"."""
        row = await self._session.get(FreshnessQuestionRow, number)
        if row is not None:
            row.answer, row.answered_at = answer, now
            await self._session.flush()
