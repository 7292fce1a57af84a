"""Needs and calls while a conversation is rehearsed: a need is numbered and stays alone, no call is open."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.actions.calls_port import Published, Suiting
from bot.actions.needs_port import Alike, Figures, Help
from bot.actions.training_port import Told
from bot.call import Call, CallPlan
from bot.consent import Purpose
from bot.errors import NotAllowed
from bot.messages import Attachment
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


class NoCalls:
    """Nothing is published."""

    async def living(self) -> Sequence[Call]:
        return ()

    async def get(self, number: int) -> Call | None:
        return None

    async def suiting(self) -> Suiting:
        return Suiting()

    async def publish(self, plan: CallPlan) -> Published:
        raise NotAllowed("member")

    async def may_change(self, number: int) -> bool:
        return False

    async def withdraw(self, number: int) -> Told | None:
        raise NotAllowed("member")

    async def move(self, number: int, closes_at: datetime) -> Told | None:
        raise NotAllowed("member")

    async def remind(self, call: Call) -> Sequence[datetime]:
        return ()


class OwnData:
    """Nothing is kept of who rehearses."""

    async def consents(self) -> Mapping[Purpose, bool]:
        return dict.fromkeys(Purpose, False)

    async def decide(self, purpose: Purpose, given: bool) -> None:
        return None

    async def file(self) -> Attachment:
        return Attachment("own", "mes-donnees.txt", "text/plain")

    async def forget(self) -> Sequence[str]:
        return ()
