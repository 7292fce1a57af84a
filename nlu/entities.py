"""What a text names: regions, places, themes, languages by their many spellings; numbers, phones, addresses, dates."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import phonenumbers
import yaml
from rapidfuzz import fuzz, process

from nlu.dates import find_dates
from nlu.examples import Example
from nlu.meaning import Entity
from nlu.normalise import Token, respell, tokens

LONGEST_NAME = 5
SHORTEST_FUZZY = 5
LEAST_ALIKE = 88
NAMED = ("region", "place", "theme", "language")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_PHONE = re.compile(r"(?:\+|00)?\d[\d .\-/]{6,16}\d")
_YEAR = re.compile(r"\b(19[5-9]\d|20\d\d)\b")
_NUMBER = re.compile(r"\b\d{1,9}\b")
_NOT_A_THEME = re.compile(
    r"\b(espaces?|plaidoyer|besoins?|outils?|securite|politiques?|projets?) (publics? )?numeriques?\b"
)
_NOT_A_REGION = re.compile(r"\bdjibouti (telecom|telekom)\b")


@dataclass(frozen=True, slots=True)
class Name:
    entity: str
    value: str


class Lexicon:
    """Spellings of names, folded and respelt, with typing mistakes allowed in longer single words."""

    def __init__(self, names: Mapping[str, Name], words: frozenset[str]) -> None:
        self._names = names
        self._words = words
        self._fuzzy = [key for key in names if " " not in key and len(key) >= SHORTEST_FUZZY]

    @classmethod
    def learn(cls, gazetteer: Path, examples: Sequence[Example]) -> "Lexicon":
        """Names of the gazetteer, and every spelling annotated in the examples; their other words are common."""
        names: dict[str, Name] = {}
        for example in examples:
            for entity in example.entities:
                if entity.name in NAMED:
                    names.setdefault(key_of(entity.text), Name(entity.name, entity.value))
        names |= dict(_gazetteer(gazetteer))
        annotated = {word for key in names for word in key.split()}
        common = {respell(t.word) for e in examples for t in tokens(e.text)} - annotated
        return cls({key: name for key, name in names.items() if key}, frozenset(common))

    def find(self, text: str) -> list[Entity]:
        """The names in a text, longest first, never overlapping, in the order of the text."""
        found = tokens(text)
        entities: list[Entity] = []
        at = 0
        while at < len(found):
            size, name = self._longest(found, at)
            if name is not None:
                start, end = found[at].start, found[at + size - 1].end
                entities.append(Entity(name.entity, name.value, start, end, text[start:end]))
            at += size
        return entities

    def _longest(self, found: Sequence[Token], at: int) -> tuple[int, Name | None]:
        for size in range(min(LONGEST_NAME, len(found) - at), 0, -1):
            key = " ".join(respell(token.word) for token in found[at : at + size])
            if name := self._names.get(key):
                return size, name
        word = respell(found[at].word)
        if len(word) < SHORTEST_FUZZY or word in self._words:
            return 1, None
        near = process.extractOne(word, self._fuzzy, scorer=fuzz.ratio, score_cutoff=LEAST_ALIKE)
        return 1, self._names[near[0]] if near else None

    def entries(self) -> list[list[str]]:
        return [[key, name.entity, name.value] for key, name in self._names.items()]

    @property
    def common_words(self) -> list[str]:
        return sorted(self._words)


def key_of(text: str) -> str:
    return " ".join(respell(token.word) for token in tokens(text))


def _gazetteer(path: Path) -> Iterable[tuple[str, Name]]:
    content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    for place, about in content["places"].items():
        for spelling in (place, *about["also"]):
            yield key_of(spelling), Name("place", place)
    for region, spellings in content["regions"].items():
        for spelling in (region, *spellings):
            yield key_of(spelling), Name("region", region)


def find_entities(text: str, lexicon: Lexicon, today: date) -> tuple[Entity, ...]:
    """Everything named in a text, in its order."""
    found = [*_emails(text), *_phones(text)]
    found += [e for e in find_dates(text, today) if not _overlaps(e, found)]
    found += [e for e in _years(text) if not _overlaps(e, found)]
    found += [e for e in _numbers(text) if not _overlaps(e, found)]
    folded = " ".join(token.word for token in tokens(text))
    for entity in lexicon.find(text):
        if entity.value == "numérique" and _NOT_A_THEME.search(folded):
            continue
        if entity.name == "region" and _NOT_A_REGION.search(folded):
            continue
        if not _overlaps(entity, found):
            found.append(entity)
    return tuple(sorted(found, key=lambda entity: entity.start))


def _overlaps(entity: Entity, others: Iterable[Entity]) -> bool:
    return any(entity.start < other.end and other.start < entity.end for other in others)


def _emails(text: str) -> list[Entity]:
    return [Entity("email", m[0].lower(), m.start(), m.end(), m[0]) for m in _EMAIL.finditer(text)]


def _phones(text: str) -> list[Entity]:
    found = []
    for match in _PHONE.finditer(text):
        typed = re.sub(r"^00", "+", match[0])
        try:
            number = phonenumbers.parse(typed, "DJ")
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            value = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
            found.append(Entity("phone", value, match.start(), match.end(), match[0]))
    return found


def _years(text: str) -> list[Entity]:
    return [Entity("year", m[0], m.start(), m.end(), m[0]) for m in _YEAR.finditer(text)]


def _numbers(text: str) -> list[Entity]:
    return [Entity("number", m[0], m.start(), m.end(), m[0]) for m in _NUMBER.finditer(text)]
