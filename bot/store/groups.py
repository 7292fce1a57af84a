"""The group chats the bot is a member of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.tables import GroupChatRow


@dataclass(frozen=True, slots=True)
class GroupChat:
    channel: str
    chat_id: str
    title: str | None
    active: bool


class Groups:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def joined(self, channel: str, chat_id: str, title: str | None, now: datetime) -> None:
        new = insert(GroupChatRow).values(channel=channel, chat_id=chat_id, title=title, added_at=now)
        await self._session.execute(
            new.on_conflict_do_update(
                index_elements=[GroupChatRow.channel, GroupChatRow.chat_id],
                set_={"active": True, "title": func.coalesce(new.excluded.title, GroupChatRow.title)},
            )
        )

    async def left(self, channel: str, chat_id: str) -> None:
        await self._session.execute(
            update(GroupChatRow)
            .where(GroupChatRow.channel == channel, GroupChatRow.chat_id == chat_id)
            .values(active=False)
        )

    async def rename_chat(self, channel: str, old_chat: str, new_chat: str) -> None:
        """The group became another chat; what was known about the old one wins."""
        old = (GroupChatRow.channel == channel) & (GroupChatRow.chat_id == old_chat)
        if await self._session.scalar(select(GroupChatRow.chat_id).where(old)) is None:
            return
        new = (GroupChatRow.channel == channel) & (GroupChatRow.chat_id == new_chat)
        await self._session.execute(delete(GroupChatRow).where(new))
        await self._session.execute(update(GroupChatRow).where(old).values(chat_id=new_chat, active=True))

    async def active(self, channel: str) -> Sequence[GroupChat]:
        rows = await self._session.scalars(
            select(GroupChatRow)
            .where(GroupChatRow.channel == channel, GroupChatRow.active)
            .order_by(GroupChatRow.chat_id)
        )
        return [GroupChat(row.channel, row.chat_id, row.title, row.active) for row in rows]

    async def active_anywhere(self) -> Sequence[GroupChat]:
        """Every group the bot is in, in an order that stays."""
        rows = await self._session.scalars(
            select(GroupChatRow)
            .where(GroupChatRow.active)
            .order_by(GroupChatRow.added_at, GroupChatRow.channel, GroupChatRow.chat_id)
        )
        return [GroupChat(row.channel, row.chat_id, row.title, row.active) for row in rows]
