"""What somebody must mend with a platform: an account it has stopped, approved words that are missing there."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base

ACCOUNT = "account"
"""What is in trouble, where it is not one template: sending as a whole."""


class TroubleRow(Base):
    """`what`: a template by what it is for, or `ACCOUNT`; a row lasts as long as the trouble."""

    __tablename__ = "trouble"

    channel: Mapped[str] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str]
    since: Mapped[datetime]
    told_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Trouble:
    channel: str
    what: str
    reason: str


class Troubles:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def note(self, trouble: Trouble, now: datetime) -> None:
        """Another reason is news again; the same is not."""
        new = insert(TroubleRow).values(
            channel=trouble.channel, what=trouble.what, reason=trouble.reason, since=now
        )
        same = TroubleRow.reason == new.excluded.reason
        await self._session.execute(
            new.on_conflict_do_update(
                index_elements=[TroubleRow.channel, TroubleRow.what],
                set_={
                    "reason": new.excluded.reason,
                    "told_at": case((same, TroubleRow.told_at), else_=None),
                },
            )
        )

    async def of(self, channel: str) -> set[str]:
        """What is in trouble there."""
        return set(await self._session.scalars(select(TroubleRow.what).where(TroubleRow.channel == channel)))

    async def over(self, channel: str, whats: Collection[str]) -> None:
        await self._session.execute(
            delete(TroubleRow).where(TroubleRow.channel == channel, TroubleRow.what.in_(whats))
        )

    async def news(self, now: datetime) -> Sequence[Trouble]:
        """What nobody was told of yet; from now on it counts as told."""
        rows = await self._session.execute(
            update(TroubleRow)
            .where(TroubleRow.told_at.is_(None))
            .values(told_at=now)
            .returning(TroubleRow.channel, TroubleRow.what, TroubleRow.reason)
        )
        return [Trouble(*row) for row in rows]
