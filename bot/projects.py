"""Projects of organisations: who may declare and change them; each change is in the organisation's history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.actions.context import Person
from bot.actions.project_port import ProjectCard
from bot.directory import fold_name
from bot.organisation import EDITORS
from bot.store.directory import By
from bot.store.directory_tables import ProjectRow
from bot.store.engine import Transaction

COLUMNS = (
    "title", "theme", "region", "place", "starts_on", "ends_on", "partners", "funders", "status", "result",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StoredProjects:
    """Speaks for one person within one transaction."""

    tx: Transaction
    person: Person
    now: datetime

    async def of(self, organisation_id: int) -> Sequence[ProjectCard]:
        rows = await self.tx.projects.of_organisation(organisation_id)
        return [await self._card(row) for row in rows]

    async def get(self, project_id: int) -> ProjectCard | None:
        row = await self.tx.projects.get(project_id)
        return None if row is None else await self._card(row)

    async def declare(self, organisation_id: int, card: ProjectCard) -> ProjectCard | None:
        if not await self._edits(organisation_id):
            return None
        values = {name: _plain(getattr(card, name)) for name in COLUMNS}
        values["folded_title"] = fold_name(card.title)
        row = await self.tx.projects.add(organisation_id, values, By(self.person.id, self.now))
        return await self._card(row)

    async def change(self, project_id: int, values: dict[str, Any]) -> ProjectCard | None:
        row = await self.tx.projects.get(project_id)
        if row is None or not await self._edits(row.organisation_id):
            return None
        by = By(self.person.id, self.now)
        for name in [name for name in values if name in COLUMNS and getattr(row, name) != values[name]]:
            await self.tx.projects.change(row, name, _plain(values[name]), by)
        row.folded_title = fold_name(row.title)
        return await self._card(row)

    async def _edits(self, organisation_id: int) -> bool:
        return await self.tx.memberships.part(organisation_id, self.person.id) in EDITORS

    async def _card(self, row: ProjectRow) -> ProjectCard:
        organisation = await self.tx.organisations.get(row.organisation_id)
        values: dict[str, Any] = {}
        for name in COLUMNS:
            value = getattr(row, name)
            values[name] = tuple(value) if isinstance(value, list) else value
        return ProjectCard(
            id=row.id,
            organisation_id=row.organisation_id,
            organisation=organisation.name if organisation else "",
            mine=await self._edits(row.organisation_id),
            **values,
        )


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
