"""What an intent's name says: its words are an example of it; intents that share a word share what is learnt."""

import re
from collections import Counter
from collections.abc import Sequence, Set
from functools import cache

import numpy as np

from nlu.features import Floats

SHARED = 0.5
"""Of what an intent learns, the part that intents learn too for each word of the name they have in common; chosen by
cross-validation on training rows of small public sets."""
MOST_PARTS = 4
LEAST_LETTERS = 2


def spoken(intents: Sequence[str], known: Set[str]) -> list[str]:
    """`find_training` as one would type it; what is written together apart.

    `lightup` becomes two words when both are known, or are words of other names.
    """
    named = [_words(intent) for intent in intents]
    pieces = known | {word for name in named for word in name}
    return [" ".join(part for word in name for part in _parts(word, known, pieces)) for name in named]


def kinship(names: Sequence[str]) -> Floats:
    """Of spoken names, names × names: how much one intent learns when the other does."""
    sets = [set(name.split()) for name in names]
    common = [[len(name & other) for other in sets] for name in sets]
    several = {word for word, times in Counter(word for name in sets for word in name).items() if times > 1}
    kin: Floats = np.asarray(common, np.float32) * np.float32(SHARED)
    kin[np.diag_indices(len(sets))] = [1 + SHARED * len(name & several) for name in sets]
    return kin


def _words(intent: str) -> list[str]:
    return re.sub(r"[\W_]+", " ", intent).lower().split()


def _parts(word: str, known: Set[str], pieces: Set[str]) -> tuple[str, ...]:
    """The word itself when it is known; else the fewest pieces that make it, if there are such."""
    if word in known:
        return (word,)

    @cache
    def split(rest: str) -> tuple[str, ...] | None:
        """None: cannot be."""
        whole = rest in pieces and rest != word
        ways: list[tuple[str, ...]] = [(rest,)] if whole else []
        for end in range(LEAST_LETTERS, len(rest) - LEAST_LETTERS + 1):
            after = split(rest[end:]) if rest[:end] in pieces else None
            if after is not None:
                ways.append((rest[:end], *after))
        return min(ways, key=len, default=None)

    parts = split(word)
    return parts if parts is not None and len(parts) <= MOST_PARTS else (word,)
