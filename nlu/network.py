"""A small network, straight and hidden, trained with Adam on batches; whatever gives the batches decides the cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from nlu.features import Floats, Indices, Vector

DROP_INPUT = 0.3
DROP_HIDDEN = 0.4
SMOOTHING = 0.1

Labels = NDArray[np.int64]
Rows = Indices | slice


@dataclass(frozen=True, slots=True)
class Pace:
    """`rate`: Adam's first, which falls to nothing over the epochs; `hidden`: units of the hidden layer."""

    epochs: int
    batch: int
    rate: float
    hidden: int


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

    def __init__(self, array: Floats) -> None:
        self.array, self.m, self.v = array, np.zeros_like(array), np.zeros_like(array)

    def step(self, gradient: Floats, t: int, rate: float, rows: Rows = slice(None)) -> None:
        m, v = self.m[rows], self.v[rows]
        m *= 0.9
        m += np.float32(0.1) * gradient
        self.m[rows] = m
        v *= 0.999
        np.square(gradient, out=gradient)
        gradient *= 0.001
        v += gradient
        self.v[rows] = v
        change = v / (1 - 0.999**t)
        np.sqrt(change, out=change)
        change += 1e-8
        np.divide(m, change, out=change)
        change *= rate / (1 - 0.9**t)
        self.array[rows] -= change


@dataclass(frozen=True, slots=True)
class _Learner:
    """`sharing`: scores × classes; a class's score is the sum of those it has a share in."""

    adams: tuple[_Adam, _Adam, _Adam]
    sharing: Floats

    def learn(
        self, lesson: tuple[Rows, Floats], labels: Labels, moment: tuple[int, float], keep: Floats
    ) -> None:
        """One step on one batch; `keep`: hidden units, 0 where dropped."""
        wide, bias, deep = (adam.array for adam in self.adams)
        rows, x = lesson
        first = x @ wide[rows] + bias
        before = first[:, : len(deep)]
        hidden = np.maximum(before, 0) * keep
        error = softmax((first[:, len(deep) :] + hidden @ deep) @ self.sharing)
        error -= SMOOTHING / error.shape[1]
        error[np.arange(len(labels)), labels] -= 1 - SMOOTHING
        error /= len(labels)
        error = np.matmul(error, self.sharing.T)
        back = np.hstack([(error @ deep.T) * keep * (before > 0), error])
        t, rate = moment
        self.adams[2].step(hidden.T @ error, t, rate)
        self.adams[0].step(x.T @ back, t, rate, rows)
        self.adams[1].step(back.sum(0), t, rate)

    def network(self) -> Network:
        """With the shared scores already given to the classes."""
        wide, bias, deep = (adam.array for adam in self.adams)
        hidden = len(deep)
        return Network(
            np.hstack([wide[:, :hidden], wide[:, hidden:] @ self.sharing]),
            np.concatenate([bias[:hidden], bias[hidden:] @ self.sharing]),
            deep @ self.sharing,
        )


def train_network(lessons: Lessons, labels: Labels, sharing: Floats, pace: Pace, seed: int) -> Network:
    """`labels`: one class index an example; `sharing`: see nlu/names.py."""
    random = np.random.default_rng(seed)
    scores, hidden = len(sharing), pace.hidden
    wide = np.zeros((lessons.inputs, hidden + scores), np.float32)
    wide[:, :hidden] = random.normal(0, 0.15, (lessons.inputs, hidden))
    deep = random.normal(0, np.sqrt(1 / hidden), (hidden, scores)).astype(np.float32)
    bias = np.zeros(hidden + scores, np.float32)
    learner = _Learner((_Adam(wide), _Adam(bias), _Adam(deep)), sharing)
    steps, t = pace.epochs * -(-lessons.count // pace.batch), 0
    for _ in range(pace.epochs):
        order = random.permutation(lessons.count)
        for start in range(0, len(order), pace.batch):
            t += 1
            chosen = order[start : start + pace.batch]
            lesson = lessons.batch(chosen, random)
            keep = _kept((len(chosen), hidden), DROP_HIDDEN, random)
            learner.learn(lesson, labels[chosen], (t, pace.rate * (1 - t / (steps + 1))), keep)
    return learner.network()


def softmax(logits: Floats) -> Floats:
    shifted = np.exp(logits - logits.max(-1, keepdims=True))
    result: Floats = shifted / shifted.sum(-1, keepdims=True)
    return result
