"""Projects of organisations as rows, each change kept in the organisation's history."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.content_tables import OrganisationChangeRow
from bot.store.directory import ENTRY, By
from bot.store.directory_tables import ProjectRow


class Projects:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, project_id: int) -> ProjectRow | None:
        return await self._session.get(ProjectRow, project_id)

    async def of_organisation(self, organisation_id: int) -> Sequence[ProjectRow]:
        """The newest first."""
        rows = await self._session.scalars(
            select(ProjectRow)
            .where(ProjectRow.organisation_id == organisation_id)
            .order_by(ProjectRow.starts_on.desc().nulls_last(), ProjectRow.id.desc())
        )
        return rows.all()

    async def add(self, organisation_id: int, values: Mapping[str, Any], by: By) -> ProjectRow:
        """`values` are columns of ProjectRow, with the folded title."""
        row = ProjectRow(
            organisation_id=organisation_id,
            created_by=by.person_id,
            created_at=by.at,
            updated_at=by.at,
            **values,
        )
        self._session.add(row)
        await self._session.flush()
        self._session.add(_change(row, ENTRY, (None, row.title), by))
        await self._session.flush()
        return row

    async def change(self, row: ProjectRow, field: str, value: Any, by: By) -> OrganisationChangeRow:
        kept = _change(row, field, (_plain(getattr(row, field)), _plain(value)), by)
        self._session.add(kept)
        setattr(row, field, value)
        row.updated_at = by.at
        await self._session.flush()
        return kept


def _plain(value: Any) -> Any:
    """As JSON holds it: dates as ISO text."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def _change(row: ProjectRow, field: str, values: tuple[Any, Any], by: By) -> OrganisationChangeRow:
    return OrganisationChangeRow(
        organisation_id=row.organisation_id,
        project_id=row.id,
        person_id=by.person_id,
        field=field,
        before=values[0],
        after=values[1],
        at=by.at,
        batch=by.batch,
    )
