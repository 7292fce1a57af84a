"""Days said by their number: "lundi 7 décembre", "du 3 au 5 mai", "lundi 7", "le 7 du mois prochain"."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from nlu.almanac import MONTHS, WEEKDAYS, in_month, next_numbered
from nlu.day_reading import Reading, day_number, next_weekday, ordinal, valid
from nlu.meaning import Entity

Said = tuple[int, list[Entity]]
"""How many words were read, and what they name."""
NOTHING: Said = (0, [])
_UNTIL = ("au", "a", "ilaa", "jusqu")
_OR = ("ou", "ama")
_AND = ("et", "iyo", "kee", *_OR)
_MARKS = ("-", "–", "—", ",", "/", "&", "+")
_LE = ("le", "du", "au")
_BEFORE_MONTH = ("bisha", "de", "du mois de", "d")
_NEXT_MONTH = ("du mois prochain", "mois prochain", "bisha soo socota", "bisha soo socda", "bisha dambe")
_THIS_MONTH = ("de ce mois ci", "de ce mois", "du mois", "bishan", "bisha")
_AFTER_DAY_WORDS = """
    a au de des vers pour entre et ou la le l on il je nous prochain saacadda saacada saaqat
"""
_AFTER_DAY = frozenset(_AFTER_DAY_WORDS.split())
"""Words behind "lundi 7" that leave it a day; behind any other it may count something."""
_BEFORE_HOUR = frozenset(("a", "vers", "des", "entre", "de", "pour"))
_MOST_CHOICES = 10
"""Of a list: "je veux le 2" at the end of a message is a choice."""
_ROLLED_OVER = timedelta(days=300)


@dataclass(frozen=True, slots=True)
class _Item:
    """A number, perhaps behind the name of its day, in the words from `at` until before `after`."""

    at: int
    after: int
    number: int
    weekday: int | None
    ranges: bool = False
    """The last of a stretch whose first stands before it."""


def numbered(read: Reading, at: int) -> Said:
    """Days of a named month, or of this one or the next, from this word on."""
    return _listed(read, at) or _month_first(read, at) or _of_some_month(read, at) or NOTHING


def _listed(read: Reading, at: int) -> Said | None:
    """One day of a named month or several: "lundi 3 mai", "7, 8 et 9 mai", "du 3 au 5 mai"."""
    items: list[_Item] = []
    place = at
    while item := _item(read, place, items):
        items.append(item)
        month, after = _month(read, item.after)
        if month:
            return _days(read, items, month, after)
        following = _separated(read, item.after)
        if following is None:
            return None
        place = following
    return None


def _item(read: Reading, at: int, before: list[_Item]) -> _Item | None:
    begin = at
    if before and read.word(at) == "le":
        begin = at = at + 1
    weekday = WEEKDAYS.get(read.word(at))
    if weekday is not None:
        at += 1
        at += read.word(at) == "le"
    figure, size = day_number(read, at)
    if figure is None:
        return None
    ranges = bool(before) and _is_range(read, before[-1].after)
    return _Item(begin, at + size, figure, weekday, ranges)


def _is_range(read: Reading, at: int) -> bool:
    return read.word(at) in _UNTIL or read.gap(at) in _MARKS[:3]


def _separated(read: Reading, at: int) -> int | None:
    """Where the next day of a list begins."""
    if read.word(at) in _UNTIL or read.word(at) in _AND:
        return at + 1 + (read.word(at) == "jusqu" and read.word(at + 1) == "au")
    return at if at < len(read.words) and read.gap(at) in _MARKS else None


def _month(read: Reading, at: int) -> tuple[int | None, int]:
    """The month named here, and where it ends."""
    for phrase in _BEFORE_MONTH:
        if read.follows(at, phrase) and read.word(at + len(phrase.split())) in MONTHS:
            at += len(phrase.split())
            break
    month = MONTHS.get(read.word(at))
    return month, at + bool(month)


def _year(read: Reading, at: int) -> int | None:
    year = read.word(at)
    return int(year) if re.fullmatch(r"20\d\d", year) and not read.is_taken(at) else None


def _days(read: Reading, items: list[_Item], month: int, after: int) -> Said:
    """The days of a list, the last with the month behind it; each bears its own name of a day, or is asked."""
    year = _year(read, after)
    after += year is not None
    begin, size = items[0].at, after - items[0].at
    last = valid(items[-1].number, month, year, read.today)
    days = [last]
    for item, later in zip(reversed(items[:-1]), reversed(items), strict=False):
        days.insert(0, _before(item, later, days[0]))
    if any(day is None for day in days):
        return (size, [read.missing(begin, after)]) if items[-1].number < 100 else (size, [])
    if any(read.word(item.after) in _OR for item in items[:-1]):
        return size, [read.entity("ambiguous_date", ",".join(map(str, days)), begin, after)]
    ends = [*(item.after for item in items[:-1]), after]
    return size, [
        named(read, item.weekday, day, (item.at, end))
        for item, day, end in zip(items, days, ends, strict=True)
        if day is not None
    ]


def _before(item: _Item, later: _Item, day: date | None) -> date | None:
    """The same month; the one before when a stretch would end before it begins."""
    if day is None:
        return None
    if later.ranges and item.number > later.number:
        day = day.replace(day=1) - timedelta(days=1)
    return valid(item.number, day.month, day.year, day)


def _month_first(read: Reading, at: int) -> Said | None:
    """ "maarso 12, 2027"."""
    month = MONTHS.get(read.word(at))
    if month is None or not read.word(at + 1).isdigit():
        return None
    figure, size = day_number(read, at + 1)
    after = at + 1 + size
    year = _year(read, after)
    day = valid(figure, month, year, read.today) if figure else None
    after += year is not None
    return (after - at, [named(read, None, day, (at, after))]) if day else None


def _of_some_month(read: Reading, at: int) -> Said | None:
    """A number without the name of its month: "lundi 7", "le 7 du mois prochain", "le 7 à 9h"."""
    weekday = WEEKDAYS.get(read.word(at))
    first = at + (weekday is not None)
    first += weekday is not None and read.word(first) == "le"
    figure = None if read.is_taken(first) else ordinal(read.word(first))
    if figure is None:
        return None
    after = first + day_number(read, first)[1]
    if next_month := _phrase(read, after, _NEXT_MONTH):
        day = in_month(figure, read.today.replace(day=1) + timedelta(days=32))
        after += next_month
        return after - at, [named(read, weekday, day, (at, after)) if day else read.missing(at, after)]
    of_month = _phrase(read, after, _THIS_MONTH)
    after += of_month
    if not (of_month or _is_day(read, first, after, weekday)):
        return None
    day = next_numbered(figure, read.today)
    return (after - at, [named(read, weekday, day, (at, after), bare=True)]) if day else None


def _phrase(read: Reading, at: int, phrases: tuple[str, ...]) -> int:
    """Over how many words one of them stands here."""
    return next((len(phrase.split()) for phrase in phrases if read.follows(at, phrase)), 0)


def _is_day(read: Reading, first: int, after: int, weekday: int | None) -> bool:
    """Whether the number counts nothing and is no choice of a list."""
    ends = after >= len(read.words)
    if weekday is not None:
        return ends or bool(read.gap(after)) or read.word(after) in _AFTER_DAY or read.is_taken(after)
    if read.word(first - 1) not in _LE:
        return False
    if ends:
        return len(read.words) > 2 and (ordinal(read.word(first)) or 0) > _MOST_CHOICES
    hour = after + (read.word(after) in _BEFORE_HOUR)
    return read.is_taken(hour) or read.word(after) == "prochain"


def named(
    read: Reading, weekday: int | None, day: date, span: tuple[int, int], *, bare: bool = False
) -> Entity:
    """The day, when it is the one whose name was said; else both, to be asked."""
    days = agreeing(weekday, day, read.today, bare=bare)
    return read.entity("date" if len(days) == 1 else "ambiguous_date", ",".join(map(str, days)), *span)


def agreeing(weekday: int | None, day: date, today: date, *, bare: bool = False) -> list[date]:
    """The numbered day alone when its name fits or none was said; else also the nearest of that name.

    A day without a year that was just over ("mardi 24 novembre" on the 29th) is that one and not next year's.
    """
    if weekday is None or day.weekday() == weekday:
        return [day]
    past = valid(day.day, day.month, day.year - 1, day) if day - today > _ROLLED_OVER else None
    if past is not None and past.weekday() == weekday:
        return [past]
    nearest = next_weekday(weekday, today)
    if not bare:
        away = (weekday - day.weekday() + 3) % 7 - 3
        nearest = day + timedelta(days=away)
    return [day, nearest] if nearest >= today else [day, nearest + timedelta(days=7)]
