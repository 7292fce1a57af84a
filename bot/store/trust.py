"""Whose word stands for an organisation, what coordinators asked it, and which entries wait for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.organisation import LISTED, Standing
from bot.store.content_tables import OrganisationRow
from bot.store.directory_tables import OrganisationQuestionRow, VouchRow


@dataclass(frozen=True, slots=True)
class Vouches:
    """`coordinators`: how many; `organisations`: names of the verified organisations that vouched."""

    coordinators: int
    organisations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to an organisation; `answer` None: not answered yet."""

    id: int
    organisation_id: int
    asked_by: int | None
    text: str
    answer: str | None


@dataclass(frozen=True, slots=True)
class Named:
    """What tells one listed organisation from another; `phone` is E.164."""

    id: int
    name: str
    acronym: str | None
    region: str
    phone: str | None
    email: str | None


class Trust:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def waiting(self) -> int:
        """How many entries wait for a coordinator; not those that were asked something and have not answered."""
        return await self._session.scalar(select(func.count()).where(_waits())) or 0

    async def next(self, after: tuple[int, int] | None) -> tuple[int, int] | None:
        """The place (1 when nobody registered it in chat, number) of the next entry after that place."""
        place = func.num_nulls(OrganisationRow.created_by)
        query = select(place, OrganisationRow.id).where(_waits())
        if after is not None:
            query = query.where(func.row(place, OrganisationRow.id) > func.row(*after))
        found = (await self._session.execute(query.order_by(place, OrganisationRow.id).limit(1))).first()
        return None if found is None else (found[0], found[1])

    async def vouch(self, organisation_id: int, by: tuple[int, int | None], now: datetime) -> bool:
        """`by`: the person, and the organisation they vouch for with, if any; False when they did before."""
        person_id, by_organisation_id = by
        new = await self._session.scalar(
            insert(VouchRow)
            .values(
                organisation_id=organisation_id,
                person_id=person_id,
                by_organisation_id=by_organisation_id,
                at=now,
            )
            .on_conflict_do_nothing()
            .returning(VouchRow.id)
        )
        return new is not None

    async def vouches(self, organisation_id: int) -> Vouches:
        rows = await self._session.execute(
            select(VouchRow.by_organisation_id, OrganisationRow.name)
            .join(OrganisationRow, OrganisationRow.id == VouchRow.by_organisation_id, isouter=True)
            .where(VouchRow.organisation_id == organisation_id)
            .order_by(VouchRow.id)
        )
        found = rows.all()
        names = tuple(name for number, name in found if number is not None)
        return Vouches(len(found) - len(names), names)

    async def ask(self, organisation_id: int, text: str, person_id: int, now: datetime) -> int:
        row = OrganisationQuestionRow(
            organisation_id=organisation_id, asked_by=person_id, text=text, asked_at=now
        )
        self._session.add(row)
        await self._session.flush()
        return row.id

    async def question(self, number: int) -> Asked | None:
        row = await self._session.get(OrganisationQuestionRow, number)
        return None if row is None else _asked(row)

    async def questions(self, organisation_id: int) -> Sequence[Asked]:
        rows = await self._session.scalars(
            select(OrganisationQuestionRow)
            .where(OrganisationQuestionRow.organisation_id == organisation_id)
            .order_by(OrganisationQuestionRow.id)
        )
        return [_asked(row) for row in rows]

    async def answer(self, number: int, text: str, person_id: int, now: datetime) -> bool:
        """False when somebody answered before."""
        answered = await self._session.scalar(
            update(OrganisationQuestionRow)
            .where(OrganisationQuestionRow.id == number, OrganisationQuestionRow.answered_at.is_(None))
            .values(answer=text, answered_by=person_id, answered_at=now)
            .returning(OrganisationQuestionRow.id)
        )
        return answered is not None

    async def named(self) -> Sequence[Named]:
        """All listed organisations, to find those that look like one."""
        row = OrganisationRow
        rows = await self._session.execute(
            select(row.id, row.name, row.acronym, row.region, row.phone, row.email)
            .where(row.status.in_(LISTED))
            .order_by(row.id)
        )
        return [Named(*line) for line in rows]


def _waits() -> ColumnElement[bool]:
    asked = exists().where(
        OrganisationQuestionRow.organisation_id == OrganisationRow.id,
        OrganisationQuestionRow.answered_at.is_(None),
    )
    return OrganisationRow.status.in_([Standing.DECLARED, Standing.ATTESTED]) & ~asked


def _asked(row: OrganisationQuestionRow) -> Asked:
    return Asked(row.id, row.organisation_id, row.asked_by, row.text, row.answer)
