"""Who an audience is, as rows: the people an expression fits, at the one account each is written to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    case,
    cast,
    delete,
    exists,
    false,
    func,
    literal,
    literal_column,
    not_,
    null,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.announcement import Reach, source_of
from bot.audiences import (
    All,
    Audience,
    Either,
    Expression,
    Is,
    Not,
    Trait,
    audience_from_json,
    audience_to_json,
)
from bot.messages import Address
from bot.organisation import LISTED
from bot.store.accounts import last_used_account
from bot.store.announcement_tables import AdoptedChatRow, SavedAudienceRow, SubscriptionRow
from bot.store.content_tables import OrganisationRow
from bot.store.directory_tables import OrganisationPersonRow
from bot.store.tables import (
    GroupChatRow,
    OutboxRow,
    OutboxState,
    PersonRow,
)
from bot.store.training_tables import EnrolmentRow
from bot.training import Seat

SEATS = {Trait.ENROLLED: Seat.ENROLLED, Trait.WAITING: Seat.WAITING}
CODES = {"français": "fr", "somali": "so", "afar": "aa"}
WITH_WINDOW = ("whatsapp",)
OPEN_FOR = timedelta(hours=24)
"""Channels where free words may follow a message of the person for so long (Cloud API, service windows)."""
LANGUAGE: Any = func.coalesce(PersonRow.language, literal_column("'fr'"))
NOT_REACHED = (OutboxState.FAILED, OutboxState.UNREACHABLE, OutboxState.EXPIRED)


@dataclass(frozen=True, slots=True)
class AdoptedChat:
    id: int
    address: Address
    title: str | None


@dataclass(frozen=True, slots=True)
class SavedAudience:
    id: int
    name: str
    audience: Audience


class Audiences:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def reach(self, audience: Audience, now: datetime | None = None) -> Reach:
        """How many would get it, and where; with `now`, also who of them may be written to freely then."""
        account = last_used_account()
        rows = await self._session.execute(
            select(
                account.c.channel,
                LANGUAGE,
                PersonRow.stopped_at.is_not(None),
                func.count(),
            )
            .select_from(PersonRow)
            .join(account, true(), isouter=True)
            .where(_fits(audience.people))
            .group_by(account.c.channel, LANGUAGE, PersonRow.stopped_at.is_not(None))
        )
        people: dict[tuple[str, str], int] = {}
        unreachable = stopped = 0
        for channel, language, has_stopped, count in rows:
            if has_stopped:
                stopped += count
            elif channel is None:
                unreachable += count
            else:
                people[(channel, language)] = people.get((channel, language), 0) + count
        windowed = (0, 0) if now is None else await self._windowed(audience, now)
        return Reach(people, unreachable, stopped, await self._chats_reached(audience.chats), windowed)

    async def _windowed(self, audience: Audience, now: datetime) -> tuple[int, int]:
        account = last_used_account()
        inside = func.coalesce(account.c.wrote_at >= now - OPEN_FOR, false())
        rows = await self._session.execute(
            select(inside, func.count())
            .select_from(PersonRow)
            .join(account, true())
            .where(_fits(audience.people), PersonRow.stopped_at.is_(None), account.c.channel.in_(WITH_WINDOW))
            .group_by(inside)
        )
        counted = {bool(is_inside): count for is_inside, count in rows}
        return counted.get(True, 0), counted.get(False, 0)

    async def _chats_reached(self, chats: Sequence[int]) -> dict[str, int]:
        found: dict[str, int] = {}
        for chat in await self.chats():
            if chat.id in chats:
                found[chat.address.channel] = found.get(chat.address.channel, 0) + 1
        return found

    async def chats(self) -> Sequence[AdoptedChat]:
        """Adopted chats the bot is still in."""
        rows = await self._session.scalars(
            select(AdoptedChatRow).where(_still_in()).order_by(AdoptedChatRow.id)
        )
        return [
            AdoptedChat(row.id, Address(row.channel, row.chat_id, row.thread_id or None), row.title)
            for row in rows
        ]

    async def adopt(self, address: Address, title: str | None, person_id: int, now: datetime) -> bool:
        """False when it was adopted already."""
        added = await self._session.scalar(
            insert(AdoptedChatRow)
            .values(
                channel=address.channel,
                chat_id=address.chat_id,
                thread_id=address.thread_id or "",
                title=title,
                adopted_by=person_id,
                adopted_at=now,
            )
            .on_conflict_do_nothing()
            .returning(AdoptedChatRow.id)
        )
        return added is not None

    async def release(self, chat_id: int) -> bool:
        gone = await self._session.scalar(
            delete(AdoptedChatRow).where(AdoptedChatRow.id == chat_id).returning(AdoptedChatRow.id)
        )
        return gone is not None

    async def rename_chat(self, channel: str, old_chat: str, new_chat: str) -> None:
        """The group became another chat."""
        await self._session.execute(
            update(AdoptedChatRow)
            .where(AdoptedChatRow.channel == channel, AdoptedChatRow.chat_id == old_chat)
            .values(chat_id=new_chat)
        )

    async def save(self, name: tuple[str, str], audience: Audience, person_id: int, now: datetime) -> None:
        """Keep it under (name, folded name); an older one of that name gives way."""
        kept = audience_to_json(audience)
        new = insert(SavedAudienceRow).values(
            name=name[0], folded_name=name[1], audience=kept, created_by=person_id, created_at=now
        )
        await self._session.execute(
            new.on_conflict_do_update(
                index_elements=[SavedAudienceRow.folded_name], set_={"audience": kept, "name": name[0]}
            )
        )

    async def saved(self) -> Sequence[SavedAudience]:
        rows = await self._session.scalars(select(SavedAudienceRow).order_by(SavedAudienceRow.name))
        return [SavedAudience(row.id, row.name, audience_from_json(row.audience)) for row in rows]


def people_query(expression: Expression, contents: Mapping[str, int]) -> Select[Any]:
    """Recipients for `Outbox.add_bulk`: each person who fits, can be reached and has not stopped, once."""
    account = last_used_account()
    content = case(
        *((spoken == LANGUAGE, literal(content_id)) for spoken, content_id in contents.items()),
        else_=literal(contents["fr"]),
    )
    return (
        select(
            PersonRow.id.label("position"),
            func.concat("person:", PersonRow.id).label("recipient"),
            account.c.channel,
            account.c.external_id.label("chat_id"),
            cast(null(), Text).label("thread_id"),
            PersonRow.id.label("person_id"),
            content.label("content_id"),
            null().label("body"),
        )
        .select_from(PersonRow)
        .join(account, true())
        .where(_fits(expression), PersonRow.stopped_at.is_(None))
    )


def chats_query(chats: Sequence[int], content_id: int) -> Select[Any]:
    """Recipients for `Outbox.add_bulk`: adopted chats the bot is still in."""
    place = func.concat(
        "group:", AdoptedChatRow.channel, ":", AdoptedChatRow.chat_id, ":", AdoptedChatRow.thread_id
    )
    return select(
        AdoptedChatRow.id.label("position"),
        place.label("recipient"),
        AdoptedChatRow.channel,
        AdoptedChatRow.chat_id,
        func.nullif(AdoptedChatRow.thread_id, "").label("thread_id"),
        null().label("person_id"),
        literal(content_id).label("content_id"),
        null().label("body"),
    ).where(AdoptedChatRow.id.in_(list(chats)), _still_in())


def _still_in() -> ColumnElement[bool]:
    return exists().where(
        GroupChatRow.channel == AdoptedChatRow.channel,
        GroupChatRow.chat_id == AdoptedChatRow.chat_id,
        GroupChatRow.active,
    )


def _fits(expression: Expression) -> ColumnElement[bool]:
    match expression:
        case All(parts):
            return and_(true(), *(_fits(part) for part in parts))
        case Either(parts):
            return or_(false(), *(_fits(part) for part in parts))
        case Not(part):
            return not_(func.coalesce(_fits(part), false()))
        case Is(trait, value):
            return _has(trait, value)


def looks_after_organisation() -> ColumnElement[bool]:
    """The one place that knows who the people of an organisation are; refused and merged entries have none."""
    return and_(
        OrganisationPersonRow.person_id == PersonRow.id,
        OrganisationPersonRow.organisation_id == OrganisationRow.id,
        OrganisationRow.status.in_(LISTED),
    )


def _has(trait: Trait, value: str) -> ColumnElement[bool]:
    match trait:
        case Trait.LANGUAGE:
            spoken: ColumnElement[bool] = LANGUAGE.__eq__(CODES.get(value, value))
            return spoken
        case Trait.TOPIC:
            return exists().where(SubscriptionRow.person_id == PersonRow.id, SubscriptionRow.topic == value)
        case Trait.ENROLLED | Trait.WAITING:
            return exists().where(
                EnrolmentRow.person_id == PersonRow.id,
                EnrolmentRow.training_id == int(value),
                EnrolmentRow.state == SEATS[trait],
            )
        case Trait.MISSED:
            return exists().where(
                OutboxRow.source == source_of(int(value)),
                OutboxRow.person_id == PersonRow.id,
                OutboxRow.state.in_(NOT_REACHED),
            )
        case _:
            return exists().where(looks_after_organisation(), _of_organisation(trait, value))


def _of_organisation(trait: Trait, value: str) -> ColumnElement[bool]:
    match trait:
        case Trait.REGION:
            return OrganisationRow.region == value
        case Trait.THEME:
            return OrganisationRow.themes.contains([value])
        case Trait.LEGAL_FORM:
            return OrganisationRow.legal_form == value
        case _:
            return true()
