"""Which stretch of days a question is about: a day, two days and all between, a month, and what words bound them."""

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.bounds import Bound, bound_of
from bot.moments import month_of
from bot.search_words import fold
from nlu.meaning import Entity

_JOINED = re.compile(r"(?:et|au|a|ou|iyo|ama|ilaa)(?: (?:le|la|l))?")
"""Between the number of one day and another with its month: "le 9 et le 12 décembre"."""
_AGAIN = re.compile(r"\s+(?:le\s+)?", re.IGNORECASE)
"""Between two words for one day; a comma or a dash parts two days: "2/12, 10/12"."""
_EITHER = re.compile(r"\d{4}-\d\d-\d\d(,\d{4}-\d\d-\d\d)+")
"""Days of an ambiguous date that are known, as `nlu.dates` tells them."""
_WORD = re.compile(r"(?:[^\W\d_][\u0300-\u036f]*)+")
_YEAR = re.compile(r"\s+(20\d\d)\b")
LONG_AGO = timedelta(days=180)
"""A first day so far behind the last is over already, and was read as next year's."""
ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Days:
    """First and last day, both included."""

    first: date = date.min
    last: date = date.max

    def touch(self, other: "Days") -> bool:
        """Whether they have a day in common."""
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True, slots=True)
class _Point:
    """One day, period or month that the text names from `start` to `end`, and the words beside it."""

    days: Days
    start: int
    end: int
    bound: Bound | None = None


def asked_days(text: str, entities: Sequence[Entity], today: date) -> Days | None:
    """The days meant by a text and what was found in it; None when it names none."""
    points = _named_days(text, entities)
    points += [p for p in _periods(entities) if not any(p.days.touch(day.days) for day in points)]
    points = sorted(points or _months(text, today), key=lambda point: point.start)
    if not points:
        return None
    bounded = [replace(p, bound=bound_of(text, p.start, p.end)) if p.end > p.start else p for p in points]
    return _alone(bounded[0]) if len(bounded) == 1 else _between(text, bounded[0], bounded[-1])


def _named_days(text: str, entities: Sequence[Entity]) -> list[_Point]:
    """Each day once: in "vendredi 11 décembre" it is the last that counts."""
    dated = [_day(e, date.fromisoformat(e.value)) for e in entities if e.name == "date"]
    numbered = [p for e in entities if e.name == "number" for p in _same_month(text, e, dated)]
    days = sorted([*dated, *numbered], key=lambda point: point.start)
    told: list[_Point] = []
    for day in days:
        is_again = bool(told) and day.start > told[-1].end and _AGAIN.fullmatch(text, told[-1].end, day.start)
        told.append(replace(day, start=told.pop().start) if is_again else day)
    return told


def _day(entity: Entity, day: date) -> _Point:
    return _Point(Days(day, day), entity.start, entity.end)


def _same_month(text: str, number: Entity, dated: Sequence[_Point]) -> list[_Point]:
    """The 9 of "entre le 9 et le 12 décembre", as a day of that month."""
    later = sorted((p for p in dated if p.start >= number.end), key=lambda point: point.start)
    gap = _gap(text, number.end, later[0]) if later else None
    full = [p for p in later if any(c.isdigit() for c in text[p.start : p.end])]
    if gap is None or not _JOINED.fullmatch(gap) or not full:
        return []
    try:
        return [_day(number, full[0].days.first.replace(day=int(number.value)))]
    except ValueError:
        return []


def _gap(text: str, end: int, later: _Point) -> str | None:
    """The words between; None where nothing stands in the text (a tapped day)."""
    return fold(text[end : later.start]) if later.start > end else None


def _periods(entities: Sequence[Entity]) -> Iterator[_Point]:
    """Stretches, and all between the days of "le 2 ou le 10": to look for either, nobody need be asked which."""
    for entity in entities:
        either = entity.name == "ambiguous_date" and _EITHER.fullmatch(entity.value)
        if entity.name == "period" or either:
            days = [date.fromisoformat(day) for day in re.split("[,/]", entity.value)]
            yield _Point(Days(min(days), max(days)), entity.start, entity.end)


def _months(text: str, today: date) -> Iterator[_Point]:
    """Months named without a day: the next of that name to come, or that of the year behind it."""
    for match in _WORD.finditer(text):
        found = month_of(match[0], today)
        if found is None:
            continue
        year, month = found
        if given := _YEAR.match(text, match.end()):
            year = int(given[1])
        last = monthrange(year, month)[1]
        yield _Point(Days(date(year, month, 1), date(year, month, last)), match.start(), match.end())


def _alone(point: _Point) -> Days:
    """One day or stretch, and what the words beside it make of it."""
    first, last = point.days.first, point.days.last
    match point.bound:
        case Bound.BEFORE:
            return Days(last=first - ONE)
        case Bound.UNTIL:
            return Days(last=last)
        case Bound.FROM:
            return Days(first=first)
        case Bound.AFTER:
            return Days(first=last + ONE)
    return point.days


def _between(text: str, one: _Point, other: _Point) -> Days:
    """From the first to the last; whichever order they were said in, nothing between is left out."""
    first = one.days.last + ONE if one.bound is Bound.AFTER else one.days.first
    last = other.days.first - ONE if other.bound is Bound.BEFORE else other.days.last
    if first <= last:
        return Days(first, last)
    if first - last > LONG_AGO or text[one.start : one.end].isdigit():
        return Days(last=last)
    return Days(other.days.first, one.days.last)
