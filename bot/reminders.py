"""Reminders people set for themselves, and whether they want any."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.actions.training_port import Reminding, Silence
from bot.store.engine import Transaction
from bot.store.reminders import NewReminder
from bot.unasked import write_again

MOST_OWN = 20
"""Planned reminders one person may have: more is a mistake or a game."""


@dataclass(frozen=True, slots=True)
class StoredReminders:
    """Speaks for one person within one transaction."""

    tx: Transaction
    person_id: int
    now: datetime

    async def silence(self) -> Silence | None:
        person = await self.tx.people.get(self.person_id)
        if person is None or person.wishes.stopped_at:
            return Silence.EVERYTHING
        return Silence.REMINDERS if person.wishes.reminders_off_at else None

    async def add(self, reminder: Reminding) -> int | None:
        """The reminder's number; None when the person has too many. The same one again is the same."""
        planned = await self.tx.reminders.planned_of(self.person_id)
        for other in planned:
            if (other.text, other.due_at) == (reminder.text, reminder.due_at):
                return other.id
        if len(planned) >= MOST_OWN:
            return None
        minutes = None
        if reminder.training_id is not None and reminder.event_at is not None:
            minutes = int((reminder.event_at - reminder.due_at).total_seconds() // 60)
        new = NewReminder(
            reminder.text,
            reminder.due_at,
            reminder.event_at,
            reminder.training_id,
            minutes,
            reminder.resource_id,
        )
        return await self.tx.reminders.add(self.person_id, new, self.now)

    async def mine(self) -> Sequence[Reminding]:
        return [
            Reminding(own.text, own.due_at, own.event_at, own.training_id, id=own.id)
            for own in await self.tx.reminders.planned_of(self.person_id)
        ]

    async def drop(self, reminder_id: int) -> bool:
        return await self.tx.reminders.drop(self.person_id, reminder_id) > 0

    async def stop(self) -> None:
        await self.tx.people.stop_reminders(self.person_id, self.now)

    async def allow(self) -> None:
        await write_again(self.tx, self.person_id, self.now)
