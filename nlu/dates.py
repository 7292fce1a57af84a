"""Dates and hours as people of Djibouti write them, in three languages.

Afar names of months mean different months to different people: they are found as `ambiguous_date`, never read.
An hour after the Somali or Afar word for it may be counted from sunrise: it is found as `ambiguous_time`.
"""

import re
from collections.abc import Iterator
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
    "aujourd": 0, "ajd": 0, "maanta": 0, "asaaku": 0, "demain": 1, "dmain": 1, "berri": 1, "berrito": 1,
    "beri": 1, "beera": 1,
    "hier": -1, "shalay": -1, "kimal": -1, "saadambe": 2,
}  # fmt: skip
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
_NUMERIC = re.compile(r"(?<![\d/.-])(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2}))?\b")
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_HOUR = re.compile(r"\b([01]?\d|2[0-3])\s?(?:h|:|heures?)\s?([0-5]\d)?\b", re.IGNORECASE)
_SUN_HOUR = re.compile(r"\b(?:saacadd?a|saac|saaqat|saaqata)\s+(\d{1,2})\b", re.IGNORECASE)


def find_dates(text: str, today: date) -> list[Entity]:
    """Dates as ISO days, hours as HH:MM, seen from `today`; what cannot be known is named ambiguous."""
    found = [*_written(text, today), *_hours(text)]
    words = tokens(text)
    for i, token in enumerate(words):
        if any(e.start <= token.start < e.end for e in found):
            continue
        if day := _day(token, today):
            start = token.start
            if token.word == "demain" and i and words[i - 1].word == "apres":
                start, day = words[i - 1].start, day + timedelta(days=1)
            found.append(Entity("date", day.isoformat(), start, token.end, text[start : token.end]))
        elif (
            token.word in _MONTHS
            and i
            and (named := _named(words[i - 1], token, words[i + 1 : i + 2], today))
        ):
            start = words[i - 1].start
            found.append(Entity("date", named.isoformat(), start, token.end, text[start : token.end]))
        elif token.word in _AFAR_MONTHS and i and words[i - 1].word.isdigit():
            start = words[i - 1].start
            found.append(
                Entity("ambiguous_date", text[start : token.end], start, token.end, text[start : token.end])
            )
    return found


def _day(token: Token, today: date) -> date | None:
    if token.word in _RELATIVE:
        return today + timedelta(days=_RELATIVE[token.word])
    if token.word in _WEEKDAYS:
        ahead = (_WEEKDAYS[token.word] - today.weekday()) % 7 or 7
        return today + timedelta(days=ahead)
    return None


def _named(number: Token, month: Token, year: list[Token], today: date) -> date | None:
    if not number.word.isdigit():
        return None
    given = int(year[0].word) if year and re.fullmatch(r"20\d\d", year[0].word) else None
    return _valid(int(number.word), _MONTHS[month.word], given, today)


def _written(text: str, today: date) -> Iterator[Entity]:
    for match in _ISO.finditer(text):
        if day := _valid(int(match[3]), int(match[2]), int(match[1]), today):
            yield Entity("date", day.isoformat(), match.start(), match.end(), match[0])
    for match in _NUMERIC.finditer(text):
        year = int(match[3]) if match[3] else None
        if year is not None and year < 100:
            year += 2000
        if day := _valid(int(match[1]), int(match[2]), year, today):
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
