"""Calls for projects as rows, and whom each concerns."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.call import Call, CallPlan
from bot.organisation import LISTED
from bot.store.announcement_tables import SubscriptionRow
from bot.store.call_tables import CallRow
from bot.store.content_tables import OrganisationRow
from bot.store.directory_tables import OrganisationPersonRow
from bot.store.tables import PersonRow


class Calls:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, plan: CallPlan, person_id: int, now: datetime) -> Call:
        values = {name: getattr(plan, name) for name in CallPlan.__slots__}
        row = CallRow(
            **values | {"themes": list(plan.themes), "regions": list(plan.regions)},
            created_by=person_id,
            created_at=now,
        )
        self._session.add(row)
        await self._session.flush()
        return _call(row)

    async def get(self, number: int) -> Call | None:
        row = await self._session.get(CallRow, number)
        return None if row is None else _call(row)

    async def publisher(self, number: int) -> int | None:
        return await self._session.scalar(select(CallRow.created_by).where(CallRow.id == number))

    async def living(self, now: datetime) -> Sequence[Call]:
        """Open now or later, the first to close first."""
        rows = await self._session.scalars(
            select(CallRow)
            .where(CallRow.withdrawn_at.is_(None), CallRow.closes_at > now)
            .order_by(CallRow.closes_at, CallRow.id)
        )
        return [_call(row) for row in rows]

    async def withdraw(self, number: int, now: datetime) -> bool:
        changed = await self._session.scalar(
            update(CallRow)
            .where(CallRow.id == number, CallRow.withdrawn_at.is_(None), CallRow.closes_at > now)
            .values(withdrawn_at=now)
            .returning(CallRow.id)
        )
        return changed is not None

    async def move(self, number: int, closes_at: datetime) -> None:
        await self._session.execute(update(CallRow).where(CallRow.id == number).values(closes_at=closes_at))

    async def matching(self, call: Call, topic: str) -> tuple[int, list[int]]:
        """How many organisations it suits, and the people to tell: theirs, and who follow this topic.

        People of organisations it does not suit are left out even if they follow the topic.
        """
        plan, conditions = call.plan, [OrganisationRow.status.in_(list(LISTED))]
        if plan.themes:
            conditions.append(OrganisationRow.themes.overlap(list(plan.themes)))
        if plan.regions:
            conditions.append(OrganisationRow.region.in_(list(plan.regions)))
        suited = select(OrganisationRow.id).where(*conditions)
        count = await self._session.scalar(select(func.count()).select_from(suited.subquery())) or 0
        theirs = select(OrganisationPersonRow.person_id).where(
            OrganisationPersonRow.organisation_id.in_(suited)
        )
        anywhere = select(OrganisationPersonRow.person_id)
        followers = select(SubscriptionRow.person_id).where(
            SubscriptionRow.topic == topic, SubscriptionRow.person_id.not_in(anywhere)
        )
        people = await self._session.scalars(
            select(PersonRow.id)
            .where(
                PersonRow.consented_at.is_not(None),
                or_(PersonRow.id.in_(theirs), PersonRow.id.in_(followers)),
            )
            .order_by(PersonRow.id)
        )
        return count, list(people)


def _call(row: CallRow) -> Call:
    plan = CallPlan(
        row.title,
        row.closes_at,
        row.opens_at,
        row.description,
        row.amount,
        row.conditions,
        row.url,
        tuple(row.themes),
        tuple(row.regions),
    )
    return Call(row.id, plan, row.withdrawn_at is not None)
