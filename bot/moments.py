"""Which day and hour somebody means: what is clear, what has two readings and must be asked, what is unknown.

Hours after the Somali or Afar word for them may be counted from sunrise (saacadda 2 is 08:00 or 14:00); the part
of the day often decides, and nothing else does.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.search_words import fold
from nlu.almanac import MONTHS, NO_SUCH_DAY
from nlu.meaning import Entity


class Part(StrEnum):
    MORNING = "morning"
    NOON = "noon"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    NIGHT = "night"


PART_WORDS = {
    Part.MORNING: "matin matinee subax subaxa subaxdii subaxnimo aroor aroortii saaka maaca maacah saaku",
    Part.NOON: "midi duhur duhurka duhurkii duhurnimo laqo",
    Part.AFTERNOON: "aprem apresmidi galab galabta galabtii galabnimo casar casarka casarkii carra carrah",
    Part.EVENING: "soir soiree fiid fiidka fiidkii maqrib maqribka makhrib bara barah",
    Part.NIGHT: "nuit habeen habeenka habeenkii habeennimo caawa",
}
PARTS = {word: part for part, words in PART_WORDS.items() for word in words.split()}
WINDOWS = {
    Part.MORNING: (4, 12),
    Part.NOON: (11, 15),
    Part.AFTERNOON: (12, 19),
    Part.EVENING: (16, 24),
    Part.NIGHT: (18, 29),
}
"""Hours of the day that each part may mean; 24 and more are those after midnight."""
OFFERED = {
    None: (8, 10, 14, 16),
    Part.MORNING: (7, 8, 9, 10),
    Part.NOON: (12, 13),
    Part.AFTERNOON: (14, 15, 16, 17),
    Part.EVENING: (18, 19, 20),
    Part.NIGHT: (19, 20, 21),
}
"""Full hours offered when only the part of the day is known."""
_COUNTED_HOUR = re.compile(r"(\d{1,2})(?::(\d{2}))?")
_COUNTED = re.compile(r"\b(\d{1,2})\s?(?:ta|da|ka|aad|naad|kii|tii|dii)?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Moment:
    """What a text says of a time. `either`: the two readings of one hour. `vague`: a date nobody can read."""

    days: tuple[date, ...] = ()
    hours: tuple[time, ...] = ()
    either: tuple[time, ...] = ()
    part: Part | None = None
    vague: str | None = None
    offers: tuple[date, ...] = ()
    """The days that a name and a number that disagree may mean ("lundi 8 décembre")."""
    missing: bool = False
    """The vague date is one that no calendar has."""
    delay: timedelta | None = None
    """Said instead of a day and an hour: in two hours."""

    @property
    def day(self) -> date | None:
        return self.days[0] if self.days else None

    @property
    def hour(self) -> time | None:
        return self.hours[0] if self.hours and not self.either else None


class Asked(StrEnum):
    """The hour was asked for, so a lone number is one: by the clock, or perhaps counted from sunrise."""

    NO = "no"
    BY_CLOCK = "by_clock"
    COUNTED = "counted"


def read_moment(text: str, entities: Sequence[Entity], asked: Asked = Asked.NO) -> Moment:
    """Days and hours in a message."""
    part = part_of(text)
    hours: list[time] = []
    either: tuple[time, ...] = ()
    for entity in entities:
        if entity.name == "time":
            clear, doubt = _clock(entity, part)
            hours, either = [*hours, *clear], either or doubt
        elif entity.name == "ambiguous_time" and (number := _COUNTED_HOUR.match(entity.value)):
            clear, doubt = _counted(int(number[1]), part)
            clear, doubt = _past(clear, number[2]), tuple(_past(doubt, number[2]))
            hours, either = [*hours, *clear], either or doubt
    if not hours and not either and not any(entity.name == "delay" for entity in entities):
        hours, either = _bare(_without_days(text, entities), part, asked)
    moment = Moment(
        days=tuple(date.fromisoformat(e.value) for e in entities if e.name == "date"),
        hours=tuple(hours),
        either=either,
        part=part,
        delay=next((timedelta(minutes=int(e.value)) for e in entities if e.name == "delay"), None),
    )
    unread = next((e for e in entities if e.name == "ambiguous_date"), None)
    return _doubted(moment, unread) if unread else moment


def _doubted(moment: Moment, entity: Entity) -> Moment:
    """A day with no reading or two; an Afar month has as many as there are people."""
    offers = tuple(date.fromisoformat(day) for day in entity.value.split(",")) if "," in entity.value else ()
    return replace(moment, vague=entity.text, offers=offers, missing=entity.value == NO_SUCH_DAY)


def settled(moment: Moment, zone_now: datetime) -> Moment:
    """A delay as its day and hour on the wall clock."""
    if moment.delay is None or moment.days or moment.vague:
        return moment
    due = zone_now + moment.delay
    return replace(moment, days=(due.date(),), hours=(time(due.hour, due.minute),), either=())


def part_of(text: str) -> Part | None:
    words = fold(text).replace("apres midi", "apresmidi").split()
    return next((PARTS[word] for word in words if word in PARTS), None)


def month_number(word: str) -> int | None:
    """1 to 12 for the name of a month in the three languages (and English), else None."""
    return MONTHS.get(fold(word))


def month_of(text: str, today: date) -> tuple[int, int] | None:
    """(year, month) of a month named without a day, the next one to come."""
    month = next((MONTHS[word] for word in fold(text).split() if word in MONTHS), None)
    if month is None:
        return None
    return (today.year if month >= today.month else today.year + 1), month


def offered_hours(part: Part | None) -> tuple[time, ...]:
    return tuple(time(hour) for hour in OFFERED[part])


def at(day: date, hour: time, zone_now: datetime) -> datetime:
    """The moment on the wall clock of `zone_now`."""
    return datetime.combine(day, hour, zone_now.tzinfo)


def next_at(hour: time, zone_now: datetime) -> datetime:
    """The next time the clock on the wall shows this hour."""
    today = at(zone_now.date(), hour, zone_now)
    return today if today > zone_now else at(zone_now.date() + timedelta(days=1), hour, zone_now)


def _clock(entity: Entity, part: Part | None) -> tuple[list[time], tuple[time, ...]]:
    """An hour by the clock; before six and not written 03:00 it may be one of the afternoon."""
    hour = time.fromisoformat(entity.value)
    later = hour.replace(hour=hour.hour + 12) if hour.hour < 12 else None
    if later is None or hour.hour == 0 or entity.text.startswith("0"):
        return [hour], ()
    if part in (Part.AFTERNOON, Part.EVENING, Part.NIGHT) and _within(later, part):
        return [later], ()
    if hour.hour < 6 and part is None:
        return [], (hour, later)
    return [hour], ()


def _counted(number: int, part: Part | None) -> tuple[list[time], tuple[time, ...]]:
    """An hour that may be counted from six in the morning or evening, or from midnight and noon."""
    if number > 12 or number < 1:
        return ([time(number)], ()) if number < 24 else ([], ())
    if part is not None:
        readings = [time(h % 24) for h in (number + 6, number + 18, number, number + 12)]
        fitting = tuple(dict.fromkeys(hour for hour in readings if _within(hour, part)))
        if len(fitting) == 1:
            return [fitting[0]], ()
        if fitting:
            return [], fitting[:2]
    by_clock = number if number >= 7 else number + 12
    return [], tuple(sorted({time((number + 6) % 24), time(by_clock % 24)}))


def _past(hours: Iterable[time], minutes: str | None) -> list[time]:
    return [hour.replace(minute=int(minutes or 0)) for hour in hours]


def _within(hour: time, part: Part) -> bool:
    begin, end = WINDOWS[part]
    return begin <= hour.hour < end or begin <= hour.hour + 24 < end


def _bare(rest: str, part: Part | None, asked: Asked) -> tuple[list[time], tuple[time, ...]]:
    """A number beside a part of the day ("galab 4ta"), noon itself, or the answer to "at what hour?"."""
    number = _COUNTED.search(rest)
    if number and asked is Asked.BY_CLOCK and int(number[1]) < 24:
        return _clock(Entity("time", f"{int(number[1]):02}:00", 0, 0, number[1]), part)
    if number and (part is not None or asked is Asked.COUNTED):
        return _counted(int(number[1]), part)
    if part is Part.NOON and "midi" in fold(rest).split():
        return [time(12)], ()
    return [], ()


def _without_days(text: str, entities: Iterable[Entity]) -> str:
    for entity in sorted(entities, key=lambda e: e.start, reverse=True):
        if entity.name in ("date", "ambiguous_date") and entity.end > entity.start:
            text = f"{text[: entity.start]} {text[entity.end :]}"
    return text
