"""What the search in the directory reads: a stamp of its state, everything listed, and one page in full."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.organisation import LISTED
from bot.store.content_tables import OrganisationRow
from bot.store.directory_tables import FieldConfirmationRow, OrganisationPersonRow, ProjectRow

STAMP = text(
    "SELECT (SELECT count(*) FROM organisation), (SELECT sum(xmin::text::bigint) FROM organisation),"
    " (SELECT count(*) FROM project), (SELECT sum(xmin::text::bigint) FROM project),"
    " (SELECT max(confirmed_at) FROM field_confirmation)"
)
"""Changes with every change of an entry or a project: xmin is the transaction that wrote the row last."""


@dataclass(frozen=True, slots=True)
class ListedOsc:
    """A listed organisation; `confirmed`: the newest confirmation; `acts`: regions and themes of its projects."""

    row: OrganisationRow
    confirmed: datetime | None
    acts: frozenset[str]
    titles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Acts:
    values: set[str] = field(default_factory=set)
    titles: list[str] = field(default_factory=list)


class DirectorySearch:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def stamp(self) -> tuple[object, ...]:
        """Equal as long as nothing in the directory changed."""
        return tuple((await self._session.execute(STAMP)).one())

    async def organisations(self) -> Sequence[ListedOsc]:
        """Everything listed."""
        rows = await self._session.scalars(
            select(OrganisationRow).where(OrganisationRow.status.in_(LISTED)).order_by(OrganisationRow.id)
        )
        confirmed = await self.confirmed()
        acts = await self._acts()
        return [
            ListedOsc(row, confirmed.get(row.id), frozenset(acts[row.id].values), tuple(acts[row.id].titles))
            for row in rows
        ]

    async def confirmed(self) -> dict[int, datetime]:
        """When anything of each organisation was last confirmed."""
        newest = func.max(FieldConfirmationRow.confirmed_at)
        wanted = select(FieldConfirmationRow.organisation_id, newest).group_by(
            FieldConfirmationRow.organisation_id
        )
        return {row[0]: row[1] for row in await self._session.execute(wanted)}

    async def _acts(self) -> dict[int, Acts]:
        acts: dict[int, Acts] = defaultdict(Acts)
        rows = await self._session.execute(
            select(ProjectRow.organisation_id, ProjectRow.theme, ProjectRow.region, ProjectRow.title)
        )
        for organisation_id, theme, region, title in rows:
            acts[organisation_id].values.update(filter(None, (theme, region)))
            acts[organisation_id].titles.append(title)
        return acts

    async def projects(self) -> Sequence[tuple[ProjectRow, str, str]]:
        """Projects of listed organisations, each with the name and the status of its organisation."""
        rows = await self._session.execute(
            select(ProjectRow, OrganisationRow.name, OrganisationRow.status)
            .join(OrganisationRow, OrganisationRow.id == ProjectRow.organisation_id)
            .where(OrganisationRow.status.in_(LISTED))
            .order_by(ProjectRow.id)
        )
        return [(row, name, status) for row, name, status in rows]

    async def some(self, ids: Sequence[int]) -> dict[int, tuple[OrganisationRow, datetime | None]]:
        """Listed ones of these, each with its newest confirmation."""
        newest = select(func.max(FieldConfirmationRow.confirmed_at)).where(
            FieldConfirmationRow.organisation_id == OrganisationRow.id
        )
        rows = await self._session.execute(
            select(OrganisationRow, newest.scalar_subquery()).where(
                OrganisationRow.id.in_(ids), OrganisationRow.status.in_(LISTED)
            )
        )
        return {row.id: (row, confirmed) for row, confirmed in rows}

    async def some_projects(self, ids: Sequence[int]) -> dict[int, tuple[ProjectRow, str]]:
        rows = await self._session.execute(
            select(ProjectRow, OrganisationRow.name)
            .join(OrganisationRow, OrganisationRow.id == ProjectRow.organisation_id)
            .where(ProjectRow.id.in_(ids), OrganisationRow.status.in_(LISTED))
        )
        return {row.id: (row, name) for row, name in rows}

    async def belongs(self, person_id: int) -> set[int]:
        """The listed organisations this person belongs to."""
        rows = await self._session.scalars(
            select(OrganisationPersonRow.organisation_id)
            .join(OrganisationRow, OrganisationRow.id == OrganisationPersonRow.organisation_id)
            .where(OrganisationPersonRow.person_id == person_id, OrganisationRow.status.in_(LISTED))
        )
        return set(rows.all())
