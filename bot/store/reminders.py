"""Reminders as rows: the schedule of each training and what single people asked to be reminded of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, Interval, cast, delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.reminding import Due, ReminderState
from bot.store.base import UtcTimestamp
from bot.store.training_tables import ReminderRow, TrainingReminderRow


@dataclass(frozen=True, slots=True)
class NewReminder:
    """What a person wants to be told, and when. `minutes` before the start of `training_id`, if about one."""

    text: str
    due_at: datetime
    event_at: datetime | None = None
    training_id: int | None = None
    minutes: int | None = None
    resource_id: str | None = None


@dataclass(frozen=True, slots=True)
class OwnReminder:
    id: int
    person_id: int
    text: str
    due_at: datetime
    event_at: datetime | None
    training_id: int | None
    resource_id: str | None = None


class Reminders:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def schedule(self, training_id: int) -> list[Due]:
        """A training's reminders, the earliest first."""
        rows = await self._session.execute(
            select(TrainingReminderRow.minutes, TrainingReminderRow.state)
            .where(TrainingReminderRow.training_id == training_id)
            .order_by(TrainingReminderRow.minutes.desc())
        )
        return [Due(minutes, ReminderState(state)) for minutes, state in rows]

    async def set_schedule(self, training_id: int, schedule: Sequence[Due], starts_at: datetime) -> None:
        """Replace the schedule of a training whose lock is held."""
        await self._session.execute(
            delete(TrainingReminderRow).where(TrainingReminderRow.training_id == training_id)
        )
        if schedule:
            await self._session.execute(
                insert(TrainingReminderRow).values(
                    [
                        {
                            "training_id": training_id,
                            "minutes": due.minutes,
                            "due_at": due.at(starts_at),
                            "state": due.state,
                        }
                        for due in schedule
                    ]
                )
            )

    async def trainings_due(self, now: datetime, limit: int) -> list[int]:
        """Trainings with a planned reminder whose time has come."""
        found = await self._session.scalars(
            select(TrainingReminderRow.training_id)
            .where(
                TrainingReminderRow.state == ReminderState.PLANNED,
                TrainingReminderRow.due_at <= now,
            )
            .group_by(TrainingReminderRow.training_id)
            .order_by(func.min(TrainingReminderRow.due_at))
            .limit(limit)
        )
        return list(found)

    async def settle_scheduled(
        self, training_id: int, minutes: int, state: ReminderState, now: datetime
    ) -> None:
        await self._session.execute(
            update(TrainingReminderRow)
            .where(TrainingReminderRow.training_id == training_id, TrainingReminderRow.minutes == minutes)
            .values(state=state, settled_at=now)
        )

    async def add(self, person_id: int, reminder: NewReminder, now: datetime) -> int:
        row = ReminderRow(
            person_id=person_id,
            created_at=now,
            **{name: getattr(reminder, name) for name in NewReminder.__slots__},
        )
        self._session.add(row)
        await self._session.flush()
        return row.id

    async def planned_of(self, person_id: int) -> list[OwnReminder]:
        rows = await self._session.scalars(
            select(ReminderRow)
            .where(ReminderRow.person_id == person_id, ReminderRow.state == ReminderState.PLANNED)
            .order_by(ReminderRow.due_at, ReminderRow.id)
        )
        return [_own(row) for row in rows]

    async def drop(self, person_id: int, reminder_id: int | None = None) -> int:
        """Delete one planned reminder of this person, or all of them; gives how many."""
        mine = (ReminderRow.person_id == person_id) & (ReminderRow.state == ReminderState.PLANNED)
        if reminder_id is not None:
            mine &= ReminderRow.id == reminder_id
        dropped = await self._session.scalars(delete(ReminderRow).where(mine).returning(ReminderRow.id))
        return len(dropped.all())

    async def claim_own(self, now: datetime, limit: int) -> list[OwnReminder]:
        """Due reminders of people, held until the transaction ends; others' are passed over."""
        rows = await self._session.scalars(
            select(ReminderRow)
            .where(ReminderRow.state == ReminderState.PLANNED, ReminderRow.due_at <= now)
            .order_by(ReminderRow.due_at, ReminderRow.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return [_own(row) for row in rows]

    async def settle_own(self, reminder_id: int, state: ReminderState, now: datetime) -> None:
        await self._session.execute(
            update(ReminderRow).where(ReminderRow.id == reminder_id).values(state=state, settled_at=now)
        )

    async def move_own(self, training_id: int, starts_at: datetime) -> None:
        """Planned reminders about a training go with it."""
        before = func.make_interval(0, 0, 0, 0, 0, cast(ReminderRow.minutes, Integer), type_=Interval())
        await self._session.execute(
            update(ReminderRow)
            .where(ReminderRow.training_id == training_id, ReminderRow.state == ReminderState.PLANNED)
            .values(due_at=literal(starts_at, UtcTimestamp()) - before, event_at=starts_at)
        )

    async def drop_of_training(self, training_id: int) -> None:
        """The training is cancelled: nobody is reminded of it."""
        await self._session.execute(
            delete(ReminderRow).where(
                ReminderRow.training_id == training_id, ReminderRow.state == ReminderState.PLANNED
            )
        )

    async def people_about(self, resource_id: str) -> list[int]:
        """Who has a planned reminder about this."""
        found = await self._session.scalars(
            select(ReminderRow.person_id)
            .where(ReminderRow.resource_id == resource_id, ReminderRow.state == ReminderState.PLANNED)
            .distinct()
        )
        return list(found)

    async def drop_about(self, resource_id: str) -> None:
        """It is over or moved: nobody is reminded of it as it was."""
        await self._session.execute(
            delete(ReminderRow).where(
                ReminderRow.resource_id == resource_id, ReminderRow.state == ReminderState.PLANNED
            )
        )

    async def forget(self, person_id: int) -> None:
        await self._session.execute(delete(ReminderRow).where(ReminderRow.person_id == person_id))


def _own(row: ReminderRow) -> OwnReminder:
    return OwnReminder(
        row.id, row.person_id, row.text, row.due_at, row.event_at, row.training_id, row.resource_id
    )
