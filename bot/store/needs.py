"""Needs as rows, and the groups in which coordinators answer them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.need import Need, NeedGroup, Origin, Topic, Urgency
from bot.store.need_tables import NeedGroupRow, NeedRow


class Needs:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, need: Need, person_id: int | None, now: datetime) -> int:
        row = NeedRow(
            person_id=person_id,
            text=need.text,
            language=need.language,
            origin=need.origin,
            topic=need.topic,
            theme=need.theme,
            region=need.region,
            urgency=need.urgency,
            kind=need.kind,
            created_at=now,
        )
        self._session.add(row)
        await self._session.flush()
        return row.id

    async def get(self, need_id: int) -> Need | None:
        row = await self._session.get(NeedRow, need_id)
        return None if row is None else _need(row)

    async def owner(self, need_id: int) -> int | None:
        """The person who said it, as far as they let it be kept."""
        return await self._session.scalar(select(NeedRow.person_id).where(NeedRow.id == need_id))

    async def set(self, need_id: int, **values: Any) -> None:
        """Change columns: topic, region, urgency, group_id."""
        await self._session.execute(update(NeedRow).where(NeedRow.id == need_id).values(**values))

    async def open_group(self, topic: Topic, region: str | None, now: datetime) -> int:
        """The group of like needs not answered yet; made if there is none."""
        await self._session.execute(
            select(func.pg_advisory_xact_lock(func.hashtext(f"need:{topic}:{region}")))
        )
        found = await self._session.scalar(
            select(NeedGroupRow.id)
            .where(
                NeedGroupRow.topic == topic,
                NeedGroupRow.region.is_not_distinct_from(region),
                NeedGroupRow.answered_at.is_(None),
            )
            .order_by(NeedGroupRow.id)
            .limit(1)
        )
        return found if found is not None else await self.new_group(topic, region, now)

    async def new_group(self, topic: Topic, region: str | None, now: datetime) -> int:
        row = NeedGroupRow(topic=topic, region=region, created_at=now)
        self._session.add(row)
        await self._session.flush()
        return row.id

    async def answered_before(self, topic: Topic, region: str | None, since: datetime) -> str | None:
        """The newest answer to the same kind of need."""
        return await self._session.scalar(
            select(NeedGroupRow.answer)
            .where(
                NeedGroupRow.topic == topic,
                NeedGroupRow.region.is_not_distinct_from(region),
                NeedGroupRow.answered_at > since,
            )
            .order_by(NeedGroupRow.answered_at.desc())
            .limit(1)
        )

    async def groups(self, limit: int, offset: int = 0) -> Sequence[NeedGroup]:
        """Those not answered that hold a need, the urgent and the big first."""
        counted = _counted().where(NeedGroupRow.answered_at.is_(None))
        order = (_urgent().desc(), func.count(NeedRow.id).desc(), NeedGroupRow.id)
        rows = await self._session.execute(counted.order_by(*order).limit(limit).offset(offset))
        return [_group(row) for row in rows]

    async def group(self, group_id: int) -> NeedGroup | None:
        row = (await self._session.execute(_counted().where(NeedGroupRow.id == group_id))).one_or_none()
        return None if row is None else _group(row)

    async def in_group(self, group_id: int, limit: int) -> Sequence[Need]:
        """What people said themselves first, then the newest."""
        rows = await self._session.scalars(
            select(NeedRow)
            .where(NeedRow.group_id == group_id)
            .order_by(NeedRow.origin, NeedRow.created_at.desc(), NeedRow.id.desc())
            .limit(limit)
        )
        return [_need(row) for row in rows]

    async def unite(self, group_id: int, into: int) -> None:
        """All needs of one group are answered with another's."""
        await self._session.execute(update(NeedRow).where(NeedRow.group_id == group_id).values(group_id=into))

    async def answer(self, group_id: int, answer: Mapping[str, Any], person_id: int, now: datetime) -> bool:
        """Keep `answer` (columns answer, training_id, resource_id); False when it had one already."""
        changed = await self._session.scalar(
            update(NeedGroupRow)
            .where(NeedGroupRow.id == group_id, NeedGroupRow.answered_at.is_(None))
            .values(**answer, answered_at=now, answered_by=person_id)
            .returning(NeedGroupRow.id)
        )
        return changed is not None

    async def people(self, group_id: int) -> Sequence[int]:
        """Who said these needs and may be told of the answer."""
        rows = await self._session.scalars(
            select(NeedRow.person_id)
            .where(
                NeedRow.group_id == group_id, NeedRow.person_id.is_not(None), NeedRow.origin == Origin.SAID
            )
            .distinct()
        )
        return [person_id for person_id in rows if person_id is not None]

    async def count_by_topic(self, since: datetime | None = None) -> dict[Topic, int]:
        """How many needs people said, by theme."""
        counted = select(NeedRow.topic, func.count()).where(
            NeedRow.topic.is_not(None), NeedRow.origin == Origin.SAID
        )
        if since is not None:
            counted = counted.where(NeedRow.created_at >= since)
        rows = await self._session.execute(counted.group_by(NeedRow.topic))
        return {Topic(topic): count for topic, count in rows if topic is not None}

    async def first_at(self) -> datetime | None:
        return await self._session.scalar(select(func.min(NeedRow.created_at)))

    async def count_answered(self) -> int:
        """Needs said whose group has its answer."""
        counted = select(func.count(NeedRow.id)).join(NeedGroupRow, NeedRow.group_id == NeedGroupRow.id)
        answered = (NeedGroupRow.answered_at.is_not(None), NeedRow.origin == Origin.SAID)
        return await self._session.scalar(counted.where(*answered)) or 0


def _urgent() -> ColumnElement[int]:
    return func.count(NeedRow.id).filter(NeedRow.urgency == Urgency.NOW)


def _counted() -> Select[*tuple[Any, ...]]:
    searches = func.count(NeedRow.id).filter(NeedRow.origin == Origin.SEARCH)
    columns = (NeedGroupRow.id, NeedGroupRow.topic, NeedGroupRow.region, NeedGroupRow.answer)
    return (
        select(
            *columns,
            func.count(NeedRow.id).label("count"),
            searches.label("searches"),
            _urgent().label("urgent"),
        )
        .join(NeedRow, NeedRow.group_id == NeedGroupRow.id)
        .group_by(NeedGroupRow.id)
    )


def _group(row: Any) -> NeedGroup:
    return NeedGroup(row.id, Topic(row.topic), row.region, row.count, row.searches, row.urgent, row.answer)


def _need(row: NeedRow) -> Need:
    return Need(
        row.text,
        row.language,
        Origin(row.origin),
        None if row.topic is None else Topic(row.topic),
        row.theme,
        row.region,
        None if row.urgency is None else Urgency(row.urgency),
        row.kind,
        row.id,
        row.group_id,
        row.created_at,
    )
