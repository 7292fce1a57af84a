"""Trainings for those who plan them: opening, moving, cancelling, telling everybody, and knowing who came."""

import csv
import hashlib
import io
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.actions.context import Person
from bot.actions.training_port import PLANNERS, Group, Opinions, Planned, Told, Whom
from bot.actions.training_texts import cancelled, changed, invitation, reminder, wished
from bot.errors import NotAllowed
from bot.messages import Address, Attachment
from bot.reminding import USUAL, Due, planned
from bot.store.audit import Act
from bot.store.engine import Transaction
from bot.store.enrolments import Listed
from bot.store.groups import GroupChat
from bot.training import Answer, Plan, Seat, State, Status, Training
from bot.training_notices import Notices
from bot.trainings import fill_places, is_on

LOOKED_BACK = timedelta(days=14)
COMING_OR_WAITING = (Seat.ENROLLED, Seat.WAITING)
CSV_HEAD = (
    "Nom", "Organisation", "Région", "Téléphone", "Place", "Réponse", "Inscription", "Présence",
)  # fmt: skip
CSV_WORDS = {
    Seat.ENROLLED: "inscrit",
    Seat.WAITING: "liste d'attente",
    Seat.WITHDRAWN: "désisté",
    Seat.ATTENDED: "présent",
    Answer.COMING: "vient",
    Answer.NOT_COMING: "ne vient pas",
}
"""Words of the file for the office, which is French; no person reads them in chat."""


@dataclass(frozen=True, slots=True)
class StoredPlanning:
    """Speaks for one person within one transaction; every method raises NotAllowed for who does not plan."""

    tx: Transaction
    notices: Notices
    person: Person
    zone: ZoneInfo

    @property
    def now(self) -> datetime:
        return self.notices.now

    def _check(self) -> None:
        if self.person.role not in PLANNERS:
            raise NotAllowed(self.person.role)

    async def _log(self, act: str, training_id: int, **details: Any) -> None:
        subject = f"training:{training_id}"
        await self.tx.audit.add(Act(f"training.{act}", subject, self.person.id, details, self.now))

    async def looked_after(self) -> Sequence[Training]:
        self._check()
        return await self.tx.trainings.of_planners(self.now - LOOKED_BACK)

    async def plan(self, plan: Plan) -> Training:
        """Kept as a draft with the usual reminders; nobody is told."""
        self._check()
        training_id = await self.tx.trainings.add(plan, self.person.id, self.now)
        await self.tx.reminders.set_schedule(training_id, [Due(m) for m in USUAL], plan.starts_at)
        await self._log("plan", training_id, title=plan.texts["fr"].title)
        return await self._get(training_id)

    async def open(self, training_id: int) -> Training | None:
        """People may enrol from now on; None for what is no draft, or starts in the past."""
        self._check()
        training = await self.tx.trainings.lock(training_id)
        if training is None or training.status is not Status.DRAFT or training.plan.starts_at <= self.now:
            return None
        await self.tx.trainings.set_status(training_id, Status.OPEN, self.now)
        await self._reschedule(training_id, training.plan.starts_at)
        opened = await self._get(training_id)
        await self._log("open", training_id, told=await self._tell_wishers(opened))
        return opened

    async def _tell_wishers(self, training: Training) -> int:
        """Once each: their wish is closed with it."""
        wishers = await self.tx.wishes.fulfil(training.plan.theme, training.plan.region)
        people = await self.tx.enrolments.people(wishers)
        source = f"training:{training.id}:wished"
        told = await self.notices.tell(
            people, source, lambda words: wished(words, training), training.plan.starts_at
        )
        return told.told

    async def change(self, training_id: int, plan: Plan) -> Told:
        """Everybody who has a place or waits for one is told of another time or place."""
        self._check()
        before = await self.tx.trainings.lock(training_id)
        if before is None or before.status is Status.CANCELLED:
            return Told()
        revision = await self.tx.trainings.change(training_id, plan, self.now)
        moved = (before.plan.starts_at, before.plan.ends_at) != (plan.starts_at, plan.ends_at)
        if moved:
            await self._move(before, plan)
        await self._log("change", training_id, **_differences(before.plan, plan))
        if before.status is Status.DRAFT:
            return Told()
        after = await self._get(training_id)
        told = Told()
        if moved or before.plan.place != plan.place or before.plan.region != plan.region:
            people = await self.tx.enrolments.recipients(training_id, COMING_OR_WAITING)
            source = f"training:{training_id}:change:{revision}"
            told = await self.notices.tell(
                people, source, lambda words: changed(words, before, after), plan.starts_at
            )
        await fill_places(self.notices, training_id)
        return told

    async def _move(self, before: Training, plan: Plan) -> None:
        """Answers and reminders were about the old time."""
        await self._recall(before)
        await self.tx.enrolments.forget_answers(before.id)
        await self._reschedule(before.id, plan.starts_at)
        await self.tx.reminders.move_own(before.id, plan.starts_at)

    async def _reschedule(self, training_id: int, starts_at: datetime) -> None:
        minutes = [due.minutes for due in await self.tx.reminders.schedule(training_id)]
        await self.tx.reminders.set_schedule(training_id, planned(minutes, starts_at, self.now), starts_at)

    async def _recall(self, training: Training) -> None:
        """Reminders queued for a time that is no longer true, and not sent yet, are not sent."""
        for due in await self.tx.reminders.schedule(training.id):
            await self.tx.outbox.cancel(reminder_source(training, due.minutes))

    async def cancel(self, training_id: int) -> Told:
        self._check()
        training = await self.tx.trainings.lock(training_id)
        if training is None or training.status is Status.CANCELLED:
            return Told()
        await self._recall(training)
        await self.tx.trainings.set_status(training_id, Status.CANCELLED, self.now)
        await self.tx.reminders.set_schedule(training_id, [], training.plan.starts_at)
        await self.tx.reminders.drop_of_training(training_id)
        await self._log("cancel", training_id)
        if training.status is Status.DRAFT or training.state(self.now) is State.PAST:
            return Told()
        people = await self.tx.enrolments.recipients(training_id, COMING_OR_WAITING)
        source = f"training:{training_id}:cancelled"
        return await self.notices.tell(
            people, source, lambda words: cancelled(words, training), training.plan.ends_at
        )

    async def overview(self, training_id: int) -> Planned | None:
        self._check()
        training = await self.tx.trainings.get(training_id)
        if training is None:
            return None
        seats = await self.tx.enrolments.count(training_id)
        schedule = await self.tx.reminders.schedule(training_id)
        return Planned(
            training,
            enrolled=sum(n for (seat, _), n in seats.items() if seat is Seat.ENROLLED),
            waiting=sum(n for (seat, _), n in seats.items() if seat is Seat.WAITING),
            coming=seats.get((Seat.ENROLLED, Answer.COMING), 0),
            not_coming=sum(n for (_, answer), n in seats.items() if answer is Answer.NOT_COMING),
            attended=sum(n for (seat, _), n in seats.items() if seat is Seat.ATTENDED),
            minutes=tuple(due.minutes for due in schedule),
            opinions=Opinions(*await self.tx.enrolments.ratings(training_id)),
        )

    async def code(self, training_id: int) -> str | None:
        self._check()
        training = await self.tx.trainings.lock(training_id)
        if training is None or not is_on(training, self.now, self.zone):
            return None
        if training.code is not None:
            return training.code
        code = f"{secrets.randbelow(10_000):04d}"
        await self.tx.trainings.set_code(training_id, code)
        await self._log("code", training_id)
        return code

    async def participants(self, training_id: int) -> Attachment:
        self._check()
        await self._log("participants", training_id)
        content = participants_csv(await self.tx.enrolments.listed(training_id), self.zone).encode()
        return await self.tx.files.add(f"participants-{training_id}.csv", "text/csv", content, self.now)

    async def schedule(self, training_id: int, minutes: Sequence[int]) -> None:
        """Other reminders from now on; those that went already do not go again."""
        self._check()
        training = await self.tx.trainings.lock(training_id)
        if training is None or training.status is Status.CANCELLED:
            return
        before = {due.minutes: due for due in await self.tx.reminders.schedule(training_id)}
        starts = training.plan.starts_at
        after = [before.get(due.minutes, due) for due in planned(minutes, starts, self.now)]
        await self.tx.reminders.set_schedule(training_id, after, starts)
        await self._log("schedule", training_id, minutes=sorted(minutes))

    async def groups(self) -> Sequence[Group]:
        self._check()
        return [Group(key, group.title or group.chat_id) for key, group in (await self._groups()).items()]

    async def _groups(self) -> Mapping[str, GroupChat]:
        """By a short digest of where they are: positions change when the bot leaves one."""
        groups = await self.tx.groups.active_anywhere()
        return {
            hashlib.sha256(f"{group.channel}:{group.chat_id}".encode()).hexdigest()[:8]: group
            for group in groups
        }

    async def would_remind(self, training_id: int, whom: Whom) -> Told:
        self._check()
        people = await self.tx.enrolments.recipients(
            training_id, [Seat.ENROLLED], unanswered=whom is Whom.UNANSWERED
        )
        return self.notices.count(people, reminders=True)

    async def remind(self, training_id: int, whom: Whom, turn: str, group: str | None = None) -> Told:
        self._check()
        training = await self.tx.trainings.lock(training_id)
        if training is None or training.state(self.now) not in (State.OPEN, State.FULL):
            return Told()
        source = f"reminder:training:{training_id}:now:{turn}"
        await self._log("remind", training_id, whom=whom, turn=turn)
        if whom is Whom.GROUP:
            return await self._remind_group(training, source, group)
        people = await self.tx.enrolments.recipients(
            training_id, [Seat.ENROLLED], unanswered=whom is Whom.UNANSWERED
        )
        starts = training.plan.starts_at
        return await self.notices.tell(people, source, lambda words: reminder(words, training), starts)

    async def leaving(self) -> Sequence[tuple[Training, str]]:
        self._check()
        found = []
        for source in await self.tx.outbox.waiting_sources("reminder:training:%:now:%"):
            _, _, number, _, turn = source.split(":", 4)
            if (training := await self.tx.trainings.get(int(number))) is not None:
                found.append((training, turn))
        return found

    async def recall(self, training_id: int, turn: str) -> int:
        self._check()
        recalled = await self.tx.outbox.cancel(f"reminder:training:{training_id}:now:{turn}")
        await self._log("recall", training_id, turn=turn, messages=recalled)
        return recalled

    async def _remind_group(self, training: Training, source: str, key: str | None) -> Told:
        group = (await self._groups()).get(key or "")
        if group is None:
            return Told()
        address = Address(group.channel, group.chat_id)
        await self.notices.tell_group(address, source, lambda words: invitation(words, training))
        return Told(told=1)

    async def _get(self, training_id: int) -> Training:
        training = await self.tx.trainings.get(training_id)
        assert training is not None, training_id
        return training


def reminder_source(training: Training, minutes: int) -> str:
    """One reminder for one time of a training: moved, it is another."""
    return f"reminder:training:{training.id}:{minutes}:{training.plan.starts_at:%Y%m%dT%H%M}"


def _differences(before: Plan, after: Plan) -> dict[str, Any]:
    """What the audit log keeps: each changed field as text, before and after."""
    names = [name for name in Plan.__slots__ if getattr(before, name) != getattr(after, name)]
    return {name: [str(getattr(before, name)), str(getattr(after, name))] for name in names}


def participants_csv(people: Sequence[Listed], zone: ZoneInfo) -> str:
    """Semicolons and a byte order mark, as spreadsheet programs set to French open it."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, delimiter=";")
    writer.writerow(CSV_HEAD)
    for person in people:
        writer.writerow(
            [
                _cell(person.name),
                _cell(person.organisation),
                _cell(person.region),
                _cell(person.phone),
                CSV_WORDS[person.seat],
                CSV_WORDS[person.answer] if person.answer else "",
                _time(person.enrolled_at, zone),
                _time(person.attended_at, zone) if person.attended_at else "",
            ]
        )
    return out.getvalue()


def _cell(text: str | None) -> str:
    """A text that begins like a formula must not become one in a spreadsheet (OWASP, CSV injection)."""
    return f"'{text}" if text and text[0] in "=+-@\t\r" and not text[1:].isdigit() else text or ""


def _time(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%d/%m/%Y %H:%M}"
