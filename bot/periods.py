"""Stretches of time as people write them: "2024", "de mars 2025 à juin 2026", "depuis 2023", "03/2025 - 12/2025"."""

import calendar
import re
from dataclasses import dataclass
from datetime import date

from bot.moments import month_number
from bot.search_words import fold

SINCE = frozenset(["depuis", "ilaa", "laga", "bilaabo", "since", "inkiinih"])
_POINT = re.compile(
    r"(?P<d>\d{1,2})[/.-](?P<dm>\d{1,2})[/.-](?P<dy>(?:19|20)\d\d)"
    r"|(?P<mm>\d{1,2})[/.-](?P<my>(?:19|20)\d\d)"
    r"|(?P<word>[^\W\d_]+)\.?\s+(?P<wy>(?:19|20)\d\d)"
    r"|(?P<y>(?:19|20)\d\d)"
    r"|(?P<alone>[^\W\d_]+)"
)


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day; `last` None: it goes on."""

    first: date
    last: date | None


def read_period(text: str) -> Period | None:
    """The first and the last point of time named; None when there is none, or they run backwards."""
    points = _points(text)
    if not points:
        return None
    first, last = points[0][0], points[-1][1]
    if len(points) == 1 and SINCE & set(fold(text).split()):
        return Period(first, None)
    return Period(first, last) if first <= last else None


def _points(text: str) -> list[tuple[date, date]]:
    """Each point as its first and last day; a month without a year has that of the next point."""
    found: list[tuple[int | None, int, int | None]] = []
    waiting: int | None = None
    for match in _POINT.finditer(text.casefold()):
        if match["alone"]:
            waiting = month_number(match["alone"]) or waiting
            continue
        year, month, day = _read(match)
        if waiting is not None:
            found.append((year, waiting, None))
            waiting = None
        found.append((year, month or 0, day))
    days = [_days(year or 0, month, day) for year, month, day in found]
    return [point for point in days if point]


def _read(match: "re.Match[str]") -> tuple[int, int | None, int | None]:
    if match["dy"]:
        return int(match["dy"]), int(match["dm"]), int(match["d"])
    if match["my"]:
        return int(match["my"]), int(match["mm"]), None
    if match["wy"]:
        return int(match["wy"]), month_number(match["word"]), None
    return int(match["y"]), None, None


def _days(year: int, month: int, day: int | None) -> tuple[date, date] | None:
    if month == 0:
        return date(year, 1, 1), date(year, 12, 31)
    if month > 12:
        return None
    length = calendar.monthrange(year, month)[1]
    if day is None:
        return date(year, month, 1), date(year, month, length)
    return (date(year, month, day), date(year, month, day)) if 1 <= day <= length else None
