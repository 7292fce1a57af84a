"""What the chat may ask of projects: those of an organisation, declaring one, correcting and closing it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from bot.organisation import ProjectStatus


@dataclass(frozen=True, slots=True)
class ProjectCard:
    """A project as declared; `theme` and `region` are canonical. `mine`: the person may change it."""

    title: str
    id: int = 0
    organisation_id: int = 0
    organisation: str = ""
    theme: str | None = None
    region: str | None = None
    place: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    partners: tuple[str, ...] = ()
    funders: tuple[str, ...] = ()
    status: str = ProjectStatus.RUNNING
    result: str | None = None
    mine: bool = False


class Projects(Protocol):
    """Speaks for one person: editors of an organisation declare and change, everybody reads."""

    async def of(self, organisation_id: int) -> Sequence[ProjectCard]: ...

    async def get(self, project_id: int) -> ProjectCard | None: ...

    async def declare(self, organisation_id: int, card: ProjectCard) -> ProjectCard | None:
        """None when the person may not speak for the organisation."""

    async def change(self, project_id: int, values: dict[str, Any]) -> ProjectCard | None:
        """Columns and their new values; None when the person may not."""
