"""Calls for projects within one transaction: published, matched to organisations, moved, withdrawn, reminded of."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.actions.call_texts import call_moved, call_published, call_withdrawn
from bot.actions.calls_port import PUBLISHERS, Published, Suiting
from bot.actions.context import Person
from bot.actions.training_port import Told
from bot.call import Call, CallPlan
from bot.errors import NotAllowed
from bot.store.audit import Act
from bot.store.reminders import NewReminder
from bot.training_notices import Notices

TOPIC = "appels"
DAYS_BEFORE = (7, 2, 0)
HOUR = time(9)
COORDINATING = frozenset({"coordinator", "admin"})


@dataclass(frozen=True, slots=True)
class StoredCalls:
    notices: Notices
    person: Person
    zone: ZoneInfo

    @property
    def now(self) -> datetime:
        return self.notices.now

    async def living(self) -> Sequence[Call]:
        return await self.notices.tx.calls.living(self.now)

    async def get(self, number: int) -> Call | None:
        return await self.notices.tx.calls.get(number)

    async def suiting(self) -> Suiting:
        owned = await self.notices.tx.organisations.of_person(self.person.id)
        themes = tuple(dict.fromkeys(theme for row in owned for theme in row.themes))
        return Suiting(themes, tuple(dict.fromkeys(row.region for row in owned)))

    async def publish(self, plan: CallPlan) -> Published:
        if self.person.role not in PUBLISHERS:
            raise NotAllowed(self.person.role)
        call = await self.notices.tx.calls.add(plan, self.person.id, self.now)
        organisations, people = await self.notices.tx.calls.matching(call, TOPIC)
        others = await self.notices.tx.enrolments.people([p for p in people if p != self.person.id])
        told = await self.notices.tell(
            others,
            f"{call.key}:published",
            lambda words: call_published(words, call, self.now),
            call.plan.closes_at,
        )
        await self._log("call.publish", call, organisations=organisations, told=told.told)
        return Published(call, organisations, told)

    async def may_change(self, number: int) -> bool:
        if self.person.role in COORDINATING:
            return True
        publisher = await self.notices.tx.calls.publisher(number)
        return self.person.role in PUBLISHERS and publisher == self.person.id

    async def withdraw(self, number: int) -> Told | None:
        call = await self._changing(number)
        if call is None or not await self.notices.tx.calls.withdraw(number, self.now):
            return None
        people = await self.notices.tx.reminders.people_about(call.key)
        await self.notices.tx.reminders.drop_about(call.key)
        told = await self.notices.tell(
            await self.notices.tx.enrolments.people(people),
            f"{call.key}:withdrawn",
            lambda words: call_withdrawn(words, call),
        )
        await self._log("call.withdraw", call, told=told.told)
        return told

    async def move(self, number: int, closes_at: datetime) -> Told | None:
        call = await self._changing(number)
        if call is None or closes_at <= self.now:
            return None
        await self.notices.tx.calls.move(number, closes_at)
        moved = replace(call, plan=replace(call.plan, closes_at=closes_at))
        people = await self.notices.tx.reminders.people_about(call.key)
        await self.notices.tx.reminders.drop_about(call.key)
        for person_id in people:
            await self._remind(person_id, moved)
        told = await self.notices.tell(
            await self.notices.tx.enrolments.people(people),
            f"{call.key}:moved:{closes_at:%Y%m%d}",
            lambda words: call_moved(words, moved),
            closes_at,
        )
        await self._log("call.move", call, told=told.told)
        return told

    async def remind(self, call: Call) -> Sequence[datetime]:
        return await self._remind(self.person.id, call)

    async def _remind(self, person_id: int, call: Call) -> Sequence[datetime]:
        reminders = self.notices.tx.reminders
        held = {own.due_at for own in await reminders.planned_of(person_id) if own.resource_id == call.key}
        due = [moment for moment in self._moments(call) if moment > self.now]
        for moment in due:
            if moment not in held:
                new = NewReminder(call.plan.title, moment, call.plan.closes_at, resource_id=call.key)
                await reminders.add(person_id, new, self.now)
        return due

    def _moments(self, call: Call) -> list[datetime]:
        """In the morning, where people live; on the last day itself too."""
        last = call.plan.closes_at.astimezone(self.zone).date()
        moments = [datetime.combine(last - timedelta(days=d), HOUR, self.zone) for d in DAYS_BEFORE]
        return [moment for moment in moments if moment < call.plan.closes_at]

    async def _changing(self, number: int) -> Call | None:
        if not await self.may_change(number):
            raise NotAllowed(self.person.role)
        call = await self.get(number)
        over = call is None or call.withdrawn or call.plan.closes_at <= self.now
        return None if over else call

    async def _log(self, act: str, call: Call, **details: int) -> None:
        await self.notices.tx.audit.add(Act(act, call.key, self.person.id, details, self.now))
