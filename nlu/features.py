"""What the classifier sees of a text: weighted n-grams of words, letters and consonants."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray

from nlu.normalise import respell, skeleton, words
from nlu.numbers import is_number

Floats = NDArray[np.float32]
Indices = NDArray[np.int32]

WEIGHTS = {"w": 0.7, "p": 0.4, "c": 1.0, "s": 1.5, "b": 0.6}
"""Of the blocks: words, pairs of words, letters within words 2–5, consonants 2–4, beginnings of words; each has
length 1 before it. Chosen by cross-validation on training rows of small public sets."""
_LETTERS = list(WEIGHTS).index("c")
_WEIGHTS = np.fromiter(WEIGHTS.values(), np.float64)
_DAMPED = "w"
"""The block in which rare n-grams weigh less than elsewhere, by the root: a rare word may be a name."""
MOST = {"w": 7000, "p": 7000, "c": 22000, "s": 7000, "b": 5000}
BEGINNING = 5
"""Letters of a word that stay when its suffixes change, in Somali and Afar more than in French."""
MANY = 4000
"""From so many texts on, an n-gram of a single text teaches nothing that others do not."""


NUMBER = "#"
"""What stands for every number, in figures or in words of any of our languages."""


def grams(text: str) -> list[str]:
    """The n-grams of a text, each behind the letter of its block, with repetitions."""
    found = words(text)
    counted = [NUMBER if is_number(word) else word for word in found]
    pairs = [f"p{word} {following}" for word, following in pairwise(counted)]
    numbers = [f"w{NUMBER}" for word in counted if word == NUMBER]
    return [*chain.from_iterable(map(_of_word, found)), *numbers, *pairs]


@lru_cache(maxsize=20_000)
def _of_word(word: str) -> tuple[str, ...]:
    respelt = respell(word)
    letters = (f"c{gram}" for gram in _letters(f" {respelt} ", 2, 5))
    consonants = (f"s{gram}" for gram in _letters(f" {skeleton(word)} ", 2, 4))
    return (f"w{word}", f"b{respelt[:BEGINNING]}", *letters, *consonants)


def _letters(word: str, shortest: int, longest: int) -> Iterable[str]:
    for size in range(shortest, min(longest, len(word)) + 1):
        for i in range(len(word) - size + 1):
            yield word[i : i + size]


@dataclass(frozen=True, slots=True)
class Vector:
    """A sparse vector; `known` is the share of the text's words and letter n-grams seen in training."""

    indices: Indices
    values: Floats
    known: float


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """n-grams by block, in the order of their indices, with their inverse document frequencies.

    `ends`: where each block but the last ends.
    """

    names: Sequence[str]
    idf: Floats
    places: dict[str, int]
    ends: NDArray[np.int64]

    @classmethod
    def learn(cls, texts: Sequence[str]) -> "Vocabulary":
        """The most frequent n-grams of each block; with many texts, those of two texts or more."""
        seen: Counter[str] = Counter()
        for text in texts:
            seen.update(set(grams(text)))
        least = 2 if len(texts) >= MANY else 1
        names: list[str] = []
        for block, most in MOST.items():
            ranked = sorted(((-n, g) for g, n in seen.items() if g[0] == block and n >= least))
            names += [gram for _, gram in ranked[:most]]
        idf = np.asarray([math.log((1 + len(texts)) / (1 + seen[name])) + 1 for name in names], np.float32)
        damped = np.asarray([name[0] in _DAMPED for name in names])
        return cls.of(names, np.where(damped, np.sqrt(idf), idf))

    @classmethod
    def of(cls, names: Sequence[str], idf: Floats) -> "Vocabulary":
        sizes = [sum(name[0] == block for name in names) for block in WEIGHTS]
        ends = np.cumsum(sizes)[:-1]
        return cls(names, idf, {name: i for i, name in enumerate(names)}, ends)

    def vector(self, text: str) -> Vector:
        """The text's TF-IDF vector, each block of length 1 times its weight."""
        found = grams(text)
        counts = Counter(map(self.places.get, found))
        counts.pop(None, None)
        indices = np.fromiter((i for i in counts if i is not None), np.int32, len(counts))
        raw = np.fromiter(counts.values(), np.float32, len(counts))
        block = np.searchsorted(self.ends, indices, side="right")
        letters = sum(gram[0] == "c" for gram in found)
        known = float(raw[block == _LETTERS].sum()) / max(1, letters)
        values = (1 + np.log(raw)) * self.idf[indices]
        lengths = np.sqrt(np.bincount(block, values * values, len(_WEIGHTS)))
        scales = _WEIGHTS / np.maximum(lengths, 1e-9)
        return Vector(indices, (values * scales[block]).astype(np.float32), known)
