"""Names that change while the bot runs, of organisations and trainings: in full, by acronym, in part, misspelt."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

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
SHORTEST_JOINED = 6
"""Letters of a name whose words are written as one, or of one whose word is parted."""
MOST_JOINED = 4
SHORTEST_MISTYPED_ACRONYM = 4
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
_SOUNDS = (("dj", "j"), ("ch", "s"), ("sh", "s"), ("c", "k"), ("q", "k"))
"""Beginnings that are one sound to many who write: djedid, jedid."""
_TRAINING_WORDS = """
    formation formations atelier tababar tababarka tababarkii aydakaakan
"""
_TRAINING = frozenset(_TRAINING_WORDS.split())
"""Before the beginning of a title, what makes it that of a training."""
_AFTER_A_TITLE = frozenset(("a", "au", "en", "svp", "stp", "ee", "ku"))
_DOUBLED = re.compile(r"(.)\1")
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

    def __init__(
        self,
        known: Iterable[Known],
        is_ordinary: Callable[[str], bool],
        is_used: Callable[[str], bool] = lambda word: False,
    ) -> None:
        """`is_ordinary`: whether people also write this word when they name nothing; `is_used`: even if seldom."""
        self._is_everybodys, self._is_used = is_ordinary, is_used
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
                self._alike[_initial(word)].append(word)
        self._joined: dict[str, set[tuple[int, int]]] = defaultdict(set)
        for place, title in enumerate(self._titles):
            for words in self._told(title):
                if len(joined := _joined(words)) >= SHORTEST_JOINED:
                    self._joined[joined].add((place, len(words)))
        self._remembered: dict[str, tuple[str, ...]] = {}
        self._acronyms: dict[str, list[Known]] = defaultdict(list)
        for thing in things:
            if thing.acronym and len(key := _acronym(thing.acronym)) >= SHORTEST_ACRONYM:
                self._acronyms[key].append(thing)
        self._long_acronyms = [key for key in self._acronyms if len(key) >= SHORTEST_MISTYPED_ACRONYM]

    def _is_ordinary(self, word: str) -> bool:
        return word.startswith(_OF_THE_COUNTRY) or self._is_everybodys(word)

    def _told(self, title: _Title) -> Iterable[Sequence[str]]:
        """The words of a title, with what stands before and after those that tell, and without."""
        wording = title.wording
        telling = [at for at, word in enumerate(wording) if self._tells(respell(word))]
        if not telling and len(wording) > 1:
            yield wording
        for first in range(telling[0] + 1 if telling else 0):
            yield wording[first:]
            yield wording[first : telling[-1] + 1]

    def _tells(self, word: str) -> bool:
        return word not in EMPTY and not self._is_ordinary(word)

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
        entities = self._by_mistyped_acronym(text, found)
        for start, end in spans:
            typed = text[start:end]
            things = self._acronyms.get(_acronym(typed), ())
            if things and self._is_acronym(typed, text):
                entities += [Entity(t.entity, t.value, start, end, typed) for t in things[:MOST_ALIKE]]
        return entities

    def _by_mistyped_acronym(self, text: str, found: Sequence[Token]) -> list[Entity]:
        """When it is all that was said, but for articles: unfdd."""
        said = [token for token in found if token.word not in EMPTY]
        key = said[0].word if len(said) == 1 else ""
        if (
            len(key) < SHORTEST_MISTYPED_ACRONYM
            or key in self._acronyms
            or not self._is_nobodys(respell(key))
        ):
            return []
        near = process.extractOne(key, self._long_acronyms, scorer=fuzz.ratio, score_cutoff=LEAST_ALIKE_ALONE)
        things = self._acronyms[near[0]] if near else []
        span = said[0].start, said[0].end
        return [Entity(t.entity, t.value, *span, text[slice(*span)]) for t in things[:MOST_ALIKE]]

    def _is_nobodys(self, word: str) -> bool:
        return not self._is_ordinary(word) and not self._is_used(word) and word not in self._of_word

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
            enough
            for place in self._candidates(said, found)
            if (hit := self._hit(place, said)) and (enough := self._enough(hit, said, found, text))
        ]
        hits += self._in_other_pieces(found)
        hits.sort(key=lambda hit: (-hit.weight * hit.share, hit.first))
        groups: list[list[_Hit]] = []
        for hit in hits:
            best = next((g for g in groups if g[0].first <= hit.last and hit.first <= g[0].last), None)
            if best is None:
                groups.append([hit])
            elif hit.weight * hit.share >= 0.95 * best[0].weight * best[0].share:
                best.append(hit)
        return groups

    def _in_other_pieces(self, found: Sequence[Token]) -> Iterable[_Hit]:
        """Names of several words written as one, or the reverse: benderdjedid."""
        words = [token.word for token in found]
        for first in range(len(words)):
            for after in range(first + 1, min(first + MOST_JOINED, len(words)) + 1):
                for place, size in sorted(self._joined.get(_joined(words[first:after]), ())):
                    title = self._titles[place]
                    is_safe = after - first == 1 or any(map(self._tells, title.weights))
                    if is_safe and after - first != size:
                        yield _Hit(title, first, after - 1, 1.0, title.total)

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
        alike = self._alike.get(_initial(key), ())
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

    def _enough(
        self, hit: _Hit, said: Sequence[Sequence[str]], found: Sequence[Token], text: str
    ) -> _Hit | None:
        """The same, if it is a name; titles that begin with what was said of them weigh alike."""
        run = {word for word in _run(said, hit) if word in hit.title.weights}
        words = [token.word for token in found]
        if self._is_most(hit, run, words, text) or self._is_all_that_tells(hit, run, words):
            return hit
        return replace(hit, share=LEAST_SHARE) if self._begins_title(hit, run, words) else None

    def _is_most(self, hit: _Hit, run: set[str], words: Sequence[str], text: str) -> bool:
        """Most of the name with a word that tells; or, where all are ordinary, the name word by word."""
        if hit.share < LEAST_SHARE:
            return False
        if any(map(self._tells, run)):
            return hit.first < hit.last or _tells_alone(hit, text)
        alone = hit.first == 0 and hit.last == len(words) - 1
        typed = words[hit.first : hit.last + 1]
        return _is_worded(typed, hit.title.wording) and (len(hit.title.weights) > 1 or alone)

    def _is_all_that_tells(self, hit: _Hit, run: set[str], words: Sequence[str]) -> bool:
        """Nothing but ordinary words is missing; within other words what was said must be nobody's word."""
        telling = [word for word in hit.title.weights if self._tells(word)]
        if not telling or not run.issuperset(telling) or max(map(len, telling)) < SHORTEST_FUZZY:
            return False
        if all(word in EMPTY for word in (*words[: hit.first], *words[hit.last + 1 :])):
            return all(_is_like(words[hit.first : hit.last + 1], word) for word in telling)
        spelt = {respell(word) for word in words} if hit.title.known.entity != "training" else set()
        return all(word in spelt and not self._is_used(word) for word in telling)

    def _begins_title(self, hit: _Hit, run: set[str], words: Sequence[str]) -> bool:
        """Behind "formation", the first word of a title that names no theme, and nothing that is not of it."""
        before = next((word for word in reversed(words[: hit.first]) if word not in EMPTY), "")
        begins = next(iter(hit.title.weights))
        ends = hit.last == len(words) - 1 or words[hit.last + 1] in _AFTER_A_TITLE
        is_of_training = hit.title.known.entity == "training" and before in _TRAINING
        return is_of_training and ends and begins in run and (self._tells(begins) or self._is_used(begins))


def _is_like(typed: Iterable[str], word: str) -> bool:
    return any(fuzz.ratio(respell(one), word) >= LEAST_ALIKE_ALONE for one in typed)


def _initial(word: str) -> str:
    """The sound a word begins with, as a letter."""
    return next((sound for letters, sound in _SOUNDS if word.startswith(letters)), word[0])


def _joined(words: Iterable[str]) -> str:
    """Words as one, doubled letters and "dj" as single ones."""
    return _DOUBLED.sub(r"\1", respell("".join(words)).replace("dj", "j"))


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
