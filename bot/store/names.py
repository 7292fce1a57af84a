"""The names that messages may hold: of the organisations listed, and of trainings planned or lately over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.organisation import LISTED
from bot.store.content_tables import OrganisationRow
from bot.store.training_tables import TrainingRow
from bot.training import Status


@dataclass(frozen=True, slots=True)
class NamedOrganisation:
    id: int
    name: str
    acronym: str | None


@dataclass(frozen=True, slots=True)
class NamedTraining:
    """`titles` by language."""

    id: int
    titles: Mapping[str, str]


class Names:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def organisations(self) -> Sequence[NamedOrganisation]:
        rows = await self._session.execute(
            select(OrganisationRow.id, OrganisationRow.name, OrganisationRow.acronym)
            .where(OrganisationRow.status.in_(LISTED))
            .order_by(OrganisationRow.id)
        )
        return [NamedOrganisation(*row) for row in rows]

    async def trainings(self, ended_after: datetime) -> Sequence[NamedTraining]:
        rows = await self._session.execute(
            select(TrainingRow.id, TrainingRow.texts)
            .where(TrainingRow.status == Status.OPEN, TrainingRow.ends_at > ended_after)
            .order_by(TrainingRow.id)
        )
        return [
            NamedTraining(number, {lang: texts["title"] for lang, texts in wording.items()})
            for number, wording in rows
        ]
