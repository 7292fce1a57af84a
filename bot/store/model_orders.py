"""Orders to train the language model anew: asked for in chat, or due once for a night or for changed examples."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.model_tables import ModelOrderRow

ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Order:
    id: int
    mark: str
    tries: int
    asked_by: int | None = None


class ModelOrders:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, mark: str, now: datetime, asked_by: int | None = None) -> None:
        """At most one asked for waits; any other mark is ordered once for ever."""
        new = insert(ModelOrderRow).values(mark=mark, asked_by=asked_by, created_at=now)
        await self._session.execute(new.on_conflict_do_nothing())

    async def known(self, mark: str) -> bool:
        return bool(await self._session.scalar(select(exists().where(ModelOrderRow.mark == mark))))

    async def waiting(self, marks: Sequence[str]) -> Order | None:
        """The oldest with one of these marks."""
        row = await self._session.scalar(
            select(ModelOrderRow)
            .where(ModelOrderRow.ended_at.is_(None), ModelOrderRow.mark.in_(marks))
            .order_by(ModelOrderRow.id)
            .limit(1)
        )
        return None if row is None else Order(row.id, row.mark, row.tries, row.asked_by)

    async def begin(self, order_id: int) -> None:
        """Counted before the work, so that work which kills its process is not begun for ever."""
        counted = update(ModelOrderRow).where(ModelOrderRow.id == order_id)
        await self._session.execute(counted.values(tries=ModelOrderRow.tries + 1))

    async def put_back(self, order_id: int) -> None:
        """The work was interrupted in order: that was no attempt."""
        counted = update(ModelOrderRow).where(ModelOrderRow.id == order_id)
        await self._session.execute(counted.values(tries=ModelOrderRow.tries - 1))

    async def end(self, order_id: int, outcome: str, now: datetime) -> None:
        ended = update(ModelOrderRow).where(ModelOrderRow.id == order_id)
        await self._session.execute(ended.values(ended_at=now, outcome=outcome))
