"""How the words of a question, in three languages and any spelling, become French words of the resources."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.content import Source, read_yaml

LANGUAGES = ("fr", "so", "aa")
MOST_WORDS = 24
"""Words of one question that are looked at: what follows would only make the search slow."""
LONGEST_WORD = 40
"""Letters; PostgreSQL refuses words over 2,046 bytes, and nobody writes any of over forty."""
LONGEST_PHRASE = 4
SHORTEST_STEM = 4
LONGEST_ENDING = 5
"""Somali and Afar endings (article, plural, case) add up to five letters: ururrada, madqah, dowladdayada."""

Alternative = tuple[str, ...]
Group = tuple[Alternative, ...]

_ELISION = re.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)['’ʼ`](?=\w)")
_APOSTROPHE = re.compile(r"['’ʼ`]")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_OTHER = re.compile(r"[^a-z0-9]+")


def fold(text: str) -> str:
    """Lower case, no accents, no elided articles; letters and digits only, words parted by one space.

    An apostrophe inside a Somali word (hay'ad) is a letter: it vanishes and does not part the word.
    """
    low = text.casefold().replace("œ", "oe").replace("æ", "ae")
    whole = _APOSTROPHE.sub("", _ELISION.sub("", low))
    plain = unicodedata.normalize("NFKD", whole)
    bare = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(_STRETCHED.sub(r"\1", _OTHER.sub(" ", bare)).split())


@dataclass(frozen=True, slots=True)
class Concept:
    """One idea: the French words to look for, and what people write for it, folded, per language."""

    id: str
    find: Group
    forms: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class SearchTerms:
    """The term table: concepts, words without content, and words that nearly every resource holds."""

    concepts: tuple[Concept, ...]
    stop: frozenset[str]
    weak: frozenset[str]

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read data/search_terms.yml. Raises ContentError naming file, line and key."""
        source = read_yaml(path)
        data = source.data
        if not isinstance(data, dict) or set(data) != {"stop", "weak", "concepts"}:
            raise source.error((), "must hold exactly stop, weak and concepts")
        stop = [w for lang in LANGUAGES for w in _words(source, ("stop", lang), data["stop"].get(lang))]
        if not isinstance(data["concepts"], list):
            raise source.error(("concepts",), "must be a list")
        return cls(
            tuple(_concept(source, index, entry) for index, entry in enumerate(data["concepts"])),
            frozenset(fold(word) for word in stop),
            frozenset(w for phrase in _words(source, ("weak",), data["weak"]) for w in fold(phrase).split()),
        )


def _words(source: Source, key: tuple[str | int, ...], value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(line, str) and fold(line) for line in value):
        raise source.error(key, "must be a list of words (quote numbers)")
    return [word.strip() for line in value for word in line.split(",")]


def _concept(source: Source, index: int, entry: Any) -> Concept:
    key = ("concepts", index)
    if not isinstance(entry, dict) or not {"id", "find"} <= set(entry) <= {"id", "find", *LANGUAGES}:
        raise source.error(key, "must hold id and find, and may hold fr, so, aa")
    phrases = [fold(phrase).split() for phrase in _words(source, (*key, "find"), entry["find"])]
    find = tuple(tuple(word for word in phrase if len(word) > 1) for phrase in phrases)
    forms = {
        language: tuple(fold(form) for form in _words(source, (*key, language), entry[language]))
        for language in LANGUAGES
        if language in entry
    }
    return Concept(str(entry["id"]), find, forms)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a question asks the search for.

    `hints` only order what is found: words that nearly every resource holds, said beside others.
    """

    groups: tuple[Group, ...] = ()
    hints: tuple[Group, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """The French words looked for, in the order of the question, each once."""
        return tuple(dict.fromkeys(" ".join(phrase) for group in self.groups for phrase in group))


class WordReader:
    """Reads questions against the term table and the vocabulary of the texts that are searched."""

    def __init__(self, terms: SearchTerms, texts: Iterable[str]) -> None:
        """`texts` are folded."""
        self._terms = terms
        self._vocabulary = frozenset(word for text in texts for word in text.split())
        self._forms: dict[str, dict[str, Group]] = {language: {} for language in LANGUAGES}
        for concept in terms.concepts:
            for language, forms in concept.forms.items():
                for form in forms:
                    known = self._forms[language].get(form, ())
                    self._forms[language][form] = tuple(dict.fromkeys(known + concept.find))
        self._long_words = sorted(word for word in self._vocabulary if len(word) >= 4 and word.isalpha())
        self._long_forms = {name: [f for f in forms if len(f) >= 4] for name, forms in self._forms.items()}

    def read(self, question: str, language: str) -> Reading:
        """Groups of French words, one per meaningful word or known phrase of the question."""
        order = (language, *(other for other in LANGUAGES if other != language))
        order = tuple(known for known in order if known in LANGUAGES)
        strong: list[Group] = []
        weak: list[Group] = []
        words = [word for word in fold(question).split() if len(word) <= LONGEST_WORD]
        for piece in self._pieces(words[:MOST_WORDS], order):
            if group := self._group(piece, order):
                (weak if self._is_weak(piece, group) else strong).append(group)
        asked, hints = (strong, weak) if strong else (weak, [])
        return Reading(tuple(dict.fromkeys(asked)), tuple(dict.fromkeys(hints)))

    def _is_weak(self, piece: str, group: Group) -> bool:
        # The word as it was typed (ururka) says no more than what it was translated to (association).
        said = [phrase for phrase in group if phrase != (piece,)] or group
        return all(word in self._terms.weak for phrase in said for word in phrase)

    def _pieces(self, words: Sequence[str], order: Sequence[str]) -> list[str]:
        """Known phrases, longest first, and single words."""
        pieces: list[str] = []
        start = 0
        while start < len(words):
            size = next(
                (
                    n
                    for n in range(min(LONGEST_PHRASE, len(words) - start), 1, -1)
                    if any(" ".join(words[start : start + n]) in self._forms[known] for known in order)
                ),
                1,
            )
            pieces.append(" ".join(words[start : start + size]))
            start += size
        return pieces

    def _group(self, piece: str, order: Sequence[str]) -> Group:
        own = self._translations(piece, order[0])
        if not own and piece in self._terms.stop:
            return ()
        if piece in self._vocabulary:
            return ((piece,), *own)
        if own:
            return own
        for other in order[1:]:
            if found := self._translations(piece, other, exact=len(piece) < SHORTEST_STEM):
                return found
        return self._mended(piece, order) or ((tuple(piece.split())),)

    def _translations(self, piece: str, language: str, *, exact: bool = False) -> Group:
        forms = self._forms[language]
        if piece in forms or language == "fr" or exact:
            return forms.get(piece, ())
        stems = (piece[:end] for end in range(len(piece) - 1, SHORTEST_STEM - 1, -1))
        for stem in stems:
            if len(piece) - len(stem) > LONGEST_ENDING:
                return ()
            if stem in forms:
                return forms[stem]
        return ()

    def _mended(self, word: str, order: Sequence[str]) -> Group:
        """The nearest words of the texts and of the term table, when near enough to be a typing mistake."""
        most = _mistakes_allowed(word)
        if not most:
            return ()
        near = process.extract(word, self._candidates(order), scorer=OSA.distance, score_cutoff=most, limit=8)
        nearest = [known for known, distance, _ in near if distance == near[0][1]]
        return tuple(dict.fromkeys(phrase for known in nearest for phrase in self._meaning(known, order)))

    def _candidates(self, order: Sequence[str]) -> list[str]:
        return [*self._long_words, *(form for known in order for form in self._long_forms[known])]

    def _meaning(self, known: str, order: Sequence[str]) -> Group:
        own: Group = ((known,),) if known in self._vocabulary else ()
        return own + tuple(phrase for lang in order for phrase in self._forms[lang].get(known, ()))


def _mistakes_allowed(word: str) -> int:
    """Letters that may be wrong, missing or swapped: none in short words, where a change is another word."""
    if len(word) < 5 or not word.isalpha():
        return 0
    if len(word) < 9:
        return 1
    return 2 if len(word) < 12 else 3
