"""Organisations as rows, and the history of what was changed in them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.content_tables import OrganisationChangeRow, OrganisationRow


class Organisations:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of_person(self, person_id: int) -> Sequence[OrganisationRow]:
        """What this person registered, oldest first."""
        rows = await self._session.scalars(
            select(OrganisationRow)
            .where(OrganisationRow.created_by == person_id)
            .order_by(OrganisationRow.id)
        )
        return rows.all()

    async def add(self, values: Mapping[str, Any], person_id: int, now: datetime) -> OrganisationRow:
        row = OrganisationRow(**values, created_by=person_id, created_at=now, updated_at=now)
        self._session.add(row)
        await self._session.flush()
        return row

    async def change(self, row: OrganisationRow, field: str, value: Any, now: datetime) -> None:
        """Set one column and keep what it held before, by whom and when."""
        self._session.add(
            OrganisationChangeRow(
                organisation_id=row.id,
                person_id=row.created_by,
                field=field,
                before=_words(getattr(row, field)),
                after=_words(value),
                at=now,
            )
        )
        setattr(row, field, value)
        row.updated_at = now
        await self._session.flush()


def _words(value: Any) -> str | None:
    return None if value is None else "; ".join(value) if isinstance(value, list) else str(value)
