"""What calls for projects ask of memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.actions.training_port import Told
from bot.call import Call, CallPlan

PUBLISHERS = frozenset({"partner", "coordinator", "admin"})


@dataclass(frozen=True, slots=True)
class Published:
    """`organisations`: how many it suits; `told`: how many people hear of it."""

    call: Call
    organisations: int
    told: Told


@dataclass(frozen=True, slots=True)
class Suiting:
    """What the person's organisations work on and where: what is looked for when nothing is said."""

    themes: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()


class Calls(Protocol):
    """Publishers' methods raise `NotAllowed` for anybody else."""

    async def living(self) -> Sequence[Call]:
        """Open now or later."""

    async def get(self, number: int) -> Call | None: ...

    async def suiting(self) -> Suiting: ...

    async def publish(self, plan: CallPlan) -> Published: ...

    async def may_change(self, number: int) -> bool:
        """Its publisher, and every coordinator."""

    async def withdraw(self, number: int) -> Told | None:
        """Those who wanted reminders are told; None when it is over or withdrawn already."""

    async def move(self, number: int, closes_at: datetime) -> Told | None:
        """Another deadline: reminders go with it, and those who have some are told."""

    async def remind(self, call: Call) -> Sequence[datetime]:
        """Reminders before the deadline for this person; when they come. Empty: too late for any."""
