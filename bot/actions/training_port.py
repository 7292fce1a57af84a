"""What the actions on trainings and reminders ask of the rest, and the words in which it answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.messages import Attachment
from bot.training import Participation, Plan, Training, Wish

PLANNERS = frozenset({"coordinator", "admin"})


class Enrolled(StrEnum):
    """How asking for a place ended."""

    DONE = "done"
    WAITING = "waiting"
    ALREADY = "already"
    ALREADY_WAITING = "already_waiting"
    PAST = "past"
    CANCELLED = "cancelled"
    NEEDS_OSC = "needs_osc"
    OTHER_REGION = "other_region"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Enrolling:
    """`organisation`: in whose name, if known."""

    result: Enrolled
    training: Training | None = None
    position: int = 0
    organisation: str | None = None


class Attended(StrEnum):
    """What became of an attendance code. NO_TRAINING: the person has none today, so it was no code."""

    DONE = "done"
    ALREADY = "already"
    WRONG = "wrong"
    BLOCKED = "blocked"
    NO_TRAINING = "no_training"


@dataclass(frozen=True, slots=True)
class Attending:
    result: Attended
    training: Training | None = None
    tries_left: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """How many people get a message, cannot be reached, and want none."""

    told: int = 0
    unreachable: int = 0
    stopped: int = 0


class Whom(StrEnum):
    """Who gets a reminder now."""

    ALL = "all"
    UNANSWERED = "unanswered"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Group:
    """`key` names it among the groups of the bot, short enough for a button."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Opinions:
    count: int
    mean: float | None
    words: Sequence[str]


@dataclass(frozen=True, slots=True)
class Planned:
    """What a coordinator sees of a training. `minutes`: its reminders, before the start."""

    training: Training
    enrolled: int
    waiting: int
    coming: int
    not_coming: int
    attended: int
    minutes: tuple[int, ...]
    opinions: Opinions


@dataclass(frozen=True, slots=True)
class Reminding:
    """What a person asked to be reminded of; `event_at`: nothing is said after it."""

    text: str
    due_at: datetime
    event_at: datetime | None = None
    training_id: int | None = None
    resource_id: str | None = None
    id: int = 0


class Trainings(Protocol):
    """Trainings for the person who talks."""

    async def upcoming(self) -> Sequence[Training]: ...

    async def get(self, training_id: int) -> Training | None: ...

    async def calendar(self, training_id: int, language: str) -> Attachment:
        """The training as a file for the phone's calendar."""

    async def mine(self) -> Sequence[Participation]:
        """Places held or waited for in trainings that are not over, the nearest first."""

    async def part(self, training_id: int) -> Participation | None: ...

    async def enrol(self, training_id: int) -> Enrolling:
        """Take a place, or one in the waiting list; says yes to the training where the place is held."""

    async def withdraw(self, training_id: int) -> Participation | None:
        """Give the place back, to the next who waits; what was held, None when nothing was."""

    async def attend(self, code: str) -> Attending: ...

    async def wish(self, wish: Wish) -> bool:
        """Keep it, to be told when such a training opens; False when the person has too many already."""

    async def wishes(self) -> Sequence[Wish]: ...

    async def drop_wish(self, wish_id: int) -> bool: ...

    async def rate(self, training_id: int, rating: int) -> bool:
        """False when the person had no part in it."""

    async def comment(self, training_id: int, words: str) -> None: ...


class Planning(Protocol):
    """Trainings for those who plan them; every method raises `NotAllowed` for others."""

    async def looked_after(self) -> Sequence[Training]:
        """Drafts, and what is open and was not over a fortnight ago."""

    async def plan(self, plan: Plan) -> Training: ...

    async def open(self, training_id: int) -> Training | None:
        """People may enrol from now on; those who asked to hear of such a training are told."""

    async def change(self, training_id: int, plan: Plan) -> Told: ...

    async def cancel(self, training_id: int) -> Told: ...

    async def overview(self, training_id: int) -> Planned | None: ...

    async def code(self, training_id: int) -> str | None:
        """The attendance code, made at first asking; None when it is not the training's day."""

    async def participants(self, training_id: int) -> Attachment:
        """The list of participants as CSV (UTF-8 with BOM, semicolons), its head in French."""

    async def schedule(self, training_id: int, minutes: Sequence[int]) -> None: ...

    async def groups(self) -> Sequence[Group]: ...

    async def would_remind(self, training_id: int, whom: Whom) -> Told: ...

    async def remind(self, training_id: int, whom: Whom, turn: str, group: str | None = None) -> Told:
        """Send now; `turn` names this order: the same one twice sends once."""

    async def leaving(self) -> Sequence[tuple[Training, str]]:
        """Reminders triggered by hand that have not left for everybody yet, with their turn."""

    async def recall(self, training_id: int, turn: str) -> int:
        """Take such a reminder back where it has not left; gives from how many."""


class Silence(StrEnum):
    """What a person wants no more of; STOP ends announcements and reminders alike."""

    REMINDERS = "reminders"
    EVERYTHING = "everything"


class Reminders(Protocol):
    """Reminders of the person who talks."""

    async def silence(self) -> Silence | None:
        """What this person stopped; None when reminders reach them."""

    async def add(self, reminder: Reminding) -> int | None:
        """Its number; None when the person has too many already."""

    async def mine(self) -> Sequence[Reminding]: ...

    async def drop(self, reminder_id: int) -> bool: ...

    async def stop(self) -> None: ...

    async def allow(self) -> None:
        """Reminders may come again, announcements too if they were stopped with them."""
