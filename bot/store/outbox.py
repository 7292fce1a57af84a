"""The queue of outgoing messages: committed with what caused them, claimed in order, settled once."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Row,
    Text,
    Update,
    bindparam,
    case,
    cast,
    func,
    literal,
    select,
    true,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from bot.messages import Address, Button, Kind, Outgoing
from bot.store import outbox_claim
from bot.store.base import UtcTimestamp
from bot.store.bell_names import WEB_NEWS
from bot.store.inbox import Backlog
from bot.store.outbox_changes import ChangedRows, changing
from bot.store.outbox_receipts import ToldRows
from bot.store.outbox_rows import (
    MOST_CRASHES,
    PRIORITY,
    SENT_AGAIN,
    ClaimedDelivery,
    NewDelivery,
    PastDelivery,
    Settled,
    Step,
    Taken,
    attachment_of,
    buttons_of,
    message_of,
    stored_body,
)
from bot.store.outbox_sources import SourcedRows
from bot.store.tables import ContentRow, IdentityRow, OutboxRow, OutboxState

__all__ = ["ClaimedDelivery", "NewDelivery", "Outbox", "PastDelivery", "Settled", "Step"]


MOST_AT_ONCE = 500
"""Rows of one INSERT: PostgreSQL takes 32,767 parameters, and each row has about 15."""


class Outbox(SourcedRows, ChangedRows, ToldRows):
    async def add(self, deliveries: Sequence[NewDelivery], now: datetime) -> list[int]:
        """Queue messages in this order and wake the senders at commit; gives the ids of the new ones.

        Those whose source and recipient are queued already (in whatever state) are skipped.
        """
        ids: list[int] = []
        for first in range(0, len(deliveries), MOST_AT_ONCE):
            ids += await self._add(deliveries[first : first + MOST_AT_ONCE], now)
        return ids

    async def _add(self, deliveries: Sequence[NewDelivery], now: datetime) -> list[int]:
        rows = [_columns(d, now) for d in deliveries]
        if len(rows) == 1:  # the reply of a turn
            return list(await self._session.scalars(_ADDED, rows[0]))
        return list(await self._session.scalars(_ADDED.values(rows)))

    async def claim(self, channels: Iterable[str], now: datetime, limit: int) -> list[ClaimedDelivery]:
        """Mark due rows as being sent: replies first, one a chat at most, in the order of the chat.

        Rows met that are over their time, or that their person wants no more, end here.
        """
        taken: list[Taken] = []
        for name in channels:
            taken += await self.take(name, now, limit - len(taken), 0)
            taken += await self.take(name, now, 0, limit - len(taken))
        return [row.delivery for row in taken if row.state is OutboxState.SENDING]

    async def take(self, channel: str, now: datetime, replies: int, bulk: int) -> list[Taken]:
        """As `claim`, of one channel, with limits apart for replies and for what is sent unasked.

        Gives all rows met, also those that ended here.
        """
        await self._session.execute(outbox_claim.NESTED)
        lately = now - outbox_claim.LOOP_SPAN
        which = {"now": now, "lately": lately, "on_channel": channel, "replies": replies, "bulk": bulk}
        rows = await self._session.execute(outbox_claim.CLAIM, which)
        return [_taken(row) for row in sorted(rows, key=lambda row: (row.priority, row.id))]

    async def settle(self, outcomes: Sequence[Settled], now: datetime) -> None:
        """Record what became of claimed rows, all kinds of outcomes in one call."""
        await self._settle_sent([o for o in outcomes if o.step is Step.SENT], now)
        for outcome in outcomes:
            if outcome.step is not Step.SENT:
                await self._session.execute(_settling(outcome))

    async def resume(
        self, claimed_before: datetime, now: datetime, channel: str | None = None, flying: Sequence[int] = ()
    ) -> int:
        """Take back rows whose sender is gone (claimed before that moment, not settled); gives how many.

        Of one channel or of all, but for those `flying`. Each is sent again, whatever its kind: that may
        repeat it, but the death of a process must not cost anybody a message.
        """
        doubt = Settled(0, Step.DOUBT, due_at=now, error="the sender stopped before it knew")
        mine = [] if channel is None else [OutboxRow.channel == channel]
        again = case((OutboxRow.doubts < MOST_CRASHES, OutboxState.WAITING), else_=OutboxState.UNKNOWN)
        taken = await self._session.scalars(
            update(OutboxRow)
            .where(
                OutboxRow.state == OutboxState.SENDING,
                OutboxRow.claimed_at < claimed_before,
                OutboxRow.id.not_in(flying),
                *mine,
            )
            .values(**_doubt_values(doubt) | {"state": again})
            .returning(OutboxRow.id)
        )
        return len(taken.all())

    async def give_up_chat(self, address: Address, error: str) -> int:
        """The chat cannot be written to: nothing else that waits for it is tried; gives how many."""
        dropped = await self._session.scalars(
            update(OutboxRow)
            .where(*_chat(address.channel, address.chat_id), OutboxRow.state == OutboxState.WAITING)
            .values(state=OutboxState.UNREACHABLE, error=error)
            .returning(OutboxRow.id)
        )
        return len(dropped.all())

    async def reroute(self, address: Address, row_id: int, channels: Sequence[str], now: datetime) -> int:
        """What waits unasked for a chat that cannot be written to, and this row of it: to the person's other
        account on one of these channels (best first) that can; gives how many rows took another way.
        """
        mine, other = aliased(IdentityRow), aliased(IdentityRow)
        way = (
            select(other.channel, other.external_id)
            .where(
                other.person_id == func.coalesce(mine.person_id, OutboxRow.person_id),
                other.reachable,
                other.channel.in_(channels),
                tuple_(other.channel, other.external_id) != (address.channel, address.chat_id),
            )
            .order_by(func.array_position(literal(list(channels), ARRAY(Text)), other.channel))
            .limit(1)
            .correlate(mine, OutboxRow)
            .lateral("way")
        )
        rows = (
            select(OutboxRow.id, way.c.channel, way.c.external_id)
            .select_from(OutboxRow)
            .outerjoin(mine, (mine.channel == OutboxRow.channel) & (mine.external_id == OutboxRow.chat_id))
            .join(way, true())
            .where(
                *_chat(address.channel, address.chat_id),
                OutboxRow.kind != Kind.REPLY,
                OutboxRow.changes_id.is_(None),
                (OutboxRow.state == OutboxState.WAITING)
                | ((OutboxRow.id == row_id) & (OutboxRow.state == OutboxState.SENDING)),
            )
            .subquery("rows")
        )
        moved = await self._session.scalars(
            update(OutboxRow)
            .where(OutboxRow.id == rows.c.id)
            .values(
                channel=rows.c.channel,
                chat_id=rows.c.external_id,
                thread_id=None,
                state=OutboxState.WAITING,
                due_at=func.greatest(OutboxRow.due_at, now),
            )
            .returning(OutboxRow.id)
        )
        return len(moved.all())

    async def rename_chat(self, channel: str, old_chat: str, new_chat: str) -> None:
        """All rows, so that the history follows too."""
        await self._session.execute(
            update(OutboxRow).where(*_chat(channel, old_chat)).values(chat_id=new_chat)
        )

    async def history(
        self, channel: str, chat_id: str, after_id: int = 0, limit: int = 50
    ) -> list[PastDelivery]:
        """What this chat shows, as it is now, oldest first: the last `limit` after `after_id`."""
        rows = await self._session.execute(
            select(
                OutboxRow.id,
                OutboxRow.body,
                ContentRow.body.label("content"),
                OutboxRow.state,
                OutboxRow.created_at,
                OutboxRow.edited_at,
            )
            .outerjoin(ContentRow, ContentRow.id == OutboxRow.content_id)
            .where(
                *_chat(channel, chat_id),
                OutboxRow.id > after_id,
                OutboxRow.changes_id.is_(None),
                OutboxRow.withdrawn_at.is_(None),
            )
            .order_by(OutboxRow.id.desc())
            .limit(limit)
        )
        return [_past(row) for row in reversed(rows.all())]

    async def written_to(self, address: Address, delivery_id: int) -> tuple[str | None, Outgoing] | None:
        """What was written to this chat under that number, whole, and what it belongs to; None for another chat's,
        and for what was taken back."""
        row = (
            await self._session.execute(
                select(OutboxRow.source, OutboxRow.kind, OutboxRow.body, ContentRow.body.label("content"))
                .outerjoin(ContentRow, ContentRow.id == OutboxRow.content_id)
                .where(
                    *_chat(address.channel, address.chat_id),
                    OutboxRow.id == delivery_id,
                    OutboxRow.withdrawn_at.is_(None),
                )
            )
        ).one_or_none()
        return None if row is None else (row.source, message_of(address, Kind(row.kind), _said(row)))

    async def unasked(self, address: Address, since: datetime | None) -> tuple[Button, ...]:
        """The buttons of the last reminder, notice or announcement written to this chat after `since`."""
        wanted = {"channel": address.channel, "chat_id": address.chat_id, "since": since or _EVER}
        row = (await self._session.execute(_UNASKED, wanted)).first()
        return () if row is None else buttons_of({"buttons": [], **(row.content or {}), **(row.body or {})})

    async def backlog(self, now: datetime) -> dict[Kind, Backlog]:
        """What is due or being sent, by kind."""
        rows = await self._session.execute(
            select(OutboxRow.kind, func.count(), func.min(OutboxRow.due_at))
            .where(OutboxRow.state.in_([OutboxState.WAITING, OutboxState.SENDING]), OutboxRow.due_at <= now)
            .group_by(OutboxRow.kind)
        )
        found = {Kind(kind): Backlog(depth, (now - oldest).total_seconds()) for kind, depth, oldest in rows}
        return {kind: found.get(kind, Backlog(0, 0.0)) for kind in Kind}

    async def state_of(self, delivery_id: int) -> OutboxState | None:
        state = await self._session.scalar(select(OutboxRow.state).where(OutboxRow.id == delivery_id))
        return None if state is None else OutboxState(state)

    async def _settle_sent(self, outcomes: Sequence[Settled], now: datetime) -> None:
        if outcomes:
            await self._session.execute(
                outbox_claim.SENT,
                {
                    "ids": [outcome.id for outcome in outcomes],
                    "platform_ids": [outcome.platform_id for outcome in outcomes],
                    "now": now,
                },
            )


def _settling(outcome: Settled) -> Update:
    """Only a row still being sent is settled: one taken back meanwhile has another sender."""
    mine = update(OutboxRow).where(OutboxRow.id == outcome.id, OutboxRow.state == OutboxState.SENDING)
    match outcome.step:
        case Step.RETRY:
            return mine.values(
                state=OutboxState.WAITING,
                due_at=outcome.due_at,
                attempts=OutboxRow.attempts + int(outcome.burnt),
                error=outcome.error,
            )
        case Step.PUT_OFF:
            untried = OutboxRow.first_claimed_at == OutboxRow.claimed_at
            return mine.values(
                state=OutboxState.WAITING,
                due_at=outcome.due_at,
                claimed_at=OutboxRow.claimed_at if outcome.burnt else None,
                first_claimed_at=case((untried, None), else_=OutboxRow.first_claimed_at),
            )
        case Step.DOUBT:
            return mine.values(**_doubt_values(outcome))
        case Step.UNREACHABLE:
            return mine.values(state=OutboxState.UNREACHABLE, error=outcome.error)
        case _:
            return mine.values(state=OutboxState.FAILED, attempts=OutboxRow.attempts + 1, error=outcome.error)


def _doubt_values(outcome: Settled) -> dict[str, Any]:
    again = OutboxRow.kind.in_(SENT_AGAIN) & (OutboxRow.doubts == 0)
    return {
        "state": case((again, OutboxState.WAITING), else_=OutboxState.UNKNOWN),
        "due_at": outcome.due_at,
        "doubts": OutboxRow.doubts + 1,
        "attempts": OutboxRow.attempts + 1,
        "error": outcome.error,
    }


def _chat(channel: str, chat_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return OutboxRow.channel == channel, OutboxRow.chat_id == chat_id


# Statements of every turn are built once: see bot/store/inbox.py.
_ADDED = (
    insert(OutboxRow.metadata.tables[OutboxRow.__tablename__])
    .on_conflict_do_nothing()
    # The bell is rung by the insert itself: one round trip, and PostgreSQL makes one of equal rings.
    .returning(
        OutboxRow.id,
        func.pg_notify("outbox", ""),
        case((OutboxRow.channel == "web", cast(func.pg_notify(WEB_NEWS, OutboxRow.chat_id), Text))),
    )
)
_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_UNASKED = (
    select(OutboxRow.body, ContentRow.body.label("content"))
    .outerjoin(ContentRow, ContentRow.id == OutboxRow.content_id)
    .where(
        OutboxRow.channel == bindparam("channel"),
        OutboxRow.chat_id == bindparam("chat_id"),
        OutboxRow.source.is_not(None),
        OutboxRow.state.in_(
            [OutboxState.WAITING, OutboxState.SENDING, OutboxState.SENT, OutboxState.UNKNOWN]
        ),
        OutboxRow.created_at > bindparam("since", type_=UtcTimestamp()),
    )
    .order_by(OutboxRow.id.desc())
    .limit(1)
)


def _columns(delivery: NewDelivery, now: datetime) -> dict[str, Any]:
    message = delivery.message
    return {
        "channel": message.address.channel,
        "chat_id": message.address.chat_id,
        "thread_id": message.address.thread_id,
        "kind": message.kind,
        "priority": PRIORITY[message.kind],
        "body": stored_body(message),
        "due_at": delivery.due_at,
        "conversation_key": delivery.conversation_key,
        "incoming_id": delivery.incoming_id,
        "source": delivery.source,
        "recipient": delivery.recipient,
        "person_id": delivery.person_id,
        "expires_at": delivery.expires_at,
        "exact": delivery.exact,
        "created_at": now,
    }


def _said(row: Row[Any]) -> dict[str, Any]:
    """The shared content, overlaid with the row's own body."""
    return {**(row.content or {}), **(row.body or {})}


def _past(row: Row[Any]) -> PastDelivery:
    said = _said(row)
    return PastDelivery(
        row.id,
        said["text"],
        buttons_of(said),
        OutboxState(row.state),
        row.created_at,
        attachment_of(said),
        row.edited_at is not None,
    )


def _taken(row: Row[Any]) -> Taken:
    quiet = None if row.quiet_from is None or row.quiet_until is None else (row.quiet_from, row.quiet_until)
    return Taken(_claimed(row), OutboxState(row.state), quiet, row.expires_at, row.exact)


def _claimed(row: Row[Any]) -> ClaimedDelivery:
    address = Address(row.channel, row.chat_id, row.thread_id)
    said = _said(row)
    message = changing(message_of(address, Kind(row.kind), said), row.changes, said)
    return ClaimedDelivery(row.id, message, row.attempts, row.doubts, row.due_at, row.first_claimed_at)
