"""The next time of what happens again and again: every day, week or month, by the clock on the wall."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum


class Every(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Recurrence:
    """`first` (aware) gives hour, weekday and day of the month; none comes after `last`, if there is one.

    A day the month does not have (the 31st) is its last day.
    """

    every: Every
    first: datetime
    zone: tzinfo
    last: datetime | None = None

    def next_after(self, moment: datetime) -> datetime | None:
        """The first time (UTC) after `moment`, which may itself be one; None when there is no more."""
        step = max(0, self._steps_until(moment) - 1)
        while (time := self._at(step)) <= moment:
            step += 1
        return None if self.last is not None and time > self.last else time

    def _steps_until(self, moment: datetime) -> int:
        """About how many steps lie between, one more or less."""
        begin, end = self._local(self.first), self._local(moment)
        if self.every is Every.MONTH:
            return (end.year - begin.year) * 12 + end.month - begin.month
        return (end.date() - begin.date()).days // (7 if self.every is Every.WEEK else 1)

    def _at(self, step: int) -> datetime:
        first = self._local(self.first)
        if self.every is Every.MONTH:
            years, month = divmod(first.month - 1 + step, 12)
            year = first.year + years
            day = min(first.day, monthrange(year, month + 1)[1])
            local = first.replace(year=year, month=month + 1, day=day)
        else:
            local = first + timedelta(days=step * (7 if self.every is Every.WEEK else 1))
        # By the wall: an hour that a change of clocks skips or repeats is read as before the change.
        return local.replace(fold=0).astimezone(UTC)

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone)
