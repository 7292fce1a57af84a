"""What a language model gets right and wrong of the frozen test set, by language, and when another is worse."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

Counts = Mapping[str, int]
"""`messages`, and among them those `right` and those `acted_wrong` upon."""
Figures = Mapping[str, Counts]
"""By language of the test set: fr, so, aa, and mixed for two languages in one message."""

FEWER_RIGHT = 0.01
MORE_ACTED_WRONG = 0.005
"""Shares of the messages within which models differ by chance alone: measured with the same examples and other
seeds, right differed by up to 5 of 678, acted wrong by up to 5."""


class Measure(StrEnum):
    RIGHT = "right"
    ACTED_WRONG = "acted_wrong"


@dataclass(frozen=True, slots=True)
class Worse:
    """One count that got worse in one language, of so many messages."""

    language: str
    measure: Measure
    before: int
    after: int
    messages: int


def worse(before: Figures, after: Figures) -> tuple[Worse, ...]:
    """What got worse by more than chance; nothing when the new model may be used."""
    found = []
    for language, was in before.items():
        now = after.get(language, {"messages": 0, "right": 0, "acted_wrong": 0})
        lost = was["right"] - now["right"]
        if lost > int(was["messages"] * FEWER_RIGHT):
            found.append(Worse(language, Measure.RIGHT, was["right"], now["right"], was["messages"]))
        gained = now["acted_wrong"] - was["acted_wrong"]
        if gained > int(was["messages"] * MORE_ACTED_WRONG):
            counts = (was["acted_wrong"], now["acted_wrong"], was["messages"])
            found.append(Worse(language, Measure.ACTED_WRONG, *counts))
    return tuple(found)


def worse_than_any(yardsticks: Sequence[Figures], after: Figures) -> tuple[Worse, ...]:
    """The same against several models; of each count the first that is lost to."""
    found: dict[tuple[str, Measure], Worse] = {}
    for before in yardsticks:
        for lost in worse(before, after):
            found.setdefault((lost.language, lost.measure), lost)
    return tuple(found.values())


def as_json(found: Sequence[Worse]) -> list[dict[str, Any]]:
    return [asdict(lost) for lost in found]


def from_json(stored: Sequence[Mapping[str, Any]]) -> tuple[Worse, ...]:
    """Raises TypeError or ValueError for what `as_json` did not write."""
    return tuple(Worse(**{**lost, "measure": Measure(lost["measure"])}) for lost in stored)
