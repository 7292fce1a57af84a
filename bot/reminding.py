"""When a reminder is due, and when one that is late still helps."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

USUAL = (7 * 24 * 60, 24 * 60, 2 * 60)
"""Minutes before the start: 7 days, 1 day, 2 hours."""
MOST = 5
LONGEST = 60 * 24 * 60
"""Minutes; nobody needs to be reminded more than sixty days before."""
OWN_LATE = timedelta(hours=12)
"""A person's own reminder that names no event still helps on the same day."""


class ReminderState(StrEnum):
    """PASSED: its time was over before it was planned. MISSED: too late when the bot was back."""

    PLANNED = "planned"
    SENT = "sent"
    PASSED = "passed"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Due:
    """One reminder of a training's schedule: `minutes` before the start."""

    minutes: int
    state: ReminderState = ReminderState.PLANNED

    def at(self, starts_at: datetime) -> datetime:
        return starts_at - timedelta(minutes=self.minutes)


class Fate(StrEnum):
    """What to do with a planned reminder now."""

    WAIT = "wait"
    SEND = "send"
    MISS = "miss"


def fate(due: Due, schedule: Iterable[Due], starts_at: datetime, now: datetime) -> Fate:
    """What becomes of a planned reminder.

    Late, it still helps until half of the time to what follows it (the next reminder, or the start) is over:
    a 7-day reminder until 4 days before, a 1-day reminder until 13 hours before, a 2-hour one until 1 hour
    before. Never at or after the start.
    """
    at = due.at(starts_at)
    if now < at:
        return Fate.WAIT
    following = min((d.at(starts_at) for d in schedule if d.minutes < due.minutes), default=starts_at)
    helps_until = at + (following - at) / 2
    return Fate.SEND if now < min(helps_until, starts_at) else Fate.MISS


def planned(minutes: Sequence[int], starts_at: datetime, now: datetime) -> list[Due]:
    """The schedule of a training opened or moved now: what should have gone already is not sent late."""
    return [
        Due(m, ReminderState.PLANNED if Due(m).at(starts_at) > now else ReminderState.PASSED)
        for m in sorted(set(minutes), reverse=True)
    ]


def own_fate(due_at: datetime, event_at: datetime | None, now: datetime) -> Fate:
    """A person's own reminder: late until its event, or half a day when it names none."""
    if now < due_at:
        return Fate.WAIT
    limit = event_at if event_at is not None else due_at + OWN_LATE
    return Fate.SEND if now < limit else Fate.MISS
