"""How people write what the directory has fixed values for: regions, places, themes, legal forms, headings."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import yaml
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.content import Source, read_yaml
from bot.search_words import LANGUAGES, fold

LISTS = ("headings", "regions", "themes", "forms", "languages", "statuses", "visibilities", "needles")
SHORTEST_MISTYPED = 5
SHORTEST_MEANT = 4
LONGEST_PHRASE = 4
LETTERS_A_MISTAKE = 6
"""One letter in so many may be wrong."""
PARTS = re.compile(r"[;|/\n]|,(?!\d)")


@dataclass(frozen=True, slots=True)
class Names:
    """The values of one kind under every spelling, folded."""

    values: tuple[str, ...]
    spellings: Mapping[str, str]

    @classmethod
    def of(cls, also: Mapping[str, Iterable[str]]) -> Self:
        """`also`: canonical value -> its other spellings. A spelling of two values stays with the first."""
        spellings: dict[str, str] = {fold(value): value for value in also}
        for value, others in also.items():
            for other in others:
                spellings.setdefault(fold(other), value)
        return cls(tuple(also), spellings)

    def read(self, text: str) -> str | None:
        """The value a text means, also mistyped; None when it means none, or two as well."""
        typed = fold(text)
        if typed in self.spellings:
            return self.spellings[typed]
        most = len(typed) // LETTERS_A_MISTAKE + 1 if len(typed) >= SHORTEST_MISTYPED else 0
        if not most:
            return None
        near = process.extract(typed, list(self.spellings), scorer=OSA.distance, score_cutoff=most, limit=8)
        long_enough = [(s, d) for s, d, _ in near if len(s) >= SHORTEST_MEANT]
        meant = {self.spellings[s] for s, d in long_enough if d == long_enough[0][1]}
        return meant.pop() if len(meant) == 1 else None

    def find(self, words: list[str]) -> list[tuple[str, int, int]]:
        """Values named in folded words, spelt right, longest first: (value, first word, word after the last)."""
        found, start = [], 0
        while start < len(words):
            end, value = self._longest(words, start)
            if value:
                found.append((value, start, end))
            start = end
        return found

    def _longest(self, words: list[str], start: int) -> tuple[int, str | None]:
        """A plural is the same name as its singular."""
        for end in range(min(start + LONGEST_PHRASE, len(words)), start, -1):
            phrase = " ".join(words[start:end])
            value = self.spellings.get(phrase) or self.spellings.get(phrase.removesuffix("s"))
            if value:
                return end, value
        return start + 1, None


@dataclass(frozen=True, slots=True)
class DirectoryWords:
    """`region_of`: of each place. `regions_in_cells`: what means a region where nothing else can be meant.

    `filler`: words that only ask for organisations. `needles`: verbs to their noun.
    """

    headings: Names
    regions: Names
    regions_in_cells: Names
    places: Names
    region_of: Mapping[str, str]
    themes: Names
    forms: Names
    languages: Names
    statuses: Names
    visibilities: Names
    needles: Names
    filler: frozenset[str]

    @classmethod
    def load(cls, data_dir: Path) -> Self:
        """Read directory.yml and gazetteer.yml. Raises ContentError naming file, line and key."""
        source = read_yaml(data_dir / "directory.yml")
        if not isinstance(source.data, dict) or set(source.data) != {*LISTS, "filler"}:
            raise source.error((), f"must hold exactly {', '.join(LISTS)} and filler")
        names = {kind: _names(source, kind) for kind in LISTS if kind != "regions"}
        filler = [word for lang in LANGUAGES for word in _spellings(source, ("filler", lang), split=True)]
        # Read as the language model does, which lets the last of two entries of one place count.
        text = (data_dir / "gazetteer.yml").read_text(encoding="utf-8")
        gazetteer = yaml.load(text, Loader=yaml.CSafeLoader)
        places = gazetteer["places"]
        return cls(
            regions=Names.of(gazetteer["regions"]),
            regions_in_cells=Names.of(_with(gazetteer["regions"], source.data["regions"])),
            places=Names.of({place: entry["also"] for place, entry in places.items()}),
            region_of={place: entry["region"] for place, entry in places.items()},
            filler=frozenset(word for phrase in filler for word in fold(phrase).split()),
            **names,
        )

    def several(self, text: str, names: Names) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Values listed in one cell, and the parts that are none."""
        parts = [part.strip() for part in PARTS.split(text) if fold(part)]
        read = [(part, names.read(part)) for part in parts]
        known = tuple(dict.fromkeys(value for _, value in read if value))
        return known, tuple(part for part, value in read if value is None)

    def one_spelling(self) -> Mapping[str, str]:
        """Places of one word written in several ways, with the one that counts when names are compared."""
        kinds = (self.regions, self.places)
        return {
            spelling: fold(value).replace(" ", "")
            for names in kinds
            for spelling, value in names.spellings.items()
            if " " not in spelling and len(spelling) > 2
        }


def _with(some: Mapping[str, list[str]], more: Mapping[str, list[str]]) -> Mapping[str, list[str]]:
    return {value: [*spellings, *more.get(value, ())] for value, spellings in some.items()}


def _names(source: Source, kind: str) -> Names:
    values = source.data[kind]
    if not isinstance(values, dict):
        raise source.error((kind,), "must be a table of values")
    return Names.of({str(value): _spellings(source, (kind, value)) for value in values})


def _spellings(source: Source, key: tuple[str, Any], *, split: bool = False) -> list[str]:
    listed = source.data[key[0]].get(key[1])
    if not isinstance(listed, list) or not all(isinstance(text, str) and fold(text) for text in listed):
        raise source.error(key, "must be a list of words (quote numbers, yes and no)")
    return [word for text in listed for word in (text.split(",") if split else [text])]
