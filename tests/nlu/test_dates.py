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
        ("dans une semaine", "2026-03-09"),
        ("dans 2 mois", "2026-05-02"),
        ("laba bilood kadib", "2026-05-02"),
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


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("14h30", "14:30"),
        ("à 9 h", "09:00"),
        ("8:15", "08:15"),
        ("8h et demie", "08:30"),
        ("8 heures et quart", "08:15"),
        ("8h moins le quart", "07:45"),
        ("midi et demi", "12:30"),
        ("2:30 pm", "14:30"),
        ("3pm", "15:00"),
        ("9 am", "09:00"),
        ("12 pm", "12:00"),
        ("Quartier 7 à 9h", "09:00"),
        ("à 9h avant la fête", "09:00"),
    ],
)
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
        ("saacadda 8:30", "8:30"),
        ("saacadda 8 iyo badh", "8:30"),
        ("saacadda afarta iyo rubuc", "4:15"),
        ("saaqat 3", "3"),
        ("saaqata lica", "6"),
    ],
)
def test_an_hour_counted_from_sunrise_is_ambiguous(text: str, hour: str) -> None:
    assert found(text) == [("ambiguous_time", hour)]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("de 8 à 12h", "08:00", "12:00"),
        ("8 à 10 heures", "08:00", "10:00"),
        ("8-10h", "08:00", "10:00"),
        ("8h à 12", "08:00", "12:00"),
        ("entre 8 et 10h", "08:00", "10:00"),
        ("9h-12h30", "09:00", "12:30"),
    ],
)
def test_both_hours_of_a_range_are_found(text: str, first: str, last: str) -> None:
    hours = sorted(find_dates(text, TODAY), key=lambda e: e.start)
    assert [(e.name, e.value) for e in hours] == [("time", first), ("time", last)]


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("dans 2 heures", "120"),
        ("dans une heure", "60"),
        ("dans 1 heure et demie", "90"),
        ("dans 1h30", "90"),
        ("dans une demi-heure", "30"),
        ("dans 30 minutes", "30"),
        ("dans 45mn", "45"),
        ("laba saacadood kadib", "120"),
        ("saacad ka dib", "60"),
        ("nus saac kadib", "30"),
        ("30 daqiiqo kadib", "30"),
    ],
)
def test_a_delay_is_minutes_and_no_hour_of_the_clock(text: str, minutes: str) -> None:
    (entity,) = find_dates(f"ok {text}", TODAY)
    assert (entity.name, entity.value, entity.text) == ("delay", minutes, text)


@pytest.mark.parametrize(
    "text", ["la formation dure 2 heures", "une formation de 2 heures", "pendant 3h", "2 heures de route"]
)
def test_how_long_something_lasts_is_no_hour(text: str) -> None:
    assert found(text) == []


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


@pytest.mark.parametrize(
    "text",
    ["31/02/2026", "31/02", "12/31/2026", "40 mai", "29 février 2027", "31 novembre", "lundi 31 novembre"],
)
def test_a_day_that_does_not_exist_is_said_to_be_none(text: str) -> None:
    (entity,) = find_dates(f"la réunion le {text} à 9h", TODAY)[:1]
    assert (entity.name, entity.value, entity.text) == ("ambiguous_date", "none", text)


@pytest.mark.parametrize("text", ["mai", "50/50", "24/24", "150 mars"])
def test_what_nobody_means_as_a_day_is_none(text: str) -> None:
    assert found(text) == []


ADVENT = date(2026, 11, 29)
"""A Sunday."""


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("lundi 7 décembre", "2026-12-07"),
        ("mardi 8/12", "2026-12-08"),
        ("mardi 08/12/2026", "2026-12-08"),
        ("mercredi, 9 décembre", "2026-12-09"),
        ("talaado 8 disembar", "2026-12-08"),
        ("talaata 8/12", "2026-12-08"),
        ("isniinta 7 disembar", "2026-12-07"),
        ("isniinta 7da bisha disembar", "2026-12-07"),
        ("etleeni 7 décembre", "2026-12-07"),
        ("vendredi 1er janvier", "2027-01-01"),
        ("vendredi 15 janvier", "2027-01-15"),
        ("lundi 7", "2026-12-07"),
        ("lundi le 7 décembre", "2026-12-07"),
        ("demain lundi", "2026-11-30"),
        ("demain, lundi 30 novembre", "2026-11-30"),
        ("mardi 24 novembre", "2026-11-24"),
    ],
)
def test_the_name_of_a_day_and_its_number_are_one_day(text: str, day: str) -> None:
    (entity,) = [e for e in find_dates(f"ok {text} à 9h", ADVENT) if e.name != "time"]
    assert (entity.name, entity.value, entity.text) == ("date", day, text)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("lundi 8 décembre", "2026-12-08,2026-12-07"),
        ("isniinta 8/12", "2026-12-08,2026-12-07"),
        ("jeudi 7", "2026-12-07,2026-12-03"),
        ("demain mardi", "2026-11-30,2026-12-01"),
        ("7 ou le 8 décembre", "2026-12-07,2026-12-08"),
    ],
)
def test_a_name_and_a_number_that_disagree_are_never_guessed(text: str, days: str) -> None:
    (entity,) = find_dates(f"ok {text}", ADVENT)
    assert (entity.name, entity.value, entity.text) == ("ambiguous_date", days, text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("la réunion le 7 à 9h", "2026-12-07"),
        ("le 7 du mois prochain", "2026-12-07"),
        ("7da bisha soo socota", "2026-12-07"),
        ("on se voit le 15", "2026-12-15"),
        ("le 30, 14h", "2026-11-30"),
    ],
)
def test_a_number_behind_le_is_the_next_such_day(text: str, day: str) -> None:
    assert [e.value for e in find_dates(text, ADVENT) if e.name != "time"] == [day]


@pytest.mark.parametrize(
    "text", ["je veux le 2", "le 7", "le 15 personnes", "les 7 règles", "le 1er dossier"]
)
def test_a_number_behind_le_may_be_no_day(text: str) -> None:
    assert find_dates(text, ADVENT) == []


@pytest.mark.parametrize("text", ["lundi 9h", "lundi 9 h", "lundi 14 personnes", "isniinta 9 subaxnimo"])
def test_a_number_behind_the_name_of_a_day_may_be_no_day(text: str) -> None:
    assert [e.value for e in find_dates(text, ADVENT) if e.name == "date"] == ["2026-11-30"]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("7-9 décembre", ["2026-12-07", "2026-12-09"]),
        ("7 - 9 déc", ["2026-12-07", "2026-12-09"]),
        ("7, 8 et 9 décembre", ["2026-12-07", "2026-12-08", "2026-12-09"]),
        ("le 10 et le 12 décembre", ["2026-12-10", "2026-12-12"]),
        ("entre le 3 et le 5 janvier", ["2027-01-03", "2027-01-05"]),
        ("5 iyo 7 disembar", ["2026-12-05", "2026-12-07"]),
        ("du 28 au 3 janvier", ["2026-12-28", "2027-01-03"]),
        ("lundi 7 au mercredi 9 décembre", ["2026-12-07", "2026-12-09"]),
        ("du 7 au 9/12", ["2026-12-07", "2026-12-09"]),
        ("le 7 et le 8/12/2026", ["2026-12-07", "2026-12-08"]),
        ("du 28/11 au 2/12", ["2026-11-28", "2026-12-02"]),
        ("du 28 novembre au 2 décembre", ["2026-11-28", "2026-12-02"]),
        ("lundi 7 décembre au mardi 8/12", ["2026-12-07", "2026-12-08"]),
        ("lundi et mardi", ["2026-11-30", "2026-12-01"]),
    ],
)
def test_every_day_of_several_is_found(text: str, days: list[str]) -> None:
    dates = sorted(find_dates(text, ADVENT), key=lambda e: e.start)
    assert [(e.name, e.value) for e in dates] == [("date", day) for day in days]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("jeudi dernier", "2026-11-26"),
        ("dimanche dernier", "2026-11-22"),
        ("lundi passé", "2026-11-23"),
        ("isniintii hore", "2026-11-23"),
        ("depuis lundi", "2026-11-23"),
        ("lundi passe nous voir", "2026-11-30"),
        ("2m1", "2026-11-30"),
    ],
)
def test_a_day_that_is_over_is_no_day_to_come(text: str, day: str) -> None:
    assert [(e.name, e.value) for e in find_dates(text, ADVENT)] == [("date", day)]


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
