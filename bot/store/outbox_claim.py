"""The statements that hand outgoing rows to senders and settle them; the order of sending lives here."""

from datetime import timedelta
from typing import Any

from sqlalchemy import (
    ARRAY,
    CTE,
    BigInteger,
    ColumnElement,
    ScalarSelect,
    Select,
    Subquery,
    Text,
    Update,
    and_,
    bindparam,
    case,
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

from bot.messages import Kind
from bot.store.base import UtcTimestamp
from bot.store.tables import ContentRow, IdentityRow, OutboxRow, OutboxState, PersonRow

REPLIES, REMINDERS, ANNOUNCEMENTS = 0, 1, 2

MOST_ALIKE = 20
"""Identical texts to one chat in `LOOP_SPAN`; the next is taken for a loop."""
LOOP_SPAN = timedelta(minutes=5)
LOOKED_AT = 100
"""Latest rows of a chat among which identical texts are counted."""

# Written out rather than bound, so that the planner sees that the partial indexes apply.
_WAITING: ColumnElement[str] = literal_column(f"'{OutboxState.WAITING}'")
_SENDING: ColumnElement[str] = literal_column(f"'{OutboxState.SENDING}'")
_now = bindparam("now", type_=UtcTimestamp())
_lately = bindparam("lately", type_=UtcTimestamp())
_replies = bindparam("replies", type_=BigInteger())
_bulk = bindparam("bulk", type_=BigInteger())
_channel = bindparam("on_channel", type_=Text())
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


def _due(priority: int, limit: ColumnElement[int]) -> CTE:
    """One kind at a time: a short walk along its part of the index, however much of the others waits."""
    return (
        select(OutboxRow.id)
        .where(
            OutboxRow.state == _WAITING,
            OutboxRow.priority == literal_column(str(priority)),
            OutboxRow.due_at <= _now,
            OutboxRow.channel == _channel,
            ~_behind,
        )
        .order_by(OutboxRow.due_at, OutboxRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=OutboxRow)
        .cte(f"due_{priority}")
    )


_named, _owner = aliased(PersonRow), aliased(PersonRow)
_changed, _earlier = aliased(OutboxRow), aliased(OutboxRow)


def _unwanted(person: type[PersonRow]) -> ColumnElement[bool]:
    """A notice about a training (source "training:…") also reaches who turned reminders off."""
    reminder = (OutboxRow.kind == Kind.REMINDER) & func.coalesce(OutboxRow.source, "").not_like("training:%")
    return person.stopped_at.is_not(None) | (reminder & person.reminders_off_at.is_not(None))


def _said(row: type[OutboxRow], content: type[ContentRow]) -> ColumnElement[str]:
    return func.coalesce(row.body["text"].astext, content.body["text"].astext)


def _alike() -> ScalarSelect[int]:
    """How often this text went to this chat lately; a change of an earlier message is no new one."""
    content = aliased(ContentRow)
    latest = (
        select(_earlier.sent_at, _said(_earlier, content).label("text"))
        .select_from(_earlier)
        .outerjoin(content, content.id == _earlier.content_id)
        .where(
            _earlier.channel == OutboxRow.channel,
            _earlier.chat_id == OutboxRow.chat_id,
            OutboxRow.changes_id.is_(None),
            _earlier.changes_id.is_(None),
        )
        .order_by(_earlier.id.desc())
        .limit(LOOKED_AT)
        .correlate(OutboxRow)
        .lateral("latest")
    )
    return (
        select(func.count())
        .select_from(latest)
        .where(latest.c.sent_at > _lately, latest.c.text == _said(OutboxRow, ContentRow))
        .correlate(OutboxRow, ContentRow)
        .scalar_subquery()
    )


def _facts(picked: Subquery) -> Select[Any]:
    """What else matters of the rows picked: shared content, and whether the person wants such a message.

    Looked up for the person the row names and for the one whose chat it is: accounts may have been linked.
    """
    bulk = OutboxRow.kind != Kind.REPLY
    return (
        select(
            OutboxRow.id,
            ContentRow.body.label("content"),
            (_unwanted(_named) | _unwanted(_owner)).label("unwanted"),
            _changed.platform_id.label("changes"),
            _alike().label("alike"),
            case((_owner.id.is_not(None), _owner.quiet_from), else_=_named.quiet_from).label("quiet_from"),
            case((_owner.id.is_not(None), _owner.quiet_until), else_=_named.quiet_until).label("quiet_until"),
        )
        .select_from(picked)
        .join(OutboxRow, OutboxRow.id == picked.c.id)
        .outerjoin(ContentRow, ContentRow.id == OutboxRow.content_id)
        .outerjoin(_changed, _changed.id == OutboxRow.changes_id)
        .outerjoin(_named, bulk & (_named.id == OutboxRow.person_id))
        .outerjoin(
            IdentityRow,
            bulk
            & (IdentityRow.channel == OutboxRow.channel)
            & (IdentityRow.external_id == OutboxRow.chat_id),
        )
        .outerjoin(_owner, _owner.id == IdentityRow.person_id)
    )


def _claim() -> Update:
    # UNION ALL reads its branches one after the other, so rows beyond the limit are never locked.
    unasked = union_all(select(_due(REMINDERS, _bulk).c.id), select(_due(ANNOUNCEMENTS, _bulk).c.id)).limit(
        _bulk
    )
    picked = union_all(
        select(_due(REPLIES, _replies).c.id), select(unasked.subquery("unasked").c.id)
    ).subquery("picked")
    facts = _facts(picked).subquery("facts")
    return (
        update(OutboxRow)
        .where(OutboxRow.id == facts.c.id)
        .values(
            state=case(
                (OutboxRow.expires_at <= _now, OutboxState.EXPIRED),
                (facts.c.unwanted, OutboxState.STOPPED),
                (facts.c.alike >= MOST_ALIKE, OutboxState.LOOPING),
                # What it changes never arrived: there is nothing to change.
                (OutboxRow.changes_id.is_not(None) & facts.c.changes.is_(None), OutboxState.CANCELLED),
                else_=OutboxState.SENDING,
            ),
            claimed_at=_now,
            first_claimed_at=func.coalesce(OutboxRow.first_claimed_at, _now),
        )
        .returning(
            facts.c.content,
            facts.c.changes,
            facts.c.quiet_from,
            facts.c.quiet_until,
            OutboxRow.expires_at,
            OutboxRow.exact,
            OutboxRow.state,
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


NESTED = select(
    func.set_config("enable_seqscan", "off", True),
    func.set_config("enable_hashjoin", "off", True),
    func.set_config("enable_mergejoin", "off", True),
)
"""For the rest of a transaction: a claim takes few rows of very many, whatever the planner expects of a LIMIT
it does not know; else it reads the whole table."""

CLAIM = _claim()
SENT = _sent()
