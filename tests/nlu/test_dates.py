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
        ("le premier mai", "2026-05-01"),
        ("le trois mai", "2026-05-03"),
        ("le vingt et un mai", "2026-05-21"),
        ("5ta maayo", "2026-05-05"),
        ("5-ta Maayo", "2026-05-05"),
        ("shan maayo", "2026-05-05"),
        ("saddex iyo toban Maayo", "2026-05-13"),
        ("Maarso 12, 2027", "2027-03-12"),
        ("lundi de la semaine prochaine", "2026-03-09"),
        ("dans vingt et un jours", "2026-03-23"),
        ("laba toddobaad kadib", "2026-03-16"),
    ],
)
def test_a_day_is_found_as_an_iso_date(text: str, day: str) -> None:
    assert found(text) == [("date", day)]


@pytest.mark.parametrize(("text", "hour"), [("14h30", "14:30"), ("à 9 h", "09:00"), ("8:15", "08:15")])
def test_an_hour_is_found_as_hours_and_minutes(text: str, hour: str) -> None:
    assert found(text) == [("time", hour)]


@pytest.mark.parametrize(
    "text", ["12 garablu", "qunxa garablu", "12 Qasa Dirri", "Naharsi Kudo 12", "waysul", "ximoli", "3 baxis"]
)
def test_an_afar_month_is_ambiguous_and_never_read(text: str) -> None:
    assert found(f"{text}, aydakaakan") == [("ambiguous_date", text)]


@pytest.mark.parametrize("text", ["alsa", "ta alsa aydakaakan", "kudo"])
def test_an_afar_word_that_is_more_than_a_month_is_none_alone(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("saacadda 3", "3"),
        ("saacadda 3da", "3"),
        ("saacadda waa 4ta", "4"),
        ("saacadda saddexda", "3"),
        ("saacadda afarta", "4"),
        ("saacad laba", "2"),
        ("saaqat 3", "3"),
        ("saaqata lica", "6"),
    ],
)
def test_an_hour_counted_from_sunrise_is_ambiguous(text: str, hour: str) -> None:
    assert found(text) == [("ambiguous_time", hour)]


@pytest.mark.parametrize("text", ["saacadda maanta", "saac kasta"])
def test_a_word_for_hour_without_a_number_is_no_hour(text: str) -> None:
    assert "ambiguous_time" not in [name for name, _ in found(text)]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("la semaine prochaine", "2026-03-08", "2026-03-14"),
        ("semaine pro", "2026-03-08", "2026-03-14"),
        ("cette semaine", "2026-03-02", "2026-03-07"),
        ("la semaine du 5", "2026-03-01", "2026-03-07"),
        ("la semaine du 5 mai", "2026-05-03", "2026-05-09"),
        ("ce week-end", "2026-03-06", "2026-03-07"),
        ("le weekend", "2026-03-06", "2026-03-07"),
        ("le week-end prochain", "2026-03-06", "2026-03-07"),
        ("ce mois-ci", "2026-03-02", "2026-03-31"),
        ("le mois prochain", "2026-04-01", "2026-04-30"),
        ("fin du mois", "2026-03-21", "2026-03-31"),
        ("début du mois prochain", "2026-04-01", "2026-04-10"),
        ("fin mai", "2026-05-21", "2026-05-31"),
        ("mi-février", "2027-02-11", "2027-02-20"),
        ("toddobaadka soo socda", "2026-03-08", "2026-03-14"),
        ("todobaadka dambe", "2026-03-08", "2026-03-14"),
        ("usbuuca soo socda", "2026-03-08", "2026-03-14"),
        ("toddobaadkan", "2026-03-02", "2026-03-07"),
        ("dhammaadka toddobaadka", "2026-03-06", "2026-03-07"),
        ("bisha soo socota", "2026-04-01", "2026-04-30"),
        ("dhammaadka bisha", "2026-03-21", "2026-03-31"),
        ("bishan", "2026-03-02", "2026-03-31"),
        ("bisha saddexaad", "2026-03-02", "2026-03-31"),
        ("bisha maayo", "2026-05-01", "2026-05-31"),
        ("ta ayyaam", "2026-03-02", "2026-03-07"),
        ("ciggiila ayyamah", "2026-03-08", "2026-03-14"),
    ],
)
def test_a_stretch_of_days_has_a_first_and_a_last(text: str, first: str, last: str) -> None:
    (entity,) = find_dates(f"ok {text}, svp", TODAY)
    assert (entity.name, entity.value) == ("period", f"{first}/{last}")
    assert text.endswith(entity.text) or text.startswith(entity.text)


@pytest.mark.parametrize(
    ("today", "text", "value"),
    [
        (date(2026, 3, 6), "ce week-end", "2026-03-06/2026-03-07"),
        (date(2026, 3, 7), "ce week-end", "2026-03-07/2026-03-07"),
        (date(2026, 3, 7), "le week-end prochain", "2026-03-13/2026-03-14"),
        (date(2026, 3, 8), "cette semaine", "2026-03-08/2026-03-14"),
        (date(2026, 12, 28), "le mois prochain", "2027-01-01/2027-01-31"),
        (date(2026, 2, 20), "la semaine du 30", "2026-03-29/2026-04-04"),
    ],
)
def test_a_stretch_is_seen_from_its_day(today: date, text: str, value: str) -> None:
    assert [e.value for e in find_dates(text, today)] == [value]


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
