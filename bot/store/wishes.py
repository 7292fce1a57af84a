"""Who wants to be told when a training opens, and about which; a wish is over once it is told."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.tables import PersonRow
from bot.store.training_tables import TrainingWishRow
from bot.training import Wish


class TrainingWishes:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, person_id: int, wish: Wish, now: datetime) -> int:
        """Its number, also that of the same wish kept before."""
        values = {"theme": wish.theme or "", "region": wish.region or ""}
        new = insert(TrainingWishRow).values(person_id=person_id, created_at=now, **values)
        kept = new.on_conflict_do_update(
            index_elements=[TrainingWishRow.person_id, TrainingWishRow.theme, TrainingWishRow.region],
            set_=values,
        )
        return (await self._session.scalars(kept.returning(TrainingWishRow.id))).one()

    async def of(self, person_id: int) -> Sequence[Wish]:
        rows = await self._session.scalars(
            select(TrainingWishRow).where(TrainingWishRow.person_id == person_id).order_by(TrainingWishRow.id)
        )
        return [Wish(row.theme or None, row.region or None, row.id) for row in rows]

    async def count(self, person_id: int) -> int:
        mine = select(func.count()).where(TrainingWishRow.person_id == person_id)
        return await self._session.scalar(mine) or 0

    async def drop(self, person_id: int, wish_id: int) -> bool:
        gone = delete(TrainingWishRow).where(
            TrainingWishRow.id == wish_id, TrainingWishRow.person_id == person_id
        )
        return await self._session.scalar(gone.returning(TrainingWishRow.id)) is not None

    async def fulfil(self, theme: str | None, region: str) -> list[int]:
        """Close the wishes that a training of this theme in this region answers; gives whose they were.

        Not of people who stopped or took their consent back: nothing may be written to them, and their wish
        waits until they come back.
        """
        willing = select(PersonRow.id).where(
            PersonRow.stopped_at.is_(None), PersonRow.consented_at.is_not(None)
        )
        closed = (
            delete(TrainingWishRow)
            .where(
                TrainingWishRow.theme.in_(["", theme or ""]),
                TrainingWishRow.region.in_(["", region]),
                TrainingWishRow.person_id.in_(willing),
            )
            .returning(TrainingWishRow.person_id)
        )
        return sorted(set(await self._session.scalars(closed)))
