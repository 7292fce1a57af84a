"""The topics people follow."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.announcement_tables import SubscriptionRow


class Following:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def topics(self, person_id: int) -> Sequence[str]:
        found = await self._session.scalars(
            select(SubscriptionRow.topic)
            .where(SubscriptionRow.person_id == person_id)
            .order_by(SubscriptionRow.topic)
        )
        return found.all()

    async def follow(self, person_id: int, topic: str, now: datetime) -> None:
        new = insert(SubscriptionRow).values(person_id=person_id, topic=topic, since=now)
        await self._session.execute(new.on_conflict_do_nothing())

    async def leave(self, person_id: int, topic: str | None = None) -> None:
        """Leave one topic, or all."""
        gone = delete(SubscriptionRow).where(SubscriptionRow.person_id == person_id)
        await self._session.execute(gone if topic is None else gone.where(SubscriptionRow.topic == topic))
