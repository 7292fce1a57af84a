"""Outgoing rows by what they belong to: queued in bulk from a query, cancelled, counted, listed."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Select, Text, cast, func, literal, select, update
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import TypeEngine

from bot.messages import Address, Kind, Outgoing
from bot.store.base import UtcTimestamp
from bot.store.outbox_rows import PRIORITY, stored_body
from bot.store.tables import ContentRow, OutboxRow, OutboxState

RECIPIENT: dict[str, TypeEngine[Any]] = {
    "recipient": Text(),
    "channel": Text(),
    "chat_id": Text(),
    "thread_id": Text(),
    "person_id": BigInteger(),
    "content_id": BigInteger(),
    "body": JSONB(none_as_null=True),
}
"""What a query of recipients selects besides `position`."""
STREAMED = 500
"""Rows held in memory at a time while reading many."""


@dataclass(frozen=True, slots=True)
class Bulk:
    """What all rows of one bulk have in common; see `NewDelivery` for the words."""

    source: str
    kind: Kind
    due_at: datetime
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Chunk:
    """One step of queueing in bulk: `read` recipients up to position `last`, `added` of them new."""

    last: int
    read: int
    added: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows of a source are in this state, for this reason, on this channel; of them, as far as the
    platform tells, how many are known to have arrived and to have been read."""

    channel: str
    state: OutboxState
    reason: str | None
    count: int
    arrived: int = 0
    read: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row of a source. `platform_id` is what edits and withdrawals name."""

    id: int
    recipient: str
    person_id: int | None
    address: Address
    state: OutboxState
    reason: str | None
    platform_id: str | None
    sent_at: datetime | None


class SourcedRows:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add_content(self, message: Outgoing, now: datetime) -> int:
        """Keep what many rows will say; the address and the kind of `message` do not count."""
        added = await self._session.scalars(
            insert(ContentRow).values(body=stored_body(message), created_at=now).returning(ContentRow.id)
        )
        return added.one()

    async def add_bulk(
        self,
        bulk: Bulk,
        recipients: Select[*tuple[Any, ...]],
        now: datetime,
        *,
        after: int = 0,
        limit: int = 5000,
    ) -> Chunk | None:
        """Queue the next `limit` recipients whose position is over `after`; None when there are no more.

        `recipients` selects the columns of `RECIPIENT` by their names, NULL where there is nothing, one row a
        position; `body` overlays the content. Position is a whole number over 0 with an index (a person's id),
        so that each step reads only its own rows. Commit each chunk; begin again anywhere after a crash:
        whoever is queued is not queued again.
        """
        source = recipients.subquery("recipients")
        chunk = (
            select(
                source.c.position,
                *(cast(source.c[name], kind).label(name) for name, kind in RECIPIENT.items()),
            )
            .where(source.c.position > after)
            .order_by(source.c.position)
            .limit(limit)
        )
        read = chunk.cte("chunk")
        shared = {
            "source": literal(bulk.source),
            "kind": literal(bulk.kind.value),
            "priority": literal(PRIORITY[bulk.kind]),
            "due_at": literal(bulk.due_at, UtcTimestamp()),
            "expires_at": literal(bulk.expires_at, UtcTimestamp()),
            "created_at": literal(now, UtcTimestamp()),
        }
        rows = select(*(read.c[name] for name in RECIPIENT), *shared.values()).order_by(read.c.position)
        added = (
            insert(OutboxRow)
            .from_select([*RECIPIENT, *shared], rows)
            .on_conflict_do_nothing()
            .returning(OutboxRow.id)
            .cte("added")
        )
        last, count, new = (
            await self._session.execute(
                select(
                    select(func.max(read.c.position)).scalar_subquery(),
                    select(func.count()).select_from(read).scalar_subquery(),
                    select(func.count()).select_from(added).scalar_subquery(),
                )
            )
        ).one()
        if not count:
            return None
        if after == 0 or count < limit:
            # A table that has grown this much needs new statistics at once: claims were 50 times slower without.
            await self._session.execute(sql("ANALYZE outbox"))
        await self._session.execute(select(func.pg_notify("outbox", "")))
        return Chunk(last, count, new)

    async def cancel(self, source: str) -> int:
        """Rows not sent yet never will be; what is being sent is beyond recall. Gives how many."""
        cancelled = await self._session.execute(
            update(OutboxRow)
            .where(OutboxRow.source == source, OutboxRow.state == OutboxState.WAITING)
            .values(state=OutboxState.CANCELLED)
        )
        return int(cancelled.rowcount)  # type: ignore[attr-defined]

    async def waiting_sources(self, like: str) -> list[str]:
        """Sources of this pattern (SQL LIKE) with rows that wait, those queued last first."""
        rows = await self._session.scalars(
            select(OutboxRow.source)
            .where(OutboxRow.state == OutboxState.WAITING, OutboxRow.source.like(like))
            .group_by(OutboxRow.source)
            .order_by(func.max(OutboxRow.id).desc())
        )
        return [source for source in rows if source is not None]

    async def tally(self, source: str) -> list[Tally]:
        rows = await self._session.execute(
            select(
                OutboxRow.channel,
                OutboxRow.state,
                OutboxRow.error,
                func.count(),
                func.count(OutboxRow.delivered_at),
                func.count(OutboxRow.read_at),
            )
            .where(OutboxRow.source == source)
            .group_by(OutboxRow.channel, OutboxRow.state, OutboxRow.error)
            .order_by(OutboxRow.channel, OutboxRow.state, OutboxRow.error)
        )
        return [
            Tally(channel, OutboxState(state), error, count, arrived, read)
            for channel, state, error, count, arrived, read in rows
        ]

    async def of(self, source: str, states: Iterable[OutboxState]) -> AsyncIterator[Outcome]:
        """The rows of a source in these states, streamed, in the order of their recipients' names."""
        rows = await self._session.stream(
            select(
                OutboxRow.id,
                OutboxRow.recipient,
                OutboxRow.person_id,
                OutboxRow.channel,
                OutboxRow.chat_id,
                OutboxRow.thread_id,
                OutboxRow.state,
                OutboxRow.error,
                OutboxRow.platform_id,
                OutboxRow.sent_at,
            )
            .where(OutboxRow.source == source, OutboxRow.state.in_(list(states)))
            .order_by(OutboxRow.recipient),
            execution_options={"yield_per": STREAMED},
        )
        async for row in rows:
            address = Address(row.channel, row.chat_id, row.thread_id)
            state = OutboxState(row.state)
            assert row.recipient is not None
            yield Outcome(
                row.id, row.recipient, row.person_id, address, state, row.error, row.platform_id, row.sent_at
            )
