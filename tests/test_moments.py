"""Days and hours as people say them: clear ones, those with two readings, and those nobody can know."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.moments import Asked, month_of, next_at, read_moment
from nlu.dates import find_dates
from nlu.meaning import Entity

TODAY = date(2026, 11, 24)


def read(text: str, asked: Asked = Asked.NO) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Days, clear hours, and the two readings of an unclear one."""
    found = sorted(find_dates(text, TODAY), key=lambda e: e.start)
    moment = read_moment(text, found, asked)
    return (
        tuple(f"{day:%d/%m}" for day in moment.days),
        tuple(f"{hour:%H:%M}" for hour in moment.hours),
        tuple(f"{hour:%H:%M}" for hour in moment.either),
    )


@pytest.mark.parametrize(
    ("text", "days", "hours", "either"),
    [
        ("lundi 9h", ("30/11",), ("09:00",), ()),
        ("demain à 15h30", ("25/11",), ("15:30",), ()),
        ("demain matin", ("25/11",), (), ()),
        ("demain 3h", ("25/11",), (), ("03:00", "15:00")),
        ("demain à 3h de l'après-midi", ("25/11",), ("15:00",), ()),
        ("vendredi 8h du soir", ("27/11",), ("20:00",), ()),
        ("demain à 03:00", ("25/11",), ("03:00",), ()),
        ("demain midi", ("25/11",), ("12:00",), ()),
        ("le 12/12/2026 de 9h à 12h", ("12/12",), ("09:00", "12:00"), ()),
        ("berri saacadda 2", ("25/11",), (), ("08:00", "14:00")),
        ("berri saacadda 3", ("25/11",), (), ("09:00", "15:00")),
        ("beera saaqat 9", ("25/11",), (), ("09:00", "15:00")),
        ("berri saacadda 8:30", ("25/11",), (), ("08:30", "14:30")),
        ("berri subax saacadda 8:30", ("25/11",), ("08:30",), ()),
        ("demain de 8 à 12h", ("25/11",), ("08:00", "12:00"), ()),
        ("demain à 8h et demie du soir", ("25/11",), ("20:30",), ()),
        ("berri subax saacadda 2", ("25/11",), ("08:00",), ()),
        ("berri galab 4ta", ("25/11",), ("16:00",), ()),
        ("berri habeen saacadda 2", ("25/11",), (), ("20:00", "02:00")),
        ("saacadda 14", (), ("14:00",), ()),
        ("isniinta", ("30/11",), (), ()),
    ],
)
def test_what_is_clear_is_read_and_what_is_not_has_two_readings(
    text: str, days: tuple[str, ...], hours: tuple[str, ...], either: tuple[str, ...]
) -> None:
    assert read(text) == (days, hours, either)


def test_every_hour_counted_from_sunrise_has_two_readings_by_day() -> None:
    for number in range(1, 13):
        _, hours, either = read(f"saacadda {number}")
        assert hours == ()
        assert len(either) == 2
        assert all("06:00" <= hour <= "18:59" for hour in either)


def test_a_lone_number_is_an_hour_only_when_asked_for() -> None:
    assert read("3") == ((), (), ())
    assert read("3", Asked.COUNTED)[2] == ("09:00", "15:00")
    assert read("3", Asked.BY_CLOCK)[2] == ("03:00", "15:00")
    assert read("9", Asked.BY_CLOCK)[1] == ("09:00",)
    assert read("15", Asked.COUNTED)[1] == ("15:00",)


def test_an_afar_month_is_kept_as_it_was_said() -> None:
    text = "12 garablu"
    assert read_moment(text, find_dates(text, TODAY)).vague == text


def test_two_days_are_both_found() -> None:
    assert read("du 14/12/2026 au 16/12/2026")[0] == ("14/12", "16/12")


@pytest.mark.parametrize(
    ("text", "month"), [("en décembre", (2026, 12)), ("bisha janaayo", (2027, 1)), ("en mars", (2027, 3))]
)
def test_a_month_is_the_next_one_of_that_name(text: str, month: tuple[int, int]) -> None:
    assert month_of(text, TODAY) == month


def test_the_next_hour_is_today_or_tomorrow() -> None:
    now = datetime(2026, 12, 31, 10, 0, tzinfo=ZoneInfo("Africa/Djibouti"))
    assert next_at(time(11), now).day == 31
    assert next_at(time(9), now) == datetime(2027, 1, 1, 9, 0, tzinfo=now.tzinfo)


def test_an_entity_without_digits_gives_no_hour() -> None:
    assert read_moment("saacad", [Entity("ambiguous_time", "?", 0, 6, "saacad")]).either == ()
