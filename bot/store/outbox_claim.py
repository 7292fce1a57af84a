"""The statements that hand outgoing rows to senders and settle them; the order of sending lives here."""

from sqlalchemy import (
    ARRAY,
    CTE,
    BigInteger,
    ColumnElement,
    Text,
    Update,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    union_all,
    update,
)
from sqlalchemy.orm import aliased

from bot.store.base import UtcTimestamp
from bot.store.tables import OutboxRow, OutboxState

PRIORITIES = (0, 1, 2)

# Written out rather than bound, so that the planner sees that the partial indexes apply.
_WAITING: ColumnElement[str] = literal_column(f"'{OutboxState.WAITING}'")
_SENDING: ColumnElement[str] = literal_column(f"'{OutboxState.SENDING}'")
_now = bindparam("now", type_=UtcTimestamp())
_limit = bindparam("limit", type_=BigInteger())
_channels = bindparam("channels", type_=ARRAY(Text))
_other = aliased(OutboxRow)

# A row waits behind a row of its chat that is being sent, and behind one of the same or better priority that
# came before it and is due, or was tried already and will be again: a retry is not overtaken.
_behind = (
    exists()
    .where(
        _other.channel == OutboxRow.channel,
        _other.chat_id == OutboxRow.chat_id,
        _other.state.in_([_WAITING, _SENDING]),
        or_(
            _other.state == _SENDING,
            and_(
                tuple_(_other.priority, _other.id) < tuple_(OutboxRow.priority, OutboxRow.id),
                or_(_other.due_at <= _now, _other.claimed_at.is_not(None)),
            ),
        ),
    )
    .correlate(OutboxRow)
)


def _due(priority: int) -> CTE:
    """One kind at a time: a short walk along its part of the index, however much of the others waits."""
    return (
        select(OutboxRow.id)
        .where(
            OutboxRow.state == _WAITING,
            OutboxRow.priority == literal_column(str(priority)),
            OutboxRow.due_at <= _now,
            OutboxRow.channel == func.any(_channels),
            ~_behind,
        )
        .order_by(OutboxRow.due_at, OutboxRow.id)
        .limit(_limit)
        .with_for_update(skip_locked=True, of=OutboxRow)
        .cte(f"due_{priority}")
    )


def _claim() -> Update:
    # UNION ALL reads its branches one after the other, so rows beyond the limit are never locked.
    picked = (
        union_all(*(select(_due(priority).c.id) for priority in PRIORITIES)).limit(_limit).subquery("picked")
    )
    return (
        update(OutboxRow)
        .where(OutboxRow.id == picked.c.id)
        .values(
            state=OutboxState.SENDING,
            claimed_at=_now,
            first_claimed_at=func.coalesce(OutboxRow.first_claimed_at, _now),
        )
        .returning(
            OutboxRow.id,
            OutboxRow.channel,
            OutboxRow.chat_id,
            OutboxRow.thread_id,
            OutboxRow.kind,
            OutboxRow.priority,
            OutboxRow.body,
            OutboxRow.attempts,
            OutboxRow.doubts,
            OutboxRow.due_at,
            OutboxRow.first_claimed_at,
        )
    )


def _sent() -> Update:
    done = func.unnest(
        bindparam("ids", type_=ARRAY(BigInteger)), bindparam("platform_ids", type_=ARRAY(Text))
    )
    rows = done.table_valued("id", "platform_id", name="done", joins_implicitly=True).render_derived()
    return (
        update(OutboxRow)
        .where(OutboxRow.id == rows.c.id, OutboxRow.state == _SENDING)
        .values(state=OutboxState.SENT, platform_id=rows.c.platform_id, sent_at=_now, error=None)
    )


CLAIM = _claim()
SENT = _sent()
