"""Trainings for those who come: finding them, taking and giving back places, being there, saying what one thinks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.actions.context import Person
from bot.actions.training_port import PLANNERS, Attended, Attending, Enrolled, Enrolling
from bot.actions.training_texts import place_given
from bot.ics import MEDIA_TYPE, calendar_file
from bot.messages import Attachment
from bot.store.content_tables import OrganisationRow
from bot.store.engine import Transaction
from bot.store.enrolments import Enrolment
from bot.training import Answer, Audience, Participation, Plan, Seat, State, Status, Training, Wish
from bot.training_notices import Notices

MOST_CODE_TRIES = 5
MOST_WISHES = 10
"""Wishes one person may have open: more is a mistake or a game."""
HELD = (Seat.ENROLLED, Seat.WAITING, Seat.ATTENDED)


@dataclass(frozen=True, slots=True)
class StoredTrainings:
    """Speaks for one person within one transaction."""

    tx: Transaction
    notices: Notices
    person: Person
    zone: ZoneInfo

    @property
    def now(self) -> datetime:
        return self.notices.now

    async def upcoming(self) -> Sequence[Training]:
        return await self.tx.trainings.open_after(self.now)

    async def get(self, training_id: int) -> Training | None:
        """Drafts are shown to those who plan, and to nobody else."""
        found = await self.tx.trainings.get(training_id)
        hidden = found is not None and found.status is Status.DRAFT and self.person.role not in PLANNERS
        return None if hidden else found

    async def calendar(self, training_id: int, language: str) -> Attachment:
        training = await self.tx.trainings.get(training_id)
        assert training is not None, training_id
        content = calendar_file(training, language, self.now)
        return await self.tx.files.add(f"formation-{training_id}.ics", MEDIA_TYPE, content, self.now)

    async def mine(self) -> Sequence[Participation]:
        enrolments = await self.tx.enrolments.of_person(self.person.id)
        trainings = await self.tx.trainings.many([e.training_id for e in enrolments])
        parts = [await self._part(trainings[e.training_id], e) for e in enrolments]
        running = [p for p in parts if p.training.plan.ends_at > self.now]
        return sorted(running, key=lambda p: p.training.plan.starts_at)

    async def part(self, training_id: int) -> Participation | None:
        training = await self.get(training_id)
        enrolment = await self.tx.enrolments.get(training_id, self.person.id)
        if training is None or enrolment is None or enrolment.seat not in HELD:
            return None
        return await self._part(training, enrolment)

    async def _part(self, training: Training, enrolment: Enrolment) -> Participation:
        waits = enrolment.seat is Seat.WAITING
        position = await self.tx.enrolments.position(training.id, self.person.id) if waits else 0
        return Participation(training, enrolment.seat, enrolment.answer, position)

    async def enrol(self, training_id: int) -> Enrolling:
        training = await self.tx.trainings.lock(training_id)
        if training is None or training.status is Status.DRAFT:
            return Enrolling(Enrolled.UNKNOWN)
        if refusal := _refusal(training, self.now):
            return Enrolling(refusal, training)
        held = await self.part(training_id)
        if held is not None:
            return await self._already(held)
        organisations = await self.tx.organisations.of_person(self.person.id)
        if refusal := _not_for(training.plan, organisations):
            return Enrolling(refusal, training)
        return await self._take(training, organisations[-1] if organisations else None)

    async def _already(self, held: Participation) -> Enrolling:
        if held.seat is Seat.WAITING:
            return Enrolling(Enrolled.ALREADY_WAITING, held.training, held.position)
        await self.tx.enrolments.set(held.training.id, self.person.id, answer=Answer.COMING)
        return Enrolling(Enrolled.ALREADY, held.training)

    async def _take(self, training: Training, organisation: OrganisationRow | None) -> Enrolling:
        full = training.state(self.now) is State.FULL
        seat = Seat.WAITING if full else Seat.ENROLLED
        key = (training.id, self.person.id)
        await self.tx.enrolments.take(key, seat, organisation.id if organisation else None, self.now)
        name = organisation.name if organisation else None
        if full:
            position = await self.tx.enrolments.position(*key)
            return Enrolling(Enrolled.WAITING, training, position, name)
        return Enrolling(Enrolled.DONE, replace(training, taken=training.taken + 1), 0, name)

    async def withdraw(self, training_id: int) -> Participation | None:
        if await self.tx.trainings.lock(training_id) is None:
            return None
        held = await self.part(training_id)
        if held is None or held.seat is Seat.ATTENDED or held.training.state(self.now) is State.PAST:
            return None
        await self.tx.enrolments.set(
            training_id, self.person.id, state=Seat.WITHDRAWN, answer=Answer.NOT_COMING
        )
        await fill_places(self.notices, training_id)
        return held

    async def attend(self, code: str) -> Attending:
        """Only on the training's day, for people with a place or in the waiting list, and with few tries."""
        today = [part for part in await self.mine() if self._is_on(part.training)]
        if not today:
            return Attending(Attended.NO_TRAINING)
        for part in today:
            if part.training.code == code:
                return await self._attend(part)
        return await self._wrong_code([part.training for part in today])

    async def _attend(self, part: Participation) -> Attending:
        if part.seat is Seat.ATTENDED:
            return Attending(Attended.ALREADY, part.training)
        enrolment = await self.tx.enrolments.get(part.training.id, self.person.id)
        if enrolment is None or enrolment.code_tries >= MOST_CODE_TRIES:
            return Attending(Attended.BLOCKED, part.training)
        await self.tx.enrolments.set(
            part.training.id, self.person.id, state=Seat.ATTENDED, attended_at=self.now
        )
        return Attending(Attended.DONE, part.training)

    async def _wrong_code(self, trainings: Sequence[Training]) -> Attending:
        """The try counts for every training of the day: who guesses, guesses for all of them."""
        tries = 0
        for training in trainings:
            enrolment = await self.tx.enrolments.get(training.id, self.person.id)
            mine = min((enrolment.code_tries if enrolment else 0) + 1, MOST_CODE_TRIES + 1)
            await self.tx.enrolments.set(training.id, self.person.id, code_tries=mine)
            tries = max(tries, mine)
        if tries > MOST_CODE_TRIES:
            return Attending(Attended.BLOCKED, trainings[0])
        return Attending(Attended.WRONG, trainings[0], MOST_CODE_TRIES - tries)

    def _is_on(self, training: Training) -> bool:
        return is_on(training, self.now, self.zone)

    async def wish(self, wish: Wish) -> bool:
        if await self.tx.wishes.count(self.person.id) >= MOST_WISHES:
            return False
        await self.tx.wishes.add(self.person.id, wish, self.now)
        return True

    async def wishes(self) -> Sequence[Wish]:
        return await self.tx.wishes.of(self.person.id)

    async def drop_wish(self, wish_id: int) -> bool:
        return await self.tx.wishes.drop(self.person.id, wish_id)

    async def rate(self, training_id: int, rating: int) -> bool:
        held = await self.part(training_id)
        if held is None or held.seat is Seat.WAITING or held.training.plan.starts_at > self.now:
            return False
        await self.tx.enrolments.rate(training_id, self.person.id, rating, self.now)
        return True

    async def comment(self, training_id: int, words: str) -> None:
        await self.tx.enrolments.comment(training_id, self.person.id, words)


def is_on(training: Training, now: datetime, zone: ZoneInfo) -> bool:
    """Whether today is one of the training's days where it takes place."""
    first, last = (t.astimezone(zone).date() for t in (training.plan.starts_at, training.plan.ends_at))
    return training.status is Status.OPEN and first <= now.astimezone(zone).date() <= last


async def fill_places(notices: Notices, training_id: int) -> int:
    """Give free places to those who wait longest and tell them; the training's lock is held."""
    training = await notices.tx.trainings.get(training_id)
    if training is None or training.state(notices.now) is not State.OPEN:
        return 0
    places = training.free if training.free is not None else 10_000
    promoted = await notices.tx.enrolments.promote(training_id, places)
    if promoted:
        people = await notices.tx.enrolments.people(promoted)
        source = f"training:{training_id}:place:{notices.now:%Y%m%dT%H%M%S%f}"
        await notices.tell(
            people, source, lambda words: place_given(words, training), training.plan.starts_at
        )
    return len(promoted)


def _refusal(training: Training, now: datetime) -> Enrolled | None:
    match training.state(now):
        case State.CANCELLED:
            return Enrolled.CANCELLED
        case State.PAST:
            return Enrolled.PAST
    return None


def _not_for(plan: Plan, organisations: Sequence[OrganisationRow]) -> Enrolled | None:
    if plan.audience is Audience.EVERYONE:
        return None
    if not organisations:
        return Enrolled.NEEDS_OSC
    here = any(organisation.region == plan.region for organisation in organisations)
    return None if here or plan.audience is Audience.ORGANISATIONS else Enrolled.OTHER_REGION
