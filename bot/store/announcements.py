"""Announcements as rows: drafted, locked for each act, claimed when due, followed until all is settled."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.announcement import Announcement, Body, Link, Repeat, State, Timing
from bot.audiences import Audience, audience_from_json, audience_to_json
from bot.messages import Address, Attachment
from bot.store.announcement_tables import AnnouncementRow, JoinRow
from bot.store.tables import OutboxRow, OutboxState, PersonRow

LISTED = (
    State.DRAFT,
    State.PROPOSED,
    State.SCHEDULED,
    State.PAUSED,
    *(State.STARTING, State.SENDING, State.DONE),
)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one that started has come; see `AnnouncementRow`."""

    contents: Mapping[str, int]
    people_to: int
    chats_done: bool
    live_id: int | None
    live_shown: str | None


@dataclass(frozen=True, slots=True)
class Missed:
    """One whom a message did not reach; `name` only with their consent."""

    name: str | None
    recipient: str
    channel: str
    state: OutboxState
    reason: str | None


REACHED_OR_OPEN = (OutboxState.SENT, OutboxState.WAITING, OutboxState.SENDING)


class Announcements:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, new: Announcement, now: datetime, series: int | None = None) -> int:
        """Keep a new one; its id is given, that of `new` does not count."""
        added = await self._session.scalars(
            insert(AnnouncementRow)
            .values(
                code=new.code,
                state=new.state,
                body=_body_json(new.body),
                audience=audience_to_json(new.audience),
                timing=_timing_json(new.timing),
                created_by=new.created_by,
                approved_by=new.approved_by,
                report_to=asdict(new.report_to) | {"language": new.report_language},
                due_at=new.due_at,
                series=series,
                created_at=now,
                updated_at=now,
            )
            .returning(AnnouncementRow.id)
        )
        return added.one()

    async def get(self, announcement_id: int) -> Announcement | None:
        return await self._one(select(AnnouncementRow).where(AnnouncementRow.id == announcement_id))

    async def lock(self, announcement_id: int, *, wait: bool = True) -> Announcement | None:
        """Held until the transaction ends; without `wait`, None when somebody else holds it."""
        found = select(AnnouncementRow).where(AnnouncementRow.id == announcement_id)
        return await self._one(found.with_for_update(skip_locked=not wait))

    async def by_code(self, code: str) -> Announcement | None:
        return await self._one(select(AnnouncementRow).where(AnnouncementRow.code == code))

    async def latest(self, limit: int) -> Sequence[Announcement]:
        """Those not given up, the newest first."""
        rows = await self._session.scalars(
            select(AnnouncementRow)
            .where(AnnouncementRow.state.in_(LISTED))
            .order_by(AnnouncementRow.id.desc())
            .limit(limit)
        )
        return [_announcement(row) for row in rows]

    async def change(self, announcement_id: int, now: datetime, **values: Any) -> None:
        """Set fields: state, body, audience, timing, approved_by, due_at, created_by, report_to…"""
        written = {name: _WRITERS.get(name, lambda value: value)(value) for name, value in values.items()}
        await self._session.execute(
            update(AnnouncementRow)
            .where(AnnouncementRow.id == announcement_id)
            .values(updated_at=now, revision=AnnouncementRow.revision + 1, **written)
        )

    async def due(self, now: datetime) -> Sequence[int]:
        """Scheduled ones whose time has come, and those that were being started."""
        ids = await self._session.scalars(
            select(AnnouncementRow.id)
            .where(
                ((AnnouncementRow.state == State.SCHEDULED) & (AnnouncementRow.due_at <= now))
                | (AnnouncementRow.state == State.STARTING)
            )
            .order_by(AnnouncementRow.due_at, AnnouncementRow.id)
        )
        return ids.all()

    async def running(self) -> Sequence[int]:
        ids = await self._session.scalars(
            select(AnnouncementRow.id)
            .where(AnnouncementRow.state.in_([State.STARTING, State.SENDING]))
            .order_by(AnnouncementRow.id)
        )
        return ids.all()

    async def progress(self, announcement_id: int) -> Progress:
        row = await self._session.get_one(AnnouncementRow, announcement_id)
        return Progress(row.contents, row.people_to, row.chats_done, row.live_id, row.live_shown)

    async def note(self, announcement_id: int, **values: Any) -> None:
        """Set fields of `Progress` without counting as a change of the announcement."""
        await self._session.execute(
            update(AnnouncementRow).where(AnnouncementRow.id == announcement_id).values(**values)
        )

    async def join(self, announcement_id: int, person_id: int, now: datetime) -> bool:
        """False when they take part already."""
        added = await self._session.scalar(
            insert(JoinRow)
            .values(announcement_id=announcement_id, person_id=person_id, at=now)
            .on_conflict_do_nothing()
            .returning(JoinRow.person_id)
        )
        return added is not None

    async def joined(self, announcement_id: int) -> int:
        counted = select(func.count()).where(JoinRow.announcement_id == announcement_id)
        return await self._session.scalar(counted) or 0

    async def received(self, source: str, person_id: int) -> bool:
        """Whether this person was sent a message of the source."""
        found = select(OutboxRow.id).where(
            OutboxRow.source == source, OutboxRow.person_id == person_id, OutboxRow.state == OutboxState.SENT
        )
        return await self._session.scalar(found.limit(1)) is not None

    async def sent_over_time(self, source: str, steps: int = 60) -> Sequence[tuple[datetime, int]]:
        """How many had left by then, at so many moments at most."""
        mine: ColumnElement[bool] = (OutboxRow.source == source) & (OutboxRow.state == OutboxState.SENT)
        bucket = func.ntile(steps).over(order_by=OutboxRow.sent_at).label("bucket")
        each = select(bucket, OutboxRow.sent_at).where(mine).subquery()
        rows = await self._session.execute(
            select(func.max(each.c.sent_at), func.count()).group_by(each.c.bucket).order_by(each.c.bucket)
        )
        total, found = 0, []
        for moment, count in rows:
            total += count
            found.append((moment, total))
        return found

    async def missed(self, source: str) -> Sequence[Missed]:
        """Whom the source's messages did not reach for sure, in the order they were queued."""
        rows = await self._session.execute(
            select(PersonRow.name, OutboxRow.recipient, OutboxRow.channel, OutboxRow.state, OutboxRow.error)
            .join(PersonRow, PersonRow.id == OutboxRow.person_id, isouter=True)
            .where(OutboxRow.source == source, OutboxRow.state.not_in(REACHED_OR_OPEN))
            .order_by(OutboxRow.id)
        )
        return [
            Missed(name, recipient or "", channel, OutboxState(state), error)
            for name, recipient, channel, state, error in rows
        ]

    async def forget(self, person_id: int) -> None:
        """The person's data is erased: they take part in nothing any more."""
        await self._session.execute(delete(JoinRow).where(JoinRow.person_id == person_id))

    async def _one(self, statement: Select[Any]) -> Announcement | None:
        row = await self._session.scalar(statement)
        return None if row is None else _announcement(row)


def _announcement(row: AnnouncementRow) -> Announcement:
    to = row.report_to
    return Announcement(
        id=row.id,
        code=row.code,
        state=State(row.state),
        body=_body(row.body),
        audience=audience_from_json(row.audience),
        timing=_timing(row.timing),
        created_by=row.created_by,
        report_to=Address(to["channel"], to["chat_id"], to.get("thread_id")),
        report_language=to.get("language") or "fr",
        approved_by=row.approved_by,
        due_at=row.due_at,
        started_at=row.started_at,
        revision=row.revision,
    )


def _body_json(body: Body) -> dict[str, Any]:
    return asdict(body)


def _body(kept: Mapping[str, Any]) -> Body:
    return Body(
        texts=kept["texts"],
        in_french=tuple(kept["in_french"]),
        link=Link(**kept["link"]) if kept["link"] else None,
        joins=kept["joins"],
        offers_language=kept["offers_language"],
        attachment=Attachment(**kept["attachment"]) if kept["attachment"] else None,
    )


def _timing_json(timing: Timing) -> dict[str, Any]:
    return {
        "at": timing.at.isoformat() if timing.at else None,
        "every": timing.every,
        "until": timing.until.isoformat() if timing.until else None,
    }


def _timing(kept: Mapping[str, Any]) -> Timing:
    return Timing(
        datetime.fromisoformat(kept["at"]) if kept["at"] else None,
        Repeat(kept["every"]) if kept["every"] else None,
        datetime.fromisoformat(kept["until"]) if kept["until"] else None,
    )


def _audience(audience: Audience) -> dict[str, Any]:
    return audience_to_json(audience)


_WRITERS: dict[str, Any] = {
    "body": _body_json,
    "audience": _audience,
    "timing": _timing_json,
    "report_to": asdict,
}
