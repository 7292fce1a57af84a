"""People and the accounts they write from; nothing personal is kept before they consent."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time

from sqlalchemy import ColumnElement, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.store.tables import ConversationRow, IdentityRow, PersonRow


@dataclass(frozen=True, slots=True)
class Wishes:
    """When a person may be written to unasked: never once stopped; quiet hours of their own, in local time.

    Equal `quiet_from` and `quiet_until`: no quiet night at all; None: that of the settings.
    """

    stopped_at: datetime | None = None
    reminders_off_at: datetime | None = None
    quiet_from: time | None = None
    quiet_until: time | None = None


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    language: str | None
    consented_at: datetime | None
    name: str | None
    role: str
    wishes: Wishes = field(default=Wishes())


@dataclass(frozen=True, slots=True)
class Identity:
    """One account of a person. `external_id` is also the chat id of the private chat with them."""

    channel: str
    external_id: str
    person_id: int
    language: str | None
    reachable: bool


class People:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, channel: str, external_id: str) -> Person | None:
        row = await self._account(channel, external_id)
        return None if row is None else _person(row[0])

    async def known_as(self, channel: str, name: str) -> str | None:
        """The external id of the account that has this id, or is also known by it (a phone number)."""
        found = await self._session.scalars(
            select(IdentityRow.external_id)
            .where(
                IdentityRow.channel == channel, (IdentityRow.external_id == name) | (IdentityRow.also == name)
            )
            .order_by(IdentityRow.external_id != name)
        )
        return found.first()

    async def know_also(self, channel: str, external_id: str, also: str) -> None:
        await self._session.execute(
            update(IdentityRow)
            .where(
                IdentityRow.channel == channel,
                IdentityRow.external_id == external_id,
                IdentityRow.also.is_distinct_from(also),
            )
            .values(also=also)
        )

    async def rename(self, channel: str, old: str, new: str) -> bool:
        """The account `old` has the id `new` from now on; False when there is no such account, or one with the
        new id already."""
        taken = aliased(IdentityRow)
        free = ~select(taken.person_id).where(taken.channel == channel, taken.external_id == new).exists()
        renamed = await self._session.scalar(
            update(IdentityRow)
            .where(IdentityRow.channel == channel, IdentityRow.external_id == old, free)
            .values(external_id=new, also=None, reachable=True, blocked_at=None)
            .returning(IdentityRow.person_id)
        )
        return renamed is not None

    async def adopt(self, channel: str, old: str, new: str) -> None:
        """As `rename`, where somebody has written under the new id already: they are the person of the old one,
        unless they have agreed to something as another."""
        owner = select(IdentityRow.person_id).where(
            IdentityRow.channel == channel, IdentityRow.external_id == old
        )
        strangers = select(PersonRow.id).where(PersonRow.consented_at.is_(None), PersonRow.role == "member")
        adopted = await self._session.scalar(
            update(IdentityRow)
            .where(
                IdentityRow.channel == channel,
                IdentityRow.external_id == new,
                IdentityRow.person_id.in_(strangers),
                owner.exists(),
            )
            .values(person_id=owner.scalar_subquery())
            .returning(IdentityRow.person_id)
        )
        if adopted is not None:
            await self._session.execute(
                delete(IdentityRow).where(IdentityRow.channel == channel, IdentityRow.external_id == old)
            )

    async def find_or_create(
        self, channel: str, external_id: str, now: datetime, name: str | None = None
    ) -> Person:
        """The person behind an account that is heard of: it can be written to (again).

        `name` is kept, and kept up to date, only after consent.
        """
        row = await self._account(channel, external_id)
        if row is not None and not row[1]:
            await self.mark_reachable(channel, external_id, True, now)
        person = _person(row[0]) if row else await self._create(channel, external_id, now)
        if name and person.consented_at is not None and name != person.name:
            await self._change(person.id, name=name)
            return replace(person, name=name)
        return person

    async def get(self, person_id: int) -> Person | None:
        row = await self._session.scalar(select(PersonRow).where(PersonRow.id == person_id))
        return None if row is None else _person(row)

    async def set_language(self, person_id: int, language: str) -> None:
        await self._change(person_id, language=language)

    async def consent(self, person_id: int, now: datetime, name: str | None = None) -> None:
        await self._change(person_id, consented_at=now, **({"name": name} if name else {}))

    async def stop(self, person_id: int, now: datetime) -> None:
        """From now on no announcement and no reminder reaches them on any channel; replies do."""
        await self._change(person_id, stopped_at=now)

    async def welcome_back(self, person_id: int) -> None:
        """They want to be written to again: undoes `stop` and `stop_reminders`."""
        await self._change(person_id, stopped_at=None, reminders_off_at=None)

    async def stop_reminders(self, person_id: int, now: datetime) -> None:
        await self._change(person_id, reminders_off_at=now)

    async def keep_quiet(self, person_id: int, begin: time | None, end: time | None) -> None:
        """Their own quiet hours in local time; None and None: those of the settings again."""
        await self._change(person_id, quiet_from=begin, quiet_until=end)

    async def set_role(self, person_id: int, role: str) -> None:
        await self._change(person_id, role=role)

    async def mark_reachable(self, channel: str, external_id: str, reachable: bool, now: datetime) -> None:
        await self._session.execute(
            update(IdentityRow)
            .where(IdentityRow.channel == channel, IdentityRow.external_id == external_id)
            .values(reachable=reachable, blocked_at=None if reachable else now)
        )

    async def for_roles(self, limit: int) -> Sequence[tuple[Person, str]]:
        """Those who have a role, then those who consented and wrote last; each with the channel of an account."""
        last = (
            select(func.max(ConversationRow.updated_at))
            .where(ConversationRow.person_id == PersonRow.id)
            .scalar_subquery()
        )
        channel = (
            select(func.min(IdentityRow.channel))
            .where(IdentityRow.person_id == PersonRow.id)
            .scalar_subquery()
        )
        rows = await self._session.execute(
            select(PersonRow, channel)
            .where((PersonRow.role != "member") | PersonRow.name.is_not(None))
            .order_by((PersonRow.role == "member"), last.desc().nulls_last(), PersonRow.id)
            .limit(limit)
        )
        return [(_person(row), found or "") for row, found in rows]

    async def lock_role(self, role: str) -> Sequence[int]:
        """Everybody of this role, held until the transaction ends."""
        ids = await self._session.scalars(
            select(PersonRow.id).where(PersonRow.role == role).order_by(PersonRow.id).with_for_update()
        )
        return ids.all()

    async def with_role(self, role: str) -> Sequence[Identity]:
        """All accounts of the people who have this role, first comers first."""
        return await self._identities(PersonRow.role == role)

    async def identities(self, person_id: int) -> Sequence[Identity]:
        return await self._identities(PersonRow.id == person_id)

    async def _account(self, channel: str, external_id: str) -> tuple[PersonRow, bool] | None:
        """The person, and whether the account can be reached as far as we know."""
        found = await self._session.execute(_ACCOUNT, {"channel": channel, "external_id": external_id})
        row = found.one_or_none()
        return None if row is None else (row[0], row[1])

    async def _identities(self, condition: ColumnElement[bool]) -> Sequence[Identity]:
        rows = await self._session.execute(
            select(
                IdentityRow.channel,
                IdentityRow.external_id,
                IdentityRow.person_id,
                PersonRow.language,
                IdentityRow.reachable,
            )
            .join(PersonRow, IdentityRow.person_id == PersonRow.id)
            .where(condition)
            .order_by(PersonRow.id, IdentityRow.channel, IdentityRow.external_id)
        )
        return [Identity(*row) for row in rows]

    async def _create(self, channel: str, external_id: str, now: datetime) -> Person:
        """Another process may create the same at the same moment: the first identity wins."""
        created = insert(PersonRow).values(created_at=now).returning(PersonRow)
        person = _person((await self._session.scalars(created)).one())
        claimed = await self._session.scalar(
            insert(IdentityRow)
            .values(channel=channel, external_id=external_id, person_id=person.id)
            .on_conflict_do_nothing()
            .returning(IdentityRow.person_id)
        )
        if claimed is not None:
            return person
        await self._session.execute(delete(PersonRow).where(PersonRow.id == person.id))
        winner = await self.find(channel, external_id)
        assert winner is not None
        return winner

    async def _change(self, person_id: int, **values: object) -> None:
        await self._session.execute(update(PersonRow).where(PersonRow.id == person_id).values(**values))


# Asked in every turn, so built once: see bot/store/inbox.py.
_ACCOUNT = (
    select(PersonRow, IdentityRow.reachable)
    .join(IdentityRow, IdentityRow.person_id == PersonRow.id)
    .where(IdentityRow.channel == bindparam("channel"), IdentityRow.external_id == bindparam("external_id"))
)


def _person(row: PersonRow) -> Person:
    wishes = Wishes(row.stopped_at, row.reminders_off_at, row.quiet_from, row.quiet_until)
    return Person(row.id, row.language, row.consented_at, row.name, row.role, wishes)
