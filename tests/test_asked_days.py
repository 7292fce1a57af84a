"""Which days a question is about: stretches, months, and what "avant", "après", "d'ici" and "ka hor" make of a day."""

from datetime import date

import pytest

from bot.asked_days import Days, asked_days
from nlu.entities import find_entities
from nlu.lexicon import Lexicon
from nlu.meaning import Entity

SATURDAY = date(2026, 11, 28)
NO_NAMES = Lexicon({}, frozenset())
FROM_EVER, FOR_EVER = date.min.isoformat(), date.max.isoformat()


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("quelles formations du 9 au 12 décembre ?", "2026-12-09", "2026-12-12"),
        ("formations entre le 9 et le 12 décembre", "2026-12-09", "2026-12-12"),
        ("formations le 2 ou le 10 décembre", "2026-12-02", "2026-12-10"),
        ("du 28 décembre au 3 janvier", "2026-12-28", "2027-01-03"),
        ("tababarrada 9 ilaa 12 diseembar", "2026-12-09", "2026-12-12"),
        ("laga bilaabo 9/12 ilaa 12/12", "2026-12-09", "2026-12-12"),
        ("du 5 décembre à la fin du mois prochain", "2026-12-05", "2026-12-31"),
        ("après le 5 décembre et avant le 12 décembre", "2026-12-06", "2026-12-11"),
        ("formations du 20 novembre au 5 décembre", "2026-11-20", "2026-12-05"),
        ("du 25 au 5 décembre", "2026-11-25", "2026-12-05"),
        ("vendredi 11 décembre", "2026-12-11", "2026-12-11"),
        ("du lundi 7 au jeudi 10 décembre", "2026-12-07", "2026-12-10"),
        ("formations 2/12 - 10/12", "2026-12-02", "2026-12-10"),
        ("formations 2/12, 10/12", "2026-12-02", "2026-12-10"),
        ("d'ici vendredi 11 décembre", FROM_EVER, "2026-12-11"),
        ("lundi, 20 places", "2026-11-30", "2026-11-30"),
        ("formations avant le 5 décembre", FROM_EVER, "2026-12-04"),
        ("des formations avant vendredi ?", FROM_EVER, "2026-12-03"),
        ("formations après le 5 décembre", "2026-12-06", FOR_EVER),
        ("apré le 5/12", "2026-12-06", FOR_EVER),
        ("formations d'ici vendredi", FROM_EVER, "2026-12-04"),
        ("d’ici au 5 décembre", FROM_EVER, "2026-12-05"),
        ("jusqu'au 5 décembre", FROM_EVER, "2026-12-05"),
        ("le 5 décembre au plus tard", FROM_EVER, "2026-12-05"),
        ("à partir du 5 décembre", "2026-12-05", FOR_EVER),
        ("pas avant le 5 décembre", "2026-12-05", FOR_EVER),
        ("dès lundi", "2026-11-30", FOR_EVER),
        ("après-demain", "2026-11-30", "2026-11-30"),
        ("le 5 décembre après-midi", "2026-12-05", "2026-12-05"),
        ("l'après-midi du 5 décembre", "2026-12-05", "2026-12-05"),
        ("avant la semaine prochaine", FROM_EVER, "2026-11-28"),
        ("avant la fin du mois", FROM_EVER, "2026-11-30"),
        ("après la semaine prochaine", "2026-12-06", FOR_EVER),
        ("formations de décembre", "2026-12-01", "2026-12-31"),
        ("avant décembre", FROM_EVER, "2026-11-30"),
        ("avant la fin de décembre", FROM_EVER, "2026-12-31"),
        ("d'ici janvier", FROM_EVER, "2027-01-31"),
        ("de décembre à février", "2026-12-01", "2027-02-28"),
        ("tababarrada 5ta diseembar ka hor", FROM_EVER, "2026-12-04"),
        ("tababarrada ka hor 5 diseembar", FROM_EVER, "2026-12-04"),
        ("5ta diseembar ka hor intaan isqorin", "2026-12-05", "2026-12-05"),
        ("tababarrada jimcaha kadib", "2026-12-05", FOR_EVER),
        ("5ta diseembar ka dib", "2026-12-06", FOR_EVER),
        ("saddex maalmood ka dib", "2026-12-01", "2026-12-01"),
        ("laga bilaabo 5ta diseembar", "2026-12-05", FOR_EVER),
        ("ilaa jimcaha", FROM_EVER, "2026-12-04"),
        ("janaayo ka dib", "2027-02-01", FOR_EVER),
        ("aydakaakan 5/12 fanah", FROM_EVER, "2026-12-05"),
        ("aydakaakan 5/12 afal", FROM_EVER, "2026-12-04"),
    ],
)
def test_days_of_a_question(question: str, first: str, last: str) -> None:
    days = asked_days(question, find_entities(question, NO_NAMES, SATURDAY), SATURDAY)
    assert days == Days(date.fromisoformat(first), date.fromisoformat(last))


def test_question_without_days_asks_for_none() -> None:
    question = "quelles formations avant moi, 9 places ?"
    assert asked_days(question, find_entities(question, NO_NAMES, SATURDAY), SATURDAY) is None


def test_tapped_day_is_bounded_by_no_words() -> None:
    tapped = (Entity("date", "2026-12-05", 0, 0, "2026-12-05"),)
    assert asked_days("ka hor", tapped, SATURDAY) == Days(date(2026, 12, 5), date(2026, 12, 5))


def test_stretch_whose_first_day_was_read_as_next_years_has_begun() -> None:
    read = (Entity("date", "2027-11-20", 0, 5, "20/11"), Entity("date", "2026-12-05", 8, 12, "5/12"))
    assert asked_days("20/11 – 5/12", read, SATURDAY) == Days(last=date(2026, 12, 5))
