"""Names of regions, places, themes and languages by their many spellings, and in which language each is one."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz import fuzz, process

from nlu.examples import Example
from nlu.meaning import Entity
from nlu.normalise import Token, fold, respell, tokens

LONGEST_NAME = 5
SHORTEST_FUZZY = 6
LEAST_ALIKE = 88
NAMED = ("region", "place", "theme", "language")
LISTED = {"themes": "theme", "capacities": "capacity"}
"""Sections of the gazetteer with words per language, and the entity they are."""
LEAST_SHARE = {"theme": 0.35, "capacity": 0.0, "language": 0.5, "region": 0.3, "place": 0.3}
"""Of the times a spelling stands in the examples of a language, how many must be the name; else it is a word."""
FREQUENT = 12
"""Examples that hold a word, from which on it is everybody's."""
SHORTEST_WORDS = 3
SURE_SHARE = 0.7
"""What a spelling of few letters must reach, since it often is another word."""
SHORTEST_FOREIGN = 5
"""A spelling never seen in a language may still be a borrowed word there, but not a short one."""
ENDINGS = tuple(
    sorted(
        (
            "l",
            "h",
            "t",
            "k",
            "al",
            "il",
            "ul",
            "ak",
            "ik",
            "ih",
            "uh",
            "ay",
            "y",
            "ka",
            "ga",
            "da",
            "ta",
            "ha",
            "dha",
        ),
        key=len,
        reverse=True,
    )
)
"""Case suffixes of Afar and articles of Somali that may hang on a name."""
SHORTEST_STEM = 4
_PARTS_OF_NAMES = re.compile(
    r"\b(?:(?!(?:le|du|en|au|aux|dans|de|sur|et|theme|domaine|secteur|associations?|assos?|ong|organisations?"
    r"|formations?|ateliers?|projets|cooperatives?)\b)\w+ (?:\w+ )?numeriques?"
    r"|politiques et projets numeriques"
    r"|(?:xarun|goob|meel|siyaasad|baahi|qalab|aalad|dood|doodis|dhibaato|caqabad|dambi|maktabad|shaqo)\w*"
    r" (?:\w\w )?(?:dijit|digital|numerique)\w*|mashruuca dijit\w*"
    r"|[xd]i[jg]it\w* (?:araca|arac|buxa|duyye|duyyi|taqabi|taqabit|essero|faxximta|faxxiimit|madqa|qusba)\w*"
    r"|djibouti (?:telecom|telekom)|initiatives climat|republique de djibouti"
    r"|capitale (?:du|de|de la|de l|des) \w+)\b"
)
"""Names that hold the word of a theme or a region and mean neither."""
_ELIDED = frozenset(
    ["l", "d", "n", "s", "c", "m", "t", "j", "qu", "jusqu", "lorsqu", "puisqu", "quelqu", "presqu"]
)
"""What French writes before an apostrophe."""


@dataclass(frozen=True, slots=True)
class Name:
    """`languages`: in which it is a name, separated by blanks; elsewhere the spelling is an ordinary word."""

    entity: str
    value: str
    languages: str = "fr so aa"


class Lexicon:
    """Spellings as folded, then as respelt; with case endings; with typing mistakes in longer single words."""

    def __init__(
        self, names: Mapping[str, Name], words: frozenset[str], frequent: frozenset[str] = frozenset()
    ) -> None:
        """`words`: of the examples, never a name misspelt; `frequent`: those of several examples."""
        self._names = names
        self._words = words
        self._frequent = frequent
        self._parts = {respell(word) for key in names for word in key.split()}
        self._fuzzy = [key for key in names if " " not in key and len(key) >= SHORTEST_FUZZY]

    @classmethod
    def learn(cls, gazetteer: Path, examples: Sequence[Example]) -> "Lexicon":
        """Names of the gazetteer, and every spelling annotated in the examples; their other words are common."""
        names: dict[str, Name] = {}
        for example in examples:
            for entity in example.entities:
                if entity.name in NAMED:
                    for key in _keys(tokens(entity.text)):
                        names.setdefault(key, Name(entity.name, entity.value))
        content = yaml.load(gazetteer.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        for key, name in _listed(content):
            names.setdefault(key, name)
        names |= dict(_places(content))
        judged = _judged({key: name for key, name in names.items() if key}, examples)
        places = {key for key, name in judged.items() if name.entity in ("region", "place")}
        annotated = {word for key in judged for word in key.split() if key in places or word == key}
        used = Counter(word for e in examples for word in {respell(t.word) for t in tokens(e.text)})
        frequent = frozenset(word for word, count in used.items() if count >= FREQUENT)
        return cls(judged, frozenset(used.keys() - annotated), frequent)

    def find(self, text: str, language: str | None = None) -> list[Entity]:
        """The names in a text, longest first, never overlapping, in the order of the text."""
        found = tokens(text)
        masked = _masked(found)
        entities: list[Entity] = []
        at = 0
        while at < len(found):
            size, name = self._longest(found, at, language)
            if _goes_on(text, found, at):
                name = None
            if name is not None and not masked.intersection(range(at, at + size)):
                start, end = found[at].start, found[at + size - 1].end
                entities.append(Entity(name.entity, name.value, start, end, text[start:end]))
            at += size
        return entities

    def _longest(self, found: Sequence[Token], at: int, language: str | None) -> tuple[int, Name | None]:
        for size in range(min(LONGEST_NAME, len(found) - at), 0, -1):
            words = found[at : at + size]
            for key in _keys(words):
                if name := self._named(key, language):
                    return size, name
            if name := self._without_ending(words, language):
                return size, name
        return 1, self._misspelt(respell(found[at].word), language)

    def _named(self, key: str, language: str | None) -> Name | None:
        name = self._names.get(key)
        return name if name and (language not in LANGUAGES or language in name.languages.split()) else None

    def _without_ending(self, found: Sequence[Token], language: str | None) -> Name | None:
        for key in _keys(found):
            for ending in ENDINGS:
                stem = key.removesuffix(ending)
                if stem == key or len(stem) < SHORTEST_STEM or not (name := self._named(stem, language)):
                    continue
                # In a French sentence only what is nobody's word may have an ending of another language: Obokka.
                if language != "fr" or (name.entity in ("region", "place") and key not in self._words):
                    return name
        return None

    def _misspelt(self, word: str, language: str | None) -> Name | None:
        if len(word) < SHORTEST_FUZZY or word in self._words:
            return None
        near = process.extractOne(word, self._fuzzy, scorer=fuzz.ratio, score_cutoff=LEAST_ALIKE)
        return self._named(near[0], language) if near else None

    def is_ordinary(self, word: str) -> bool:
        """Whether people also write this respelt word when they name no organisation and no training."""
        return word in self._frequent or word in self._parts

    def is_used(self, word: str) -> bool:
        """Whether this respelt word stands in the examples, if only once, and names no place."""
        return word in self._words

    def entries(self) -> list[list[str]]:
        return [[key, name.entity, name.value, name.languages] for key, name in self._names.items()]

    @property
    def common_words(self) -> list[str]:
        return sorted(self._words)

    @property
    def frequent_words(self) -> list[str]:
        return sorted(self._frequent)


LANGUAGES = ("fr", "so", "aa")


def _goes_on(text: str, found: Sequence[Token], at: int) -> bool:
    """Whether a word is the rest of one with an apostrophe in its middle, as Somali has them: go'day."""
    before = found[at - 1] if at else None
    between = text[before.end : found[at].start] if before else ""
    return before is not None and fold(between) == "'" and before.word not in _ELIDED


def _keys(found: Sequence[Token]) -> tuple[str, ...]:
    folded = " ".join(token.word for token in found)
    respelt = " ".join(respell(token.word) for token in found)
    return (folded,) if folded == respelt else (folded, respelt)


def _judged(names: Mapping[str, Name], examples: Sequence[Example]) -> dict[str, Name]:
    """Each name with the languages in whose examples its spelling mostly is the name."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    meant: dict[str, Counter[str]] = defaultdict(Counter)
    for example in examples:
        language = example.language or "fr"
        spans = {(e.start, e.end) for e in example.entities if e.name in NAMED}
        for key, span in _phrases(example.text):
            if key in names:
                seen[key][language] += 1
                meant[key][language] += span in spans
    judged = {}
    for key, name in names.items():
        held = [
            lang for lang in name.languages.split() if _is_name(key, name, seen[key][lang], meant[key][lang])
        ]
        if held:
            judged[key] = Name(name.entity, name.value, " ".join(held))
    return judged


def _is_name(key: str, name: Name, seen: int, meant: int) -> bool:
    if seen < 2:
        return meant > 0 or len(key) >= SHORTEST_FOREIGN or name.entity in ("region", "place")
    least = LEAST_SHARE[name.entity] if len(key) > SHORTEST_WORDS else SURE_SHARE
    return meant / seen >= least


def _phrases(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    found = tokens(text)
    masked = _masked(found)
    for at in range(len(found)):
        for size in range(1, min(LONGEST_NAME, len(found) - at) + 1):
            if masked.intersection(range(at, at + size)):
                continue
            span = found[at].start, found[at + size - 1].end
            for key in _keys(found[at : at + size]):
                yield key, span


def _masked(found: Sequence[Token]) -> set[int]:
    """Places of the words that are part of a name which means no theme and no region."""
    text, begins = "", {}
    for place, token in enumerate(found):
        begins[len(text)] = place
        text += f"{token.word} "
    return {
        place
        for match in _PARTS_OF_NAMES.finditer(text)
        for begin, place in begins.items()
        if match.start() <= begin < match.end()
    }


def _places(content: Mapping[str, Any]) -> Iterable[tuple[str, Name]]:
    for place, about in content["places"].items():
        for spelling in (place, *about["also"]):
            for key in _keys(tokens(spelling)):
                yield key, Name("place", place)
    for region, spellings in content["regions"].items():
        for spelling in (region, *spellings):
            for key in _keys(tokens(spelling)):
                yield key, Name("region", region)


def _listed(content: Mapping[str, Any]) -> Iterator[tuple[str, Name]]:
    """Words of Somali and Afar are names in their language only; French ones are borrowed by both."""
    for section, entity in LISTED.items():
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        for value, words in content.get(section, {}).items():
            for language, spellings in words.items():
                for key in {key for spelling in spellings for key in _keys(tokens(spelling))}:
                    found[key, value].append(language)
        for (key, value), languages in found.items():
            yield key, Name(entity, value, " ".join(LANGUAGES if "fr" in languages else languages))
