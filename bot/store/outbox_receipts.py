"""What the platform tells of sent rows afterwards: arrived, read, or failed after all. It only goes forward."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, case, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.messages import Address, Kind, Progress
from bot.store.outbox_rows import ClaimedDelivery, message_of
from bot.store.tables import ContentRow, OutboxRow, OutboxState

DOUBTED = (OutboxState.WAITING, OutboxState.FAILED, OutboxState.UNKNOWN, OutboxState.UNREACHABLE)
"""States of a row that a better word of the platform makes SENT, also while it waits to be sent again."""
SEEN = (Progress.READ, Progress.PLAYED)


class ToldRows:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def arrived(self, address: Address, platform_id: str, progress: Progress, at: datetime) -> bool:
        """Note how far the message has come, at the earliest moment told; False when no row has this id (yet)."""
        values: dict[str, Any] = {}
        if progress in (Progress.DELIVERED, *SEEN):
            # Read implies arrived, but the word of the arrival itself, if it comes later, dates it better.
            known = OutboxRow.delivered_at
            values["delivered_at"] = func.coalesce(known, at) if progress in SEEN else _earliest(known, at)
            values["state"] = case((OutboxRow.state.in_(DOUBTED), OutboxState.SENT), else_=OutboxRow.state)
            values["sent_at"] = func.coalesce(OutboxRow.sent_at, at)
            values["error"] = case((OutboxRow.state.in_(DOUBTED), None), else_=OutboxRow.error)
        if progress in SEEN:
            values["read_at"] = _earliest(OutboxRow.read_at, at)
        if not values:
            return await self._known(address, platform_id)
        told = update(OutboxRow).where(*_told_of(address, platform_id)).values(**values)
        return (await self._session.scalars(told.returning(OutboxRow.id))).first() is not None

    async def _known(self, address: Address, platform_id: str) -> bool:
        found = select(OutboxRow.id).where(*_told_of(address, platform_id)).limit(1)
        return await self._session.scalar(found) is not None

    async def taken_up_again(
        self, address: Address, platform_id: str, now: datetime
    ) -> ClaimedDelivery | None:
        """The row, as if it were being sent, for what was taken for sent has failed; None unless it is SENT and
        nothing better is known of it. To be settled in the same transaction."""
        row = (
            await self._session.execute(
                update(OutboxRow)
                .where(
                    *_told_of(address, platform_id),
                    OutboxRow.state == OutboxState.SENT,
                    OutboxRow.delivered_at.is_(None),
                )
                .values(state=OutboxState.SENDING, claimed_at=now)
                .returning(OutboxRow)
            )
        ).scalar_one_or_none()
        if row is None:
            return None
        shared = await self._session.scalar(select(ContentRow.body).where(ContentRow.id == row.content_id))
        return _claimed(row, {**(shared or {}), **(row.body or {})})


def _earliest(known: Any, at: datetime) -> ColumnElement[datetime]:
    earliest: ColumnElement[datetime] = func.least(func.coalesce(known, at), at)
    return earliest


def _told_of(address: Address, platform_id: str) -> tuple[ColumnElement[bool], ...]:
    """By the platform's id alone: the person may have another address by now."""
    return OutboxRow.channel == address.channel, OutboxRow.platform_id == platform_id


def _claimed(row: OutboxRow | Row[Any], said: dict[str, Any]) -> ClaimedDelivery:
    address = Address(row.channel, row.chat_id, row.thread_id)
    message = message_of(address, Kind(row.kind), said)
    first = row.first_claimed_at
    assert first is not None
    return ClaimedDelivery(row.id, message, row.attempts, row.doubts, row.due_at, first)
