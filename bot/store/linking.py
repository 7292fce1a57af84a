"""Two people found to be one: every row of the one given to the other; and an account parted from its person."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, Index, Table, UniqueConstraint, delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.messages import Address
from bot.organisation import Part
from bot.store.base import Base
from bot.store.directory_tables import OrganisationPersonRow
from bot.store.link_tables import LinkCodeRow, LinkTryRow
from bot.store.tables import (
    ConversationRow,
    IdentityRow,
    OutboxRow,
    OutboxState,
    PersonRow,
)
from bot.store.training_tables import EnrolmentRow
from bot.training import Seat

ROLES_RISING = ("member", "partner", "coordinator", "admin")
PARTS_RISING = (Part.MEMBER, Part.MANAGER, Part.CONTACT)
SEATS_RISING = (Seat.WITHDRAWN, Seat.WAITING, Seat.ENROLLED, Seat.ATTENDED)


@dataclass(frozen=True, slots=True)
class CodeOwner:
    """Who asked for a code, and from which account."""

    person_id: int
    account: Address


class Linking:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def open(self, owner: CodeOwner, digest: str, expires_at: datetime) -> None:
        """Keep this person's code; an earlier one of theirs is good no more."""
        values = {
            "digest": digest,
            "channel": owner.account.channel,
            "external_id": owner.account.chat_id,
            "expires_at": expires_at,
        }
        kept = insert(LinkCodeRow).values(person_id=owner.person_id, **values)
        await self._session.execute(
            kept.on_conflict_do_update(index_elements=[LinkCodeRow.person_id], set_=values)
        )

    async def is_taken(self, digest: str, now: datetime) -> bool:
        """Whether somebody's living code is the same."""
        return await self.owner(digest, now) is not None

    async def owner(self, digest: str, now: datetime) -> CodeOwner | None:
        """Who has this code, unless its time is over; the row is locked."""
        row = await self._session.scalar(
            select(LinkCodeRow)
            .where(LinkCodeRow.digest == digest, LinkCodeRow.expires_at > now)
            .with_for_update()
        )
        return None if row is None else CodeOwner(row.person_id, Address(row.channel, row.external_id))

    async def close(self, person_id: int) -> None:
        await self._session.execute(delete(LinkCodeRow).where(LinkCodeRow.person_id == person_id))

    async def wrong_tries(self, account: Address, since: datetime) -> tuple[int, int]:
        """Wrong codes since then: from this account, and from all."""
        mine = (LinkTryRow.channel == account.channel) & (LinkTryRow.external_id == account.chat_id)
        counted = select(func.count().filter(mine), func.count()).where(LinkTryRow.at > since)
        own, everybody = (await self._session.execute(counted)).one()
        return own, everybody

    async def add_wrong_try(self, account: Address, now: datetime) -> None:
        """Keep it; those of yesterday are forgotten."""
        await self._session.execute(delete(LinkTryRow).where(LinkTryRow.at < now - timedelta(days=1)))
        self._session.add(LinkTryRow(channel=account.channel, external_id=account.chat_id, at=now))
        await self._session.flush()

    async def merge(self, kept_id: int, other_id: int) -> list[int]:
        """Give everything of one person to the other and remove the first.

        Consent is as old as the older one, a STOP of either holds, the higher role stays. Returns the trainings
        in which both had a seat, so that one became free. Raises ValueError if one of them is gone.
        """
        ids = sorted((kept_id, other_id))
        people = select(PersonRow).where(PersonRow.id.in_(ids)).order_by(PersonRow.id).with_for_update()
        rows = {row.id: row for row in await self._session.scalars(people)}
        if len(rows) != 2:
            raise ValueError("one of the two is gone")
        await self._unite(rows[kept_id], rows[other_id])
        freed = await self._unite_seats(kept_id, other_id)
        await self._unite_parts(kept_id, other_id)
        await self._unite_outbox(kept_id, other_id)
        for table, column in person_columns():
            for others in _unique_together(table, column):
                await self._drop_doubles(table, column, others, (kept_id, other_id))
            await self._session.execute(
                update(table).where(column == other_id).values({column.name: kept_id})
            )
        await self._session.execute(delete(PersonRow).where(PersonRow.id == other_id))
        return freed

    async def part(self, account: Address, now: datetime) -> int:
        """Make this account a person of its own who keeps the language and nothing else; their number."""
        language = (
            select(PersonRow.language)
            .join(IdentityRow, IdentityRow.person_id == PersonRow.id)
            .where(IdentityRow.channel == account.channel, IdentityRow.external_id == account.chat_id)
            .scalar_subquery()
        )
        stranger = insert(PersonRow).values(language=language, created_at=now).returning(PersonRow.id)
        person_id = (await self._session.scalars(stranger)).one()
        await self._session.execute(
            update(IdentityRow)
            .where(IdentityRow.channel == account.channel, IdentityRow.external_id == account.chat_id)
            .values(person_id=person_id)
        )
        await self._session.execute(
            update(ConversationRow)
            .where(ConversationRow.channel == account.channel, ConversationRow.chat_id == account.chat_id)
            .values(person_id=person_id, state={})
        )
        return person_id

    async def _unite(self, kept: PersonRow, other: PersonRow) -> None:
        kept.language = kept.language or other.language
        kept.name = kept.name or other.name
        kept.role = max(kept.role, other.role, key=ROLES_RISING.index)
        kept.consented_at = _earliest(kept.consented_at, other.consented_at)
        kept.stopped_at = _earliest(kept.stopped_at, other.stopped_at)
        kept.reminders_off_at = _earliest(kept.reminders_off_at, other.reminders_off_at)
        if kept.quiet_from is None:
            kept.quiet_from, kept.quiet_until = other.quiet_from, other.quiet_until
        kept.created_at = min(kept.created_at, other.created_at)
        await self._session.flush()

    async def _unite_seats(self, kept_id: int, other_id: int) -> list[int]:
        """Where both are enrolled, the better seat stays."""
        rows = await self._session.scalars(
            select(EnrolmentRow)
            .where(EnrolmentRow.person_id.in_((kept_id, other_id)))
            .order_by(EnrolmentRow.enrolled_at)
        )
        held: dict[int, list[EnrolmentRow]] = {}
        for row in rows:
            held.setdefault(row.training_id, []).append(row)
        freed = []
        for training_id, pair in held.items():
            if len(pair) == 2:
                worse, _ = sorted(pair, key=lambda row: SEATS_RISING.index(Seat(row.state)))
                await self._session.delete(worse)
                if worse.state == Seat.ENROLLED:
                    freed.append(training_id)
        await self._session.flush()
        return freed

    async def _unite_parts(self, kept_id: int, other_id: int) -> None:
        """In an organisation where both are, the part that may do more stays."""
        both = OrganisationPersonRow.person_id.in_((kept_id, other_id))
        held: dict[int, list[OrganisationPersonRow]] = {}
        for row in await self._session.scalars(select(OrganisationPersonRow).where(both)):
            held.setdefault(row.organisation_id, []).append(row)
        for pair in (rows for rows in held.values() if len(rows) == 2):
            best = max((row.part for row in pair), key=lambda part: PARTS_RISING.index(Part(part)))
            for row in pair:
                row.part = best
        await self._session.flush()

    async def _unite_outbox(self, kept_id: int, other_id: int) -> None:
        """What both would get is sent once; what only one had is the other's now."""
        mine, theirs = f"person:{kept_id}", f"person:{other_id}"
        double = OutboxRow.__table__.alias("double")
        also_mine = (
            select(literal(1)).where(double.c.source == OutboxRow.source, double.c.recipient == mine).exists()
        )
        their_rows = (OutboxRow.person_id == other_id) & (OutboxRow.recipient == theirs)
        await self._session.execute(
            update(OutboxRow)
            .where(their_rows, also_mine, OutboxRow.state == OutboxState.WAITING)
            .values(state=OutboxState.CANCELLED)
        )
        await self._session.execute(update(OutboxRow).where(their_rows, ~also_mine).values(recipient=mine))

    async def _drop_doubles(
        self, table: Table, column: Column[int], others: list[Column[object]], ids: tuple[int, int]
    ) -> None:
        """Where both have a row that may exist once, the kept person's stays."""
        kept_id, other_id = ids
        twin = table.alias("twin")
        same = [twin.c[other.name] == other for other in others]
        double = select(literal(1)).where(twin.c[column.name] == kept_id, *same).exists()
        await self._session.execute(delete(table).where(column == other_id, double))


def person_columns() -> Iterator[tuple[Table, Column[int]]]:
    """Every column of every table that names a person."""
    person = PersonRow.__table__
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table is person:
                yield table, key.parent


def _unique_together(table: Table, column: Column[int]) -> Iterator[list[Column[object]]]:
    """The other columns of each uniqueness this one takes part in."""
    uniques = [table.primary_key, *(c for c in table.constraints if isinstance(c, UniqueConstraint))]
    groups = [list(unique.columns) for unique in uniques]
    groups += [list(index.columns) for index in table.indexes if isinstance(index, Index) and index.unique]
    for columns in groups:
        if column in columns:
            yield [other for other in columns if other is not column]


def _earliest(one: datetime | None, two: datetime | None) -> datetime | None:
    return min((moment for moment in (one, two) if moment is not None), default=None)
