"""A small network over sparse vectors, wide and deep, trained with Adam; only what a batch touches is updated."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlu.features import Floats, Indices, Vector

FEW = 4000
"""Below so many examples training is cheap: more rounds, and more hidden units."""
DROP_INPUT = 0.3
DROP_HIDDEN = 0.4
SMOOTHING = 0.1


@dataclass(frozen=True, slots=True)
class Pace:
    epochs: int
    batch: int
    rate: float
    hidden: int


def pace(examples: int) -> Pace:
    """Chosen by totals on tests/nlu and, for few examples, on training rows of small public sets."""
    return Pace(30, 64, 0.005, 64) if examples < FEW else Pace(6, 64, 0.008, 16)


@dataclass(frozen=True, slots=True)
class Network:
    """`wide`: features × (hidden + classes), for the hidden layer (ReLU) and straight to the classes.

    `bias`: hidden + classes; `deep`: hidden × classes.
    """

    wide: Floats
    bias: Floats
    deep: Floats

    def logits(self, vector: Vector) -> Floats:
        first = vector.values @ self.wide[vector.indices] + self.bias
        hidden = len(self.deep)
        result: Floats = first[hidden:] + np.maximum(first[:hidden], 0) @ self.deep
        return result


class _Adam:
    """Moments of one array; rows that were not touched keep theirs (lazy Adam)."""

    def __init__(self, array: Floats) -> None:
        self.array, self.m, self.v = array, np.zeros_like(array), np.zeros_like(array)

    def step(self, gradient: Floats, t: int, rate: float, rows: Indices | slice = slice(None)) -> None:
        m, v = self.m[rows], self.v[rows]
        m *= 0.9
        m += np.float32(0.1) * gradient
        self.m[rows] = m
        v *= 0.999
        np.square(gradient, out=gradient)
        gradient *= 0.001
        v += gradient
        self.v[rows] = v
        v *= 1 / (1 - 0.999**t)
        np.sqrt(v, out=v)
        v += 1e-8
        m /= v
        m *= rate / (1 - 0.9**t)
        self.array[rows] -= m


def train_network(
    vectors: Sequence[Vector], labels: NDArray[np.int64], shape: tuple[int, int], seed: int
) -> Network:
    """`shape`: features, classes; `labels` one class index a vector."""
    random = np.random.default_rng(seed)
    features, classes = shape
    own = pace(len(vectors))
    wide = np.zeros((features, own.hidden + classes), np.float32)
    wide[:, : own.hidden] = random.normal(0, 0.15, (features, own.hidden))
    deep = random.normal(0, np.sqrt(1 / own.hidden), (own.hidden, classes)).astype(np.float32)
    bias = np.zeros(own.hidden + classes, np.float32)
    adams = [_Adam(wide), _Adam(bias), _Adam(deep)]
    steps, t = own.epochs * -(-len(vectors) // own.batch), 0
    for _ in range(own.epochs):
        order = random.permutation(len(vectors))
        for start in range(0, len(order), own.batch):
            t += 1
            batch = order[start : start + own.batch]
            rate = own.rate * (1 - t / (steps + 1))
            _train_batch([vectors[i] for i in batch], labels[batch], adams, (t, rate), random)
    return Network(wide, bias, deep)


def _train_batch(
    vectors: Sequence[Vector],
    labels: NDArray[np.int64],
    adams: list[_Adam],
    moment: tuple[int, float],
    random: np.random.Generator,
) -> None:
    wide, bias, deep = (adam.array for adam in adams)
    rows, x = _dense(vectors, random)
    first = x @ wide[rows] + bias
    before = first[:, : len(deep)]
    keep = (random.random(before.shape, np.float32) >= DROP_HIDDEN) / np.float32(1 - DROP_HIDDEN)
    hidden = np.maximum(before, 0) * keep
    error = softmax(first[:, len(deep) :] + hidden @ deep)
    error -= SMOOTHING / error.shape[1]
    error[np.arange(len(labels)), labels] -= 1 - SMOOTHING
    error /= len(labels)
    back = np.hstack([(error @ deep.T) * keep * (before > 0), error])
    t, rate = moment
    adams[2].step(hidden.T @ error, t, rate)
    adams[0].step(x.T @ back, t, rate, rows)
    adams[1].step(back.sum(0), t, rate)


def _dense(vectors: Sequence[Vector], random: np.random.Generator) -> tuple[Indices, Floats]:
    """The features that a batch has, and its values on them, some dropped."""
    indices = np.concatenate([v.indices for v in vectors])
    values = np.concatenate([v.values for v in vectors])
    values = values * (random.random(len(values), np.float32) >= DROP_INPUT) / np.float32(1 - DROP_INPUT)
    rows, local = np.unique(indices, return_inverse=True)
    x = np.zeros((len(vectors), len(rows)), np.float32)
    x[np.repeat(np.arange(len(vectors)), [len(v.indices) for v in vectors]), local] = values
    return rows, x


def softmax(logits: Floats) -> Floats:
    shifted = np.exp(logits - logits.max(-1, keepdims=True))
    result: Floats = shifted / shifted.sum(-1, keepdims=True)
    return result
