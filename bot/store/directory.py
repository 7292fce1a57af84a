"""Organisations as rows, and the history of what was changed in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, false, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.organisation import LISTED, Part, Standing
from bot.store.content_tables import OrganisationChangeRow, OrganisationRow
from bot.store.directory_tables import FieldConfirmationRow, OrganisationPersonRow

ENTRY = "entry"
"""The field of the change with which an organisation came into the directory."""
GIVEN = (
    "name", "acronym", "legal_form", "region", "place", "themes", "year", "contact_name", "contact_role", "phone",
    "email", "languages", "description", "receipt_number", "addresses", "social_pages", "members_range",
    "volunteers_range", "target_groups", "capacities", "equipment", "connection", "logo_key",
)  # fmt: skip
"""Columns people give and confirm."""


@dataclass(frozen=True, slots=True)
class By:
    """Who changes something, when, and with which import or merging. `person_id` None: the bot itself."""

    person_id: int | None
    at: datetime
    batch: str | None = None


class Organisations:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of_person(self, person_id: int) -> Sequence[OrganisationRow]:
        """The organisations this person belongs to, oldest first; not those merged into others."""
        rows = await self._session.scalars(
            select(OrganisationRow)
            .join(OrganisationPersonRow, OrganisationPersonRow.organisation_id == OrganisationRow.id)
            .where(
                OrganisationPersonRow.person_id == person_id,
                OrganisationRow.status.in_([*LISTED, Standing.REFUSED]),
            )
            .order_by(OrganisationRow.id)
        )
        return rows.all()

    async def get(self, organisation_id: int) -> OrganisationRow | None:
        """Also one that was merged or refused."""
        return await self._session.get(OrganisationRow, organisation_id)

    async def lock(self, organisation_id: int) -> OrganisationRow | None:
        """Held until the transaction ends; one change at a time."""
        found: OrganisationRow | None = await self._session.scalar(
            select(OrganisationRow).where(OrganisationRow.id == organisation_id).with_for_update()
        )
        return found

    async def named_about(self, folded: str, limit: int) -> Sequence[OrganisationRow]:
        """Listed entries whose name or acronym holds these words or is held in them; exact ones first."""
        name, acronym = OrganisationRow.folded_name, func.lower(OrganisationRow.acronym)
        exact = (name == folded) | func.coalesce(acronym == folded, false())
        about = (func.strpos(name, folded) > 0) | (func.strpos(folded, name) > 0)
        rows = await self._session.scalars(
            select(OrganisationRow)
            .where(OrganisationRow.status.in_(LISTED), exact | about)
            .order_by(exact.desc(), func.length(name), OrganisationRow.id)
            .limit(limit)
        )
        return rows.all()

    async def add(
        self, values: Mapping[str, Any], person_id: int | None, now: datetime, batch: str | None = None
    ) -> OrganisationRow:
        """A new entry; the person, if any, becomes its contact, and what they gave counts as confirmed."""
        row = OrganisationRow(**values, created_by=person_id, created_at=now, updated_at=now)
        self._session.add(row)
        await self._session.flush()
        by = By(person_id, now, batch)
        self._session.add(_change(row.id, ENTRY, (None, row.name), by))
        if person_id is not None:
            self._session.add(
                OrganisationPersonRow(
                    organisation_id=row.id, person_id=person_id, part=Part.CONTACT, since=now
                )
            )
        await self.confirm(row.id, [name for name in GIVEN if values.get(name)], by)
        return row

    async def change(self, row: OrganisationRow, field: str, value: Any, by: By) -> OrganisationChangeRow:
        """Set one column and keep what it held before, by whom and when; the new value counts as confirmed."""
        kept = _change(row.id, field, (getattr(row, field), value), by)
        self._session.add(kept)
        setattr(row, field, value)
        row.updated_at = by.at
        if field in GIVEN and value:
            await self.confirm(row.id, [field], by)
        elif field in GIVEN:
            await self._forget_confirmation(row.id, field)
        await self._session.flush()
        return kept

    async def _forget_confirmation(self, organisation_id: int, field: str) -> None:
        """What is empty is neither fresh nor stale."""
        await self._session.execute(
            delete(FieldConfirmationRow).where(
                FieldConfirmationRow.organisation_id == organisation_id, FieldConfirmationRow.field == field
            )
        )

    async def note(self, row: OrganisationRow, field: str, after: Any, by: By) -> None:
        """A change of no single column, written into the history."""
        self._session.add(_change(row.id, field, (None, after), by))
        row.updated_at = by.at
        await self._session.flush()

    async def confirm(self, organisation_id: int, fields: Sequence[str], by: By) -> None:
        """These fields are true as of now."""
        if not fields:
            return
        new = insert(FieldConfirmationRow).values(
            [
                {
                    "organisation_id": organisation_id,
                    "field": field,
                    "confirmed_at": by.at,
                    "person_id": by.person_id,
                }
                for field in fields
            ]
        )
        await self._session.execute(
            new.on_conflict_do_update(
                index_elements=[FieldConfirmationRow.organisation_id, FieldConfirmationRow.field],
                set_={"confirmed_at": new.excluded.confirmed_at, "person_id": new.excluded.person_id},
            )
        )

    async def confirmations(self, organisation_id: int) -> dict[str, datetime]:
        """When each field was last confirmed."""
        rows = await self._session.execute(
            select(FieldConfirmationRow.field, FieldConfirmationRow.confirmed_at).where(
                FieldConfirmationRow.organisation_id == organisation_id
            )
        )
        return {row.field: row.confirmed_at for row in rows}


def _change(organisation_id: int, field: str, values: tuple[Any, Any], by: By) -> OrganisationChangeRow:
    before, after = values
    return OrganisationChangeRow(
        organisation_id=organisation_id,
        person_id=by.person_id,
        field=field,
        before=before,
        after=after,
        at=by.at,
        batch=by.batch,
    )
