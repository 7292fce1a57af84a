"""The queue of incoming messages: stored once each, claimed in order, one at a time per conversation."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Text,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.store.base import UtcTimestamp
from bot.store.tables import IncomingRow, IncomingState, OutboxRow, OutboxState


@dataclass(frozen=True, slots=True)
class NewIncoming:
    """One event to store. Rows of one `conversation_key` are handled in order; without one, independently."""

    external_id: str
    payload: dict[str, Any]
    received_at: datetime
    conversation_key: str | None = None
    state: IncomingState = IncomingState.WAITING
    error: str | None = None


@dataclass(frozen=True, slots=True)
class ClaimedIncoming:
    """`attempts` counts the failures before this one."""

    id: int
    channel: str
    external_id: str
    conversation_key: str | None
    payload: dict[str, Any]
    received_at: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class PastIncoming:
    id: int
    payload: dict[str, Any]
    received_at: datetime
    state: IncomingState


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much waits, and for how long the oldest has been due, in seconds."""

    depth: int
    oldest_seconds: float


class IncomingMessages:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def store(self, channel: str, rows: Sequence[NewIncoming]) -> int:
        """Store what is not yet known and wake the workers at commit; gives how many were new."""
        if not rows:
            return 0
        values = [
            {
                "channel": channel,
                "external_id": row.external_id,
                "conversation_key": row.conversation_key,
                "payload": row.payload,
                "received_at": row.received_at,
                "due_at": row.received_at,
                "state": row.state,
                "error": row.error,
            }
            for row in rows
        ]
        statement = (
            insert(IncomingRow)
            .values(values if len(values) > 1 else values[0])  # compiled once only if it is one row
            .on_conflict_do_nothing()
            .returning(IncomingRow.id, func.pg_notify("incoming", ""))
        )
        return len((await self._session.scalars(statement)).all())

    async def claim(self, now: datetime, channels: Iterable[str]) -> ClaimedIncoming | None:
        """Lock the oldest due row whose conversation has none before it, until the transaction ends.

        Only of these channels: a process beside this one may serve others.
        """
        row = (await self._session.execute(_CLAIM, {"now": now, "channels": list(channels)})).one_or_none()
        return None if row is None else ClaimedIncoming(*row)

    async def handled(self, incoming_id: int, now: datetime) -> None:
        await self._session.execute(_HANDLED, {"incoming_id": incoming_id, "now": now})

    async def ignored(self, incoming_id: int, now: datetime) -> None:
        await self._finish(incoming_id, IncomingState.IGNORED, now)

    async def quarantined(self, incoming_id: int, reason: str, now: datetime) -> None:
        await self._finish(incoming_id, IncomingState.QUARANTINED, now, error=reason)

    async def set_aside(self, incoming_id: int, error: str, now: datetime) -> None:
        """Tried too often: out of the way of what follows, kept for people to look at."""
        await self._finish(
            incoming_id, IncomingState.SET_ASIDE, now, error=error, attempts=IncomingRow.attempts + 1
        )

    async def failed(self, incoming_id: int, error: str, due_at: datetime) -> None:
        """Keep it waiting until `due_at`; what its conversation wrote later waits behind it."""
        await self._session.execute(
            update(IncomingRow)
            .where(IncomingRow.id == incoming_id, IncomingRow.state == IncomingState.WAITING)
            .values(attempts=IncomingRow.attempts + 1, error=error, due_at=due_at)
        )

    async def history(self, conversation_key: str, after_id: int = 0, limit: int = 50) -> list[PastIncoming]:
        """What this conversation wrote, oldest first: the last `limit` after `after_id`."""
        rows = await self._session.execute(
            select(IncomingRow.id, IncomingRow.payload, IncomingRow.received_at, IncomingRow.state)
            .where(IncomingRow.conversation_key == conversation_key, IncomingRow.id > after_id)
            .order_by(IncomingRow.id.desc())
            .limit(limit)
        )
        return [
            PastIncoming(r.id, r.payload, r.received_at, IncomingState(r.state)) for r in reversed(rows.all())
        ]

    async def backlog(self, now: datetime) -> Backlog:
        waiting = select(func.count(), func.min(IncomingRow.due_at)).where(
            IncomingRow.state == IncomingState.WAITING
        )
        depth, oldest = (await self._session.execute(waiting)).one()
        return Backlog(depth, 0.0 if oldest is None else max(0.0, (now - oldest).total_seconds()))

    async def since(self, conversation_key: str, moment: datetime) -> int:
        """How many events this conversation has sent since then."""
        return await self._session.scalar(_SINCE, {"key": conversation_key, "moment": moment}) or 0

    async def taken_back(self, channel: str, external_id: str, conversation_key: str) -> None:
        """The person deleted the message: its content goes, that there was one stays."""
        await self._session.execute(
            update(IncomingRow)
            .where(
                IncomingRow.channel == channel,
                IncomingRow.external_id == external_id,
                IncomingRow.conversation_key == conversation_key,
            )
            .values(payload={"taken_back": True})
        )

    async def settled(self, channel: str, external_id: str) -> bool:
        """Whether this event is done with and no reply to it still has to leave."""
        mine = (IncomingRow.channel == channel) & (IncomingRow.external_id == external_id)
        unsent = (
            select(OutboxRow.id)
            .where(
                OutboxRow.incoming_id == IncomingRow.id,
                OutboxRow.channel == channel,
                OutboxRow.state.in_([OutboxState.WAITING, OutboxState.SENDING]),
            )
            .exists()
        )
        open_ones = select(IncomingRow.id).where(mine, (IncomingRow.state == IncomingState.WAITING) | unsent)
        return await self._session.scalar(open_ones) is None

    async def count(self, state: IncomingState) -> int:
        counted = await self._session.scalar(select(func.count()).where(IncomingRow.state == state))
        return counted or 0

    async def _finish(self, incoming_id: int, state: IncomingState, now: datetime, **values: Any) -> None:
        await self._session.execute(
            update(IncomingRow)
            .where(IncomingRow.id == incoming_id)
            .values(state=state, handled_at=now, **values)
        )


# Statements of every turn are built once: with SQLAlchemy building one costs more than running it.
_NOW = bindparam("now", type_=UtcTimestamp())
_SINCE = select(func.count()).where(
    IncomingRow.conversation_key == bindparam("key"),
    IncomingRow.received_at >= bindparam("moment", type_=UtcTimestamp()),
)
_HANDLED = (
    update(IncomingRow)
    .where(IncomingRow.id == bindparam("incoming_id"))
    .values(state=IncomingState.HANDLED, handled_at=_NOW)
)
_earlier = aliased(IncomingRow)
# Written out rather than bound, so that the planner sees that the partial indexes apply.
_WAITING: ColumnElement[str] = literal_column(f"'{IncomingState.WAITING}'")
_CLAIM = (
    select(
        IncomingRow.id,
        IncomingRow.channel,
        IncomingRow.external_id,
        IncomingRow.conversation_key,
        IncomingRow.payload,
        IncomingRow.received_at,
        IncomingRow.attempts,
    )
    .where(
        IncomingRow.state == _WAITING,
        IncomingRow.due_at <= _NOW,
        IncomingRow.channel == func.any(bindparam("channels", type_=ARRAY(Text))),
        or_(
            IncomingRow.conversation_key.is_(None),
            ~exists()
            .where(
                _earlier.state == _WAITING,
                _earlier.conversation_key == IncomingRow.conversation_key,
                _earlier.id < IncomingRow.id,
            )
            .correlate(IncomingRow),
        ),
    )
    .order_by(IncomingRow.id)
    .limit(1)
    .with_for_update(skip_locked=True, of=IncomingRow)
)
