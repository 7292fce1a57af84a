"""Messages passed on to organisations, and searches whose answer is still to come, as rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.exchange_tables import DirectoryRelayRow, DirectoryWatchRow, RelayState


@dataclass(frozen=True, slots=True)
class NewRelay:
    person_id: int
    conversation_key: str
    organisation_id: int
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Watch:
    """`query`: "kind" (osc or project) and what is sought."""

    id: int
    person_id: int
    conversation_key: str
    query: Mapping[str, Any]
    created_at: datetime


class Relays:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, new: NewRelay, now: datetime) -> int:
        statement = insert(DirectoryRelayRow).values(
            person_id=new.person_id,
            conversation_key=new.conversation_key,
            organisation_id=new.organisation_id,
            text=new.text,
            language=new.language,
            sent_at=now,
        )
        return (await self._session.scalars(statement.returning(DirectoryRelayRow.id))).one()

    async def get(self, number: int) -> DirectoryRelayRow | None:
        """Held until the transaction ends: two people of an organisation cannot both settle it."""
        found: DirectoryRelayRow | None = await self._session.scalar(
            select(DirectoryRelayRow).where(DirectoryRelayRow.id == number).with_for_update()
        )
        return found

    async def settle(self, number: int, state: RelayState, person_id: int, now: datetime) -> bool:
        """False when it was settled before; a message that was declined may still be reported."""
        open_ones = (
            [RelayState.SENT] if state is not RelayState.REPORTED else [s for s in RelayState if s != state]
        )
        changed = await self._session.scalar(
            update(DirectoryRelayRow)
            .where(DirectoryRelayRow.id == number, DirectoryRelayRow.state.in_(open_ones))
            .values(state=state, settled_at=now, settled_by=person_id)
            .returning(DirectoryRelayRow.id)
        )
        return changed is not None

    async def count(self, person_id: int, since: datetime) -> int:
        sent = select(func.count()).where(
            DirectoryRelayRow.person_id == person_id, DirectoryRelayRow.sent_at > since
        )
        return await self._session.scalar(sent) or 0

    async def states(self, person_id: int, organisation_id: int) -> Sequence[tuple[str, datetime]]:
        """State and time of each message of a person to an organisation, the last first."""
        rows = await self._session.execute(
            select(DirectoryRelayRow.state, DirectoryRelayRow.sent_at)
            .where(
                DirectoryRelayRow.person_id == person_id, DirectoryRelayRow.organisation_id == organisation_id
            )
            .order_by(DirectoryRelayRow.id.desc())
        )
        return [(row.state, row.sent_at) for row in rows]

    async def watch(self, person_id: int, key: str, query: Mapping[str, Any], now: datetime) -> None:
        await self._session.execute(
            insert(DirectoryWatchRow).values(
                person_id=person_id, conversation_key=key, query=dict(query), created_at=now
            )
        )

    async def watches_of(self, person_id: int) -> Sequence[Watch]:
        """Those not told yet."""
        rows = await self._session.scalars(
            select(DirectoryWatchRow)
            .where(DirectoryWatchRow.person_id == person_id, DirectoryWatchRow.told_at.is_(None))
            .order_by(DirectoryWatchRow.id)
        )
        return [_watch(row) for row in rows]

    async def open_watches(self, limit: int, after: int = 0) -> Sequence[Watch]:
        """Held until the transaction ends; what another process holds is passed over."""
        rows = await self._session.scalars(
            select(DirectoryWatchRow)
            .where(DirectoryWatchRow.told_at.is_(None), DirectoryWatchRow.id > after)
            .order_by(DirectoryWatchRow.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return [_watch(row) for row in rows]

    async def told(self, watch_id: int, now: datetime) -> None:
        await self._session.execute(
            update(DirectoryWatchRow).where(DirectoryWatchRow.id == watch_id).values(told_at=now)
        )


def _watch(row: DirectoryWatchRow) -> Watch:
    return Watch(row.id, row.person_id, row.conversation_key, row.query, row.created_at)
