"""What understanding a message gives: the values every other part of the NLU and the bot exchange."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What may be done with an interpretation; thresholds are learnt on held-out folds."""

    ACT = "act"
    ASK = "ask"
    ABSTAIN = "abstain"


@dataclass(frozen=True, slots=True)
class Entity:
    """`value` is canonical (French); `start`/`end` are offsets in the text as the person typed it."""

    name: str
    value: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Interpretation:
    """`language`: fr, so, aa, ar or other; `language_sure`: enough evidence to switch the answer's language.

    `ranking`: (intent, probability), likeliest first; `intent` and `confidence` are its first pair. `asks`: the
    text begins or ends with a question word.
    """

    language: str
    language_sure: bool
    intent: str
    confidence: float
    entities: tuple[Entity, ...] = ()
    ranking: tuple[tuple[str, float], ...] = ()
    verdict: Verdict = Verdict.ACT
    asks: bool = False
