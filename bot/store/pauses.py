"""The times of silence that platforms ordered, kept so that a restart does not forget them."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.tables import PauseRow

WHOLE = ""
"""In place of a chat id: the whole channel."""


class Pauses:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def keep(self, channel: str, chat_id: str | None, until: datetime) -> None:
        """Of two orders the longer one holds."""
        new = insert(PauseRow).values(channel=channel, chat_id=chat_id or WHOLE, until=until)
        await self._session.execute(
            new.on_conflict_do_update(
                index_elements=[PauseRow.channel, PauseRow.chat_id],
                set_={"until": func.greatest(PauseRow.until, new.excluded.until)},
            )
        )

    async def of(self, channel: str, now: datetime) -> Mapping[str | None, datetime]:
        """What is not over yet, by chat, None for the whole channel; what is over is forgotten."""
        await self._session.execute(
            delete(PauseRow).where(PauseRow.channel == channel, PauseRow.until <= now)
        )
        rows = await self._session.execute(
            select(PauseRow.chat_id, PauseRow.until).where(PauseRow.channel == channel)
        )
        return {chat_id or None: until for chat_id, until in rows}
