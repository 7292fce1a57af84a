"""A small network over sparse vectors, trained with Adam; only what a batch touches is updated."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlu.features import Floats, Indices, Vector

HIDDEN = 64
BATCH = 128
EPOCHS = 16
RATE = 0.008
DROP_INPUT = 0.3
DROP_HIDDEN = 0.4
SMOOTHING = 0.1


@dataclass(frozen=True, slots=True)
class Network:
    """One hidden layer with ReLU: features × HIDDEN, HIDDEN × classes."""

    w1: Floats
    b1: Floats
    w2: Floats
    b2: Floats

    def logits(self, vector: Vector) -> Floats:
        hidden = np.maximum(vector.values @ self.w1[vector.indices] + self.b1, 0)
        result: Floats = hidden @ self.w2 + self.b2
        return result


class _Adam:
    """Moments of one array; rows that were not touched keep theirs (lazy Adam)."""

    def __init__(self, array: Floats) -> None:
        self.array, self.m, self.v = array, np.zeros_like(array), np.zeros_like(array)

    def step(self, gradient: Floats, t: int, rate: float, rows: Indices | slice = slice(None)) -> None:
        m = self.m[rows] = 0.9 * self.m[rows] + 0.1 * gradient
        v = self.v[rows] = 0.999 * self.v[rows] + 0.001 * gradient**2
        self.array[rows] -= rate * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)


def train_network(
    vectors: Sequence[Vector], labels: NDArray[np.int64], shape: tuple[int, int], seed: int
) -> Network:
    """`shape`: features, classes; `labels` one class index a vector."""
    random = np.random.default_rng(seed)
    features, classes = shape
    parts = [
        random.normal(0, 0.15, (features, HIDDEN)).astype(np.float32),
        np.zeros(HIDDEN, np.float32),
        random.normal(0, np.sqrt(1 / HIDDEN), (HIDDEN, classes)).astype(np.float32),
        np.zeros(classes, np.float32),
    ]
    adams = [_Adam(part) for part in parts]
    steps, t = EPOCHS * -(-len(vectors) // BATCH), 0
    for _ in range(EPOCHS):
        order = random.permutation(len(vectors))
        for start in range(0, len(order), BATCH):
            t += 1
            batch = order[start : start + BATCH]
            rate = RATE * (1 - t / (steps + 1))
            _train_batch([vectors[i] for i in batch], labels[batch], adams, (t, rate), random)
    return Network(*parts)


def _train_batch(
    vectors: Sequence[Vector],
    labels: NDArray[np.int64],
    adams: list[_Adam],
    moment: tuple[int, float],
    random: np.random.Generator,
) -> None:
    w1, b1, w2, b2 = (adam.array for adam in adams)
    rows, local = np.unique(np.concatenate([v.indices for v in vectors]), return_inverse=True)
    x = np.zeros((len(vectors), len(rows)), np.float32)
    x[np.repeat(np.arange(len(vectors)), [len(v.indices) for v in vectors]), local] = np.concatenate(
        [v.values for v in vectors]
    )
    x *= (random.random(x.shape, np.float32) >= DROP_INPUT) / (1 - DROP_INPUT)
    before = x @ w1[rows] + b1
    keep = (random.random(before.shape, np.float32) >= DROP_HIDDEN) / np.float32(1 - DROP_HIDDEN)
    hidden = np.maximum(before, 0) * keep
    error = softmax(hidden @ w2 + b2)
    error -= SMOOTHING / error.shape[1]
    error[np.arange(len(labels)), labels] -= 1 - SMOOTHING
    error /= len(labels)
    back = (error @ w2.T) * keep * (before > 0)
    t, rate = moment
    adams[2].step(hidden.T @ error, t, rate)
    adams[3].step(error.sum(0), t, rate)
    adams[0].step(x.T @ back, t, rate, rows.astype(np.int32))
    adams[1].step(back.sum(0), t, rate)


def softmax(logits: Floats) -> Floats:
    shifted = np.exp(logits - logits.max(-1, keepdims=True))
    result: Floats = shifted / shifted.sum(-1, keepdims=True)
    return result
