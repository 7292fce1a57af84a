"""Files imported into the directory: written at once, remembered as one batch, and taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, func, insert, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.organisation import Standing
from bot.store.content_tables import OrganisationChangeRow, OrganisationRow
from bot.store.directory import ENTRY, By
from bot.store.directory_tables import (
    FieldConfirmationRow,
    OrganisationPersonRow,
    ProjectRow,
    VouchRow,
)
from bot.store.exchange_tables import DirectoryImportRow

ONE_IMPORT_AT_A_TIME = 0x05C1A9
"""The advisory lock of imports; any number of its own (bot/store/migrate.py has another)."""
CHANGED_COLUMNS = (
    "id", "organisation_id", "project_id", "field", "before", "after",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ImportRecord:
    id: int
    name: str
    at: datetime
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class Change:
    """One field an import changed; `after` is what it wrote, `now` what stands there today, as JSON holds both."""

    id: int
    organisation_id: int
    project_id: int | None
    field: str
    before: Any
    after: Any


class Imports:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock(self) -> None:
        """Held until the transaction ends: two files are never compared with the same directory."""
        await self._session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_IMPORT_AT_A_TIME})

    async def organisations(self) -> Sequence[OrganisationRow]:
        """Every entry, also refused and merged ones."""
        return (await self._session.scalars(select(OrganisationRow).order_by(OrganisationRow.id))).all()

    async def projects(self) -> Sequence[ProjectRow]:
        return (await self._session.scalars(select(ProjectRow).order_by(ProjectRow.id))).all()

    async def begin(self, name: str, counts: Mapping[str, int], by: By) -> int:
        """The number of a new import."""
        new = insert(DirectoryImportRow).values(
            name=name, counts=dict(counts), person_id=by.person_id, at=by.at
        )
        return (await self._session.scalars(new.returning(DirectoryImportRow.id))).one()

    async def add_organisations(self, values: Sequence[Mapping[str, Any]], by: By) -> list[int]:
        """New entries, declared, of nobody yet; their fields count as confirmed by nobody. Ids in their order."""
        rows = [{**one, **_made(by)} for one in values]
        new = insert(OrganisationRow).returning(OrganisationRow.id, sort_by_parameter_order=True)
        ids = list((await self._session.scalars(new, rows)).all()) if rows else []
        await self._note([(id, None, one["name"]) for id, one in zip(ids, values, strict=True)], by)
        return ids

    async def add_projects(self, values: Sequence[Mapping[str, Any]], by: By) -> list[int]:
        rows = [{**one, **_made(by)} for one in values]
        new = insert(ProjectRow).returning(ProjectRow.id, sort_by_parameter_order=True)
        ids = list((await self._session.scalars(new, rows)).all()) if rows else []
        pairs = zip(ids, values, strict=True)
        await self._note([(one["organisation_id"], id, one["title"]) for id, one in pairs], by)
        return ids

    async def _note(self, entries: Sequence[tuple[int, int | None, str]], by: By) -> None:
        if entries:
            rows = [
                {"organisation_id": o, "project_id": p, "field": ENTRY, "after": name, **_change(by)}
                for o, p, name in entries
            ]
            await self._session.execute(insert(OrganisationChangeRow), rows)

    async def unconfirm(self, organisation_id: int, fields: Sequence[str]) -> None:
        """What a file says was confirmed by nobody, whatever was confirmed of the value before."""
        await self._session.execute(
            delete(FieldConfirmationRow).where(
                FieldConfirmationRow.organisation_id == organisation_id,
                FieldConfirmationRow.field.in_(fields),
            )
        )

    async def get(self, import_id: int) -> ImportRecord | None:
        row = await self._session.scalar(
            select(DirectoryImportRow).where(DirectoryImportRow.id == import_id).with_for_update()
        )
        return None if row is None else ImportRecord(row.id, row.name, row.at, row.undone_at)

    async def changes(self, batch: str) -> list[Change]:
        """What the batch did and nobody has undone, the last first."""
        columns = [OrganisationChangeRow.__table__.c[name] for name in CHANGED_COLUMNS]
        rows = await self._session.execute(
            select(*columns)
            .where(OrganisationChangeRow.batch == batch, OrganisationChangeRow.undone_at.is_(None))
            .order_by(OrganisationChangeRow.id.desc())
        )
        return [Change(*row) for row in rows]

    async def touched_since(self, batch: str) -> set[int]:
        """Of the organisations the batch added, those that are more than it made them."""
        added = select(OrganisationChangeRow.organisation_id).where(
            OrganisationChangeRow.batch == batch,
            OrganisationChangeRow.field == ENTRY,
            OrganisationChangeRow.project_id.is_(None),
        )
        other = select(OrganisationChangeRow.organisation_id).where(
            OrganisationChangeRow.organisation_id.in_(added),
            or_(OrganisationChangeRow.batch.is_(None), OrganisationChangeRow.batch != batch),
        )
        more = (OrganisationPersonRow, VouchRow)
        owned = select(OrganisationRow.id).where(
            OrganisationRow.id.in_(added),
            or_(
                OrganisationRow.status != Standing.DECLARED,
                OrganisationRow.id.in_(other),
                *(exists().where(row.organisation_id == OrganisationRow.id) for row in more),
            ),
        )
        return set((await self._session.scalars(owned)).all())

    async def names(self, ids: Sequence[int]) -> dict[int, str]:
        rows = await self._session.execute(
            select(OrganisationRow.id, OrganisationRow.name).where(OrganisationRow.id.in_(ids))
        )
        return {row.id: row.name for row in rows}

    async def remove(self, organisations: Sequence[int], projects: Sequence[int]) -> None:
        await self._session.execute(delete(ProjectRow).where(ProjectRow.id.in_(projects)))
        await self._session.execute(delete(OrganisationRow).where(OrganisationRow.id.in_(organisations)))

    async def undone(self, import_id: int, changes: Sequence[int], by: By) -> None:
        """Remember that the import, and these of its changes, are taken back."""
        await self._session.execute(
            update(OrganisationChangeRow)
            .where(OrganisationChangeRow.id.in_(changes))
            .values(undone_at=by.at, undone_by=by.person_id)
        )
        await self._session.execute(
            update(DirectoryImportRow).where(DirectoryImportRow.id == import_id).values(undone_at=by.at)
        )

    async def later_changes(self, change: Change) -> int:
        """How often the same field was changed after that, and it still counts."""
        row = OrganisationChangeRow
        same = row.project_id == change.project_id if change.project_id else row.project_id.is_(None)
        counted = select(func.count()).where(
            row.organisation_id == change.organisation_id,
            row.field == change.field,
            row.id > change.id,
            row.undone_at.is_(None),
            same,
        )
        return await self._session.scalar(counted) or 0


def _made(by: By) -> dict[str, Any]:
    return {"created_by": by.person_id, "created_at": by.at, "updated_at": by.at}


def _change(by: By) -> dict[str, Any]:
    return {"person_id": by.person_id, "at": by.at, "batch": by.batch}
