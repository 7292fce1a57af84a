"""What is taken out of people's words before others read them: names, numbers, addresses; rather too much."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nlu.numbers import Piece, number_at, pieces

DATA = Path(__file__).parent.parent / "data"
MASK = "…"
MOST_NAMES = 4
"""Words of one person's name: their own, their father's, their grandfather's, and one more."""
SHORTEST = 3
OFTEN = 2
"""A word that our examples hold so many times is a word, unless it is a given name."""
LIKE_PLACE = 4
"""Letters by which words of a place's name are compared."""
SHORTEST_PLACE = 5
"""Letters of a place that may bear an ending: Balbalak."""
DICTATED = 3
"""Numbers one behind the other that are a telephone's: soixante-dix-sept, douze, trente-quatre."""

_WORD = re.compile(
    r"(?:\b(?!(?:[cdjlmnst]|jusqu|lorsqu|puisqu|qu)['’])[^\W\d_]+['’])?[^\W\d_]+", re.IGNORECASE
)
"""A French elision is a word of its own, the apostrophe of a Somali word (su'aal) one of its letters."""
_ADDRESS = re.compile(
    r"\S+@\S+|(?<!\w)@\w[\w.]*|https?://\S+|\b(?:www|t\.me|wa\.me|(?:\w+\.)?facebook\.com)[./]\S+"
    r"|\S+ arobase \S+(?: point \w+)?",
    re.IGNORECASE,
)
_ZERO = r"(?:\d|[oO](?=[\s.\-/]?\d))"
"""A figure, also one whose zero is the letter."""
_FIGURES = re.compile(rf"\+?\d(?:{_ZERO}){{4,}}|\+?\d(?:[\s.\-/]?{_ZERO}){{5,}}")
_MIXED = re.compile(r"\b(?!\d{1,2}[hH]\d{2}\b)(?=\w*[^\W\d_])(?=(?:[^\W_]*\d){4})\w+")
"""Letters and at least four figures in one: a number of a card, a telephone with an O."""
_SECRET = re.compile(
    r"\b((?i:codes?|pin|mdp|mots? de passe|cin|cni|matricule|passeport|passport|furaha|sir)"
    r"(?i:\s+(?:secret|est|c est|c'est|waa|:|n°)){0,2}\s*:?\s+)(?=\S*\d)\S+"
)
_AFTER_THIS_A_NAME = re.compile(
    r" (?:(?:je |j )m ?app?el+es?|(?:mon|ton|son) (?:pre)?nom(?: c)? est|j(?:e )?mapp?el+e|my name is"
    r"|maga[cq]a?yg[aeiou]*(?: wax[aou]*)? (?:waa|wa|weeye|waaye|yahay)|la i y\w+) "
)
_AFTER_THIS_PERHAPS = re.compile(
    r" (?:moi c est|moi cest|mwa c|(?:an[iu]g[au]? )?waxaan ahay|aniga? waa|anu|(?:mon )?(?:pre)?nom"
    r"|maga[cq]a?yg[aeiou]*|yi+ mi[gj]aq\w*|yi+ migac\w*|monsieur|madame|mademoiselle|mr|mme|mlle|mrs|dr"
    r"|docteur|docteure|pr|professeur|cheikh|sheikh|mudane|marwo|ustaad|hadj) "
)
_NAMES_ALIKE = (
    ("ou", "u"), ("kh", "k"), ("dj", "j"), ("ch", "sh"), ("x", "h"), ("y", "i"), ("q", "k"), ("ee", "i"), ("z", "s"),
)  # fmt: skip
_EVERYDAY_WORDS = """
    are bare barre salle salles sale sales keen saacad saacadda sagaal samee sameeya sameeyaa xarun qaali sarra saami
    saara saaraa maxaad maxad kumaad diini aleey qadaar ayaan cilmi waalid fara farax barkat sare sara aadan idil pierre
"""
_EVERYDAY = frozenset(_EVERYDAY_WORDS.split())
"""Words spelt like a given name, which are nearly always the word."""


@dataclass(frozen=True, slots=True)
class _Word:
    """`joined`: nothing but a blank, a hyphen or a full stop of an abbreviation parts it from the word before.

    `follows`: at most a colon or a quotation mark does; what was masked before introduces no other word.
    """

    typed: str
    folded: str
    start: int
    end: int
    joined: bool
    follows: bool
    begins: bool

    @property
    def is_capital(self) -> bool:
        return self.typed[0].isupper() and not (len(self.typed) > 1 and self.typed.isupper())


def masked(text: str, name: str | None = None) -> str:
    """Without addresses, numbers of five digits and more, said names, and the person's own name.

    Places and what our examples, the gazetteer and the search know as words stay.
    """
    text = _SECRET.sub(rf"\1{MASK}", _ADDRESS.sub(MASK, text))
    text = _FIGURES.sub(MASK, _MIXED.sub(MASK, text))
    text = _without(text, _dictated(text))
    text = _without(text, _named(text))
    for word in (name or "").split():
        if len(word) >= SHORTEST:
            text = re.sub(rf"(?i)\b{re.escape(word)}\b", MASK, text)
    return text


def is_worded(text: str) -> bool:
    """Whether it holds a letter: a bare number or sign teaches nothing, and asks nothing."""
    return any(sign.isalpha() for sign in text)


def _without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in reversed(spans):
        text = f"{text[:start]}{MASK}{text[end:]}"
    return text


def _dictated(text: str) -> list[tuple[int, int]]:
    """Spans of at least three numbers in a row, in words or figures."""
    found = pieces(text)
    spans = []
    at = 0
    while at < len(found):
        run, after = _run(found, at)
        if run >= DICTATED and any(piece.value is None for piece in found[at:after]):
            spans.append((found[at].start, found[after - 1].end))
        at = max(after, at + 1)
    return spans


def _run(found: Sequence[Piece], at: int) -> tuple[int, int]:
    """How many numbers begin here without another word between them, and where they end."""
    count = 0
    while at < len(found) and (number := number_at(found, at)) is not None:
        count, at = count + 1, number.after
    return count, at


def _named(text: str) -> list[tuple[int, int]]:
    words = list(_words(text))
    places = _places_in(words)
    loud = sum(c.isupper() for c in text) > sum(c.islower() for c in text)
    hidden = {i for i, word in enumerate(words) if i not in places and _is_given(word)}
    if not loud:
        hidden |= _capitals(words, places)
    hidden |= _introduced(words, places)
    for at in sorted(hidden):
        hidden |= _rest_of_name(words, at + 1, places, MOST_NAMES - 1)
    return _spans(words, sorted(hidden))


def _words(text: str) -> Iterator[_Word]:
    end, typed = 0, ""
    for match in _WORD.finditer(text):
        between = text[end : match.start()]
        title = between.strip() == "." and len(typed) <= len("Mme")
        joined = bool(typed) and (not between.strip(" -'’") or title)
        follows = joined or between.strip() in (":", '"', "«", ": «", ':"')
        begins = not typed or (not title and any(sign in between for sign in '.!?\n:«"'))
        folded = _fold(match[0])
        if match[0] == "M" and text[match.end() : match.end() + 1] == ".":
            folded = "monsieur"
        yield _Word(match[0], folded, match.start(), match.end(), joined, follows, begins)
        end, typed = match.end(), match[0]


def _capitals(words: Sequence[_Word], places: set[int]) -> set[int]:
    """Words with a capital that nobody knows; the first of a sentence only when another follows."""
    odd = [
        i not in places and word.is_capital and len(word.typed) >= SHORTEST and not _is_known(word)
        for i, word in enumerate(words)
    ]
    return {
        i
        for i, word in enumerate(words)
        if odd[i] and (not word.begins or (i + 1 < len(words) and odd[i + 1] and words[i + 1].joined))
    }


def _introduced(words: Sequence[_Word], places: set[int]) -> set[int]:
    """Behind "je m'appelle" whatever follows but a short word; behind a title what is no known word."""
    line = f" {' '.join(word.folded for word in words)} "
    hidden: set[int] = set()
    for pattern in (_AFTER_THIS_A_NAME, _AFTER_THIS_PERHAPS):
        for cue in pattern.finditer(line):
            at = line.count(" ", 0, cue.end()) - 1
            if at >= len(words) or at in places or not words[at].follows:
                continue
            word = words[at]
            sure = pattern is _AFTER_THIS_A_NAME and (len(word.folded) > SHORTEST or not _is_known(word))
            if sure or (len(word.folded) >= SHORTEST and not _is_known(word)):
                hidden.add(at)
    return hidden


def _rest_of_name(words: Sequence[_Word], at: int, places: set[int], most: int) -> set[int]:
    """The words that go on with a name: given names, and what nobody knows."""
    hidden: set[int] = set()
    while at < len(words) and len(hidden) < most and words[at].joined and at not in places:
        word = words[at]
        if len(word.folded) < SHORTEST or _is_known(word):
            break
        hidden.add(at)
        at += 1
    return hidden


def _spans(words: Sequence[_Word], hidden: Sequence[int]) -> list[tuple[int, int]]:
    """One span for the words of one name."""
    spans: list[tuple[int, int]] = []
    for i, before in zip(hidden, [None, *hidden], strict=False):
        if before is not None and before + 1 == i and words[i].joined:
            spans[-1] = (spans[-1][0], words[i].end)
        else:
            spans.append((words[i].start, words[i].end))
    return spans


def _places_in(words: Sequence[_Word]) -> set[int]:
    """Where a name of several words in the gazetteer stands: Ali Sabieh is no person."""
    folded = tuple(word.folded for word in words)
    found: set[int] = set()
    for at in range(len(folded)):
        for size in (4, 3, 2):
            if _as_place(folded[at : at + size]) in _phrases():
                found.update(range(at, at + size))
                break
    return found


def _as_place(folded: Sequence[str]) -> tuple[str, ...]:
    """Ali Sabieh, Cali Sabiix and Qali Sabiixal are one."""
    return tuple(_key(word)[:LIKE_PLACE] for word in folded)


def _is_known(word: _Word) -> bool:
    stems = (word.folded[:end] for end in range(max(SHORTEST_PLACE, len(word.folded) - 5), len(word.folded)))
    known = word.folded in _vocabulary() or any(stem in _place_words() for stem in stems)
    return known and not _is_given(word)


def _is_given(word: _Word) -> bool:
    return word.folded not in _EVERYDAY and _key(word.folded) in _given_names()


def _fold(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in plain if c.isalpha())


def _key(folded: str) -> str:
    """One spelling of a name: Cali, Qali and Aly are Ali; Yuusuf and Youssouf are one."""
    key = folded
    for variant, kept in _NAMES_ALIKE:
        key = key.replace(variant, kept)
    key = re.sub(r"(.)\1+", r"\1", key)
    return key[:-1] if len(key) > SHORTEST and key.endswith("h") else key


@cache
def _given_names() -> frozenset[str]:
    lines = (DATA / "given_names.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(_key(_fold(name)) for line in lines if not line.startswith("#") for name in line.split())


@cache
def _place_words() -> frozenset[str]:
    text = (DATA / "gazetteer.yml").read_text(encoding="utf-8")
    return frozenset(_fold(word) for name in re.findall(r'"([^"]+)"', text) for word in _WORD.findall(name))


@cache
def _phrases() -> frozenset[tuple[str, ...]]:
    """Names of several words in the gazetteer, but those that a person may bear: Cheikh Moussa."""
    text = (DATA / "gazetteer.yml").read_text(encoding="utf-8")
    names = re.findall(r'"([^"]+)"', text)
    phrases = (tuple(_fold(word) for word in _WORD.findall(name)) for name in names)
    borne = _given_names() | {_key("cheikh")}
    return frozenset(_as_place(p) for p in phrases if len(p) > 1 and not {_key(word) for word in p} <= borne)


@cache
def _vocabulary() -> frozenset[str]:
    """What our examples hold more than once, and every word of the gazetteer, the chat spellings and the search."""
    seen: Counter[str] = Counter()
    for path in sorted((DATA / "nlu").rglob("*.yml")):
        text = re.sub(r"\]\([^)]*\)|\]\{[^}]*\}", "]", path.read_text(encoding="utf-8"))
        seen.update(map(_fold, _WORD.findall(text)))
    known = {word for word, times in seen.items() if times >= OFTEN}
    for name in ("gazetteer", "terms", "search_terms", "need_topics", "directory"):
        known.update(map(_fold, _WORD.findall((DATA / f"{name}.yml").read_text(encoding="utf-8"))))
    return frozenset(known)
