"""Key figures of the whole: organisations, projects, needs, trainings, counted for a period."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from bot.need import Origin, Urgency
from bot.organisation import LISTED, Standing
from bot.store.content_tables import OrganisationRow
from bot.store.directory_tables import ProjectRow
from bot.store.need_tables import NeedGroupRow, NeedRow
from bot.store.tables import PersonRow
from bot.store.training_tables import EnrolmentRow, TrainingRow
from bot.training import TAKEN, Status


@dataclass(frozen=True, slots=True)
class Counted:
    """How many needs were said, how many of them are urgent, how many answered."""

    name: str | None
    needs: int
    urgent: int
    answered: int


@dataclass(frozen=True, slots=True)
class Answered:
    """A group of like needs with its answer; `answered_at` None while it waits."""

    topic: str
    region: str | None
    needs: int
    urgent: int
    answer: str | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Directory:
    organisations: int
    verified: int
    projects: int
    people: int


@dataclass(frozen=True, slots=True)
class Held:
    trainings: int
    places: int


@dataclass(frozen=True, slots=True)
class Said:
    text: str
    language: str
    region: str | None
    kind: str | None


class Figures:
    """`since` and `until` bound a period: the first is in it, the second is not."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def directory(self) -> Directory:
        listed = OrganisationRow.status.in_(list(LISTED))
        return Directory(
            await self._count(OrganisationRow.id, listed),
            await self._count(OrganisationRow.id, OrganisationRow.status == Standing.VERIFIED),
            await self._count(ProjectRow.id),
            await self._count(PersonRow.id, PersonRow.consented_at.is_not(None)),
        )

    async def by_region(self) -> list[tuple[str, int]]:
        """Organisations of the directory, the most first."""
        rows = await self._session.execute(
            select(OrganisationRow.region, func.count())
            .where(OrganisationRow.status.in_(list(LISTED)))
            .group_by(OrganisationRow.region)
            .order_by(func.count().desc(), OrganisationRow.region)
        )
        return [(region, count) for region, count in rows]

    async def trainings(self, since: datetime, until: datetime) -> Held:
        """Those that were held, and the places taken in them."""
        held = (
            (TrainingRow.status == Status.OPEN)
            & (TrainingRow.starts_at >= since)
            & (TrainingRow.starts_at < until)
        )
        places = (
            select(func.count(EnrolmentRow.id))
            .join(TrainingRow, TrainingRow.id == EnrolmentRow.training_id)
            .where(held, EnrolmentRow.state.in_(list(TAKEN)))
        )
        return Held(await self._count(TrainingRow.id, held), await self._session.scalar(places) or 0)

    async def coming_trainings(self, now: datetime) -> int:
        return await self._count(
            TrainingRow.id, (TrainingRow.status == Status.OPEN) & (TrainingRow.starts_at > now)
        )

    async def needs_by(self, column: str, since: datetime, until: datetime) -> list[Counted]:
        """Needs said in the period by one of: topic, region, kind, theme; the most first."""
        by: InstrumentedAttribute[str | None] = getattr(NeedRow, column)
        urgent = func.count(NeedRow.id).filter(NeedRow.urgency == Urgency.NOW)
        answered = func.count(NeedRow.id).filter(NeedGroupRow.answered_at.is_not(None))
        rows = await self._session.execute(
            select(by, func.count(NeedRow.id), urgent, answered)
            .join(NeedGroupRow, NeedRow.group_id == NeedGroupRow.id, isouter=True)
            .where(_said(since, until))
            .group_by(by)
            .order_by(func.count(NeedRow.id).desc(), by)
        )
        return [Counted(*row) for row in rows]

    async def searches(self, since: datetime, until: datetime) -> int:
        """Questions to which nothing was found."""
        asked = (NeedRow.created_at >= since) & (NeedRow.created_at < until)
        return await self._count(NeedRow.id, asked & (NeedRow.origin == Origin.SEARCH))

    async def groups(self, since: datetime, until: datetime) -> list[Answered]:
        """Groups with needs said in the period, the urgent and the big first."""
        urgent = func.count(NeedRow.id).filter(NeedRow.urgency == Urgency.NOW)
        columns = (NeedGroupRow.topic, NeedGroupRow.region)
        rows = await self._session.execute(
            select(*columns, func.count(NeedRow.id), urgent, NeedGroupRow.answer, NeedGroupRow.answered_at)
            .join(NeedRow, NeedRow.group_id == NeedGroupRow.id)
            .where(_said(since, until))
            .group_by(NeedGroupRow.id)
            .order_by(urgent.desc(), func.count(NeedRow.id).desc(), NeedGroupRow.id)
        )
        return [Answered(*row) for row in rows]

    async def words(self, topic: str, since: datetime, until: datetime, limit: int) -> list[Said]:
        """What people wrote under a theme, each text once: the urgent first, then the longer, which say more."""
        distinct = (
            select(NeedRow.id, NeedRow.urgency, NeedRow.text, NeedRow.language, NeedRow.region, NeedRow.kind)
            .where(_said(since, until), NeedRow.topic == topic, NeedRow.text != "")
            .ext(distinct_on(func.lower(NeedRow.text)))
            .order_by(
                func.lower(NeedRow.text), (NeedRow.urgency == Urgency.NOW).desc().nulls_last(), NeedRow.id
            )
            .subquery()
        )
        rows = await self._session.execute(
            select(distinct.c.text, distinct.c.language, distinct.c.region, distinct.c.kind)
            .order_by(
                (distinct.c.urgency == Urgency.NOW).desc().nulls_last(),
                func.length(distinct.c.text).desc(),
                distinct.c.id,
            )
            .limit(limit)
        )
        return [Said(*row) for row in rows]

    async def _count(self, column: InstrumentedAttribute[int], *conditions: ColumnElement[bool]) -> int:
        return await self._session.scalar(select(func.count(column)).where(*conditions)) or 0


def _said(since: datetime, until: datetime) -> ColumnElement[bool]:
    within = (NeedRow.created_at >= since) & (NeedRow.created_at < until)
    return within & (NeedRow.origin == Origin.SAID) & NeedRow.topic.is_not(None)
