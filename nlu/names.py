"""What an intent's name says: its words are an example of it; intents that share a word share what is learnt."""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from nlu.features import Floats

SHARED = 0.7
"""How much of what is learnt about a word of a name goes to each intent that has it; chosen on training rows only."""


def spoken(intent: str) -> str:
    """`find_training` as one would type it."""
    return " ".join(_words(intent))


def sharing(intents: Sequence[str]) -> Floats:
    """(intents + words that several names have) × intents: an intent's score is its own and its words'."""
    names = [set(_words(intent)) for intent in intents]
    found = Counter(word for name in names for word in name)
    several = sorted(word for word, times in found.items() if times > 1)
    shared = np.asarray([[SHARED * (word in name) for name in names] for word in several], np.float32)
    own = np.eye(len(intents), dtype=np.float32)
    return np.vstack([own, shared]) if several else own


def _words(intent: str) -> list[str]:
    return re.sub(r"[\W_]+", " ", intent).lower().split()
