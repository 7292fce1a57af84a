"""Dates and hours as people of Djibouti write them, in three languages.

Afar names of months mean different months to different people: they are found as `ambiguous_date`, never read.
An hour after the Somali or Afar word for it may be counted from sunrise: it is found as `ambiguous_time`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from nlu.meaning import Entity
from nlu.normalise import Token, tokens

_DAYS = (
    "lundi isniin isniinta isnin etleeni itleeni itleni",
    "mardi talaado salaasa talaada talaata talata",
    "mercredi arbaco arbaca arbaqa",
    "jeudi khamiis khamiista khamis kamiisi kamisi",
    "vendredi jimce jimco jimcaha gumqata jumqata",
    "samedi sabti sabtida",
    "dimanche axad axada acaada acada",
)
_WEEKDAYS = {word: i for i, line in enumerate(_DAYS) for word in line.split()}
_RELATIVE = {
    "aujourd": 0, "ajd": 0, "maanta": 0, "asaaku": 0, "ce soir": 0, "demain": 1, "dmain": 1, "berri": 1,
    "berrito": 1, "beri": 1, "beera": 1, "apres demain": 2, "saadambe": 2, "saa dambe": 2, "hier": -1,
    "shalay": -1, "kimal": -1,
}  # fmt: skip
_NEXT = ("prochain", "prochaine", "soo socota", "soo socda")
"""After the name of a day: the next one, as without it."""
_A_WEEK_LATER = "en huit"
_COUNTED = {"jour": 1, "jours": 1, "semaine": 7, "semaines": 7, "maalmood": 1, "maalin": 1, "toddobaad": 7}
_LATER = ("kadib", "gudahood", "ka dib")
_NUMBERS = {
    word: number
    for words in (
        "un deux trois quatre cinq six sept huit neuf dix",
        "hal laba saddex afar shan lix toddoba siddeed sagaal toban",
    )
    for number, word in enumerate(words.split(), 1)
}
_BETWEEN = ("au", "et", "a", "ilaa")
_MONTHS_FR = [
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
]
_MONTHS_SO = [
    "janaayo",
    "febraayo",
    "maarso",
    "abriil",
    "maayo",
    "juun",
    "luulyo",
    "agosto",
    "sebtembar",
    "oktoobar",
    "nofembar",
    "disembar",
]
_MONTHS = {name: i + 1 for names in (_MONTHS_FR, _MONTHS_SO) for i, name in enumerate(names)}
_AFAR_MONTHS = frozenset(
    ["garablu", "kudo", "baxisso", "baxis", "alsa", "dirri", "liiqen", "leqeeni", "waysu", "diteli", "ximoli"]
)
_NUMERIC = re.compile(
    r"(?<![\d/.-])(\d{1,2})(?:[/-](\d{1,2})|\.(\d{2})|\.(\d)(?=\.\d))(?:[/.-](\d{4}|\d{2}))?\b(?![.,]\d)"
)
"""With points a month has two figures, or a year behind it: 1.5 is a number."""
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_HOUR = re.compile(r"\b([01]?\d|2[0-3])\s?(?:h|:|heures?)\s?([0-5]\d)?\b", re.IGNORECASE)
_SUN_HOUR = re.compile(r"\b(?:saacadd?a|saac|saaqat|saaqata)\s+(\d{1,2})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A day said in words, over `size` words."""

    day: date
    size: int


def find_dates(text: str, today: date) -> list[Entity]:
    """Dates as ISO days, hours as HH:MM, seen from `today`; what cannot be known is named ambiguous."""
    found = [*_written(text, today), *_hours(text)]
    words = tokens(text)
    at = 0
    while at < len(words):
        if any(e.start <= words[at].start < e.end for e in found):
            at += 1
            continue
        size, said = _said_at(words, at, today, text)
        found += said
        at += size
    return found


def _said_at(words: Sequence[Token], at: int, today: date, text: str) -> tuple[int, list[Entity]]:
    """How many words from here were read, and what they name."""
    if spoken := _relative(words, at, today) or _weekday(words, at, today):
        return spoken.size, [_entity("date", spoken.day.isoformat(), words[at : at + spoken.size], text)]
    if days := _of_month(words, at, today):
        size = sum(spoken.size for spoken in days)
        return size, _range(words[at : at + size], days, text)
    if _word(words, at + 1) in _AFAR_MONTHS and words[at].word.isdigit():
        own = words[at : at + 2]
        return 2, [_entity("ambiguous_date", text[own[0].start : own[-1].end], own, text)]
    return 1, []


def _relative(words: Sequence[Token], at: int, today: date) -> _Spoken | None:
    for size in (2, 1):
        phrase = " ".join(token.word for token in words[at : at + size])
        if len(words) - at >= size and phrase in _RELATIVE:
            return _Spoken(today + timedelta(days=_RELATIVE[phrase]), size)
    # "dans 3 jours"; "saddex maalmood kadib".
    first = at + (_word(words, at) == "dans")
    number, unit = _number(_word(words, first)), _COUNTED.get(_word(words, first + 1))
    if number is None or unit is None:
        return None
    later = next((len(end.split()) for end in _LATER if _follows(words, first + 2, end)), 0)
    if first == at and not later:
        return None
    return _Spoken(today + timedelta(days=number * unit), first - at + 2 + later)


def _weekday(words: Sequence[Token], at: int, today: date) -> _Spoken | None:
    weekday = _WEEKDAYS.get(_word(words, at))
    if weekday is None:
        return None
    day = today + timedelta(days=(weekday - today.weekday()) % 7 or 7)
    if _follows(words, at + 1, _A_WEEK_LATER):
        return _Spoken(day + timedelta(days=7), 3)
    following = next((len(end.split()) for end in _NEXT if _follows(words, at + 1, end)), 0)
    return _Spoken(day, 1 + following)


def _of_month(words: Sequence[Token], at: int, today: date) -> list[_Spoken]:
    """One day of a named month, or the first and the last of several: "3 mai", "3 au 5 mai"."""
    first = _day_number(_word(words, at))
    several = _word(words, at + 1) in _BETWEEN and _word(words, at + 3) in _MONTHS
    place = at + 3 if several else at + 1
    last = _day_number(_word(words, at + 2)) if several else first
    month = _MONTHS.get(_word(words, place))
    if first is None or last is None or month is None:
        return []
    year = _word(words, place + 1)
    given = int(year) if re.fullmatch(r"20\d\d", year) else None
    end = _valid(last, month, given, today)
    size = 2 + (given is not None)
    if end is None or not several:
        return [_Spoken(end, size)] if end else []
    begin = _valid(first, month, end.year, today)
    return [_Spoken(begin, 2), _Spoken(end, size)] if begin else []


def _range(words: Sequence[Token], days: Sequence[_Spoken], text: str) -> list[Entity]:
    """The first day of several is its number alone; the last has the month."""
    if len(days) == 1:
        return [_entity("date", days[0].day.isoformat(), words, text)]
    return [
        _entity("date", days[0].day.isoformat(), words[:1], text),
        _entity("date", days[1].day.isoformat(), words[2:], text),
    ]


def _entity(name: str, value: str, words: Sequence[Token], text: str) -> Entity:
    start, end = words[0].start, words[-1].end
    return Entity(name, value, start, end, text[start:end])


def _word(words: Sequence[Token], at: int) -> str:
    return words[at].word if at < len(words) else ""


def _follows(words: Sequence[Token], at: int, phrase: str) -> bool:
    expected = phrase.split()
    return [token.word for token in words[at : at + len(expected)]] == expected


def _number(word: str) -> int | None:
    return int(word) if word.isdigit() and len(word) < 4 else _NUMBERS.get(word)


def _day_number(word: str) -> int | None:
    """Figures, also "1er"."""
    figures = word.removesuffix("er")
    return int(figures) if figures.isdigit() and len(figures) < 3 else None


def _written(text: str, today: date) -> Iterator[Entity]:
    for match in _ISO.finditer(text):
        if day := _valid(int(match[3]), int(match[2]), int(match[1]), today):
            yield Entity("date", day.isoformat(), match.start(), match.end(), match[0])
    for match in _NUMERIC.finditer(text):
        year = int(match[5]) if match[5] else None
        if year is not None and year < 100:
            year += 2000
        if day := _valid(int(match[1]), int(match[2] or match[3] or match[4]), year, today):
            yield Entity("date", day.isoformat(), match.start(), match.end(), match[0])


def _hours(text: str) -> Iterator[Entity]:
    for match in _HOUR.finditer(text):
        yield Entity("time", f"{int(match[1]):02}:{match[2] or '00'}", match.start(), match.end(), match[0])
    for match in _SUN_HOUR.finditer(text):
        yield Entity("ambiguous_time", match[1], match.start(), match.end(), match[0])


def _valid(day: int, month: int, year: int | None, today: date) -> date | None:
    """The date; without a year, the next one to come."""
    try:
        if year is not None:
            return date(year, month, day)
        this = date(today.year, month, day)
        return this if this >= today else date(today.year + 1, month, day)
    except ValueError:
        return None
