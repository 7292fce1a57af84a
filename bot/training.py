"""What a training is: its texts, its time, its places, who may come and in which state it is at a moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Status(StrEnum):
    """What a coordinator decided; whether it is full or past follows from places and clock."""

    DRAFT = "draft"
    OPEN = "open"
    CANCELLED = "cancelled"


class State(StrEnum):
    """What people are told."""

    DRAFT = "draft"
    OPEN = "open"
    FULL = "full"
    PAST = "past"
    CANCELLED = "cancelled"


class Audience(StrEnum):
    """Who may come. ORGANISATIONS: people who registered an organisation; REGION: one of the same region."""

    EVERYONE = "everyone"
    ORGANISATIONS = "organisations"
    REGION = "region"


class Seat(StrEnum):
    """One person's place in one training."""

    ENROLLED = "enrolled"
    WAITING = "waiting"
    WITHDRAWN = "withdrawn"
    ATTENDED = "attended"


class Answer(StrEnum):
    """What a person answered to a reminder."""

    COMING = "coming"
    NOT_COMING = "not_coming"


@dataclass(frozen=True, slots=True)
class Wish:
    """A training somebody wants to hear of when it opens; None: any theme, any region."""

    theme: str | None = None
    region: str | None = None
    id: int = 0


TAKEN = (Seat.ENROLLED, Seat.ATTENDED)
"""Seats that count against the capacity."""


@dataclass(frozen=True, slots=True)
class Texts:
    title: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a coordinator says of a training. `texts` by language, French always there; times are aware UTC.

    `capacity` None: no limit. `region` and `theme` are canonical names.
    """

    texts: Mapping[str, Texts]
    theme: str | None
    region: str
    place: str
    starts_at: datetime
    ends_at: datetime
    capacity: int | None = None
    organiser: str | None = None
    audience: Audience = Audience.EVERYONE


@dataclass(frozen=True, slots=True)
class Training:
    """A planned training. `taken`: places taken; `revision` counts the changes people were told of.

    `created_by`: the coordinator who answers for it; `code`: shown in the room on the day, once asked for.
    """

    id: int
    plan: Plan
    status: Status
    taken: int = 0
    revision: int = 0
    created_by: int | None = None
    code: str | None = None

    def texts(self, language: str) -> Texts:
        """In this language, each part in French where it was not given."""
        french = self.plan.texts["fr"]
        own = self.plan.texts.get(language, french)
        return Texts(own.title or french.title, own.description or french.description)

    def state(self, now: datetime) -> State:
        if self.status is not Status.OPEN:
            return State(self.status)
        if self.plan.starts_at <= now:
            return State.PAST
        return State.FULL if self.free == 0 else State.OPEN

    @property
    def free(self) -> int | None:
        """Places left; None without a limit."""
        return None if self.plan.capacity is None else max(0, self.plan.capacity - self.taken)


@dataclass(frozen=True, slots=True)
class Participation:
    """One person's part in a training. `position`: place in the waiting list, from 1."""

    training: Training
    seat: Seat
    answer: Answer | None = None
    position: int = 0
