"""Quiet hours: over midnight, on Fridays, at month ends, where clocks change, and what each kind makes of them."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.messages import Kind
from bot.quiet import Hours, QuietHours, hours_of

DJIBOUTI = ZoneInfo("Africa/Djibouti")
PARIS = ZoneInfo("Europe/Paris")
QUIET = QuietHours(DJIBOUTI)


def local(text: str, zone: ZoneInfo = DJIBOUTI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def until(text: str, own: Hours | None = None) -> str | None:
    end = QUIET.until(local(text), own)
    return None if end is None else end.astimezone(DJIBOUTI).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("moment", "end"),
    [
        ("2026-11-24 20:59:59", None),
        ("2026-11-24 21:00", "2026-11-25 07:00"),
        ("2026-11-24 23:59:59", "2026-11-25 07:00"),
        ("2026-11-25 00:00", "2026-11-25 07:00"),
        ("2026-11-25 06:59:59", "2026-11-25 07:00"),
        ("2026-11-25 07:00", None),
        ("2026-11-30 22:00", "2026-12-01 07:00"),
        ("2026-12-31 22:00", "2027-01-01 07:00"),
        ("2028-02-28 22:00", "2028-02-29 07:00"),
    ],
)
def test_night_lasts_until_the_morning(moment: str, end: str | None) -> None:
    assert until(moment) == end


@pytest.mark.parametrize(
    ("moment", "end"),
    [
        ("2026-11-27 11:29", None),
        ("2026-11-27 11:30", "2026-11-27 14:00"),
        ("2026-11-27 13:59", "2026-11-27 14:00"),
        ("2026-11-27 14:00", None),
        ("2026-11-26 12:00", None),
        ("2026-11-28 12:00", None),
    ],
)
def test_friday_prayer_is_quiet_on_fridays_only(moment: str, end: str | None) -> None:
    assert until(moment) == end


def test_friday_is_that_of_the_place_not_of_greenwich() -> None:
    quiet = QuietHours(ZoneInfo("Pacific/Auckland"))
    friday_noon_there = datetime(2026, 11, 26, 23, 0, tzinfo=UTC)
    assert quiet.until(friday_noon_there) == datetime(2026, 11, 27, 1, 0, tzinfo=UTC)


def test_own_hours_take_the_place_of_the_night() -> None:
    late = Hours(time(23, 30), time(9))
    assert until("2026-11-24 22:00", late) is None
    assert until("2026-11-25 08:00", late) == "2026-11-25 09:00"


def test_own_hours_within_one_day() -> None:
    assert until("2026-11-24 13:00", Hours(time(12), time(16))) == "2026-11-24 16:00"


def test_equal_own_hours_mean_no_quiet_night() -> None:
    assert until("2026-11-24 03:00", Hours(time(0), time(0))) is None


def test_quiet_times_that_touch_are_one() -> None:
    assert until("2026-11-27 08:00", Hours(time(22), time(11, 45))) == "2026-11-27 14:00"


@pytest.mark.parametrize(
    ("evening", "hours"),
    [("2026-03-28 21:00", 9), ("2026-10-24 21:00", 11), ("2026-11-24 21:00", 10)],
)
def test_night_ends_at_seven_by_the_wall_where_clocks_change(evening: str, hours: int) -> None:
    begin = local(evening, PARIS).astimezone(UTC)
    end = QuietHours(PARIS).until(begin)
    assert end is not None
    assert (end - begin).total_seconds() == hours * 3600


def test_new_zone_moves_the_quiet_hours() -> None:
    moment = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)  # 21:30 in Djibouti, 19:30 in Paris
    assert QuietHours(DJIBOUTI).until(moment) is not None
    assert QuietHours(PARIS).until(moment) is None


NIGHT, PRAYER = local("2026-11-27 05:00"), local("2026-11-27 12:00")


@pytest.mark.parametrize(
    ("kind", "moment", "event", "waits"),
    [
        (Kind.REPLY, NIGHT, None, False),
        (Kind.ANNOUNCEMENT, NIGHT, None, True),
        (Kind.ANNOUNCEMENT, PRAYER, None, True),
        (Kind.REMINDER, NIGHT, None, True),
        (Kind.REMINDER, PRAYER, None, False),
        (Kind.REMINDER, NIGHT, local("2026-11-27 08:00"), True),
        (Kind.REMINDER, NIGHT, local("2026-11-27 07:59"), False),
        (Kind.REMINDER, NIGHT, local("2026-11-27 06:30"), False),
    ],
)
def test_each_kind_waits_as_long_as_it_still_helps(
    kind: Kind, moment: datetime, event: datetime | None, waits: bool
) -> None:
    assert (QUIET.put_off(kind, moment, event=event) is not None) is waits


def test_hours_are_read_from_words() -> None:
    assert hours_of("21:00-07:00") == Hours(time(21), time(7))
    assert hours_of("00:00-00:00").end_after(datetime(2026, 3, 1, 0, 0, tzinfo=DJIBOUTI)) is None
