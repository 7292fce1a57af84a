"""Dates and hours as people of Djibouti write them, in three languages.

Afar names of months mean different months to different people: they are found as `ambiguous_date`, never read.
So are days that no calendar has ("31 novembre") and a name and a number that disagree ("lundi 8 décembre").
A delay ("dans 2 heures") is found as `delay`, in minutes.
An hour after the Somali or Afar word for it may be counted from sunrise: it is found as `ambiguous_time`.
Stretches of days ("la semaine prochaine") are found as `period`, see `nlu.periods`.
"""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from nlu.almanac import AFAR_MONTHS, AFAR_MONTHS_ALONE, MONTHS, NO_SUCH_DAY, WEEKDAYS
from nlu.day_reading import Reading, counted, next_weekday, ordinal, valid
from nlu.hours import find_hours
from nlu.meaning import Entity
from nlu.normalise import Token, tokens
from nlu.numbered_days import agreeing, numbered
from nlu.periods import find_periods

_RELATIVE = {
    "aujourd hui": 0, "aujourd": 0, "ajd": 0, "maanta": 0, "asaaku": 0, "ce soir": 0, "demain": 1, "dmain": 1,
    "2main": 1, "2m1": 1, "dem1": 1, "berri": 1, "berrito": 1, "beri": 1, "beera": 1, "apres demain": 2,
    "saadambe": 2, "saa dambe": 2, "hier": -1, "shalay": -1, "kimal": -1,
}  # fmt: skip
_NEXT = ("prochain", "prochaine", "soo socota", "soo socda")
"""After the name of a day: the next one, as without it."""
_LAST = ("dernier", "derniere", "hore", "ee hore", "la soo dhaafay", "ee la soo dhaafay", "tagay")
"""After the name of a day: the one before."""
_SINCE = ("depuis", "depui", "dpuis")
_A_WEEK_LATER = "en huit"
_COUNTED = {"jour": 1, "jours": 1, "semaine": 7, "semaines": 7, "maalmood": 1, "maalin": 1, "toddobaad": 7}
_MONTHS = ("mois", "bilood", "bil")
_ONE_ALONE = ("maalin", "toddobaad", "bil")
"""In Somali, one when no number stands before."""
_LATER = ("kadib", "gudahood", "ka dib")
_NUMERIC = re.compile(
    r"(?<![\d/.-])(\d{1,2})(?:[/-](\d{1,2})|\.(\d{2})|\.(\d)(?=\.\d))(?:[/.-](\d{4}|\d{2}))?\b(?![.,]\d)"
)
"""With points a month has two figures, or a year behind it: 1.5 is a number."""
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_FIRST_OF_STRETCH = re.compile(
    r"(?:^|\b(?:du|le|les|entre(?:\s+le)?|de)\s+)(\d{1,2})\s*(au|à|a|-|ilaa|et(?:\s+le)?|iyo)\s*$",
    re.IGNORECASE,
)
""" "du 7 au" before 9/12."""
_UNTIL = re.compile(r"\s*(?:(?:jusqu['’])?au|à|a|-|ilaa)\s*(?:le\s+)?", re.IGNORECASE)
_BESIDE = re.compile(r"['’]?(?:hui)?[\s,;:(]*(?:(?:le|du|au)\s+)?", re.IGNORECASE)
"""Between the name of a day and its number: "aujourd'hui, le 30/11"."""
_OF_NEXT_WEEK = ("de la semaine prochaine", "semaine prochaine")


@dataclass(frozen=True, slots=True)
class _Found:
    """`weekday`: the day is known by its name alone; `relative`: as "demain"."""

    entity: Entity
    weekday: int | None = None
    relative: bool = False


def find_dates(text: str, today: date) -> list[Entity]:
    """Dates as ISO days, hours as HH:MM, seen from `today`; what cannot be known is named ambiguous."""
    words = tokens(text)
    fixed = [*_written(text, today), *find_hours(Reading(text, words, today))]
    read = Reading(text, words, today, tuple((e.start, e.end) for e in fixed))
    periods = [e for e in find_periods(words, text, today) if not _on_a_weekday(words, e)]
    days = [_Found(e) for e in fixed if e.name.endswith("date")]
    at = 0
    while at < len(words):
        if read.is_taken(at) or any(e.start <= words[at].start < e.end for e in periods):
            at += 1
            continue
        size, here = _said_at(read, at)
        days += here
        at += size
        periods = [e for e in periods if not any(_begins_before(d.entity, e) for d in here)]
    said = _in_order(_joined(days, text, today), text)
    return [*said, *(e for e in fixed if not e.name.endswith("date")), *periods]


def _begins_before(day: Entity, period: Entity) -> bool:
    """ "le 7 du mois prochain" is a day, "la semaine du 7" is not."""
    return day.start < period.start < day.end


def _said_at(read: Reading, at: int) -> tuple[int, list[_Found]]:
    """How many words from here were read, and what they name."""
    size, said = numbered(read, at)
    if size:
        return size, [_Found(entity) for entity in said]
    if found := _relative(read, at):
        day, size = found
        return size, [_Found(read.entity("date", day.isoformat(), at, at + size), relative=True)]
    if found := _weekday(read, at):
        day, size = found
        is_bare = size == 1 or read.word(at + 1) in _NEXT
        entity = read.entity("date", day.isoformat(), at, at + size)
        return size, [_Found(entity, weekday=day.weekday() if is_bare else None)]
    if size := _afar_month(read, at):
        own = read.entity("ambiguous_date", "", at, at + size)
        return size, [_Found(replace(own, value=own.text))]
    return 1, []


def _joined(found: list[_Found], text: str, today: date) -> list[Entity]:
    """The name of a day and the date beside it are one day: "mardi 8/12", "demain lundi"."""
    joined: list[_Found] = []
    for each in sorted(found, key=lambda f: f.entity.start):
        last = joined[-1] if joined else None
        one = _one_day(last, each, text, today) if last else None
        if one:
            joined[-1] = _Found(one)
        else:
            joined.append(each)
    return [each.entity for each in joined]


def _in_order(found: list[Entity], text: str) -> list[Entity]:
    """A stretch that has begun: its first day is not next year's ("du 28/11 au 2/12", said on the 29th)."""
    ordered = list(found)
    for place, (first, last) in enumerate(pairwise(found)):
        if first.name != "date" or last.name != "date" or not _UNTIL.fullmatch(text[first.end : last.start]):
            continue
        begin, end = date.fromisoformat(first.value), date.fromisoformat(last.value)
        before = valid(begin.day, begin.month, begin.year - 1, begin)
        if begin > end and before is not None and before <= end:
            ordered[place] = replace(first, value=before.isoformat())
    return ordered


def _one_day(first: _Found, second: _Found, text: str, today: date) -> Entity | None:
    """Both as one, or as a day to be asked when they disagree; None when they are two."""
    start, end = first.entity.start, second.entity.end
    if first.entity.name != "date" or not _BESIDE.fullmatch(text[first.entity.end : second.entity.start]):
        return None
    if second.entity.name != "date":
        is_known = first.weekday is None or second.entity.value != NO_SUCH_DAY
        return None if is_known else replace(second.entity, start=start, text=text[start:end])
    days = [date.fromisoformat(f.entity.value) for f in (first, second)]
    if first.weekday is not None and second.weekday is None and not second.relative:
        days = agreeing(first.weekday, days[1], today)
    elif first.relative and second.weekday is not None:
        days = days[:1] if days[0].weekday() == second.weekday else days
    elif days[0] == days[1]:
        days = days[:1]
    elif second.weekday is not None and not first.relative and first.weekday is None:
        return None if days[0].weekday() != second.weekday else _entity(days[:1], start, end, text)
    else:
        return None
    return _entity(days, start, end, text)


def _entity(days: Sequence[date], start: int, end: int, text: str) -> Entity:
    name = "date" if len(days) == 1 else "ambiguous_date"
    return Entity(name, ",".join(map(str, days)), start, end, text[start:end])


def _afar_month(read: Reading, at: int) -> int:
    """How many words name a month in Afar, with the day before or after it; 0 for none."""
    day = int(ordinal(read.word(at)) is not None)
    for size in (2, 1):
        if at + day + size > len(read.words):
            continue
        name = " ".join(token.word for token in read.words[at + day : at + day + size])
        stems = (name, name.removesuffix("h"), name.removesuffix("l"), name.removesuffix("k"))
        if any(stem in (AFAR_MONTHS if day or size > 1 else AFAR_MONTHS_ALONE) for stem in stems):
            after = day + size
            return after + int(not day and ordinal(read.word(at + after)) is not None)
    return 0


def _on_a_weekday(words: Sequence[Token], period: Entity) -> bool:
    """ "lundi de la semaine prochaine" is a day."""
    before = [token.word for token in words if token.end <= period.start][-2:]
    return any(word in WEEKDAYS for word in before) and before[-1:] != ["et"]


def _relative(read: Reading, at: int) -> tuple[date, int] | None:
    for size in (2, 1):
        phrase = " ".join(token.word for token in read.words[at : at + size])
        if len(read.words) - at >= size and phrase in _RELATIVE:
            return read.today + timedelta(days=_RELATIVE[phrase]), size
    # "dans 3 jours"; "saddex maalmood kadib".
    first = at + (read.word(at) == "dans")
    count, size = counted(read, first)
    if count is None and read.word(first) in _ONE_ALONE:
        count = 1
    unit = read.word(first + size)
    if count is None or (unit not in _COUNTED and unit not in _MONTHS):
        return None
    later = next((len(end.split()) for end in _LATER if read.follows(first + size + 1, end)), 0)
    if first == at and not later:
        return None
    day = _months_later(read.today, count) if unit in _MONTHS else None
    return day or read.today + timedelta(days=count * _COUNTED.get(unit, 30)), first - at + size + 1 + later


def _months_later(today: date, count: int) -> date | None:
    """The same day that many months later, or the last of a shorter one; None beyond ten years."""
    if count > 120:
        return None
    months = today.year * 12 + today.month - 1 + count
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(today.day, monthrange(year, month)[1]))


def _weekday(read: Reading, at: int) -> tuple[date, int] | None:
    weekday = WEEKDAYS.get(read.word(at))
    if weekday is None:
        return None
    day = next_weekday(weekday, read.today)
    if read.follows(at + 1, _A_WEEK_LATER):
        return day + timedelta(days=7), 3
    if later := _phrase(read, at + 1, _OF_NEXT_WEEK):
        sunday = read.today - timedelta(days=(read.today.weekday() + 1) % 7) + timedelta(days=7)
        return sunday + timedelta(days=(weekday + 1) % 7), 1 + later
    last = _phrase(read, at + 1, _LAST) or _is_over(read, at + 1)
    if last or read.word(at - 1) in _SINCE:
        return day - timedelta(days=7 if day - read.today < timedelta(days=7) else 14), 1 + last
    return day, 1 + _phrase(read, at + 1, _NEXT)


def _is_over(read: Reading, at: int) -> bool:
    """ "lundi passé", not "lundi passe nous voir"."""
    if read.word(at) != "passe":
        return False
    return at + 1 == len(read.words) or "é" in unicodedata.normalize(
        "NFC", read.text[read.words[at].start : read.words[at].end]
    )


def _phrase(read: Reading, at: int, phrases: Sequence[str]) -> int:
    """Over how many words one of them stands here."""
    return max((len(phrase.split()) for phrase in phrases if read.follows(at, phrase)), default=0)


def _written(text: str, today: date) -> Iterator[Entity]:
    for match in _ISO.finditer(text):
        if day := valid(int(match[3]), int(match[2]), int(match[1]), today):
            yield Entity("date", day.isoformat(), match.start(), match.end(), match[0])
    for match in _NUMERIC.finditer(text):
        following = tokens(text[match.end() :])[:1]
        if following and following[0].word in MONTHS:
            continue  # "7-9 décembre"
        year = int(match[5]) if match[5] else None
        if year is not None and year < 100:
            year += 2000
        number_of_day, month = int(match[1]), int(match[2] or match[3] or match[4])
        if day := valid(number_of_day, month, year, today):
            yield Entity("date", day.isoformat(), match.start(), match.end(), match[0])
            yield from _first_of_stretch(text[: match.start()], day)
        elif _was_meant_as_a_day(number_of_day, month, year):
            yield Entity("ambiguous_date", NO_SUCH_DAY, match.start(), match.end(), match[0])


def _first_of_stretch(before: str, last: date) -> Iterator[Entity]:
    """The number before a date, of the same month, or of the one before when it is greater."""
    match = _FIRST_OF_STRETCH.search(before)
    if match is None:
        return
    month = last.replace(day=1) - timedelta(days=1) if int(match[1]) > last.day else last
    if day := valid(int(match[1]), month.month, month.year, last):
        yield Entity("date", day.isoformat(), match.start(1), match.end(1), match[1])


def _was_meant_as_a_day(day: int, month: int, year: int | None) -> bool:
    """31/11 and 12/31/2026 are days nobody has; 50/50 and 24/7 are none at all."""
    if year is not None:
        return year >= 2000 and 0 < day <= 31 and 0 < month <= 31
    return 28 < day <= 31 and 0 < month <= 12
