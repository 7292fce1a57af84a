"""Two entries of one organisation made one: what belonged to the first moves to the second, and back."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.organisation import Part
from bot.store.content_tables import OrganisationRow
from bot.store.directory_tables import (
    OrganisationJoinRow,
    OrganisationPersonRow,
    OrganisationQuestionRow,
    ProjectRow,
    VouchRow,
)
from bot.store.exchange_tables import DirectoryRelayRow
from bot.store.training_tables import EnrolmentRow

Movable = type[ProjectRow] | type[EnrolmentRow] | type[DirectoryRelayRow] | type[OrganisationQuestionRow]
"""Rows that belong to one organisation and go with it, whatever is there already."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Numbers of what moved. `people`: (person, part they had); `merged`: entries merged into it before."""

    people: Sequence[Sequence[Any]] = ()
    projects: Sequence[int] = ()
    enrolments: Sequence[int] = ()
    joins: Sequence[int] = ()
    merged: Sequence[int] = ()
    relays: Sequence[int] = ()
    questions: Sequence[int] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            name: [list(v) if isinstance(v, tuple) else v for v in vs] for name, vs in asdict(self).items()
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        return cls(**{name: kept.get(name, ()) for name in cls.__slots__})


class Merging:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def move(self, duplicate: int, kept: int) -> Moved:
        """Everything of `duplicate` goes to `kept`; its contact comes as manager. Both are locked by the caller."""
        merged = await self._session.scalars(
            update(OrganisationRow)
            .where(OrganisationRow.merged_into == duplicate)
            .values(merged_into=kept)
            .returning(OrganisationRow.id)
        )
        moved = Moved(
            await self._people(duplicate, kept),
            await self._all(ProjectRow, duplicate, kept),
            await self._all(EnrolmentRow, duplicate, kept),
            await self._joins(duplicate, kept),
            sorted(merged),
            await self._all(DirectoryRelayRow, duplicate, kept),
            await self._all(OrganisationQuestionRow, duplicate, kept),
        )
        own = (VouchRow.organisation_id == duplicate) & (VouchRow.by_organisation_id == kept)
        await self._session.execute(delete(VouchRow).where(own))
        return moved

    async def _people(self, duplicate: int, kept: int) -> list[tuple[int, str]]:
        here = select(OrganisationPersonRow.person_id).where(OrganisationPersonRow.organisation_id == kept)
        rows = await self._session.execute(
            select(OrganisationPersonRow.person_id, OrganisationPersonRow.part)
            .where(
                OrganisationPersonRow.organisation_id == duplicate,
                OrganisationPersonRow.person_id.not_in(here),
            )
            .order_by(OrganisationPersonRow.since, OrganisationPersonRow.person_id)
        )
        people = [(person, part) for person, part in rows]
        for person, part in people:
            new = Part.MANAGER if part == Part.CONTACT else part
            await self._person(person, duplicate, (kept, new))
        return people

    async def _person(self, person: int, source: int, target: tuple[int, str]) -> None:
        organisation, part = target
        await self._session.execute(
            update(OrganisationPersonRow)
            .where(OrganisationPersonRow.organisation_id == source, OrganisationPersonRow.person_id == person)
            .values(organisation_id=organisation, part=part)
        )

    async def _all(self, table: Movable, source: int, target: int) -> list[int]:
        ids = await self._session.scalars(
            update(table)
            .where(table.organisation_id == source)
            .values(organisation_id=target)
            .returning(table.id)
        )
        return sorted(ids)

    async def _joins(self, duplicate: int, kept: int) -> list[int]:
        """Requests still open, of people who neither belong to `kept` nor asked there."""
        here = select(OrganisationPersonRow.person_id).where(OrganisationPersonRow.organisation_id == kept)
        asked = select(OrganisationJoinRow.person_id).where(
            OrganisationJoinRow.organisation_id == kept, OrganisationJoinRow.decided_at.is_(None)
        )
        ids = await self._session.scalars(
            update(OrganisationJoinRow)
            .where(
                OrganisationJoinRow.organisation_id == duplicate,
                OrganisationJoinRow.decided_at.is_(None),
                OrganisationJoinRow.person_id.not_in(here),
                OrganisationJoinRow.person_id.not_in(asked),
            )
            .values(organisation_id=kept)
            .returning(OrganisationJoinRow.id)
        )
        return sorted(ids)

    async def move_back(self, moved: Moved, kept: int, duplicate: int) -> None:
        """What is still where `move` put it goes back."""
        for person, part in moved.people:
            await self._person(person, kept, (duplicate, part))
        for table, ids in (
            (ProjectRow, moved.projects),
            (EnrolmentRow, moved.enrolments),
            (OrganisationJoinRow, moved.joins),
            (DirectoryRelayRow, moved.relays),
            (OrganisationQuestionRow, moved.questions),
        ):
            await self._session.execute(
                update(table)
                .where(table.id.in_(ids), table.organisation_id == kept)
                .values(organisation_id=duplicate)
            )
        await self._session.execute(
            update(OrganisationRow)
            .where(OrganisationRow.id.in_(moved.merged), OrganisationRow.merged_into == kept)
            .values(merged_into=duplicate)
        )
