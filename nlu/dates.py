"""Dates and hours as people of Djibouti write them, in three languages.

Afar names of months mean different months to different people: they are found as `ambiguous_date`, never read.
An hour after the Somali or Afar word for it may be counted from sunrise: it is found as `ambiguous_time`.
Stretches of days ("la semaine prochaine") are found as `period`, see `nlu.periods`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from nlu.almanac import AFAR_MONTHS, AFAR_MONTHS_ALONE, MONTHS, WEEKDAYS
from nlu.meaning import Entity
from nlu.normalise import Token, fold, tokens
from nlu.numbers import NUMBER_WORDS, Piece, number_at
from nlu.periods import find_periods

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
MOST_WORDS = 6
"""Of a number of days."""
_BETWEEN = ("au", "et", "a", "ilaa")
_NUMERIC = re.compile(
    r"(?<![\d/.-])(\d{1,2})(?:[/-](\d{1,2})|\.(\d{2})|\.(\d)(?=\.\d))(?:[/.-](\d{4}|\d{2}))?\b(?![.,]\d)"
)
"""With points a month has two figures, or a year behind it: 1.5 is a number."""
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_HOUR = re.compile(r"\b([01]?\d|2[0-3])\s?(?:h|:|heures?)\s?([0-5]\d)?\b", re.IGNORECASE)
_SUN_HOUR = re.compile(
    r"\b(?:saacadd?(?:a|u|da|du)?|saac|saaqata?|saaqatal)\s+(?:waa\s+)?(?:(\d{1,2})(?:\s?-?[dtk]a)?|([a-z]{3,9}))\b",
    re.IGNORECASE,
)
"""In figures, or in a word with its article: saacadda saddexda."""
_ARTICLE = re.compile(r"(?:da|ta|ka|ga)$")
_ORDINAL = re.compile(r"(\d{1,2})(?:er|e|eme|ere|da|ta|ka|aad|kii|dii|tii)?")
_FIRST = frozenset(("premier", "1er", "kowda", "koowda"))
_OF_NEXT_WEEK = ("de la semaine prochaine", "semaine prochaine")


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A day said in words, over `size` words."""

    day: date
    size: int


def find_dates(text: str, today: date) -> list[Entity]:
    """Dates as ISO days, hours as HH:MM, seen from `today`; what cannot be known is named ambiguous."""
    words = tokens(text)
    found = [*_written(text, today), *_hours(text)]
    found += [e for e in find_periods(words, text, today) if not _on_a_weekday(words, e)]
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
    if size := _afar_month(words, at):
        own = words[at : at + size]
        return size, [_entity("ambiguous_date", text[own[0].start : own[-1].end], own, text)]
    return 1, []


def _afar_month(words: Sequence[Token], at: int) -> int:
    """How many words name a month in Afar, with the day before or after it; 0 for none."""
    day = int(_ORDINAL.fullmatch(_word(words, at)) is not None)
    for size in (2, 1):
        if at + day + size > len(words):
            continue
        name = " ".join(token.word for token in words[at + day : at + day + size])
        stems = (name, name.removesuffix("h"), name.removesuffix("l"), name.removesuffix("k"))
        if any(stem in (AFAR_MONTHS if day or size > 1 else AFAR_MONTHS_ALONE) for stem in stems):
            after = day + size
            return after + int(not day and _ORDINAL.fullmatch(_word(words, at + after)) is not None)
    return 0


def _on_a_weekday(words: Sequence[Token], period: Entity) -> bool:
    """ "lundi de la semaine prochaine" is a day."""
    before = [token.word for token in words if token.end <= period.start][-2:]
    return any(word in WEEKDAYS for word in before) and before[-1:] != ["et"]


def _relative(words: Sequence[Token], at: int, today: date) -> _Spoken | None:
    for size in (2, 1):
        phrase = " ".join(token.word for token in words[at : at + size])
        if len(words) - at >= size and phrase in _RELATIVE:
            return _Spoken(today + timedelta(days=_RELATIVE[phrase]), size)
    # "dans 3 jours"; "saddex maalmood kadib".
    first = at + (_word(words, at) == "dans")
    number, size = _number(words, first)
    unit = _COUNTED.get(_word(words, first + size))
    if number is None or unit is None:
        return None
    later = next((len(end.split()) for end in _LATER if _follows(words, first + size + 1, end)), 0)
    if first == at and not later:
        return None
    return _Spoken(today + timedelta(days=number * unit), first - at + size + 1 + later)


def _weekday(words: Sequence[Token], at: int, today: date) -> _Spoken | None:
    weekday = WEEKDAYS.get(_word(words, at))
    if weekday is None:
        return None
    day = today + timedelta(days=(weekday - today.weekday()) % 7 or 7)
    if _follows(words, at + 1, _A_WEEK_LATER):
        return _Spoken(day + timedelta(days=7), 3)
    if later := next((len(end.split()) for end in _OF_NEXT_WEEK if _follows(words, at + 1, end)), 0):
        sunday = today - timedelta(days=(today.weekday() + 1) % 7) + timedelta(days=7)
        return _Spoken(sunday + timedelta(days=(weekday + 1) % 7), 1 + later)
    following = next((len(end.split()) for end in _NEXT if _follows(words, at + 1, end)), 0)
    return _Spoken(day, 1 + following)


def _of_month(words: Sequence[Token], at: int, today: date) -> list[_Spoken]:
    """One day of a named month, or the first and the last of several: "3 mai", "3 au 5 mai", "maarso 12"."""
    if (month := MONTHS.get(_word(words, at))) and _word(words, at + 1).isdigit():
        day, size = _day_number(words, at + 1)
        return _counted(_with_year(words, at + 1 + size, (day, month), today), 1 + size)
    first, size = _day_number(words, at)
    last, more = first, 0
    if size and _word(words, at + size) in _BETWEEN:
        last, more = _day_number(words, at + size + 1)
        more += bool(more)
    month = MONTHS.get(_word(words, at + size + more))
    if first is None or last is None or month is None:
        return []
    end = _with_year(words, at + size + more + 1, (last, month), today)
    if end is None or not more:
        return _counted(end, size + 1)
    begin = _valid(first, month, end.day.year, today)
    return [_Spoken(begin, size), *_counted(end, more + 1)] if begin else []


def _with_year(
    words: Sequence[Token], at: int, day_month: tuple[int | None, int], today: date
) -> _Spoken | None:
    """The day of a month whose year, if given, would be this word; the size is that of the year."""
    day, month = day_month
    year = _word(words, at)
    given = int(year) if re.fullmatch(r"20\d\d", year) else None
    found = _valid(day, month, given, today) if day else None
    return _Spoken(found, int(given is not None)) if found else None


def _counted(spoken: _Spoken | None, more: int) -> list[_Spoken]:
    return [_Spoken(spoken.day, spoken.size + more)] if spoken else []


def _range(words: Sequence[Token], days: Sequence[_Spoken], text: str) -> list[Entity]:
    """The first day of several is its number alone; the last has the month."""
    if len(days) == 1:
        return [_entity("date", days[0].day.isoformat(), words, text)]
    return [
        _entity("date", days[0].day.isoformat(), words[: days[0].size], text),
        _entity("date", days[1].day.isoformat(), words[days[0].size + 1 :], text),
    ]


def _entity(name: str, value: str, words: Sequence[Token], text: str) -> Entity:
    start, end = words[0].start, words[-1].end
    return Entity(name, value, start, end, text[start:end])


def _word(words: Sequence[Token], at: int) -> str:
    return words[at].word if at < len(words) else ""


def _follows(words: Sequence[Token], at: int, phrase: str) -> bool:
    expected = phrase.split()
    return [token.word for token in words[at : at + len(expected)]] == expected


def _number(words: Sequence[Token], at: int) -> tuple[int | None, int]:
    """A whole number below a thousand in figures or words, and over how many words."""
    if _word(words, at).isdigit():
        return (int(_word(words, at)), 1) if len(_word(words, at)) < 4 else (None, 0)
    near = [Piece(token.word, token.start, token.end) for token in words[at : at + MOST_WORDS]]
    number = number_at(near, 0) if near else None
    if number is None or number.value >= 1000:
        return None, 0
    return int(number.value), number.after


def _day_number(words: Sequence[Token], at: int) -> tuple[int | None, int]:
    """The day of a month: figures, also "1er" and "5ta", or words; and over how many words."""
    word = _word(words, at)
    if word in _FIRST:
        return 1, 1
    if figures := _ORDINAL.fullmatch(word):
        with_article = _word(words, at + 1) in ("da", "ta", "ka", "er", "aad")
        return int(figures[1]), 1 + with_article
    return _number(words, at) if word in NUMBER_WORDS else (None, 0)


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
        if (hour := int(match[1]) if match[1] else _hour_word(match[2])) is not None:
            yield Entity("ambiguous_time", str(hour), match.start(), match.end(), match[0])


def _hour_word(word: str) -> int | None:
    """ "saddexda", "lica": an hour up to twelve."""
    folded = fold(word)
    for stem in (folded, _ARTICLE.sub("", folded)):
        number = number_at([Piece(stem, 0, len(stem))], 0)
        if number is not None and 0 < number.value <= 12:
            return int(number.value)
    return None


def _valid(day: int, month: int, year: int | None, today: date) -> date | None:
    """The date; without a year, the next one to come."""
    try:
        if year is not None:
            return date(year, month, day)
        this = date(today.year, month, day)
        return this if this >= today else date(today.year + 1, month, day)
    except ValueError:
        return None
