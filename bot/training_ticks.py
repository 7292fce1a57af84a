"""What the clock does for trainings: reminders at their time, free places given, opinions asked the day after."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.actions.call_texts import deadline_opening
from bot.actions.training_texts import (
    Wordbook,
    ask_opinion,
    missed,
    own_reminder,
    own_reminders_missed,
    reminder,
)
from bot.call import number_of_key
from bot.domain import Domain
from bot.messages import Kind
from bot.reminding import Due, Fate, ReminderState, fate, own_fate
from bot.replies import render
from bot.store.engine import Database, Transaction
from bot.store.outbox import NewDelivery
from bot.store.reminders import OwnReminder
from bot.training import Seat, State, Status, Training
from bot.training_notices import Notices
from bot.training_planning import reminder_source
from bot.trainings import fill_places

AT_ONCE = 100
"""Rows claimed in one transaction."""
CHUNK = 1000
"""People given their reminder in one transaction: a second of work at most on a small server."""
OPINION_HOUR = time(10)
OPINIONS_FOR = timedelta(days=3)
"""Asked the day after; after an outage, up to three days."""


@dataclass(frozen=True, slots=True)
class Reminded:
    """How far one reminder (so many minutes before) has gone out: to everybody up to this person's number."""

    minutes: int = -1
    after: int = 0


@dataclass(frozen=True, slots=True)
class TrainingTicks:
    """Any number of these may tick on one database: what is due is held by row locks."""

    database: Database
    domain: Domain
    zone: ZoneInfo
    chunk: int = CHUNK

    async def remind(self, now: datetime) -> None:
        """Reminders of trainings and of single people."""
        async with self.database.transaction() as tx:
            due = await tx.reminders.trainings_due(now, AT_ONCE)
        for training_id in due:
            await self._remind_training(training_id, now)
        while await self._own_batch(now) == AT_ONCE:
            pass

    async def look_after(self, now: datetime) -> None:
        """Places nobody holds any more (data erased, capacity raised), and opinions of yesterday's trainings."""
        async with self.database.transaction() as tx:
            waited_for = await tx.enrolments.waited_for(now)
        for training_id in waited_for:
            async with self.database.transaction() as tx:
                if await tx.trainings.lock(training_id):
                    await fill_places(self._notices(tx, now), training_id)
        await self._ask_opinions(now)

    def _notices(self, tx: Transaction, now: datetime) -> Notices:
        return Notices(tx, self.domain, self.zone, now)

    async def _remind_training(self, training_id: int, now: datetime) -> None:
        """Chunk by chunk; after a crash from the beginning: whoever is queued is not queued again."""
        step: Reminded | None = Reminded()
        while step is not None:
            async with self.database.transaction() as tx:
                step = await self._step(tx, training_id, step, now)

    async def _step(
        self, tx: Transaction, training_id: int, before: Reminded, now: datetime
    ) -> Reminded | None:
        """One committed step; None when nothing is due any more. The training's lock is the claim: who comes
        second finds the reminder settled, or goes on where people are left."""
        training = await tx.trainings.lock(training_id)
        if training is None:
            return None
        schedule = await tx.reminders.schedule(training_id)
        for due in [due for due in schedule if due.state is ReminderState.PLANNED]:
            decided = fate(due, schedule, training.plan.starts_at, now)
            if decided is Fate.WAIT:
                continue
            if decided is Fate.SEND and training.status is Status.OPEN:
                after = before.after if before.minutes == due.minutes else 0
                last = await self._send_chunk(self._notices(tx, now), training, due, after)
                if last is not None:
                    return Reminded(due.minutes, last)
                state = ReminderState.SENT
            else:
                state = await self._too_late(self._notices(tx, now), training, due)
            await tx.reminders.settle_scheduled(training_id, due.minutes, state, now)
        return None

    async def _send_chunk(self, notices: Notices, training: Training, due: Due, after: int) -> int | None:
        """The last person told; None when everybody is."""
        people = await notices.tx.enrolments.next_recipients(training.id, after, self.chunk)
        source = reminder_source(training, due.minutes)
        await notices.tell(people, source, lambda words: reminder(words, training), training.plan.starts_at)
        return people[-1].person_id if len(people) == self.chunk else None

    async def _too_late(self, notices: Notices, training: Training, due: Due) -> ReminderState:
        """A draft's reminders pass in silence: nobody has a place in it."""
        if training.status is not Status.OPEN:
            return ReminderState.PASSED
        people = await notices.tx.enrolments.recipients(training.id, [Seat.ENROLLED])
        if people and training.state(notices.now) in (State.OPEN, State.FULL):
            source = f"training:{training.id}:missed:{due.minutes}:{training.revision}"
            await notices.tell_coordinators(
                source, lambda words: missed(words, training, due.minutes, len(people)), training.created_by
            )
        return ReminderState.MISSED

    async def _own_batch(self, now: datetime) -> int:
        async with self.database.transaction() as tx:
            claimed = await tx.reminders.claim_own(now, AT_ONCE)
            late = 0
            for own in claimed:
                send = own_fate(own.due_at, own.event_at, now) is Fate.SEND
                late += not send
                if send:
                    await self._send_own(tx, own, now)
                state = ReminderState.SENT if send else ReminderState.MISSED
                await tx.reminders.settle_own(own.id, state, now)
            if late:
                notices = self._notices(tx, now)
                source = f"reminder:late:{min(own.id for own in claimed)}"
                await notices.tell_coordinators(source, lambda words: own_reminders_missed(late))
        return len(claimed)

    async def _send_own(self, tx: Transaction, own: OwnReminder, now: datetime) -> None:
        (person,) = await tx.enrolments.people([own.person_id])
        if person.address is None:
            return
        words = Wordbook(self.domain, person.language, self.zone)
        say = own_reminder(words, own.text, own.due_at, (own.event_at, now))
        if number_of_key(own.resource_id) is not None and own.event_at is not None:
            say = replace(say, opening=deadline_opening(own.text, own.event_at, words))
        (message,) = render(self.domain, [say], person.address, person.language)
        row = NewDelivery(
            replace(message, kind=Kind.REMINDER),
            now,
            source=f"reminder:own:{own.id}",
            recipient=f"person:{own.person_id}",
            person_id=own.person_id,
            expires_at=own.event_at,
            exact=True,
        )
        await tx.outbox.add([row], now)

    async def _ask_opinions(self, now: datetime) -> None:
        """From ten in the morning on, of trainings that ended before today."""
        local = now.astimezone(self.zone)
        if local.time() < OPINION_HOUR:
            return
        today = datetime.combine(local.date(), time(), self.zone)
        async with self.database.transaction() as tx:
            over = await tx.trainings.awaiting_feedback(now - OPINIONS_FOR, today)
        for training in over:
            async with self.database.transaction() as tx:
                await self._ask_opinion(tx, training.id, now)

    async def _ask_opinion(self, tx: Transaction, training_id: int, now: datetime) -> None:
        """Those who showed the code; everybody enrolled where no code was used."""
        training = await tx.trainings.lock(training_id)
        if training is None or not await tx.trainings.claim_feedback(training_id, now):
            return
        people = await tx.enrolments.recipients(training_id, [Seat.ATTENDED])
        people = people or await tx.enrolments.recipients(training_id, [Seat.ENROLLED])
        source = f"training:{training_id}:opinion"
        await self._notices(tx, now).tell(people, source, lambda words: ask_opinion(words, training))
