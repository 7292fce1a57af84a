"""Trainings as rows: planned, found, changed under a lock, each with the places taken."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.training_tables import EnrolmentRow, TrainingRow
from bot.training import TAKEN, Audience, Plan, Status, Texts, Training


class Trainings:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, plan: Plan, person_id: int, now: datetime) -> int:
        row = TrainingRow(**_columns(plan), created_by=person_id, created_at=now, updated_at=now)
        self._session.add(row)
        await self._session.flush()
        return row.id

    async def get(self, training_id: int) -> Training | None:
        found = await self._select(TrainingRow.id == training_id)
        return found[0] if found else None

    async def lock(self, training_id: int) -> Training | None:
        """The training, its places and its people held against all other transactions until this one ends."""
        mine = select(TrainingRow.id).where(TrainingRow.id == training_id).with_for_update()
        if await self._session.scalar(mine) is None:
            return None
        return await self.get(training_id)

    async def open_after(self, now: datetime) -> Sequence[Training]:
        """What people may still enrol or wait for, the nearest first."""
        return await self._select(TrainingRow.status == Status.OPEN, TrainingRow.starts_at > now)

    async def of_planners(self, since: datetime) -> Sequence[Training]:
        """Drafts, and what is open and ended after `since`: what coordinators look after."""
        return await self._select(
            or_(TrainingRow.status == Status.DRAFT, TrainingRow.ends_at > since),
            TrainingRow.status != Status.CANCELLED,
        )

    async def awaiting_feedback(self, ended_after: datetime, ended_before: datetime) -> Sequence[Training]:
        return await self._select(
            TrainingRow.status == Status.OPEN,
            TrainingRow.feedback_asked_at.is_(None),
            TrainingRow.ends_at > ended_after,
            TrainingRow.ends_at <= ended_before,
        )

    async def many(self, ids: Sequence[int]) -> Mapping[int, Training]:
        return {training.id: training for training in await self._select(TrainingRow.id.in_(ids))}

    async def set_status(self, training_id: int, status: Status, now: datetime) -> None:
        await self._update(training_id, status=status, updated_at=now)

    async def set_code(self, training_id: int, code: str) -> None:
        await self._update(training_id, code=code)

    async def claim_feedback(self, training_id: int, now: datetime) -> bool:
        """From now on people were asked what they thought; False when they had been."""
        claimed = await self._session.scalar(
            update(TrainingRow)
            .where(TrainingRow.id == training_id, TrainingRow.feedback_asked_at.is_(None))
            .values(feedback_asked_at=now)
            .returning(TrainingRow.id)
        )
        return claimed is not None

    async def change(self, training_id: int, plan: Plan, now: datetime) -> int:
        """Replace what was planned; gives the new number of the change."""
        changed = (
            update(TrainingRow)
            .where(TrainingRow.id == training_id)
            .values(**_columns(plan), revision=TrainingRow.revision + 1, updated_at=now)
            .returning(TrainingRow.revision)
        )
        return (await self._session.scalars(changed)).one()

    async def _update(self, training_id: int, **values: Any) -> None:
        await self._session.execute(update(TrainingRow).where(TrainingRow.id == training_id).values(**values))

    async def _select(self, *conditions: ColumnElement[bool]) -> list[Training]:
        taken = (
            select(func.count())
            .where(EnrolmentRow.training_id == TrainingRow.id, EnrolmentRow.state.in_(TAKEN))
            .scalar_subquery()
        )
        rows = await self._session.execute(
            select(TrainingRow, taken).where(*conditions).order_by(TrainingRow.starts_at, TrainingRow.id)
        )
        return [_training(row, count) for row, count in rows]


def _columns(plan: Plan) -> dict[str, Any]:
    values = {name: getattr(plan, name) for name in Plan.__slots__}
    return {**values, "texts": {language: asdict(texts) for language, texts in plan.texts.items()}}


def _training(row: TrainingRow, taken: int) -> Training:
    plan = Plan(
        texts={language: Texts(**texts) for language, texts in row.texts.items()},
        theme=row.theme,
        region=row.region,
        place=row.place,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        capacity=row.capacity,
        organiser=row.organiser,
        audience=Audience(row.audience),
    )
    return Training(row.id, plan, Status(row.status), taken, row.revision, row.created_by, row.code)
