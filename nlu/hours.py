"""Hours by the clock or counted from sunrise, ranges of them ("de 8 à 12h"), and delays ("dans 2 heures")."""

import re
from collections.abc import Iterator

from nlu.almanac import WEEKDAYS
from nlu.day_reading import Reading, counted
from nlu.meaning import Entity
from nlu.normalise import fold
from nlu.numbers import Piece, number_at

_CLOCK = r"([01]?\d|2[0-3])"
_HOUR = re.compile(
    rf"\b{_CLOCK}\s?(?:h|:|heures?)\s?([0-5]\d)?\b"
    r"(?:\s*(et\s+demie?|et\s+(?:le\s+|un\s+)?quart|moins\s+(?:le\s+|un\s+)?quart)\b)?(?:\s?([ap])\.?m\b)?",
    re.IGNORECASE,
)
_ENGLISH = re.compile(r"\b(1[0-2]|\d)\s?([ap])\.?m\b", re.IGNORECASE)
_NOON = re.compile(r"(?<!apr[eè]s[ -])\bmidi\s+(et\s+demie?|et\s+(?:le\s+|un\s+)?quart)\b", re.IGNORECASE)
_SUN_HOUR = re.compile(
    r"\b(?:saacadd?(?:a|u|da|du)?|saac|saaqata?|saaqatal)\s+(?:waa\s+)?"
    r"(?:(\d{1,2})(?::([0-5]\d))?(?:\s?-?[dtk]a)?|([a-z]{3,9}))\b(?:\s+iyo\s+(badh|bar|nus|rubu)\w*)?",
    re.IGNORECASE,
)
"""In figures, or in a word with its article: saacadda saddexda."""
_ARTICLE = re.compile(r"(?:da|ta|ka|ga)$")
_FIRST_OF_TWO = re.compile(
    rf"(?<![\d/.:,-])\b{_CLOCK}\s*(?P<to>à|a|et|ilaa|-|–)\s*(?=(?:[01]?\d|2[0-3])\s?(?:h|:|heures?\b))",
    re.IGNORECASE,
)
_OPENS_A_RANGE = re.compile(r"(?:^|[,:;(]|\b(?:de|entre|horaires?))\s*$", re.IGNORECASE)
_LAST_OF_TWO = re.compile(rf"\s*(?:à|a|ilaa|-|–)\s*{_CLOCK}(?=\s*(?:$|[.;!?\n]))", re.IGNORECASE)
_DAY_BEFORE = re.compile(r"(\w+)\s+$")
_LASTS = re.compile(
    r"(?:\bdur\w*|\bpendant|\bdurant|\btoutes les|\bchaque|\ben|\bil y a|\b(?:plus|moins) de)\s*:?\s*(?:de\s+)?$",
    re.IGNORECASE,
)
_LENGTH_OF = re.compile(r"\b(?:formation|cours|atelier|session|s[ée]ance|stage)\w*\s+de\s+$", re.IGNORECASE)
_LONGEST_LESSON = 6
_SPENT = re.compile(
    r"\s*(?:de\s+(?:formation|cours|travail|route|temps|retard|pause)|par\s+(?:jour|semaine|mois)|d['’]affil)",
    re.IGNORECASE,
)
_MINUTES = {"demi": 30, "quart": 15, "badh": 30, "bar": 30, "nus": 30, "rubu": 15}
_FIXED = {
    "une demi heure": 30, "demi heure": 30, "un quart d heure": 15, "trois quarts d heure": 45,
    "une heure": 60, "nus saac": 30, "nus saacad": 30, "saacad": 60, "hal saac": 60,
}  # fmt: skip
_HOURS = frozenset(("h", "heure", "heures", "saacadood", "saacad", "saac"))
_UNITS = {**dict.fromkeys(_HOURS, 60), **dict.fromkeys(("min", "mn", "minute", "minutes", "daqiiqo"), 1)}
_COMPACT = re.compile(r"(\d{1,2})h(\d{2})?|(\d{1,3})(?:mn|min|mins)")
_LATER = ("kadib", "gudahood", "ka dib")


def find_hours(read: Reading) -> list[Entity]:
    """Delays in minutes, hours counted from sunrise, hours by the clock; nothing overlaps."""
    found: list[Entity] = []
    for entity in (*_delays(read), *_from_sunrise(read.text), *_by_clock(read.text)):
        if not any(entity.start < other.end and other.start < entity.end for other in found):
            found.append(entity)
    return found


def _by_clock(text: str) -> Iterator[Entity]:
    for match in _NOON.finditer(text):
        yield _time(match, 12 * 60 + _tail(match[1]))
    for match in _HOUR.finditer(text):
        if _is_length(text, match):
            continue
        minutes = int(match[1]) * 60 + int(match[2] or 0) + _tail(match[3] or "")
        yield _time(match, _by_halves(minutes, match[4]))
        if last := _LAST_OF_TWO.match(text, match.end()):
            yield Entity("time", f"{int(last[1]):02}:00", last.start(1), last.end(1), last[1])
    for match in _ENGLISH.finditer(text):
        yield _time(match, _by_halves(int(match[1]) * 60, match[2]))
    for match in _FIRST_OF_TWO.finditer(text):
        if _opens(text, match):
            yield Entity("time", f"{int(match[1]):02}:00", match.start(1), match.end(1), match[1])


def _time(match: re.Match[str], minutes: int) -> Entity:
    value = f"{minutes // 60 % 24:02}:{minutes % 60:02}"
    return Entity("time", value, match.start(), match.end(), match[0])


def _tail(words: str) -> int:
    """ "et demie", "et quart", "moins le quart"."""
    minutes = next((m for word, m in _MINUTES.items() if word in words.casefold()), 0)
    return -minutes if words.casefold().startswith("moins") else minutes


def _by_halves(minutes: int, half: str | None) -> int:
    """By the English halves of the day: 12 am is midnight."""
    if half is None or minutes >= 13 * 60:
        return minutes
    return minutes % (12 * 60) + (12 * 60 if half in "pP" else 0)


def _is_length(text: str, match: re.Match[str]) -> bool:
    """ "dure 2 heures", "2 heures de route" say how long."""
    before = text[: match.start()]
    is_lesson = int(match[1]) <= _LONGEST_LESSON and _LENGTH_OF.search(before)
    return bool(
        ":" not in match[0] and (_LASTS.search(before) or is_lesson or _SPENT.match(text, match.end()))
    )


def _opens(text: str, match: re.Match[str]) -> bool:
    """Whether the number is an hour too: in "lundi 7 à 9h" it is the day, in "Quartier 7 à 9h" a name."""
    before = text[: match.start()]
    word = _DAY_BEFORE.search(before)
    if word and (fold(word[1]) in WEEKDAYS or fold(word[1]) in ("le", "du", "au")):
        return False
    if match["to"] == "et":
        return before.casefold().rstrip().endswith("entre")
    return match["to"] in "-–" or _OPENS_A_RANGE.search(before) is not None


def _from_sunrise(text: str) -> Iterator[Entity]:
    for match in _SUN_HOUR.finditer(text):
        hour = int(match[1]) if match[1] else _hour_word(match[3])
        minutes = int(match[2] or 0) or _MINUTES.get((match[4] or "").casefold(), 0)
        if hour is not None:
            value = f"{hour}:{minutes:02}" if minutes else str(hour)
            yield Entity("ambiguous_time", value, match.start(), match.end(), match[0])


def _hour_word(word: str) -> int | None:
    """ "saddexda", "lica": an hour up to twelve."""
    folded = fold(word)
    for stem in (folded, _ARTICLE.sub("", folded)):
        found = number_at([Piece(stem, 0, len(stem))], 0)
        if found is not None and 0 < found.value <= 12:
            return int(found.value)
    return None


def _delays(read: Reading) -> Iterator[Entity]:
    """ "dans 2 heures", "saddex saacadood kadib"."""
    for at in range(len(read.words)):
        first = at + (read.word(at) == "dans")
        minutes, after = _length(read, first)
        later = next((len(end.split()) for end in _LATER if read.follows(after, end)), 0)
        if minutes and (first > at or later):
            yield read.entity("delay", str(minutes), at, after + later)


def _length(read: Reading, at: int) -> tuple[int, int]:
    """A length of time in minutes, 0 for none, and where it ends."""
    for phrase, minutes in _FIXED.items():
        if read.follows(at, phrase):
            return _with_half(read, at + len(phrase.split()), minutes)
    if compact := _COMPACT.fullmatch(read.word(at)):
        return int(compact[1] or 0) * 60 + int(compact[2] or compact[3] or 0), at + 1
    count, size = counted(read, at)
    unit = _UNITS.get(read.word(at + size))
    if count is None or unit is None:
        return 0, at
    return _with_half(read, at + size + 1, count * unit, unit)


def _with_half(read: Reading, after: int, minutes: int, unit: int = 60) -> tuple[int, int]:
    """ "une heure et demie", "2 heures 30"."""
    for half in ("et demie", "et demi", "iyo nus", "iyo badh"):
        if unit == 60 and read.follows(after, half):
            return minutes + 30, after + 2
    if unit == 60 and minutes >= 60 and re.fullmatch(r"[0-5]\d", read.word(after)):
        return minutes + int(read.word(after)), after + 1
    return minutes, after
