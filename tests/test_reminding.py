"""When a reminder is due and when, late, it still helps."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.reminding import USUAL, Due, Fate, ReminderState, fate, own_fate, planned

START = datetime(2026, 12, 15, 6, 0, tzinfo=UTC)
WEEK, DAY, HOURS = (Due(minutes) for minutes in USUAL)
SCHEDULE = (WEEK, DAY, HOURS)


@pytest.mark.parametrize(
    ("due", "before_start", "expected"),
    [
        (WEEK, timedelta(days=7, minutes=1), Fate.WAIT),
        (WEEK, timedelta(days=7), Fate.SEND),
        (WEEK, timedelta(days=4, minutes=1), Fate.SEND),
        (WEEK, timedelta(days=4), Fate.MISS),
        (WEEK, timedelta(days=2), Fate.MISS),
        (DAY, timedelta(hours=13, minutes=1), Fate.SEND),
        (DAY, timedelta(hours=12), Fate.MISS),
        (HOURS, timedelta(hours=1, minutes=1), Fate.SEND),
        (HOURS, timedelta(minutes=59), Fate.MISS),
        (HOURS, timedelta(0), Fate.MISS),
        (HOURS, timedelta(days=-1), Fate.MISS),
    ],
)
def test_late_reminder_is_sent_while_nothing_closer_will_say_it(
    due: Due, before_start: timedelta, expected: Fate
) -> None:
    assert fate(due, SCHEDULE, START, START - before_start) is expected


@pytest.mark.parametrize("minutes_late", range(0, 8 * 24 * 60, 7))
def test_never_two_reminders_of_one_training_at_the_same_moment(minutes_late: int) -> None:
    now = START - timedelta(days=7) + timedelta(minutes=minutes_late)
    assert [fate(due, SCHEDULE, START, now) for due in SCHEDULE].count(Fate.SEND) <= 1


def test_what_should_have_gone_when_a_training_is_opened_is_passed_over() -> None:
    states = [due.state for due in planned(USUAL, START, START - timedelta(days=3))]
    assert states == [ReminderState.PASSED, ReminderState.PLANNED, ReminderState.PLANNED]


def test_across_the_end_of_a_month_the_hour_stays() -> None:
    start = datetime(2027, 3, 1, 6, 0, tzinfo=UTC)
    assert DAY.at(start) == datetime(2027, 2, 28, 6, 0, tzinfo=UTC)
    assert WEEK.at(start) == datetime(2027, 2, 22, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("late", "event_in", "expected"),
    [
        (timedelta(seconds=-1), None, Fate.WAIT),
        (timedelta(0), None, Fate.SEND),
        (timedelta(hours=11), None, Fate.SEND),
        (timedelta(hours=12), None, Fate.MISS),
        (timedelta(hours=30), timedelta(days=2), Fate.SEND),
        (timedelta(days=2), timedelta(days=2), Fate.MISS),
    ],
)
def test_own_reminder_helps_until_its_event_or_half_a_day(
    late: timedelta, event_in: timedelta | None, expected: Fate
) -> None:
    event = START + event_in if event_in else None
    assert own_fate(START, event, START + late) is expected
