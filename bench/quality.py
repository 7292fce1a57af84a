"""How well texts are understood, whoever understands them: per language, with mistakes, and what is out of scope."""

import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from bench.figures import Figure, percentile
from bench.noise import NOISES
from bench.processes import ROOT
from nlu.examples import Example, read_examples
from nlu.meaning import Entity

LANGUAGES = ("fr", "so", "aa", "mixed")
OUTSIDE = "out_of_scope"
ACCEPTED = 95
"""Percent of the messages in scope that are let through where refusing those out of scope is measured."""


class Side(StrEnum):
    OURS = "ours"
    RASA = "rasa"


@dataclass(frozen=True, slots=True)
class Guess:
    """`ranking`: intents with their probabilities, likeliest first; empty when nothing is guessed."""

    ranking: Sequence[tuple[str, float]]
    entities: Sequence[Entity] = ()

    @property
    def intent(self) -> str:
        return self.ranking[0][0] if self.ranking else OUTSIDE

    @property
    def inside(self) -> float:
        """How likely the message is to be for the bot: the probability of the best intent in scope."""
        return max((p for name, p in self.ranking if name != OUTSIDE), default=0.0)


Parse = Callable[[str], Guess]


def judged(parse: Parse, side: Side, note: str = "") -> list[Figure]:
    """Of all test messages of tests/nlu, in percent; `note` is added to the names of the figures."""
    figures = []
    for language in LANGUAGES:
        figures += _language(f"{language}{note}", read_examples([_tests(language)]), parse)
    return [replace(f, ours=None, rasa=f.ours) if side is Side.RASA else f for f in figures]


def _tests(language: str) -> Path:
    return ROOT / "tests" / "nlu" / f"{language}.yml"


def _language(name: str, examples: Sequence[Example], parse: Parse) -> list[Figure]:
    figures = []
    for noise, spoil in NOISES.items():
        guesses = [parse(spoil(example.text)) for example in examples]
        figures.append(_percent(f"{name}: intent right, {noise}", accuracy(examples, guesses)))
        if spoil is str:
            figures += [
                _percent(f"{name}: macro-F1", macro_f1(examples, guesses)),
                _percent(f"{name}: entity F1", entity_f1(examples, guesses)),
                *_outside(name, examples, guesses),
            ]
    return figures


def _outside(name: str, examples: Sequence[Example], guesses: Sequence[Guess]) -> list[Figure]:
    scores: dict[bool, list[float]] = {True: [], False: []}
    for example, guess in zip(examples, guesses, strict=True):
        scores[example.intent == OUTSIDE].append(guess.inside)
    if not scores[True] or len(scores[False]) < 2:
        return []
    return [
        _percent(f"{name}: out of scope, AUROC", auroc(scores[False], scores[True])),
        _percent(
            f"{name}: out of scope refused at {ACCEPTED} % accepted", refused(scores[False], scores[True])
        ),
    ]


def _percent(name: str, share: float) -> Figure:
    return Figure(name, "%", 100 * share, higher=True)


def accuracy(examples: Sequence[Example], guesses: Sequence[Guess]) -> float:
    return statistics.fmean(e.intent == g.intent for e, g in zip(examples, guesses, strict=True))


def macro_f1(examples: Sequence[Example], guesses: Sequence[Guess]) -> float:
    """Mean over the intents that the examples hold."""
    wanted = Counter(e.intent for e in examples)
    got = Counter(g.intent for g in guesses)
    right = Counter(e.intent for e, g in zip(examples, guesses, strict=True) if e.intent == g.intent)
    return statistics.fmean(2 * right[i] / (wanted[i] + got[i]) for i in wanted)


def entity_f1(examples: Sequence[Example], guesses: Sequence[Guess]) -> float:
    """Right is name, value and span; only kinds that the examples annotate count."""
    kinds = {entity.name for example in examples for entity in example.entities}
    right = total = 0
    for example, guess in zip(examples, guesses, strict=True):
        wanted = {_mark(e) for e in example.entities}
        found = {_mark(e) for e in guess.entities if e.name in kinds}
        right += len(wanted & found)
        total += len(wanted) + len(found)
    return 2 * right / total if total else 1.0


def _mark(entity: Entity) -> tuple[str, str, int, int]:
    return entity.name, entity.value, entity.start, entity.end


def auroc(inside: Sequence[float], outside: Sequence[float]) -> float:
    """How often a message in scope scores above one out of scope; a tie counts half."""
    return statistics.fmean((i > o) + (i == o) / 2 for i in inside for o in outside)


def refused(inside: Sequence[float], outside: Sequence[float]) -> float:
    """The share out of scope that is refused when `ACCEPTED` percent of those in scope are accepted."""
    least = percentile(inside, 100 - ACCEPTED)
    return statistics.fmean(score < least for score in outside)
