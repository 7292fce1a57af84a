"""Text → intent with a calibrated probability, and whether one may act on it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlu.features import Floats, Vector, Vocabulary
from nlu.meaning import Verdict
from nlu.network import Network, softmax, train_network

SEEDS = 2
FOLDS = 2
CENTROID_SCALE = 8.0
WRONG_ACTS = 0.14
"""Of the messages acted on, the share that may be wrong on held-out folds; decides the threshold."""
LIKELY_AMONG_THREE = 0.6
LEAST_KNOWN = 0.45
"""Below this share of known letter n-grams a text is noise: abstain."""


@dataclass(frozen=True, slots=True)
class Judgement:
    act: float
    ask: float
    temperature: float
    blend: float


@dataclass(frozen=True, slots=True)
class Classifier:
    """Two networks and the classes' centroids, blended."""

    intents: Sequence[str]
    vocabulary: Vocabulary
    networks: Sequence[Network]
    centroids: Floats
    judgement: Judgement

    def classify(self, text: str) -> tuple[list[tuple[str, float]], Verdict]:
        """Intents with their probabilities, likeliest first, and the verdict on the first."""
        vector = self.vocabulary.vector(text)
        scores = blended(self.networks, self.centroids, vector, self.judgement.blend)
        probabilities = softmax(scores / self.judgement.temperature)
        order = np.argsort(-probabilities)
        ranking = [(self.intents[i], float(probabilities[i])) for i in order[:6]]
        return ranking, self._verdict(float(probabilities[order[0]]), vector)

    def _verdict(self, best: float, vector: Vector) -> Verdict:
        if vector.known < LEAST_KNOWN or not len(vector.indices):
            return Verdict.ABSTAIN
        if best >= self.judgement.act:
            return Verdict.ACT
        return Verdict.ASK if best >= self.judgement.ask else Verdict.ABSTAIN


def blended(networks: Sequence[Network], centroids: Floats, vector: Vector, blend: float) -> Floats:
    """Log-probabilities of the networks and cosines with the centroids, `blend` for the latter."""
    logs = np.mean([np.log(softmax(n.logits(vector)) + 1e-9) for n in networks], axis=0)
    cosines = centroids[:, vector.indices] @ vector.values
    result: Floats = (1 - blend) * logs + blend * CENTROID_SCALE * cosines
    return result


def train(texts: Sequence[str], intents: Sequence[str], seed: int) -> Classifier:
    """Train on all, with what must be judged learnt on folds held out."""
    names = sorted(set(intents))
    labels = np.asarray([names.index(intent) for intent in intents], np.int64)
    vocabulary = Vocabulary.learn(texts)
    vectors = [vocabulary.vector(text) for text in texts]
    judgement = _judge(vectors, labels, (len(vocabulary.names), len(names)), seed)
    shape = (len(vocabulary.names), len(names))
    networks = [train_network(vectors, labels, shape, seed + i) for i in range(SEEDS)]
    return Classifier(names, vocabulary, networks, _centroids(vectors, labels, shape), judgement)


def _centroids(vectors: Sequence[Vector], labels: NDArray[np.int64], shape: tuple[int, int]) -> Floats:
    features, classes = shape
    sums = np.zeros((classes, features), np.float32)
    for vector, label in zip(vectors, labels, strict=True):
        sums[label, vector.indices] += vector.values
    result: Floats = sums / np.maximum(np.sqrt((sums**2).sum(1, keepdims=True)), 1e-9)
    return result


def _judge(
    vectors: Sequence[Vector], labels: NDArray[np.int64], shape: tuple[int, int], seed: int
) -> Judgement:
    """Blend and temperature by likelihood, thresholds by the share of wrong acts, all on held-out folds."""
    fold = np.random.default_rng(seed).integers(0, FOLDS, len(vectors))
    logs: Floats = np.zeros((len(vectors), shape[1]), np.float32)
    cosines: Floats = np.zeros((len(vectors), shape[1]), np.float32)
    for k in range(FOLDS):
        inside = [i for i in range(len(vectors)) if fold[i] != k]
        network = train_network([vectors[i] for i in inside], labels[inside], shape, seed + k)
        centroids = _centroids([vectors[i] for i in inside], labels[inside], shape)
        for i in (j for j in range(len(vectors)) if fold[j] == k):
            logs[i] = np.log(softmax(network.logits(vectors[i])) + 1e-9)
            cosines[i] = centroids[:, vectors[i].indices] @ vectors[i].values
    everyone = np.arange(len(labels))
    choices = [
        (-float(np.log(p[everyone, labels] + 1e-9).mean()), blend, temperature, p)
        for blend in (0.0, 0.15, 0.3, 0.45)
        for temperature in (0.5, 0.65, 0.8, 1.0, 1.25)
        for p in [_tempered(logs, cosines, blend, temperature)]
    ]
    _, blend, temperature, probabilities = min(choices, key=lambda choice: choice[0])
    act, ask = _thresholds(probabilities, labels)
    return Judgement(act, ask, temperature, blend)


def _tempered(logs: Floats, cosines: Floats, blend: float, temperature: float) -> Floats:
    scores = (1 - blend) * logs + blend * CENTROID_SCALE * cosines
    return softmax((scores / temperature).astype(np.float32))


def _thresholds(probabilities: Floats, labels: NDArray[np.int64]) -> tuple[float, float]:
    best = probabilities.max(1)
    right = probabilities.argmax(1) == labels
    order = np.argsort(-best)
    wrong = np.cumsum(~right[order]) / np.arange(1, len(order) + 1)
    allowed = np.flatnonzero(wrong <= WRONG_ACTS)
    act = float(best[order[allowed[-1]]]) if len(allowed) else 0.9
    among = (np.argsort(-probabilities, 1)[:, :3] == labels[:, None]).any(1)
    for threshold in np.arange(0.1, act, 0.02):
        near = (best >= threshold) & (best < threshold + 0.08)
        if near.any() and among[near].mean() >= LIKELY_AMONG_THREE:
            return act, float(threshold)
    return act, act
