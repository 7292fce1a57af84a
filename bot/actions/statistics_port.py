"""Key figures for coordinators and partners, and the synthesis of needs as files."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.messages import Attachment
from bot.need import Topic


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """The directory as it is now; needs and trainings of the last twelve months, but `coming`, those to come."""

    organisations: int
    verified: int
    projects: int
    people: int
    needs: int
    answered: int
    trainings: int
    places: int
    coming: int
    regions: Sequence[tuple[str, int]] = ()
    topics: Sequence[tuple[Topic, int]] = ()


class Statistics(Protocol):
    """Raises `NotAllowed` for members."""

    async def key(self) -> KeyFigures: ...

    async def picture(self, title: str, values: Sequence[tuple[str, int]]) -> Attachment:
        """Named counts as bars."""

    async def synthesis(self) -> Sequence[Attachment]:
        """The synthesis of the last twelve months, as PDF and as HTML."""
