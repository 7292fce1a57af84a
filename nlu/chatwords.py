"""Which language a chat message is in, learnt from our own examples: function words weigh more than nouns.

A softmax regression over hashed words and letter n-grams. The examples mix languages as people do, labelled by
the language of the grammar, so that French nouns do not make a Somali sentence French.
"""

import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlu.features import Floats, Indices
from nlu.normalise import words

LANGUAGES = ("fr", "so", "aa")
BUCKETS = 1 << 14
MOST_WORDS = 60
EPOCHS = 4
BATCH = 32
RATE = 0.5


@dataclass(frozen=True, slots=True)
class ChatWords:
    """`weights`: BUCKETS × languages."""

    weights: Floats

    def scores(self, found: Sequence[str]) -> Floats:
        """One score a language for these folded words; zeros when there are none."""
        indices, values = _vector(found)
        result: Floats = values @ self.weights[indices]
        return result


def learn(texts: Sequence[str], languages: Sequence[str], seed: int) -> ChatWords:
    """Languages weigh alike, however many their examples; of other languages nothing is learnt."""
    rows = [
        (words(text), LANGUAGES.index(lang))
        for text, lang in zip(texts, languages, strict=True)
        if lang in LANGUAGES
    ]
    vectors = [_vector(found) for found, _ in rows]
    labels = np.asarray([label for _, label in rows], np.int64)
    share = len(rows) / (len(LANGUAGES) * np.maximum(np.bincount(labels, minlength=len(LANGUAGES)), 1))
    weights: Floats = np.zeros((BUCKETS, len(LANGUAGES)), np.float32)
    seen: Floats = np.full((BUCKETS, 1), 1e-4, np.float32)
    random = np.random.default_rng(seed)
    for _ in range(EPOCHS):
        order = random.permutation(len(rows))
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            _step(weights, seen, [vectors[i] for i in batch], (labels[batch], share))
    return ChatWords(weights)


def _step(
    weights: Floats,
    seen: Floats,
    vectors: Sequence[tuple[Indices, Floats]],
    wanted: tuple[NDArray[np.int64], NDArray[np.float64]],
) -> None:
    """Adagrad on the rows that the batch touches."""
    labels, share = wanted
    rows, local = np.unique(np.concatenate([indices for indices, _ in vectors]), return_inverse=True)
    x = np.zeros((len(vectors), len(rows)), np.float32)
    owner = np.repeat(np.arange(len(vectors)), [len(indices) for indices, _ in vectors])
    x[owner, local] = np.concatenate([values for _, values in vectors])
    logits = x @ weights[rows]
    shares = np.exp(logits - logits.max(1, keepdims=True))
    shares /= shares.sum(1, keepdims=True)
    shares[np.arange(len(labels)), labels] -= 1
    gradient = x.T @ (shares * share[labels][:, None]).astype(np.float32)
    seen[rows] += (gradient**2).sum(1, keepdims=True)
    weights[rows] -= RATE * gradient / np.sqrt(seen[rows])


def _vector(found: Sequence[str]) -> tuple[Indices, Floats]:
    counts = Counter(
        zlib.crc32(feature.encode()) % BUCKETS for word in found[:MOST_WORDS] for feature in _features(word)
    )
    indices = np.fromiter(counts, np.int32, len(counts))
    values = (
        1 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))
        if counts
        else np.zeros(0, np.float32)
    )
    length = float(np.sqrt((values**2).sum())) or 1.0
    return indices, (values / length).astype(np.float32)


def _features(word: str) -> list[str]:
    padded = f" {word} "
    grams = [padded[i : i + size] for size in (2, 3, 4) for i in range(len(padded) - size + 1)]
    return [f"W{word}", *grams]
