"""What an intent's name says: its words are an example of it; intents that share a word share what is learnt."""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from nlu.features import Floats

SHARED = 0.5
"""Of what an intent learns, the part that intents learn too for each word of the name they have in common; chosen by
cross-validation on training rows of small public sets."""


def spoken(intent: str) -> str:
    """`find_training` as one would type it."""
    return " ".join(_words(intent))


def kinship(intents: Sequence[str]) -> Floats:
    """Intents × intents: how much one learns when the other does."""
    names = [set(_words(intent)) for intent in intents]
    common = [[len(name & other) for other in names] for name in names]
    several = {word for word, times in Counter(word for name in names for word in name).items() if times > 1}
    kin: Floats = np.asarray(common, np.float32) * np.float32(SHARED)
    kin[np.diag_indices(len(names))] = [1 + SHARED * len(name & several) for name in names]
    return kin


def _words(intent: str) -> list[str]:
    return re.sub(r"[\W_]+", " ", intent).lower().split()
