"""Recurring times: every day, week and month, at month ends, where clocks change, up to the last."""

from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from bot.recurrence import Every, Recurrence

DJIBOUTI = ZoneInfo("Africa/Djibouti")
PARIS = ZoneInfo("Europe/Paris")


def local(text: str, zone: ZoneInfo = DJIBOUTI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def times(every: Every, first: str, count: int, zone: ZoneInfo = DJIBOUTI) -> list[str]:
    """The first `count` times after the first, as the clock on the wall shows them."""
    recurrence, moment, found = Recurrence(every, local(first, zone), zone), local(first, zone), []
    for _ in range(count):
        following = recurrence.next_after(moment)
        assert following is not None
        found.append(following.astimezone(zone).strftime("%Y-%m-%d %H:%M"))
        moment = following
    return found


def test_every_day_at_the_same_hour() -> None:
    assert times(Every.DAY, "2026-02-27 09:00", 2) == ["2026-02-28 09:00", "2026-03-01 09:00"]


def test_every_week_on_the_same_weekday() -> None:
    assert times(Every.WEEK, "2026-12-24 09:00", 2) == ["2026-12-31 09:00", "2027-01-07 09:00"]


def test_thirty_first_is_the_last_day_of_shorter_months_and_comes_back() -> None:
    assert times(Every.MONTH, "2027-12-31 18:30", 5) == [
        "2028-01-31 18:30",
        "2028-02-29 18:30",
        "2028-03-31 18:30",
        "2028-04-30 18:30",
        "2028-05-31 18:30",
    ]


def test_first_time_is_next_before_it() -> None:
    first = local("2026-11-24 09:00")
    assert Recurrence(Every.MONTH, first, DJIBOUTI).next_after(local("2020-01-01 00:00")) == first


@pytest.mark.parametrize("every", Every)
def test_long_pause_is_skipped_in_one_step(every: Every) -> None:
    recurrence = Recurrence(every, local("2020-01-31 09:00"), DJIBOUTI)
    moment = local("2026-11-24 09:00")
    following = recurrence.next_after(moment)
    assert following is not None
    assert 0 < (following - moment).days + 1 <= 31


def test_none_after_the_last() -> None:
    recurrence = Recurrence(Every.DAY, local("2026-11-24 09:00"), DJIBOUTI, last=local("2026-11-25 09:00"))
    assert recurrence.next_after(local("2026-11-24 09:00")) == local("2026-11-25 09:00")
    assert recurrence.next_after(local("2026-11-25 09:00")) is None


def test_day_begins_where_the_people_are() -> None:
    assert times(Every.MONTH, "2026-01-31 01:00", 2) == ["2026-02-28 01:00", "2026-03-31 01:00"]


@pytest.mark.parametrize("first", ["2026-03-26 02:30", "2026-10-23 02:30"])
def test_change_of_clocks_neither_skips_nor_repeats_a_day(first: str) -> None:
    recurrence, moment, found = Recurrence(Every.DAY, local(first, PARIS), PARIS), local(first, PARIS), []
    for _ in range(5):
        following = recurrence.next_after(moment)
        assert following is not None
        found.append(following)
        moment = following
    days = [time.astimezone(PARIS).date().toordinal() for time in found]
    assert [later - earlier for earlier, later in pairwise(days)] == [1, 1, 1, 1]
