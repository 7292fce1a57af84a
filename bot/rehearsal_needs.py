"""Needs while a conversation is rehearsed: one is numbered and stays alone."""

from collections.abc import Sequence

from bot.actions.needs_port import Alike, Figures, Help
from bot.actions.training_port import Told
from bot.errors import NotAllowed
from bot.need import Need, NeedGroup, Topic, Urgency


class NeedsOfOne:
    """The person who rehearses is a member: what coordinators do is closed."""

    def guess(self, text: str) -> Topic | None:
        return None

    async def keep(self, need: Need) -> int:
        return 1

    async def unanswered(self, text: str, intent: str, region: str | None) -> None:
        return None

    async def mine(self, number: int) -> Need | None:
        return None

    async def place(self, number: int, topic: Topic, region: str | None, urgency: Urgency | None) -> Alike:
        return Alike(0)

    async def figures(self) -> Figures:
        return Figures({}, None, 0)

    async def groups(self, limit: int, offset: int = 0) -> Sequence[NeedGroup]:
        raise NotAllowed("member")

    async def group(self, number: int) -> tuple[NeedGroup, Sequence[Need]] | None:
        raise NotAllowed("member")

    async def unite(self, number: int, into: int) -> bool:
        raise NotAllowed("member")

    async def set_apart(self, need: int) -> int | None:
        raise NotAllowed("member")

    async def answer(self, number: int, answer: Help) -> Told | None:
        raise NotAllowed("member")
