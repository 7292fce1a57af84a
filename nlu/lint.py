"""What is wrong with the examples before anything is trained on them: doubles, copies, gaps, unknown values."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import yaml
from rapidfuzz import fuzz

from nlu.examples import Example, read_examples
from nlu.normalise import fold

LEAST = {"fr": 60, "so": 45, "aa": 20}
"""Examples of each intent, by language."""
LEAST_OUT_OF_SCOPE = 200
LEAST_MIXED = 300
"""Code-switched examples in all: those of files named mixed*.yml."""
ALIKE = 95.0
"""From this share of common letters on (rapidfuzz's ratio) two messages are one message typed twice."""
TELLING_WORDS = 4
"""Shorter messages (`oui`, `merci bien`) are typed alike by everybody: no copy."""
UNBALANCED = 6.0
"""How many times the median of its language an intent may have before it is reported."""
THEMES = frozenset(
    {"éducation", "santé", "environnement", "jeunesse", "femmes", "handicap", "culture", "sport"}
    | {"droits humains", "économie", "agriculture", "eau", "numérique", "humanitaire", "enfance", "migration"}
)
LANGUAGES = frozenset({"français", "somali", "afar"})
_BROKEN = ("\ufffd", "â€", *(f"{lead}{chr(c)}" for lead in "ÃÂ" for c in range(0x80, 0xC0)))
"""What UTF-8 read as Latin-1 or Windows-1252 looks like."""
_PIECE = 5


@dataclass(frozen=True, slots=True)
class Located:
    """An example, where it stands, and its words folded for comparison."""

    file: Path
    example: Example
    folded: str

    def __str__(self) -> str:
        return f"{self.file}: {self.example.intent}: {self.example.text!r}"


@dataclass(frozen=True, slots=True)
class Findings:
    """`errors` must be mended; `remarks` are for whoever writes examples; each is one line."""

    errors: tuple[str, ...]
    remarks: tuple[str, ...]
    counts: Mapping[tuple[str, str], int]
    """Examples by intent and language."""


def lint(data_dir: Path, judged: Sequence[Path], intents: Iterable[str] = ()) -> Findings:
    """`judged` holds the test set; `intents` that must have examples, those found where none is given.

    Raises BadExamples.
    """
    taught = list(_located([data_dir / "nlu"]))
    tested = list(_located(judged))
    counts = Counter((at.example.intent, at.example.language or "") for at in taught)
    errors = [
        *_broken([*taught, *tested]),
        *_unknown_values([*taught, *tested], _canonical(data_dir)),
        *_without_language(taught),
        *_of_two_intents(taught),
        *_copies(taught, tested),
        *_too_few(counts, set(intents) or {intent for intent, _ in counts}),
        *_too_few_mixed(taught),
    ]
    return Findings(tuple(errors), (*_unbalanced(counts), *_near(taught)), counts)


def _located(paths: Sequence[Path]) -> Iterator[Located]:
    for path in paths:
        for file in sorted(path.rglob("*.yml")) if path.is_dir() else [path]:
            for example in read_examples([file]):
                yield Located(file, example, " ".join(fold(example.text).split()))


def _canonical(data_dir: Path) -> dict[str, frozenset[str]]:
    names = yaml.load((data_dir / "gazetteer.yml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    regions, places = frozenset(names["regions"]), frozenset(names["places"])
    return {"region": regions, "place": places, "theme": THEMES, "language": LANGUAGES}


def _broken(found: Iterable[Located]) -> Iterator[str]:
    for at in found:
        if any(sign in at.example.text for sign in _BROKEN) or not at.example.text.isprintable():
            yield f"{at}: letters broken by a wrong encoding"


def _unknown_values(found: Iterable[Located], canonical: Mapping[str, frozenset[str]]) -> Iterator[str]:
    for at in found:
        for entity in at.example.entities:
            if entity.value not in canonical.get(entity.name, frozenset()):
                yield f"{at}: {entity.name} has no value {entity.value!r}"


def _without_language(taught: Iterable[Located]) -> Iterator[str]:
    return (f"{at}: no language (fr, so or aa)" for at in taught if at.example.language not in LEAST)


def _of_two_intents(taught: Iterable[Located]) -> Iterator[str]:
    """Across languages too: the classifier sees no language."""
    first: dict[str, Located] = {}
    for at in taught:
        before = first.setdefault(at.folded, at)
        if before.example.intent != at.example.intent:
            yield f"{at}: also an example of {before.example.intent} in {before.file}"


def _copies(taught: Sequence[Located], tested: Sequence[Located]) -> Iterator[str]:
    known = Alike(at.folded for at in taught)
    for at in tested:
        if len(at.folded.split()) >= TELLING_WORDS and (copy := next(known.to(at.folded), None)) is not None:
            yield f"{taught[copy]}: judged by the test set too ({at.file.name}: {at.example.text!r})"


def _too_few(counts: Mapping[tuple[str, str], int], intents: set[str]) -> Iterator[str]:
    for intent in sorted(intents):
        for language, least in LEAST.items():
            needed = LEAST_OUT_OF_SCOPE if intent == "out_of_scope" else least
            if (there := counts.get((intent, language), 0)) < needed:
                yield f"{intent}: {there} examples in {language}, {needed} are needed"


def _too_few_mixed(taught: Iterable[Located]) -> Iterator[str]:
    mixed = sum(at.file.name.startswith("mixed") for at in taught)
    if mixed < LEAST_MIXED:
        yield f"{mixed} code-switched examples (files named mixed*.yml), {LEAST_MIXED} are needed"


def _unbalanced(counts: Mapping[tuple[str, str], int]) -> Iterator[str]:
    for language in LEAST:
        usual = median([n for (_, spoken), n in counts.items() if spoken == language] or [0])
        for (intent, spoken), there in sorted(counts.items()):
            if spoken == language and there > UNBALANCED * usual:
                yield f"{intent}: {there} examples in {language}, where {usual:.0f} are usual"


def _near(taught: Iterable[Located]) -> Iterator[str]:
    """Within one intent and language."""
    groups: dict[tuple[str, str | None], list[Located]] = defaultdict(list)
    for at in taught:
        groups[at.example.intent, at.example.language].append(at)
    for group in groups.values():
        alike = Alike(at.folded for at in group)
        for i, at in enumerate(group):
            for other in alike.to(at.folded):
                if other < i and len(at.folded.split()) >= TELLING_WORDS:
                    yield f"{at}: nearly {group[other].example.text!r} in {group[other].file}"
                    break


class Alike:
    """Texts that can be asked for those ALIKE to one, without comparing it with all.

    Cut into pieces of 5 letters, a text of n letters has n/5 of them; ALIKE allows at most n/9 letters put in or
    left out, and each touches one piece. So of n/9 + 1 pieces one stands whole in any text that is alike.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = list(texts)
        self._holding: dict[str, set[int]] = defaultdict(set)
        for i, text in enumerate(self._texts):
            for at in range(len(text) - _PIECE + 1):
                self._holding[text[at : at + _PIECE]].add(i)

    def to(self, text: str) -> Iterator[int]:
        """Positions in rising order, that of the same text too; nothing for texts under five letters."""
        pieces = {text[at : at + _PIECE] for at in range(0, len(text) - _PIECE + 1, _PIECE)}
        rarest = sorted(pieces, key=lambda piece: (len(self._holding.get(piece, ())), piece))
        several = rarest[: len(text) // 9 + 1]
        for i in sorted(set().union(*(self._holding.get(piece, set()) for piece in several))):
            if fuzz.ratio(text, self._texts[i], score_cutoff=ALIKE):
                yield i
