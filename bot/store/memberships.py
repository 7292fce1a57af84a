"""Who belongs to which organisation, and who asks to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, delete, exists, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.organisation import Part
from bot.store.directory_tables import OrganisationJoinRow, OrganisationPersonRow
from bot.store.tables import PersonRow
from bot.store.training_tables import EnrolmentRow, TrainingRow
from bot.training import Seat

ORDER = {part: place for place, part in enumerate(Part)}


@dataclass(frozen=True, slots=True)
class Belonging:
    """One person of one organisation; `name` is known of those who consented."""

    organisation_id: int
    person_id: int
    part: Part
    since: datetime
    name: str | None = None


@dataclass(frozen=True, slots=True)
class JoinRequest:
    id: int
    organisation_id: int
    person_id: int
    name: str | None
    asked_at: datetime


class Memberships:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def people(self, organisation_id: int) -> Sequence[Belonging]:
        """The contact first, then managers and members, each in the order they came."""
        rows = await self._session.execute(
            select(OrganisationPersonRow, PersonRow.name)
            .join(PersonRow, PersonRow.id == OrganisationPersonRow.person_id)
            .where(OrganisationPersonRow.organisation_id == organisation_id)
            .order_by(
                case(ORDER, value=OrganisationPersonRow.part),
                OrganisationPersonRow.since,
                OrganisationPersonRow.person_id,
            )
        )
        return [_belonging(row, name) for row, name in rows]

    async def part(self, organisation_id: int, person_id: int) -> Part | None:
        found = await self._session.get(OrganisationPersonRow, (organisation_id, person_id))
        return None if found is None else Part(found.part)

    async def put(self, organisation_id: int, person_id: int, part: Part, now: datetime) -> None:
        """From now on this is their part; `since` stays when they belonged already."""
        new = insert(OrganisationPersonRow).values(
            organisation_id=organisation_id, person_id=person_id, part=part, since=now
        )
        await self._session.execute(
            new.on_conflict_do_update(
                index_elements=[OrganisationPersonRow.organisation_id, OrganisationPersonRow.person_id],
                set_={"part": part},
            )
        )

    async def leave(self, organisation_id: int, person_id: int) -> bool:
        """Who leaves as the only contact leaves that part to the next; False when they did not belong."""
        gone = await self._session.scalar(
            delete(OrganisationPersonRow)
            .where(
                OrganisationPersonRow.organisation_id == organisation_id,
                OrganisationPersonRow.person_id == person_id,
            )
            .returning(OrganisationPersonRow.part)
        )
        if gone:
            await self.hand_over(organisation_id)
        return gone is not None

    async def hand_over(self, organisation_id: int) -> None:
        """Where no contact is left, the first of the others becomes it."""
        rest = await self.people(organisation_id)
        if rest and rest[0].part is not Part.CONTACT:
            await self._session.execute(
                update(OrganisationPersonRow)
                .where(
                    OrganisationPersonRow.organisation_id == organisation_id,
                    OrganisationPersonRow.person_id == rest[0].person_id,
                )
                .values(part=Part.CONTACT)
            )

    async def trainings_attended(self, organisation_id: int) -> Sequence[str]:
        """French titles of trainings that people attended in this organisation's name, the newest first."""
        rows = await self._session.scalars(
            select(TrainingRow)
            .where(
                exists().where(
                    EnrolmentRow.training_id == TrainingRow.id,
                    EnrolmentRow.organisation_id == organisation_id,
                    EnrolmentRow.state == Seat.ATTENDED,
                )
            )
            .order_by(TrainingRow.starts_at.desc())
        )
        return [row.texts["fr"]["title"] for row in rows]

    async def ask(self, organisation_id: int, person_id: int, now: datetime) -> int | None:
        """The number of a new request; None when one of theirs waits already."""
        number: int | None = await self._session.scalar(
            insert(OrganisationJoinRow)
            .values(organisation_id=organisation_id, person_id=person_id, asked_at=now)
            .on_conflict_do_nothing()
            .returning(OrganisationJoinRow.id)
        )
        return number

    async def request(self, number: int) -> JoinRequest | None:
        """A request nobody decided yet."""
        row = (
            await self._session.execute(
                select(OrganisationJoinRow, PersonRow.name)
                .join(PersonRow, PersonRow.id == OrganisationJoinRow.person_id)
                .where(OrganisationJoinRow.id == number, OrganisationJoinRow.decided_at.is_(None))
            )
        ).one_or_none()
        if row is None:
            return None
        found, name = row
        return JoinRequest(found.id, found.organisation_id, found.person_id, name, found.asked_at)

    async def waiting(self, after: datetime, before: datetime) -> Sequence[JoinRequest]:
        """Requests nobody decided, asked between these moments."""
        rows = await self._session.execute(
            select(OrganisationJoinRow, PersonRow.name)
            .join(PersonRow, PersonRow.id == OrganisationJoinRow.person_id)
            .where(
                OrganisationJoinRow.decided_at.is_(None),
                OrganisationJoinRow.asked_at > after,
                OrganisationJoinRow.asked_at <= before,
            )
            .order_by(OrganisationJoinRow.id)
        )
        return [
            JoinRequest(row.id, row.organisation_id, row.person_id, name, row.asked_at) for row, name in rows
        ]

    async def decide(self, number: int, accepted: bool, by: int, now: datetime) -> bool:
        """False when somebody decided before."""
        decided = await self._session.scalar(
            update(OrganisationJoinRow)
            .where(OrganisationJoinRow.id == number, OrganisationJoinRow.decided_at.is_(None))
            .values(accepted=accepted, decided_by=by, decided_at=now)
            .returning(OrganisationJoinRow.id)
        )
        return decided is not None


def _belonging(row: OrganisationPersonRow, name: str | None) -> Belonging:
    return Belonging(row.organisation_id, row.person_id, Part(row.part), row.since, name)
