"""Text → intent with a calibrated probability, and whether one may act on it."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlu.features import Floats, Vector, Vocabulary
from nlu.meaning import Verdict
from nlu.network import FEW, Network, softmax, train_network

FOLDS = 4
MEMBERS_OF_FEW = 5
"""Networks that vote where examples are few and each is cheap; with many examples one says as much."""
WRONG_ACTS = 0.05
"""Of the messages held out, the share on which the bot may act wrongly; decides the threshold."""
LIKELY_AMONG_THREE = 0.6
LEAST_KNOWN = 0.45
"""Below this share of known letter n-grams a text is noise: abstain."""
_TEMPERATURES = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.25)


@dataclass(frozen=True, slots=True)
class Judgement:
    """Probabilities from which one may act or ask, and the temperature that makes them honest."""

    act: float
    ask: float
    temperature: float


@dataclass(frozen=True, slots=True)
class Classifier:
    """The mean of the networks' log-probabilities, judged."""

    intents: Sequence[str]
    vocabulary: Vocabulary
    networks: Sequence[Network]
    judgement: Judgement

    def classify(self, text: str) -> tuple[list[tuple[str, float]], Verdict]:
        """Intents with their probabilities, likeliest first, and the verdict on the first."""
        vector = self.vocabulary.vector(text)
        probabilities = softmax(voted(self.networks, vector) / self.judgement.temperature)
        order = np.argsort(-probabilities)
        ranking = [(self.intents[i], float(probabilities[i])) for i in order[:6]]
        return ranking, self._verdict(float(probabilities[order[0]]), vector)

    def _verdict(self, best: float, vector: Vector) -> Verdict:
        if vector.known < LEAST_KNOWN or not len(vector.indices):
            return Verdict.ABSTAIN
        if best >= self.judgement.act:
            return Verdict.ACT
        return Verdict.ASK if best >= self.judgement.ask else Verdict.ABSTAIN


def voted(networks: Sequence[Network], vector: Vector) -> Floats:
    """The mean of the networks' log-probabilities."""
    logs: Floats = np.mean([np.log(softmax(n.logits(vector)) + 1e-9) for n in networks], axis=0)
    return logs


def train(texts: Sequence[str], intents: Sequence[str], seed: int) -> Classifier:
    """Train on all, with what must be judged learnt on folds held out."""
    names = sorted(set(intents))
    places = {name: i for i, name in enumerate(names)}
    labels = np.asarray([places[intent] for intent in intents], np.int64)
    vocabulary = Vocabulary.learn(texts)
    vectors = [vocabulary.vector(text) for text in texts]
    shape = (len(vocabulary.names), len(names))
    members = MEMBERS_OF_FEW if len(texts) < FEW else 1
    # NumPy lets other threads work while it computes: two cores train two networks at once.
    with ThreadPoolExecutor(2) as threads:
        judged = threads.submit(held_out, vectors, labels, shape, seed)
        networks = list(
            threads.map(lambda i: train_network(vectors, labels, shape, seed + i), range(members))
        )
        return Classifier(names, vocabulary, networks, judge(*judged.result()))


def held_out(
    vectors: Sequence[Vector], labels: NDArray[np.int64], shape: tuple[int, int], seed: int
) -> tuple[Floats, NDArray[np.int64]]:
    """Log-probabilities of examples that the network did not see, and their labels.

    Every example where they are few; a quarter of them where that is thousands already.
    """
    fold = np.random.default_rng(seed).integers(0, FOLDS, len(vectors))
    logs, true = [], []
    for k in range(FOLDS if len(vectors) < FEW else 1):
        inside = [i for i in range(len(vectors)) if fold[i] != k]
        network = train_network([vectors[i] for i in inside], labels[inside], shape, seed + k)
        outside = [i for i in range(len(vectors)) if fold[i] == k]
        logs += [voted([network], vectors[i]) for i in outside]
        true.append(labels[outside])
    return np.stack(logs), np.concatenate(true)


def judge(logs: Floats, labels: NDArray[np.int64]) -> Judgement:
    """Temperature by likelihood, thresholds by the share of wrong acts."""
    everyone = np.arange(len(labels))
    choices = {t: softmax(logs / np.float32(t)) for t in _TEMPERATURES}
    temperature = min(choices, key=lambda t: -float(np.log(choices[t][everyone, labels] + 1e-9).mean()))
    return Judgement(*_thresholds(choices[temperature], labels), temperature)


def _thresholds(probabilities: Floats, labels: NDArray[np.int64]) -> tuple[float, float]:
    best = probabilities.max(1)
    order = np.argsort(-best)
    wrong = np.cumsum((probabilities.argmax(1) != labels)[order]) / len(labels)
    allowed = np.flatnonzero(wrong <= WRONG_ACTS)
    act = float(best[order[allowed[-1]]]) if len(allowed) else 0.9
    among = (np.argsort(-probabilities, 1)[:, :3] == labels[:, None]).any(1)
    for threshold in np.arange(0.1, act, 0.02):
        near = (best >= threshold) & (best < threshold + 0.08)
        if near.any() and among[near].mean() >= LIKELY_AMONG_THREE:
            return act, float(threshold)
    return act, act
