"""Trainings and reminders of a rehearsed conversation: none is planned, nobody plans, reminders are remembered."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.actions.training_port import (
    Attended,
    Attending,
    Enrolled,
    Enrolling,
    Group,
    Planned,
    Reminding,
    Silence,
    Told,
    Whom,
)
from bot.errors import NotAllowed
from bot.messages import Attachment
from bot.training import Participation, Plan, Training, Wish


class NoTrainings:
    """Nothing is planned."""

    async def upcoming(self) -> Sequence[Training]:
        return ()

    async def get(self, training_id: int) -> Training | None:
        return None

    async def calendar(self, training_id: int, language: str) -> Attachment:
        raise LookupError("no training is planned")

    async def mine(self) -> Sequence[Participation]:
        return ()

    async def part(self, training_id: int) -> Participation | None:
        return None

    async def enrol(self, training_id: int) -> Enrolling:
        return Enrolling(Enrolled.UNKNOWN)

    async def withdraw(self, training_id: int) -> Participation | None:
        return None

    async def attend(self, code: str) -> Attending:
        return Attending(Attended.NO_TRAINING)

    async def wish(self, wish: Wish) -> bool:
        return True

    async def wishes(self) -> Sequence[Wish]:
        return ()

    async def drop_wish(self, wish_id: int) -> bool:
        return False

    async def rate(self, training_id: int, rating: int) -> bool:
        return False

    async def comment(self, training_id: int, words: str) -> None:
        return None


class NobodyPlans:
    """The person who rehearses is a member."""

    async def looked_after(self) -> Sequence[Training]:
        raise NotAllowed("member")

    async def plan(self, plan: Plan) -> Training:
        raise NotAllowed("member")

    async def open(self, training_id: int) -> Training | None:
        raise NotAllowed("member")

    async def change(self, training_id: int, plan: Plan) -> Told:
        raise NotAllowed("member")

    async def cancel(self, training_id: int) -> Told:
        raise NotAllowed("member")

    async def overview(self, training_id: int) -> Planned | None:
        raise NotAllowed("member")

    async def code(self, training_id: int) -> str | None:
        raise NotAllowed("member")

    async def participants(self, training_id: int) -> Attachment:
        raise NotAllowed("member")

    async def schedule(self, training_id: int, minutes: Sequence[int]) -> None:
        raise NotAllowed("member")

    async def leaving(self) -> Sequence[tuple[Training, str]]:
        raise NotAllowed("member")

    async def recall(self, training_id: int, turn: str) -> int:
        raise NotAllowed("member")

    async def groups(self) -> Sequence[Group]:
        raise NotAllowed("member")

    async def would_remind(self, training_id: int, whom: Whom) -> Told:
        raise NotAllowed("member")

    async def remind(self, training_id: int, whom: Whom, turn: str, group: str | None = None) -> Told:
        raise NotAllowed("member")


@dataclass(slots=True)
class OwnReminders:
    """What this conversation asked to be reminded of."""

    kept: list[Reminding] = field(default_factory=list)
    off: bool = False

    async def silence(self) -> Silence | None:
        return Silence.REMINDERS if self.off else None

    async def add(self, reminder: Reminding) -> int | None:
        self.kept.append(replace(reminder, id=len(self.kept) + 1))
        return len(self.kept)

    async def mine(self) -> Sequence[Reminding]:
        return tuple(self.kept)

    async def drop(self, reminder_id: int) -> bool:
        left = [reminder for reminder in self.kept if reminder.id != reminder_id]
        dropped = len(left) < len(self.kept)
        self.kept = left
        return dropped

    async def stop(self) -> None:
        self.off = True

    async def allow(self) -> None:
        self.off = False
