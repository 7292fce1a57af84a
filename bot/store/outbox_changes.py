"""Changing and taking back what was queued or sent: one message, or all rows of a source."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.messages import Outgoing
from bot.store.base import UtcTimestamp
from bot.store.outbox_rows import stored_body
from bot.store.tables import OutboxRow, OutboxState

WITHDRAWAL: dict[str, Any] = {"text": "", "buttons": [], "withdraws": True}
MAY_BE_SHOWN = (OutboxState.SENDING, OutboxState.SENT)
CARRIED = ("channel", "chat_id", "thread_id", "kind", "priority", "person_id", "conversation_key")


class ChangedRows:
    """A change is a row of its own behind the one it changes: it is sent once that one is."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def change(self, delivery_id: int, message: Outgoing, now: datetime) -> None:
        """From now on this delivery says `message`; where it is shown already, it is changed there.

        Changes that follow faster than they can be sent become one.
        """
        body = stored_body(message)
        await self._say(OutboxRow.id == delivery_id, {"body": body, "edited_at": now})
        later = update(OutboxRow).where(
            OutboxRow.changes_id == delivery_id, OutboxRow.state == OutboxState.WAITING
        )
        if (await self._session.execute(later.values(body=body))).rowcount:  # type: ignore[attr-defined]
            return
        await self._queue(OutboxRow.id == delivery_id, {"body": literal(body, JSONB())}, now)

    async def withdraw(self, delivery_id: int, now: datetime) -> None:
        await self._withdraw(OutboxRow.id == delivery_id, now)

    async def change_contents(self, source: str, contents: Mapping[int, int], now: datetime) -> int:
        """All rows of a source that share an old content share the new one; gives how many are changed
        where they are shown already."""
        changed = 0
        for old, new in contents.items():
            rows = (OutboxRow.source == source) & (OutboxRow.content_id == old)
            changed += await self._queue(rows, {"content_id": literal(new)}, now)
            await self._say(rows, {"content_id": new, "edited_at": now})
        return changed

    async def withdraw_all(self, source: str, now: datetime) -> int:
        """What waits is cancelled, what was sent is taken back where the platform allows; gives how many of
        the latter."""
        return await self._withdraw(OutboxRow.source == source, now)

    async def _withdraw(self, rows: ColumnElement[bool], now: datetime) -> int:
        await self._say(
            rows & (OutboxRow.state == OutboxState.WAITING) & OutboxRow.changes_id.is_(None),
            {"state": OutboxState.CANCELLED},
        )
        taken = await self._queue(rows, {"body": literal(WITHDRAWAL, JSONB())}, now)
        await self._say(rows & OutboxRow.state.in_(MAY_BE_SHOWN), {"withdrawn_at": now})
        return taken

    async def _say(self, rows: ColumnElement[bool], values: dict[str, Any]) -> None:
        await self._session.execute(update(OutboxRow).where(rows).values(**values))

    async def _queue(self, rows: ColumnElement[bool], said: dict[str, Any], now: datetime) -> int:
        """A row behind each that is or may be shown; gives how many."""
        carried: list[Any] = [getattr(OutboxRow, name) for name in CARRIED]
        moment = literal(now, UtcTimestamp())
        wanted: Select[Any] = (
            select(*carried, *said.values(), OutboxRow.id, moment, moment)
            .where(
                rows,
                OutboxRow.state.in_(MAY_BE_SHOWN),
                OutboxRow.changes_id.is_(None),
                OutboxRow.withdrawn_at.is_(None),
            )
            .order_by(OutboxRow.id)
        )
        new = insert(OutboxRow).from_select([*CARRIED, *said, "changes_id", "due_at", "created_at"], wanted)
        queued = await self._session.execute(new)
        await self._session.execute(select(func.pg_notify("outbox", "")))
        return int(queued.rowcount)  # type: ignore[attr-defined]


def changing(message: Outgoing, platform_id: str | None, body: Mapping[str, Any]) -> Outgoing:
    """The message as the platform must be told it; `platform_id` is that of the message it changes."""
    if platform_id is None:
        return message
    if body.get("withdraws"):
        return replace(message, withdraws=platform_id)
    return replace(message, edits=platform_id)
