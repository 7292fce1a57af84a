"""When people are not disturbed: nights, and Friday around the prayer; until when a message then waits."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.messages import Kind

FRIDAY = 4
STILL_HELPS = timedelta(hours=1)
"""A reminder may wait for the morning if it then comes at least this long before its event."""


@dataclass(frozen=True, slots=True)
class Hours:
    """From `begin` to before `end` by the clock on the wall; over midnight where the end is not later."""

    begin: time
    end: time

    def end_after(self, local: datetime) -> datetime | None:
        """The end of the span that `local` (with its zone) lies in; None outside. Equal ends: an empty span."""
        now = local.timetz().replace(tzinfo=None)
        if self.begin <= self.end:
            inside, days = self.begin <= now < self.end, 0
        else:
            inside, days = now >= self.begin or now < self.end, int(now >= self.begin)
        return (
            datetime.combine(local.date() + timedelta(days=days), self.end, local.tzinfo) if inside else None
        )


def hours_of(span: str) -> Hours:
    """From words such as "21:00-07:00" (24-hour clock); raises ValueError."""
    begin, end = span.split("-")
    return Hours(time.fromisoformat(begin), time.fromisoformat(end))


NIGHT = Hours(time(21), time(7))
FRIDAY_PRAYER = Hours(time(11, 30), time(14))


@dataclass(frozen=True, slots=True)
class QuietHours:
    """The quiet hours of one installation; a person's `own` take the place of the night, not of the prayer."""

    zone: ZoneInfo
    night: Hours = NIGHT
    prayer: Hours = FRIDAY_PRAYER

    def until(self, moment: datetime, own: Hours | None = None) -> datetime | None:
        """The end (UTC) of the quiet time at `moment`, across spans that touch; None when it is not quiet."""
        end = None
        while (found := self._span_end(end or moment, own)) is not None:
            end = found
        return None if end is None else end.astimezone(UTC)

    def night_until(self, moment: datetime, own: Hours | None = None) -> datetime | None:
        """As `until`, of the night alone."""
        end = (own or self.night).end_after(moment.astimezone(self.zone))
        return None if end is None else end.astimezone(UTC)

    def put_off(
        self, kind: Kind, moment: datetime, own: Hours | None = None, event: datetime | None = None
    ) -> datetime | None:
        """Until when a message of this kind waits; None: send now.

        Replies never wait. Announcements wait for the end of every quiet time. Reminders wait for the end of
        the night, unless that leaves less than `STILL_HELPS` before the event: then they come at night.
        """
        if kind is Kind.REPLY:
            return None
        if kind is Kind.ANNOUNCEMENT:
            return self.until(moment, own)
        end = self.night_until(moment, own)
        return None if end is None or (event is not None and end + STILL_HELPS > event) else end

    def _span_end(self, moment: datetime, own: Hours | None) -> datetime | None:
        local = moment.astimezone(self.zone)
        ends = [(own or self.night).end_after(local)]
        if local.weekday() == FRIDAY:
            ends.append(self.prayer.end_after(local))
        return max((end for end in ends if end is not None), default=None)
