"""What telling and answering needs asks of memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.actions.training_port import Told
from bot.need import Need, NeedGroup, Topic, Urgency


@dataclass(frozen=True, slots=True)
class Alike:
    """`others`: how many more said the same kind of need; `answer`: what coordinators answered them lately."""

    others: int
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """Needs said by theme since `since`, when the first was said; `told`, all of them."""

    by_topic: Mapping[Topic, int]
    since: datetime | None
    answered: int

    @property
    def told(self) -> int:
        return sum(self.by_topic.values())


@dataclass(frozen=True, slots=True)
class Help:
    """What answers a need: words, and a training or a resource by its id, if any."""

    words: str
    training: int | None = None
    resource: str | None = None


class Needs(Protocol):
    """Coordinators' methods raise `NotAllowed` for anybody else."""

    def guess(self, text: str) -> Topic | None: ...

    async def keep(self, need: Need) -> int:
        """Keep the exact words; what is missing is taken from the person's organisation. Its number."""

    async def unanswered(self, text: str, intent: str, region: str | None) -> None:
        """A question to which nothing was found counts as a need, without the person."""

    async def mine(self, number: int) -> Need | None:
        """A need this conversation's person may complete."""

    async def place(self, number: int, topic: Topic, region: str | None, urgency: Urgency | None) -> Alike:
        """Put a need among its like."""

    async def figures(self) -> Figures: ...

    async def groups(self, limit: int, offset: int = 0) -> Sequence[NeedGroup]: ...

    async def group(self, number: int) -> tuple[NeedGroup, Sequence[Need]] | None:
        """With the words of some, names and numbers masked."""

    async def unite(self, number: int, into: int) -> bool: ...

    async def set_apart(self, need: int) -> int | None:
        """Take one need out of its group; the number of its own."""

    async def answer(self, number: int, answer: Help) -> Told | None:
        """Tell everybody who said it; None when it was answered before."""
