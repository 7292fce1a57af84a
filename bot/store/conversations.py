"""Conversations as rows: locked for one turn, saved whole, followed when their chat gets another id."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.messages import Address
from bot.store.tables import ConversationRow


@dataclass(frozen=True, slots=True)
class StoredConversation:
    key: str
    address: Address
    person_id: int | None
    state: dict[str, Any]
    updated_at: datetime


def conversation_key(address: Address, member: str | None = None) -> str:
    """The name of a conversation: its chat, its topic, and in a group the member who speaks.

    Starts with `channel:chat_id:`; `Conversations.rename_chat` counts on it.
    """
    return f"{address.channel}:{address.chat_id}:{address.thread_id or ''}:{member or ''}"


class Conversations:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock(self, key: str, address: Address, now: datetime) -> StoredConversation:
        """The conversation, made if new, locked against all other processes until the transaction ends."""
        wanted = {"wanted": key}
        row = await self._session.scalar(_LOCK, wanted)
        if row is None:
            await self._session.execute(
                insert(ConversationRow)
                .values(
                    key=key,
                    channel=address.channel,
                    chat_id=address.chat_id,
                    thread_id=address.thread_id,
                    updated_at=now,
                )
                .on_conflict_do_nothing()
            )
            row = (await self._session.scalars(_LOCK, wanted)).one()
        return _stored(row)

    async def get(self, key: str) -> StoredConversation | None:
        row = await self._session.scalar(select(ConversationRow).where(ConversationRow.key == key))
        return None if row is None else _stored(row)

    async def save(self, key: str, state: Mapping[str, Any], person_id: int | None, now: datetime) -> None:
        values = {"wanted": key, "said": dict(state), "person": person_id, "now": now}
        await self._session.execute(_SAVE, values)

    async def rename_chat(self, channel: str, old_chat: str, new_chat: str) -> None:
        """Move conversations to the chat's new id; one already begun there is replaced by the older one."""
        old_prefix, new_prefix = f"{channel}:{old_chat}:", f"{channel}:{new_chat}:"
        new_key = func.concat(new_prefix, func.substr(ConversationRow.key, len(old_prefix) + 1))
        moved = select(new_key).where(ConversationRow.key.startswith(old_prefix, autoescape=True))
        await self._session.execute(delete(ConversationRow).where(ConversationRow.key.in_(moved)))
        await self._session.execute(
            update(ConversationRow)
            .where(ConversationRow.key.startswith(old_prefix, autoescape=True))
            .values(key=new_key, chat_id=new_chat)
        )


# Statements of every turn are built once: see bot/store/inbox.py.
_LOCK = select(ConversationRow).where(ConversationRow.key == bindparam("wanted")).with_for_update()
_SAVE = (
    update(ConversationRow)
    .where(ConversationRow.key == bindparam("wanted"))
    .values(state=bindparam("said"), person_id=bindparam("person"), updated_at=bindparam("now"))
)


def _stored(row: ConversationRow) -> StoredConversation:
    address = Address(row.channel, row.chat_id, row.thread_id)
    return StoredConversation(row.key, address, row.person_id, row.state, row.updated_at)
