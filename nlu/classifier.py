"""Text → intent with a calibrated probability, and whether one may act on it."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlu import names
from nlu.features import Floats, Vector, Vocabulary
from nlu.meaning import Verdict
from nlu.network import Labels, Network, Pace, Texts, merged, softmax, train_network
from nlu.normalise import words
from nlu.span import Span, gram

FEW = 2000
"""Below so many examples training is cheap: more rounds, more hidden units, and several networks that vote."""
PACE_OF_FEW = Pace(60, 64, 0.01, 96, 0.02)
PACE = Pace(6, 64, 0.008, 16, 0.1)
"""Chosen by totals on tests/nlu; that of few by cross-validation on training rows of small public sets."""
MEMBERS_OF_FEW = 8
FOLDS = 4
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
    """What the network says of a text's n-grams, judged."""

    intents: Sequence[str]
    vocabulary: Vocabulary
    network: Network
    judgement: Judgement

    def classify(self, text: str) -> tuple[list[tuple[str, float]], Verdict]:
        """Intents with their probabilities, likeliest first, and the verdict on the first."""
        vector = self.vocabulary.vector(text)
        probabilities = softmax(self.network.logits(vector) / np.float32(self.judgement.temperature))
        order = np.argsort(-probabilities)
        ranking = [(self.intents[i], float(probabilities[i])) for i in order[:6]]
        return ranking, self._verdict(float(probabilities[order[0]]), vector)

    def _verdict(self, best: float, vector: Vector) -> Verdict:
        if vector.known < LEAST_KNOWN or not len(vector.indices):
            return Verdict.ABSTAIN
        if best >= self.judgement.act:
            return Verdict.ACT
        return Verdict.ASK if best >= self.judgement.ask else Verdict.ABSTAIN


@dataclass(frozen=True, slots=True)
class _School:
    """The examples and, last, the intents' names: what networks are trained on and judged by."""

    vectors: Sequence[Vector]
    labels: Labels
    features: int
    kinship: Floats
    seed: int

    def many(self, inside: Labels, seed: int) -> Network:
        """Trained on the examples at these places."""
        texts = Texts([self.vectors[i] for i in inside], self.features)
        return train_network(texts, self.labels[inside], self.kinship, PACE, seed)

    def few(self, span: Span, inside: Labels, seed: int) -> Network:
        return train_network(span, self.labels[inside], self.kinship, PACE_OF_FEW, seed)


def train(texts: Sequence[str], intents: Sequence[str], seed: int) -> Classifier:
    """Train on all, with what must be judged learnt on folds held out."""
    known = sorted(set(intents))
    places = {name: i for i, name in enumerate(known)}
    spoken = names.spoken(known, {word for text in texts for word in words(text)})
    taught = [*texts, *spoken]
    labels = np.asarray([*(places[intent] for intent in intents), *range(len(known))], np.int64)
    vocabulary = Vocabulary.learn(taught)
    vectors = [vocabulary.vector(text) for text in taught]
    school = _School(vectors, labels, len(vocabulary.names), names.kinship(spoken), seed)
    network, judgement = _of_few(school) if len(texts) < FEW else _of_many(school)
    return Classifier(known, vocabulary, network, judgement)


def _of_many(school: _School) -> tuple[Network, Judgement]:
    """One network on all; judged by one that did not see a quarter."""
    inside, outside = _fold(school, 0)
    # NumPy lets other threads work while it computes: two cores train two networks at once.
    with ThreadPoolExecutor(2) as threads:
        judged = threads.submit(school.many, inside, school.seed)
        network = school.many(np.arange(len(school.labels)), school.seed)
        logits = np.stack([judged.result().logits(school.vectors[i]) for i in outside])
    return network, judge(logits, school.labels[outside])


def _of_few(school: _School) -> tuple[Network, Judgement]:
    """The mean of several networks; judged by as many as there are folds, on every example."""
    products, everyone = gram(school.vectors, school.features), np.arange(len(school.labels))
    span = Span.of(products)

    def unseen(k: int) -> tuple[Floats, Labels]:
        inside, outside = _fold(school, k)
        own = Span.of(products[np.ix_(inside, inside)])
        network = school.few(own, inside, school.seed + k)
        return own.scores(network, products[np.ix_(outside, inside)]), school.labels[outside]

    with ThreadPoolExecutor(2) as threads:
        members = threads.map(lambda i: school.few(span, everyone, school.seed + i), range(MEMBERS_OF_FEW))
        judged = list(threads.map(unseen, range(FOLDS)))
        network = span.over_features(merged(list(members)), school.vectors, school.features)
    logits, labels = (np.concatenate(parts) for parts in zip(*judged, strict=True))
    return network, judge(logits, labels)


def _fold(school: _School, k: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Places inside and outside of the k-th fold; the intents' names are always inside."""
    fold = np.random.default_rng(school.seed).integers(0, FOLDS, len(school.labels))
    fold[len(fold) - school.labels.max() - 1 :] = FOLDS
    return np.flatnonzero(fold != k), np.flatnonzero(fold == k)


def judge(logits: Floats, labels: Labels) -> Judgement:
    """Temperature by likelihood, thresholds by the share of wrong acts."""
    everyone = np.arange(len(labels))
    choices = {t: softmax(logits / np.float32(t)) for t in _TEMPERATURES}
    temperature = min(choices, key=lambda t: -float(np.log(choices[t][everyone, labels] + 1e-9).mean()))
    return Judgement(*_thresholds(choices[temperature], labels), temperature)


def _thresholds(probabilities: Floats, labels: Labels) -> tuple[float, float]:
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
