"""What every reading of days shares: words by their place, the day of a month in figures or words, valid days."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from nlu.almanac import NO_SUCH_DAY
from nlu.meaning import Entity
from nlu.normalise import Token
from nlu.numbers import NUMBER_WORDS, Piece, number_at

MOST_WORDS = 6
"""Of a number of days."""
_ORDINAL = re.compile(r"(\d{1,2})(?:er|e|eme|ere|da|ta|ka|aad|kii|dii|tii)?")
_FIRST = frozenset(("premier", "1er", "kowda", "koowda"))
_ARTICLES = ("da", "ta", "ka", "er", "aad")
_ONE = ("un", "une", "hal")
_YEARS_AHEAD = 2


@dataclass(frozen=True, slots=True)
class Reading:
    """A message and its words, seen from a day; `taken`: spans that are hours or days already."""

    text: str
    words: Sequence[Token]
    today: date
    taken: tuple[tuple[int, int], ...] = ()

    def word(self, at: int) -> str:
        return self.words[at].word if 0 <= at < len(self.words) else ""

    def follows(self, at: int, phrase: str) -> bool:
        return all(self.word(at + place) == word for place, word in enumerate(phrase.split()))

    def is_taken(self, at: int) -> bool:
        if not 0 <= at < len(self.words):
            return False
        place = self.words[at].start
        return any(start <= place < end for start, end in self.taken)

    def gap(self, at: int) -> str:
        """What stands between this word and the one before."""
        if at >= len(self.words):
            return self.text[self.words[-1].end :].strip()
        return self.text[self.words[at - 1].end : self.words[at].start].strip()

    def entity(self, name: str, value: str, at: int, after: int) -> Entity:
        """What the words from `at` until before `after` name."""
        start, end = self.words[at].start, self.words[after - 1].end
        return Entity(name, value, start, end, self.text[start:end])

    def missing(self, at: int, after: int) -> Entity:
        """A day that does not exist."""
        return self.entity("ambiguous_date", NO_SUCH_DAY, at, after)


def ordinal(word: str) -> int | None:
    """A number of at most two figures, also "1er" and "5ta"."""
    if word in _FIRST:
        return 1
    figures = _ORDINAL.fullmatch(word)
    return int(figures[1]) if figures else None


def day_number(read: Reading, at: int) -> tuple[int | None, int]:
    """The day of a month: figures, also "1er" and "5ta", or words; and over how many words."""
    if read.is_taken(at):
        return None, 0
    word = read.word(at)
    if (figures := ordinal(word)) is not None:
        return figures, 1 + (word.isdigit() and read.word(at + 1) in _ARTICLES)
    return number(read, at) if word in NUMBER_WORDS else (None, 0)


def number(read: Reading, at: int) -> tuple[int | None, int]:
    """A whole number below a thousand in figures or words, and over how many words."""
    word = read.word(at)
    if word.isdigit():
        return (int(word), 1) if len(word) < 4 else (None, 0)
    near = [Piece(token.word, token.start, token.end) for token in read.words[at : at + MOST_WORDS]]
    found = number_at(near, 0) if near else None
    if found is None or found.value >= 1000:
        return None, 0
    return int(found.value), found.after


def counted(read: Reading, at: int) -> tuple[int | None, int]:
    """A number that counts what follows it, where one is a number too: "une semaine"."""
    return (1, 1) if read.word(at) in _ONE else number(read, at)


def valid(day: int, month: int, year: int | None, today: date) -> date | None:
    """The date; without a year, the next one to come."""
    years = range(today.year, today.year + _YEARS_AHEAD) if year is None else (year,)
    for each in years:
        try:
            found = date(each, month, day)
        except ValueError:
            continue
        if year is not None or found >= today:
            return found
    return None


def next_weekday(weekday: int, today: date) -> date:
    """The next one, never today."""
    return today + timedelta(days=(weekday - today.weekday()) % 7 or 7)
