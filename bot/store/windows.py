"""Since when people may be written to freely: their last message; and whose talk we have opened, in any 24 hours."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Index, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from bot.messages import Address
from bot.store.base import Base
from bot.store.tables import IdentityRow


class OpenedRow(Base):
    """The last time a person was written to who had not written for long: what the platform counts people by."""

    __tablename__ = "opened_talk"
    __table_args__ = (Index("ix_opened_talk_at", "channel", "at"),)

    channel: Mapped[str] = mapped_column(primary_key=True)
    chat_id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class Windows:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def wrote(self, address: Address, at: datetime) -> None:
        """The person has written at that moment; an older one changes nothing."""
        await self._session.execute(
            update(IdentityRow)
            .where(IdentityRow.channel == address.channel, IdentityRow.external_id == address.chat_id)
            .values(wrote_at=func.greatest(IdentityRow.wrote_at, at))
        )

    async def close(self, address: Address) -> None:
        """The platform says they have not written for long: it knows better."""
        await self._session.execute(
            update(IdentityRow)
            .where(IdentityRow.channel == address.channel, IdentityRow.external_id == address.chat_id)
            .values(wrote_at=None)
        )

    async def written_since(self, channel: str, chats: Sequence[str], since: datetime) -> set[str]:
        """Those of these chats that have written since then."""
        found = await self._session.scalars(
            select(IdentityRow.external_id).where(
                IdentityRow.channel == channel,
                IdentityRow.external_id.in_(chats),
                IdentityRow.wrote_at >= since,
            )
        )
        return set(found)

    async def opened(self, channel: str, chats: Sequence[str], now: datetime) -> None:
        """These are written to now."""
        if not chats:
            return
        new = insert(OpenedRow).values([{"channel": channel, "chat_id": c, "at": now} for c in chats])
        await self._session.execute(
            new.on_conflict_do_update(
                index_elements=[OpenedRow.channel, OpenedRow.chat_id], set_={"at": new.excluded.at}
            )
        )

    async def opened_among(self, channel: str, chats: Sequence[str], since: datetime) -> set[str]:
        found = await self._session.scalars(
            select(OpenedRow.chat_id).where(
                OpenedRow.channel == channel, OpenedRow.chat_id.in_(chats), OpenedRow.at > since
            )
        )
        return set(found)

    async def opened_since(self, channel: str, since: datetime) -> tuple[int, datetime | None]:
        """How many people, and when the first of them; what is older is forgotten."""
        await self._session.execute(
            delete(OpenedRow).where(OpenedRow.channel == channel, OpenedRow.at <= since)
        )
        row = await self._session.execute(
            select(func.count(), func.min(OpenedRow.at)).where(OpenedRow.channel == channel)
        )
        count, first = row.one()
        return int(count), first
