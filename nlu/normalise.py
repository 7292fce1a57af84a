"""How a text is folded before anything looks at it: the same in training and in use, offsets kept."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

TERMS = Path(__file__).parent.parent / "data" / "terms.yml"
_ELONGATED = re.compile(r"(.)\1{2,}")
_WORD = re.compile(r"(?:[^\W_][\u0300-\u036f]*)+")
"""Letters and figures; an accent that is a character of its own (as phones of Apple send it) parts no word."""
_APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "`": "'", "´": "'"})
_MEANINGFUL = {
    "👍": " ok ",
    "👌": " ok ",
    "🙏": " merci ",
    "❤": " merci ",
    "👎": " non ",
    "✅": " ok ",
    "👋": " salut ",
}
# Northern and southern Somali, and Afar written by French habits, come to one spelling.
_SPELLINGS = (
    ("dh", "d"),
    ("kh", "k"),
    ("ou", "u"),
    ("aa", "a"),
    ("ee", "e"),
    ("ii", "i"),
    ("oo", "o"),
    ("uu", "u"),
)


@dataclass(frozen=True, slots=True)
class Token:
    """A folded word and where it stood in the text as typed."""

    word: str
    start: int
    end: int


_FIGURES = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


def in_our_figures(text: str) -> str:
    """Figures of Arabic keyboards as ours; every offset stays."""
    return text.translate(_FIGURES)


def fold(text: str) -> str:
    """Lower case without accents; each letter of the result stands for letters in the same order."""
    plain = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES).casefold())
    return "".join(c for c in plain if not unicodedata.combining(c))


def tokens(text: str) -> list[Token]:
    """The words of a text, folded; French elisions (l', d'…) are words of their own."""
    found = []
    for match in _WORD.finditer(text):
        word = _ELONGATED.sub(r"\1\1", fold(match[0]))
        if word:
            found.append(Token(word, match.start(), match.end()))
    return found


def words(text: str) -> list[str]:
    """The folded words of a text; emoji that mean something are words, chat spellings become standard ones."""
    for sign, meaning in _MEANINGFUL.items():
        text = text.replace(sign, meaning)
    standard = _chat_spellings()
    return [word for token in tokens(text) for word in standard.get(token.word, (token.word,))]


@cache
def _chat_spellings() -> Mapping[str, tuple[str, ...]]:
    listed = yaml.load(TERMS.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["sms"]
    return {spelling: tuple(meant.split()) for spelling, meant in listed.items()}


def is_noise(text: str) -> bool:
    """Whether the words of a text say nothing: keys held down (hhhhh) or digits alone."""
    found = [fold(match[0]) for match in _WORD.finditer(text)]
    return bool(found) and all(word.isdigit() or (len(word) > 2 and len(set(word)) == 1) for word in found)


def skeleton(word: str) -> str:
    """The consonants of a word; what remains when vowels are left out or spelt otherwise."""
    consonants = "".join(c for c in respell(word) if c not in "aeiouy")
    return consonants or word


def respell(word: str) -> str:
    """One spelling for what Somali and Afar are written as in two ways."""
    for variant, kept in _SPELLINGS:
        word = word.replace(variant, kept)
    return word
