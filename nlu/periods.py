"""Stretches of days that people name without a date: next week, this week-end, the end of May.

A week is Sunday to Saturday: Djibouti works from Sunday and rests on Friday and Saturday.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from nlu.almanac import COUNTED_MONTHS, MONTHS
from nlu.meaning import Entity
from nlu.normalise import Token

Stretch = tuple[date, date]

_MONTH = "|".join(sorted((word for word in MONTHS if word != "dec"), key=len, reverse=True))
_WEEK = r"(?:la )?(?:semaine|smaine|semene)"
_SO_WEEK = r"(?:toddobaad|todobaad|usbuuc|asbuuc)"
_SO_NEXT = r"(?:soo socd\w+|soo socot\w+|dambe|danbe|xiga)"
_WEEKEND = r"(?:week ?end|wkend|weekand)s?"
_HINT = re.compile(
    r"\b(?:semaine|smaine|semene|week|wkend|weekand|mois|bisha|fin|debut|mi|milieu|bilowga|bartamaha|dhamm?aadka"
    r"|todd?obaad|[ua]sbuuc|ayy?aa?m)"
)
"""What every reading below begins with or holds: most messages have nothing of it."""
_PART = {
    "debut": 0,
    "bilowga": 0,
    "mi": 1,
    "milieu": 1,
    "bartamaha": 1,
    "fin": 2,
    "dhammaadka": 2,
    "dhamaadka": 2,
}
_PARTS = "|".join(_PART)


def find_periods(words: Sequence[Token], text: str, today: date) -> list[Entity]:
    """Each as `first/last`, both days included, never before today unless said by name."""
    line, begins = "", {}
    for place, token in enumerate(words):
        begins[len(line)] = place
        line += f"{token.word} "
    if not _HINT.search(line):
        return []
    ends = {begin + len(words[place].word): place for begin, place in begins.items()}
    found: list[Entity] = []
    for pattern, meant in _READINGS:
        for match in pattern.finditer(line):
            start, end = words[begins[match.start()]].start, words[ends[match.end()]].end
            stretch = meant(match, today)
            if stretch is None or any(start < e.end and e.start < end for e in found):
                continue
            first, last = stretch
            value = f"{first.isoformat()}/{last.isoformat()}"
            found.append(Entity("period", value, start, end, text[start:end]))
    return found


def _week_of(day: date) -> Stretch:
    sunday = day - timedelta(days=(day.weekday() + 1) % 7)
    return sunday, sunday + timedelta(days=6)


def _next_week(_: re.Match[str], today: date) -> Stretch:
    return _week_of(today + timedelta(days=7))


def _this_week(_: re.Match[str], today: date) -> Stretch:
    return today, _week_of(today)[1]


def _named_week(match: re.Match[str], today: date) -> Stretch | None:
    """ "la semaine du 5": the week that holds the next fifth."""
    day, month = int(match["day"]), MONTHS.get(match["month"] or "")
    for ahead in range(13):
        year, number = _month_ahead(today, ahead)
        if (month is None or number == month) and day <= monthrange(year, number)[1]:
            week = _week_of(date(year, number, day))
            if week[1] >= today:
                return week
    return None


def _weekend(_: re.Match[str], today: date) -> Stretch:
    """Friday and Saturday; on a Saturday, what is left."""
    saturday = _week_of(today)[1]
    return max(today, saturday - timedelta(days=1)), saturday


def _weekend_after(match: re.Match[str], today: date) -> Stretch:
    """The next one; on its days, the one after."""
    is_weekend = today.weekday() in (4, 5)
    return _weekend(match, today + timedelta(days=3 if is_weekend else 0))


def _this_month(match: re.Match[str], today: date) -> Stretch | None:
    return _part_of_month(match.groupdict().get("part"), (today.year, today.month), today)


def _next_month(match: re.Match[str], today: date) -> Stretch | None:
    return _part_of_month(match.groupdict().get("part"), _month_ahead(today, 1), today)


def _named_month(match: re.Match[str], today: date) -> Stretch | None:
    month = MONTHS.get(match["month"]) or COUNTED_MONTHS.get(match["month"])
    assert month is not None, match[0]
    year = int(match["year"]) if match["year"] else today.year + (month < today.month)
    return _part_of_month(match["part"], (year, month), today)


def _part_of_month(part: str | None, month: tuple[int, int], today: date) -> Stretch | None:
    """A third of it, or all; what is over is left out, unless all of it is."""
    last = monthrange(*month)[1]
    thirds = ((1, 10), (11, 20), (21, last))
    begin, end = thirds[_PART[part]] if part else (1, last)
    first, final = date(*month, begin), date(*month, end)
    return (max(first, today), final) if final >= today else (first, final)


def _month_ahead(today: date, ahead: int) -> tuple[int, int]:
    months = today.year * 12 + today.month - 1 + ahead
    return months // 12, months % 12 + 1


def _reading(
    pattern: str, meant: Callable[[re.Match[str], date], Stretch | None]
) -> tuple[re.Pattern[str], Callable[[re.Match[str], date], Stretch | None]]:
    return re.compile(rf"\b(?:{pattern})(?= )"), meant


_READINGS = (
    _reading(rf"{_WEEK} (?:prochaine?|pro|suivante|qui vient)", _next_week),
    _reading(rf"{_SO_WEEK}k?a {_SO_NEXT}", _next_week),
    _reading(r"ciggiila ayyaa?ma?h?", _next_week),
    _reading(rf"{_WEEK} du (?P<day>[12]?\d|3[01])(?:er)?(?: (?P<month>{_MONTH}))?", _named_week),
    _reading(
        rf"(?:cette {_WEEK}(?: ci)?|{_WEEK} en cours|{_SO_WEEK}kan|ta ayyaa?m\w*|ta ayaam\w*)", _this_week
    ),
    _reading(rf"(?:le |au )?{_WEEKEND} prochain|dhamm?aadka {_SO_WEEK}ka {_SO_NEXT}", _weekend_after),
    _reading(rf"(?:ce |le )?{_WEEKEND}|dhamm?aadka {_SO_WEEK}k(?:a|an)", _weekend),
    _reading(
        rf"(?:(?P<part>{_PARTS}) (?:du |de )?)?(?:le )?(?:mois (?:prochain|pro)|bisha {_SO_NEXT})",
        _next_month,
    ),
    _reading(rf"(?P<part>{_PARTS}) (?:du |de )?(?:ce )?(?:mois(?: ci)?|bisha|bishan)", _this_month),
    _reading(r"ce mois(?: ci)?|mois en cours|bishan", _this_month),
    _reading(
        rf"(?P<part>{_PARTS}) (?:de |d )?(?:bisha )?(?P<month>{_MONTH})(?: (?P<year>20\d\d))?", _named_month
    ),
    _reading(
        rf"(?P<part>(?!))?bisha (?P<month>{_MONTH}|{'|'.join(COUNTED_MONTHS)})(?: (?P<year>20\d\d))?",
        _named_month,
    ),
)
