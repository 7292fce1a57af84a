"""Who has a place in which training: taken, waited for and given back, and where each person is written to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, true, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.messages import Address
from bot.store.accounts import last_used_account
from bot.store.content_tables import OrganisationRow
from bot.store.tables import PersonRow
from bot.store.training_tables import EnrolmentRow, TrainingFeedbackRow, TrainingRow
from bot.training import Answer, Seat, Status


@dataclass(frozen=True, slots=True)
class Enrolment:
    training_id: int
    person_id: int
    seat: Seat
    answer: Answer | None
    enrolled_at: datetime
    code_tries: int


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person to be written to; `address` is None when no account of theirs can be reached."""

    person_id: int
    language: str
    address: Address | None
    stopped: bool = False
    reminders_off: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the list of participants."""

    name: str | None
    organisation: str | None
    region: str | None
    phone: str | None
    seat: Seat
    answer: Answer | None
    enrolled_at: datetime
    attended_at: datetime | None


class Enrolments:
    """Callers hold the training's lock when they change who has a place."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, training_id: int, person_id: int) -> Enrolment | None:
        row = await self._session.scalar(select(EnrolmentRow).where(*_mine(training_id, person_id)))
        return None if row is None else _enrolment(row)

    async def of_person(self, person_id: int) -> Sequence[Enrolment]:
        rows = await self._session.scalars(
            select(EnrolmentRow)
            .where(EnrolmentRow.person_id == person_id, EnrolmentRow.state != Seat.WITHDRAWN)
            .order_by(EnrolmentRow.id)
        )
        return [_enrolment(row) for row in rows]

    async def take(
        self, enrolment: tuple[int, int], seat: Seat, organisation_id: int | None, now: datetime
    ) -> None:
        """Give (training, person) this seat; one who comes back after leaving is behind all others."""
        training_id, person_id = enrolment
        new = insert(EnrolmentRow).values(
            training_id=training_id,
            person_id=person_id,
            organisation_id=organisation_id,
            state=seat,
            enrolled_at=now,
        )
        fresh = {"state": seat, "organisation_id": organisation_id, "answer": None, "enrolled_at": now}
        await self._session.execute(
            new.on_conflict_do_update(
                index_elements=[EnrolmentRow.training_id, EnrolmentRow.person_id], set_=fresh
            )
        )

    async def set(self, training_id: int, person_id: int, **values: Any) -> None:
        """Change columns of one enrolment: state, answer, attended_at, code_tries."""
        await self._session.execute(
            update(EnrolmentRow).where(*_mine(training_id, person_id)).values(**values)
        )

    async def position(self, training_id: int, person_id: int) -> int:
        """Place in the waiting list, from 1."""
        mine = aliased(EnrolmentRow)
        ahead = (
            select(func.count())
            .select_from(EnrolmentRow)
            .join(mine, (mine.training_id == training_id) & (mine.person_id == person_id))
            .where(
                EnrolmentRow.training_id == training_id,
                EnrolmentRow.state == Seat.WAITING,
                (EnrolmentRow.enrolled_at < mine.enrolled_at)
                | ((EnrolmentRow.enrolled_at == mine.enrolled_at) & (EnrolmentRow.id <= mine.id)),
            )
        )
        return await self._session.scalar(ahead) or 0

    async def waited_for(self, now: datetime) -> list[int]:
        """Open trainings to come that people wait for."""
        found = await self._session.scalars(
            select(TrainingRow.id)
            .where(
                TrainingRow.status == Status.OPEN,
                TrainingRow.starts_at > now,
                select(EnrolmentRow.id)
                .where(EnrolmentRow.training_id == TrainingRow.id, EnrolmentRow.state == Seat.WAITING)
                .exists(),
            )
            .order_by(TrainingRow.id)
        )
        return list(found)

    async def promote(self, training_id: int, places: int) -> list[int]:
        """Give places to those who wait longest; gives the people."""
        first = (
            select(EnrolmentRow.id)
            .where(EnrolmentRow.training_id == training_id, EnrolmentRow.state == Seat.WAITING)
            .order_by(EnrolmentRow.enrolled_at, EnrolmentRow.id)
            .limit(places)
        )
        promoted = await self._session.scalars(
            update(EnrolmentRow)
            .where(EnrolmentRow.id.in_(first))
            .values(state=Seat.ENROLLED)
            .returning(EnrolmentRow.person_id)
        )
        return list(promoted)

    async def count(self, training_id: int) -> dict[tuple[Seat, Answer | None], int]:
        """How many people by place and by answer."""
        rows = await self._session.execute(
            select(EnrolmentRow.state, EnrolmentRow.answer, func.count())
            .where(EnrolmentRow.training_id == training_id)
            .group_by(EnrolmentRow.state, EnrolmentRow.answer)
        )
        return {(Seat(seat), Answer(answer) if answer else None): count for seat, answer, count in rows}

    async def forget_answers(self, training_id: int) -> None:
        """The training has another time: what people answered was about the old one."""
        await self._session.execute(
            update(EnrolmentRow).where(EnrolmentRow.training_id == training_id).values(answer=None)
        )

    async def recipients(
        self, training_id: int, seats: Collection[Seat], *, unanswered: bool = False
    ) -> list[Recipient]:
        """The people with one of these seats; `unanswered`: only those who said neither yes nor no."""
        conditions = [EnrolmentRow.training_id == training_id, EnrolmentRow.state.in_(list(seats))]
        if unanswered:
            conditions.append(EnrolmentRow.answer.is_(None))
        people = select(EnrolmentRow.person_id).where(*conditions)
        return await self._reach(PersonRow.id.in_(people))

    async def next_recipients(self, training_id: int, after: int, limit: int) -> list[Recipient]:
        """The next of the people with a place, in the order of their numbers, from over `after` on."""
        people = (
            select(EnrolmentRow.person_id)
            .where(
                EnrolmentRow.training_id == training_id,
                EnrolmentRow.state == Seat.ENROLLED,
                EnrolmentRow.person_id > after,
            )
            .order_by(EnrolmentRow.person_id)
            .limit(limit)
        )
        return await self._reach(PersonRow.id.in_(people))

    async def people(self, ids: Collection[int]) -> list[Recipient]:
        return await self._reach(PersonRow.id.in_(list(ids)))

    async def planners(self) -> list[Recipient]:
        """Everybody who plans trainings."""
        return await self._reach(PersonRow.role.in_(["coordinator", "admin"]))

    async def _reach(self, condition: ColumnElement[bool]) -> list[Recipient]:
        """Each person once, at the account they last wrote from among those that can be reached."""
        account = last_used_account()
        rows = await self._session.execute(
            select(
                PersonRow.id,
                PersonRow.language,
                account.c.channel,
                account.c.external_id,
                PersonRow.stopped_at.is_not(None),
                PersonRow.reminders_off_at.is_not(None),
            )
            .join(account, true(), isouter=True)
            .where(condition)
            .order_by(PersonRow.id)
        )
        return [
            Recipient(person, language or "fr", Address(channel, chat) if channel else None, stopped, off)
            for person, language, channel, chat, stopped, off in rows
        ]

    async def listed(self, training_id: int) -> list[Listed]:
        """Everybody who has a place or waits for one, in the order they enrolled."""
        rows = await self._session.execute(
            select(
                func.coalesce(PersonRow.name, OrganisationRow.contact_name),
                OrganisationRow.name,
                OrganisationRow.region,
                OrganisationRow.phone,
                EnrolmentRow.state,
                EnrolmentRow.answer,
                EnrolmentRow.enrolled_at,
                EnrolmentRow.attended_at,
            )
            .join(PersonRow, PersonRow.id == EnrolmentRow.person_id)
            .join(OrganisationRow, OrganisationRow.id == EnrolmentRow.organisation_id, isouter=True)
            .where(EnrolmentRow.training_id == training_id)
            .order_by(EnrolmentRow.enrolled_at, EnrolmentRow.id)
        )
        return [
            Listed(
                name, osc, region, phone, Seat(seat), Answer(answer) if answer else None, enrolled, attended
            )
            for name, osc, region, phone, seat, answer, enrolled, attended in rows
        ]

    async def rate(self, training_id: int, person_id: int, rating: int, now: datetime) -> None:
        """The person's rating, 1 to 5; a second one replaces the first."""
        new = insert(TrainingFeedbackRow).values(
            training_id=training_id, person_id=person_id, rating=rating, at=now
        )
        await self._session.execute(
            new.on_conflict_do_update(
                index_elements=[TrainingFeedbackRow.training_id, TrainingFeedbackRow.person_id],
                set_={"rating": rating, "at": now},
            )
        )

    async def comment(self, training_id: int, person_id: int, words: str) -> None:
        await self._session.execute(
            update(TrainingFeedbackRow)
            .where(TrainingFeedbackRow.training_id == training_id, TrainingFeedbackRow.person_id == person_id)
            .values(words=words)
        )

    async def ratings(self, training_id: int) -> tuple[int, float | None, list[str]]:
        """How many rated it, their mean, and what they wrote."""
        count, mean = (
            await self._session.execute(
                select(func.count(), func.avg(TrainingFeedbackRow.rating)).where(
                    TrainingFeedbackRow.training_id == training_id
                )
            )
        ).one()
        words = await self._session.scalars(
            select(TrainingFeedbackRow.words)
            .where(TrainingFeedbackRow.training_id == training_id, TrainingFeedbackRow.words.is_not(None))
            .order_by(TrainingFeedbackRow.id)
        )
        return count, None if mean is None else float(mean), [w for w in words if w]

    async def forget(self, person_id: int) -> None:
        """The person's data is erased: their places go, their opinions stay without their name."""
        await self._session.execute(delete(EnrolmentRow).where(EnrolmentRow.person_id == person_id))
        await self._session.execute(
            update(TrainingFeedbackRow)
            .where(TrainingFeedbackRow.person_id == person_id)
            .values(person_id=None)
        )


def _mine(training_id: int, person_id: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return EnrolmentRow.training_id == training_id, EnrolmentRow.person_id == person_id


def _enrolment(row: EnrolmentRow) -> Enrolment:
    return Enrolment(
        row.training_id,
        row.person_id,
        Seat(row.state),
        Answer(row.answer) if row.answer else None,
        row.enrolled_at,
        row.code_tries,
    )
