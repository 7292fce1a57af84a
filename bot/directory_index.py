"""Searching the directory as people ask: who, what, where, in any language and with mistakes. Pure, in memory."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz, process

from bot.directory_words import DirectoryWords, Names
from bot.duplicates import name_words
from bot.search_words import Group, SearchTerms, WordReader, fold

NAME, ACRONYM, CAN, PLACE, ABOUT = 3.0, 4.0, 2.0, 1.5, 1.0
"""What a word weighs by where it stands: in the name, the acronym, the capacities, the place, the description."""
DEMAND = 2.0
NEARLY = 1.0
"""What a demand weighs that is met by what an entry says or does, not by what it declares."""
WHOLE_NAME = 6.0
PART_OF_NAME = 4.0
LIKE_NAME = 86
"""Of 100, how alike what was typed and a name must be to be one mistyped."""
SHORTEST_NAME = 4
ELSE_SAID = 2
"""Words beside a name in a message that still only names it."""
TELLING_FORMS = frozenset({"coopérative", "syndicat", "fondation", "think tank"})
"""Legal forms that narrow a search; everybody says "association" for any organisation."""
KINDS = ("region", "place", "theme", "form")


@dataclass(frozen=True, slots=True)
class Entry:
    """What is searched of an organisation or a project. `acts`: regions and themes of its projects.

    `merit` decides between equal matches, the smaller first: freshness, then trust.
    """

    id: int
    name: str
    acronym: str | None = None
    form: str | None = None
    regions: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    themes: frozenset[str] = frozenset()
    acts: frozenset[str] = frozenset()
    can: tuple[str, ...] = ()
    about: str = ""
    merit: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Sought:
    """A question: its words, and what was named in it by canonical value. `words` "" asks for all that fits."""

    words: str = ""
    region: str | None = None
    place: str | None = None
    theme: str | None = None
    form: str | None = None

    @property
    def demands(self) -> dict[str, str]:
        return {kind: value for kind in KINDS if (value := getattr(self, kind))}


@dataclass(frozen=True, slots=True)
class Understood:
    """What was looked for: `sought` with what its words name; `words` that were searched, as they were typed."""

    sought: Sought
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Results:
    """`ids` best first."""

    ids: tuple[int, ...]
    understood: Understood


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question read: `named` are the folded words that named each demand; `typed` all that may be a name."""

    understood: Understood
    groups: tuple[Group, ...]
    named: Mapping[str, str]
    typed: tuple[str, ...]


class DirectoryIndex:
    """Entries laid out for searching; made anew when the directory changed."""

    def __init__(self, entries: Iterable[Entry], words: DirectoryWords, terms: SearchTerms) -> None:
        self.entries = {entry.id: entry for entry in entries}
        self._words = words
        self._stop = terms.stop | words.filler
        self._places: dict[str, dict[int, float]] = defaultdict(dict)
        self._acronyms: dict[str, list[int]] = defaultdict(list)
        self._met: dict[tuple[str, str], dict[int, float]] = defaultdict(dict)
        self._names = {id: " ".join(name_words(entry.name)) for id, entry in self.entries.items()}
        self._name_sets = {id: frozenset(name.split()) for id, name in self._names.items()}
        for entry in self.entries.values():
            self._lay_out(entry)
            self._lay_demands(entry)
        self._reader = WordReader(terms, self._places)
        order = sorted(self.entries, key=lambda id: (self.entries[id].merit, self._names[id], id))
        self._rank = {id: place for place, id in enumerate(order)}

    def _lay_out(self, entry: Entry) -> None:
        acronym = fold(entry.acronym or "").replace(" ", "")
        if acronym:
            self._acronyms[acronym].append(entry.id)
        parts = (
            (NAME, entry.name),
            (ACRONYM, acronym),
            (CAN, " ".join(entry.can)),
            (PLACE, " ".join(entry.places)),
            (ABOUT, entry.about),
        )
        for weight, text in parts:
            for word in fold(text).split():
                for form in {word, _stem(word)}:
                    known = self._places[form]
                    known[entry.id] = max(weight, known.get(entry.id, 0.0))

    def _lay_demands(self, entry: Entry) -> None:
        own = (("region", entry.regions), ("place", entry.places), ("theme", entry.themes))
        for kind, values in own:
            for value in entry.acts:
                self._met[kind, value].setdefault(entry.id, NEARLY)
            for value in values:
                self._met[kind, value][entry.id] = DEMAND
        if entry.form:
            self._met["form", entry.form][entry.id] = DEMAND

    def search(self, sought: Sought, language: str) -> Results:
        """All that fits, best first, always in the same order: by match, then merit, then name."""
        asked = self._read(sought, language)
        scores = self._scores(asked)
        order = sorted(
            scores, key=lambda id: (-round(scores[id], 1), self.entries[id].merit, self._names[id], id)
        )
        return Results(tuple(order), asked.understood)

    def named(self, text: str, language: str) -> Results:
        """Only those whose acronym or whole name was typed, and little else."""
        asked = self._read(Sought(text), language)
        said = len(asked.typed)
        ids = [
            id
            for id, weight in self._like_name(asked).items()
            if weight > PART_OF_NAME and said <= len(self._name_sets[id]) + ELSE_SAID
        ]
        return Results(tuple(sorted(ids, key=self._rank.__getitem__)), asked.understood)

    def _read(self, sought: Sought, language: str) -> _Asked:
        """Values named in the words become demands, unless the question names others already."""
        words = fold(sought.words).split()
        named: dict[str, str] = {}
        used: set[int] = set()
        kinds: tuple[tuple[str, Names], ...] = (
            ("place", self._words.places),
            ("region", self._words.regions),
            ("theme", self._words.themes),
            ("form", self._words.forms),
        )
        found: dict[str, str] = {}
        for kind, names in kinds:
            for value, start, end in names.find(words):
                if (kind == "form" and value not in TELLING_FORMS) or used & set(range(start, end)):
                    continue
                if getattr(sought, kind) in (None, value) and found.get(kind, value) == value:
                    found[kind] = value
                    named[kind] = " ".join(words[start:end])
                    used |= set(range(start, end))
        if "place" in found and "region" not in found and found["place"] in self._words.regions.values:
            found["region"] = found.pop("place")  # a town that gives its region its name
        understood = replace(sought, **{k: v for k, v in found.items() if getattr(sought, k) is None})
        typed = [word for i, word in enumerate(words) if i not in used and word not in self._stop]
        as_typed = {fold(word): word.strip('.,;:!?«»"()') for word in sought.words.split()}
        told = Understood(understood, tuple(as_typed.get(word, word) for word in typed))
        left = tuple(word for word in words if word not in self._stop)
        return _Asked(told, self._groups(typed, language), named, left)

    def _groups(self, words: Sequence[str], language: str) -> tuple[Group, ...]:
        """What each word may stand as: itself, its noun, its French, or the word it was mistyped from."""
        groups = []
        for word in words:
            if word in self._places or _stem(word) in self._places:
                own: Group = ((word,), (_stem(word),))
            else:
                reading = self._reader.read(word, language)
                own = tuple(phrase for group in reading.groups for phrase in group) or ((word,),)
            noun = self._words.needles.spellings.get(word)
            groups.append(tuple(dict.fromkeys((*own, *(((fold(noun),),) if noun else ())))))
        return tuple(groups)

    def _scores(self, asked: _Asked) -> dict[int, float]:
        met = [self._meeting(kind, value, asked) for kind, value in asked.understood.sought.demands.items()]
        by_word = [self._found(group) for group in asked.groups]
        fitting: Iterable[int] = set.intersection(*map(set, met)) if met else self._rank
        scores: dict[int, float] = {}
        for id in fitting if met or not by_word else set().union(*by_word):
            hits = [found[id] for found in by_word if id in found]
            if 2 * len(hits) >= len(by_word):
                scores[id] = sum(demand[id] for demand in met) + sum(hits)
        for id, named in self._like_name(asked).items():
            scores[id] = scores.get(id, 0.0) + named
        return scores

    def _found(self, group: Group) -> dict[int, float]:
        """Entries that hold any of the alternatives, a rare word weighing up to twice a common one."""
        best: dict[int, float] = {}
        for phrase in group:
            holding = [self._places.get(word) or self._places.get(_stem(word), {}) for word in phrase]
            common = set.intersection(*map(set, holding)) if holding else set()
            rare = 1 + math.log((1 + len(self.entries)) / (1 + len(common))) / math.log(2 + len(self.entries))
            for id in common:
                weight = min(found[id] for found in holding) * rare
                best[id] = max(weight, best.get(id, 0.0))
        return best

    def _meeting(self, kind: str, value: str, asked: _Asked) -> dict[int, float]:
        """Entries that meet a demand and how well: by what they declare, else by what they say or do."""
        stands: dict[int, float] = {}
        for said in () if kind == "form" else {asked.named.get(kind, ""), fold(value)}:
            for id, weight in (self._places.get(said) or self._places.get(_stem(said), {})).items():
                stands[id] = max(weight, stands.get(id, 0.0))
        met = dict.fromkeys(stands, NEARLY) | self._met.get((kind, value), {})
        return {id: weight + (NEARLY if stands.get(id) == NAME else 0.0) for id, weight in met.items()}

    def _like_name(self, asked: _Asked) -> dict[int, float]:
        """Entries whose whole name, or acronym, was typed, perhaps with mistakes; or of whose name all was that was."""
        found = {id: WHOLE_NAME for word in asked.typed for id in self._acronyms.get(word, ())}
        telling = name_words(" ".join(asked.typed))
        joined = " ".join(telling)
        if len(joined) < SHORTEST_NAME:
            return found
        near = process.extract(joined, self._names, scorer=fuzz.ratio, score_cutoff=LIKE_NAME, limit=50)
        said = frozenset(telling)
        if len(said) > 1:
            for id, name in self._name_sets.items():
                if name and said >= name:
                    found[id] = WHOLE_NAME
                elif said <= name:
                    found.setdefault(id, PART_OF_NAME)
        return found | {id: WHOLE_NAME * score / 100 for _, score, id in near}


def _stem(word: str) -> str:
    """Without the plural: s and x."""
    return word[:-1] if len(word) > 4 and word[-1] in "sx" else word
