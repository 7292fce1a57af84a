"""The history of organisations and their projects, read back with the names of who changed what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.content_tables import OrganisationChangeRow, OrganisationRow
from bot.store.directory_tables import ProjectRow
from bot.store.tables import PersonRow


@dataclass(frozen=True, slots=True)
class Change:
    """`name` and `role` of the person, where known; `organisation`: the entry it was made in."""

    id: int
    organisation_id: int
    organisation: str
    project_id: int | None
    project: str | None
    person_id: int | None
    name: str | None
    role: str
    field: str
    before: Any
    after: Any
    at: datetime
    undone_at: datetime | None
    batch: str | None


class History:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of_organisation(self, organisation_id: int, offset: int, limit: int) -> Sequence[Change]:
        """Also what happened in entries that were merged into it; the newest first."""
        merged = select(OrganisationRow.id).where(OrganisationRow.merged_into == organisation_id)
        here = or_(
            OrganisationChangeRow.organisation_id == organisation_id,
            OrganisationChangeRow.organisation_id.in_(merged),
        )
        return await self._read(here, offset, limit)

    async def get(self, change_id: int) -> Change | None:
        found = await self._read(OrganisationChangeRow.id == change_id, 0, 1)
        return found[0] if found else None

    async def last(self, organisation_id: int, field: str) -> Change | None:
        """The newest change of one field that stands."""
        here = (
            (OrganisationChangeRow.organisation_id == organisation_id)
            & (OrganisationChangeRow.field == field)
            & OrganisationChangeRow.project_id.is_(None)
            & OrganisationChangeRow.undone_at.is_(None)
        )
        found = await self._read(here, 0, 1)
        return found[0] if found else None

    async def of_batch(self, organisation_id: int, batch: str) -> Sequence[Change]:
        """What one merging or import changed in this entry, the newest first."""
        here = OrganisationChangeRow.organisation_id == organisation_id
        return await self._read(here & (OrganisationChangeRow.batch == batch), 0, 1000)

    async def mark_undone(self, change_id: int, person_id: int, now: datetime) -> None:
        row = await self._session.get(OrganisationChangeRow, change_id)
        if row is not None:
            row.undone_at, row.undone_by = now, person_id
            await self._session.flush()

    async def _read(self, which: ColumnElement[bool], offset: int, limit: int) -> Sequence[Change]:
        row = OrganisationChangeRow
        found = await self._session.execute(
            select(
                row.id,
                row.organisation_id,
                OrganisationRow.name,
                row.project_id,
                ProjectRow.title,
                row.person_id,
                PersonRow.name,
                func.coalesce(PersonRow.role, ""),
                row.field,
                row.before,
                row.after,
                row.at,
                row.undone_at,
                row.batch,
            )
            .join(OrganisationRow, OrganisationRow.id == row.organisation_id)
            .join(ProjectRow, ProjectRow.id == row.project_id, isouter=True)
            .join(PersonRow, PersonRow.id == row.person_id, isouter=True)
            .where(which)
            .order_by(row.id.desc())
            .offset(offset)
            .limit(limit)
        )
        return [Change(*line) for line in found]
