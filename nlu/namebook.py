"""Names that change while the bot runs, of organisations and trainings: in full, by acronym, in part, misspelt."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from nlu.meaning import Entity
from nlu.normalise import Token, respell, tokens

_EMPTY_WORDS = """
    le la les l un une des de du d et en a au aux pour par sur dans avec ou
    iyo ee ka ku oo u la ama ah kee le leh kah
"""
EMPTY = frozenset(_EMPTY_WORDS.split())
"""Words of three languages that tell no names apart."""
LEAST_SHARE = 0.6
"""Of the weight of a name, what must be said of it."""
ORDINARY_WEIGHT = 0.35
"""Of a word that people also write when they mean no name: association, jeunes, Obock."""
LEAST_ALIKE = 82
LEAST_ALIKE_ALONE = 88
"""Of the letters of one word, when it is all that was said of a name."""
_OF_THE_COUNTRY = "djibout"
"""How the words begin that tell an organisation from those of other countries only."""
SHORTEST_FUZZY = 5
SHORTEST_TYPED = 4
"""A letter may be missing."""
SHORTEST_ACRONYM = 2
SHORT_ACRONYM = 3
"""Up to so many letters an acronym may be a word: it must be in capitals, or be the whole message."""
WIDEST_GAP = 2
"""Words that may stand between two words of a name."""
MOST_ALIKE = 5
"""Names offered when the same words mean several."""
LONGEST_NAME = 12
MOST_CANDIDATES = 60
MOST_REMEMBERED = 5000
"""Typed words whose like is known already; people use the same ones again."""
COMMON_TO = 40
"""A word that so many names hold finds none of them, it only adds to their weight."""
_DOTTED = re.compile(r"\b(?:\w\.){2,}\w?\b\.?")


@dataclass(frozen=True, slots=True)
class Known:
    """A thing with names; `value` is what actions get (its number); `names` are titles in any language."""

    entity: str
    value: str
    names: tuple[str, ...]
    acronym: str | None = None


@dataclass(frozen=True, slots=True)
class _Title:
    """One name of one thing, `wording` its folded words; `weights` of those that tell names apart, `total` of all."""

    known: Known
    wording: tuple[str, ...]
    weights: Mapping[str, float] = field(default_factory=dict)
    total: float = 0.0


@dataclass(frozen=True, slots=True)
class _Hit:
    """A title said at some tokens; the greater `weight`, the more was said of it."""

    title: _Title
    first: int
    last: int
    share: float
    weight: float


class NameBook:
    """Finds names in texts; made anew when they change. A thousand names take some milliseconds to make."""

    def __init__(self, known: Iterable[Known], is_ordinary: Callable[[str], bool]) -> None:
        """`is_ordinary`: whether people also write this word when they name nothing."""
        self._is_everybodys = is_ordinary
        things = list(known)
        titles = [_Title(thing, wording) for thing in things for wording in _wordings(thing)]
        held_by = Counter(word for title in titles for word in _telling(title.wording))
        self._titles = [_weighed(title, held_by, self._is_ordinary) for title in titles]
        self._of_word: dict[str, list[int]] = defaultdict(list)
        self._exact: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for place, title in enumerate(self._titles):
            self._exact[title.wording].append(place)
            for word in title.weights:
                self._of_word[word].append(place)
        self._alike: dict[str, list[str]] = defaultdict(list)
        for word in self._of_word:
            if len(word) >= SHORTEST_FUZZY:
                self._alike[word[0]].append(word)
        self._remembered: dict[str, tuple[str, ...]] = {}
        self._acronyms: dict[str, list[Known]] = defaultdict(list)
        for thing in things:
            if thing.acronym and len(key := _acronym(thing.acronym)) >= SHORTEST_ACRONYM:
                self._acronyms[key].append(thing)

    def _is_ordinary(self, word: str) -> bool:
        return word.startswith(_OF_THE_COUNTRY) or self._is_everybodys(word)

    def find(self, text: str) -> list[Entity]:
        """The names in a text, in its order; one that several bear is found for each, at the same place."""
        if not self._titles and not self._acronyms:
            return []
        found = tokens(text)
        entities = self._by_acronym(text, found)
        taken = [(entity.start, entity.end) for entity in entities]
        for hits in self._by_words(text, found):
            start, end = found[hits[0].first].start, found[hits[0].last].end
            if not any(start < other_end and other_start < end for other_start, other_end in taken):
                taken.append((start, end))
                meant = dict.fromkeys((h.title.known.entity, h.title.known.value) for h in hits)
                entities += [Entity(*one, start, end, text[start:end]) for one in list(meant)[:MOST_ALIKE]]
        return sorted(entities, key=lambda entity: entity.start)

    def _by_acronym(self, text: str, found: Sequence[Token]) -> list[Entity]:
        spans = [(token.start, token.end) for token in found]
        spans += [match.span() for match in _DOTTED.finditer(text)]
        entities = []
        for start, end in spans:
            typed = text[start:end]
            things = self._acronyms.get(_acronym(typed), ())
            if things and self._is_acronym(typed, text):
                entities += [Entity(t.entity, t.value, start, end, typed) for t in things[:MOST_ALIKE]]
        return entities

    def _is_acronym(self, typed: str, text: str) -> bool:
        """In capitals among small letters; else it must be no word, and long or the whole message."""
        if typed.isupper() and (not text.isupper() or typed == text.strip()):
            return True
        key = _acronym(typed)
        if self._is_ordinary(respell(key)):
            return False
        return len(key) > SHORT_ACRONYM or typed == text.strip()

    def _by_words(self, text: str, found: Sequence[Token]) -> list[list[_Hit]]:
        """The best titles first; each with those that as much was said of, in the same words."""
        said = [self._known_words(token.word) for token in found]
        hits = [
            hit
            for place in self._candidates(said, found)
            if (hit := self._hit(place, said)) and self._is_enough(hit, said, found, text)
        ]
        hits.sort(key=lambda hit: (-hit.weight * hit.share, hit.first))
        groups: list[list[_Hit]] = []
        for hit in hits:
            best = next((g for g in groups if g[0].first <= hit.last and hit.first <= g[0].last), None)
            if best is None:
                groups.append([hit])
            elif hit.weight * hit.share >= 0.95 * best[0].weight * best[0].share:
                best.append(hit)
        return groups

    def _candidates(self, said: Sequence[Sequence[str]], found: Sequence[Token]) -> list[int]:
        """Places of the titles that hold a rare word of the text, or stand in it word for word."""
        words = {word for alike in said for word in alike}
        scores: Counter[int] = Counter()
        for word in words:
            holders = self._of_word[word]
            if len(holders) <= COMMON_TO:
                for place in holders:
                    scores[place] += 1
        for place in self._word_for_word([token.word for token in found]):
            scores[place] += 1
        return [place for place, _ in scores.most_common(MOST_CANDIDATES)]

    def _word_for_word(self, words: Sequence[str]) -> Iterable[int]:
        for first in range(len(words)):
            for last in range(first + 1, min(first + LONGEST_NAME, len(words)) + 1):
                yield from self._exact.get(tuple(words[first:last]), ())

    def _known_words(self, word: str) -> Sequence[str]:
        """The words of names that this one is, or is nearly."""
        if word in EMPTY:
            return ()
        key = respell(word)
        if key in self._of_word:
            return (key,)
        if len(key) < SHORTEST_TYPED:
            return ()
        if (known := self._remembered.get(key)) is None:
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.clear()
            known = self._remembered[key] = tuple(self._nearly(key))
        return known

    def _nearly(self, key: str) -> Iterable[str]:
        """An ordinary word is never a telling one misspelt, but it may be its plural."""
        alike = self._alike.get(key[0], ())
        near = process.extract(key, alike, scorer=fuzz.ratio, score_cutoff=LEAST_ALIKE, limit=3)
        ordinary = self._is_ordinary(key)
        return [
            word
            for word, _, _ in near
            if not ordinary or self._is_ordinary(word) or word.removesuffix("s") == key.removesuffix("s")
        ]

    def _hit(self, place: int, said: Sequence[Sequence[str]]) -> _Hit | None:
        """What was said of a title, in the run of words where most was."""
        title = self._titles[place]
        best: _Hit | None = None
        first, last, words = 0, -1 - WIDEST_GAP, dict[str, float]()
        for at, alike in enumerate(said):
            word = next((w for w in alike if w in title.weights), None)
            if word is None:
                continue
            if at - last > WIDEST_GAP + 1:
                first, words = at, {}
            last = at
            words[word] = title.weights[word]
            weight = sum(words.values())
            if best is None or weight > best.weight:
                best = _Hit(title, first, last, weight / title.total, weight)
        return best

    def _is_enough(self, hit: _Hit, said: Sequence[Sequence[str]], found: Sequence[Token], text: str) -> bool:
        """Most of the name with a word that tells; or, where all are ordinary, the name word by word."""
        if hit.share < LEAST_SHARE:
            return False
        if any(not self._is_ordinary(word) for word in _run(said, hit) if word in hit.title.weights):
            return hit.first < hit.last or _tells_alone(hit, text)
        alone = hit.first == 0 and hit.last == len(found) - 1
        typed = [token.word for token in found[hit.first : hit.last + 1]]
        return _is_worded(typed, hit.title.wording) and (len(hit.title.weights) > 1 or alone)


def _is_worded(typed: Sequence[str], wording: Sequence[str]) -> bool:
    """The same words, perhaps misspelt, with the same articles: "associations de femmes à Obock" asks for several."""
    articles = [word if word in EMPTY else "" for word in typed]
    if articles != [word if word in EMPTY else "" for word in wording]:
        return False
    return fuzz.ratio(" ".join(typed), " ".join(wording)) >= LEAST_ALIKE_ALONE


def _tells_alone(hit: _Hit, text: str) -> bool:
    """One word is a name when it is all of it, or written as one: with a capital within the text."""
    word = tokens(text)[hit.first]
    typed = text[word.start : word.end]
    if hit.first > 0 and typed[0].isupper() and not text.isupper():
        return True
    whole = next(iter(hit.title.weights))
    return len(hit.title.weights) == 1 and fuzz.ratio(respell(word.word), whole) >= LEAST_ALIKE_ALONE


def _run(said: Sequence[Sequence[str]], hit: _Hit) -> set[str]:
    return {word for alike in said[hit.first : hit.last + 1] for word in alike}


def _wordings(thing: Known) -> Iterable[tuple[str, ...]]:
    """Of each name, without the articles around it."""
    for name in dict.fromkeys(thing.names):
        words = [token.word for token in tokens(name)]
        while words and words[0] in EMPTY:
            del words[0]
        while words and words[-1] in EMPTY:
            del words[-1]
        if words:
            yield tuple(words)


def _telling(wording: Sequence[str]) -> dict[str, None]:
    return dict.fromkeys(respell(word) for word in wording if word not in EMPTY)


def _weighed(title: _Title, held_by: Mapping[str, int], is_ordinary: Callable[[str], bool]) -> _Title:
    weights = {
        word: (ORDINARY_WEIGHT if is_ordinary(word) else 1.0) / (1 + math.log(held_by[word]))
        for word in _telling(title.wording)
    }
    return _Title(title.known, title.wording, weights, sum(weights.values()))


def _acronym(typed: str) -> str:
    return "".join(token.word for token in tokens(typed))
