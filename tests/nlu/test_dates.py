"""Days and hours in three languages, seen from a Monday."""

from datetime import date

import pytest

from nlu.dates import find_dates

TODAY = date(2026, 3, 2)


def found(text: str) -> list[tuple[str, str]]:
    return [(e.name, e.value) for e in find_dates(text, TODAY)]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("aujourd'hui", "2026-03-02"),
        ("demain", "2026-03-03"),
        ("après-demain", "2026-03-04"),
        ("berri", "2026-03-03"),
        ("hier", "2026-03-01"),
        ("jeudi", "2026-03-05"),
        ("lundi", "2026-03-09"),
        ("khamiis", "2026-03-05"),
        ("kamiisi", "2026-03-05"),
        ("le 12 mai", "2026-05-12"),
        ("12 maayo", "2026-05-12"),
        ("le 12 février", "2027-02-12"),
        ("le 12 mai 2028", "2028-05-12"),
        ("12/05/2026", "2026-05-12"),
        ("12.5.26", "2026-05-12"),
        ("2026-05-12", "2026-05-12"),
        ("lundi prochain", "2026-03-09"),
        ("lundi en huit", "2026-03-16"),
        ("Isniinta soo socota", "2026-03-09"),
        ("dans 3 jours", "2026-03-05"),
        ("dans deux semaines", "2026-03-16"),
        ("saddex maalmood kadib", "2026-03-05"),
        ("le 1er mai", "2026-05-01"),
        ("ce soir", "2026-03-02"),
        ("le 01.05", "2026-05-01"),
    ],
)
def test_a_day_is_found_as_an_iso_date(text: str, day: str) -> None:
    assert found(text) == [("date", day)]


@pytest.mark.parametrize(("text", "hour"), [("14h30", "14:30"), ("à 9 h", "09:00"), ("8:15", "08:15")])
def test_an_hour_is_found_as_hours_and_minutes(text: str, hour: str) -> None:
    assert found(text) == [("time", hour)]


def test_an_afar_month_is_ambiguous_and_never_read() -> None:
    assert found("12 garablu") == [("ambiguous_date", "12 garablu")]


def test_an_hour_counted_from_sunrise_is_ambiguous() -> None:
    assert found("saacadda 3") == [("ambiguous_time", "3")]


@pytest.mark.parametrize("text", ["31/02/2026", "le 40 mai", "mai", "29 février 2027"])
def test_a_day_that_does_not_exist_is_none(text: str) -> None:
    assert found(text) == []


def test_offsets_cover_day_and_month() -> None:
    (entity,) = find_dates("venez le 12 mai svp", TODAY)
    assert entity.text == "12 mai"


def test_several_days_have_a_first_and_a_last() -> None:
    text = "du 3 au 5 mai"
    assert [(e.value, e.text) for e in find_dates(text, TODAY)] == [
        ("2026-05-03", "3"),
        ("2026-05-05", "5 mai"),
    ]


@pytest.mark.parametrize(
    "text", ["1.5", "version 2.3", "3 jours de formation", "12.500 fdj", "huit personnes"]
)
def test_a_number_is_no_day(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("text", ["après-demain", "lundi en huit", "saddex maalmood kadib", "12 mai 2028"])
def test_the_span_holds_all_the_words_of_a_day(text: str) -> None:
    assert [e.text for e in find_dates(f"ok {text} merci", TODAY)] == [text]
