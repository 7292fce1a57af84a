"""A small network, straight and hidden, trained with Adam on batches; whatever gives the batches decides the cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from nlu.features import Floats, Indices, Vector

DROP_INPUT = 0.3
DROP_HIDDEN = 0.4

Labels = NDArray[np.int64]
Rows = Indices | slice


@dataclass(frozen=True, slots=True)
class Pace:
    """`rate`: Adam's first, which falls to nothing over the epochs; `hidden`: units of the hidden layer.

    `smoothing`: the part of what is certain of an example that is spread over all classes.
    """

    epochs: int
    batch: int
    rate: float
    hidden: int
    smoothing: float


class Lessons(Protocol):
    """The examples, as something that gives batches of them."""

    @property
    def count(self) -> int: ...

    @property
    def inputs(self) -> int: ...

    def batch(self, chosen: NDArray[np.int64], random: np.random.Generator) -> tuple[Rows, Floats]:
        """The inputs that these examples have, and examples × those inputs, spoilt at random."""


@dataclass(frozen=True, slots=True)
class Network:
    """`wide`: inputs × (hidden + classes), for the hidden layer (ReLU) and straight to the classes.

    `bias`: hidden + classes; `deep`: hidden × classes.
    """

    wide: Floats
    bias: Floats
    deep: Floats

    def logits(self, vector: Vector) -> Floats:
        return self.after(vector.values @ self.wide[vector.indices])

    def after(self, first: Floats) -> Floats:
        """The classes' scores from inputs @ wide, of one example or of several."""
        hidden = len(self.deep)
        straight: Floats = first[..., hidden:] + self.bias[hidden:]
        straight += np.maximum(first[..., :hidden] + self.bias[:hidden], 0) @ self.deep
        return straight


def merged(networks: Sequence[Network]) -> Network:
    """One network whose scores are the mean of theirs: hidden layers side by side, the straight ways averaged."""
    share = np.float32(1 / len(networks))

    def joined(parts: Sequence[Floats]) -> Floats:
        sizes = [len(network.deep) for network in networks]
        hidden = [part[..., :size] for part, size in zip(parts, sizes, strict=True)]
        straight = sum(part[..., size:] * share for part, size in zip(parts, sizes, strict=True))
        return np.concatenate([*hidden, straight], axis=-1, dtype=np.float32)

    deep = np.vstack([network.deep * share for network in networks])
    return Network(joined([n.wide for n in networks]), joined([n.bias for n in networks]), deep)


@dataclass(frozen=True, slots=True)
class Texts:
    """Lessons over n-grams: a batch touches only those that it has, and loses some of them."""

    vectors: Sequence[Vector]
    inputs: int

    @property
    def count(self) -> int:
        return len(self.vectors)

    def batch(self, chosen: NDArray[np.int64], random: np.random.Generator) -> tuple[Rows, Floats]:
        vectors = [self.vectors[i] for i in chosen]
        indices = np.concatenate([v.indices for v in vectors])
        values = np.concatenate([v.values for v in vectors])
        values = values * _kept((len(values),), DROP_INPUT, random)
        rows, local = np.unique(indices, return_inverse=True)
        x = np.zeros((len(vectors), len(rows)), np.float32)
        x[np.repeat(np.arange(len(vectors)), [len(v.indices) for v in vectors]), local] = values
        return rows, x


def _kept(shape: tuple[int, ...], drop: float, random: np.random.Generator) -> Floats:
    """0 where dropped; what stays is so much greater that the sum stays."""
    kept: Floats = (random.random(shape, np.float32) >= drop).astype(np.float32)
    kept /= np.float32(1 - drop)
    return kept


class _Adam:
    """Moments of one array; rows that were not touched keep theirs (lazy Adam)."""

    def __init__(self, array: Floats, rate: float) -> None:
        self.array, self._rate, self._t = array, rate, 0
        self._m, self._v = np.zeros_like(array), np.zeros_like(array)

    def step(self, gradient: Floats, left: float, rows: Rows = slice(None)) -> None:
        """`left`: of the rate, what the epochs have not used up. The gradient is used up too."""
        self._t += 1
        m, v = self._m[rows], self._v[rows]
        m *= np.float32(0.9)
        m += np.float32(0.1) * gradient
        v *= np.float32(0.999)
        np.square(gradient, out=gradient)
        gradient *= np.float32(0.001)
        v += gradient
        self._m[rows], self._v[rows] = m, v
        np.sqrt(v, out=gradient)
        gradient += np.float32(1e-8)
        np.divide(m, gradient, out=gradient)
        gradient *= np.float32(self._rate * left * (1 - 0.999**self._t) ** 0.5 / (1 - 0.9**self._t))
        self.array[rows] -= gradient


@dataclass(frozen=True, slots=True)
class _Learner:
    steps: tuple[_Adam, _Adam, _Adam]
    kinship: Floats
    smoothing: float

    @property
    def arrays(self) -> tuple[Floats, Floats, Floats]:
        """Wide, bias and deep."""
        wide, bias, deep = (step.array for step in self.steps)
        return wide, bias, deep

    def learn(self, lesson: tuple[Rows, Floats], labels: Labels, left: float, keep: Floats) -> None:
        """One step on one batch; `keep`: hidden units, 0 where dropped."""
        wide, bias, deep = self.arrays
        rows, x = lesson
        first = x @ wide[rows] + bias
        before = first[:, : len(deep)]
        hidden = np.maximum(before, 0) * keep
        error = softmax(first[:, len(deep) :] + hidden @ deep)
        error -= self.smoothing / error.shape[1]
        error[np.arange(len(labels)), labels] -= 1 - self.smoothing
        error /= len(labels)
        taught = error @ self.kinship
        back = np.hstack([(error @ deep.T) * keep * (before > 0), taught])
        self.steps[2].step(hidden.T @ taught, left)
        self.steps[0].step(x.T @ back, left, rows)
        self.steps[1].step(back.sum(0), left)


def train_network(lessons: Lessons, labels: Labels, kinship: Floats, pace: Pace, seed: int) -> Network:
    """`labels`: one class index an example; `kinship`: classes × classes, see nlu/names.py."""
    random = np.random.default_rng(seed)
    classes, hidden = len(kinship), pace.hidden
    wide = np.zeros((lessons.inputs, hidden + classes), np.float32)
    wide[:, :hidden] = random.normal(0, 0.15, (lessons.inputs, hidden))
    deep = random.normal(0, np.sqrt(1 / hidden), (hidden, classes)).astype(np.float32)
    bias = np.zeros(hidden + classes, np.float32)
    steps = (_Adam(wide, pace.rate), _Adam(bias, pace.rate), _Adam(deep, pace.rate))
    learner = _Learner(steps, kinship, pace.smoothing)
    total, done = pace.epochs * -(-lessons.count // pace.batch), 0
    for _ in range(pace.epochs):
        order = random.permutation(lessons.count)
        for start in range(0, len(order), pace.batch):
            done += 1
            chosen = order[start : start + pace.batch]
            lesson = lessons.batch(chosen, random)
            keep = _kept((len(chosen), hidden), DROP_HIDDEN, random)
            learner.learn(lesson, labels[chosen], 1 - done / (total + 1), keep)
    return Network(wide, bias, deep)


def softmax(logits: Floats) -> Floats:
    shifted = np.exp(logits - logits.max(-1, keepdims=True))
    result: Floats = shifted / shifted.sum(-1, keepdims=True)
    return result
